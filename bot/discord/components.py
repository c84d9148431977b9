"""Buttons and menus for the ways to go on. They carry all they need, so they outlive a restart.

Messages with custom ids of this format are out there: it must go on being read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.discord import limits
from bot.replies import Action, Choice
from bot.text import shortened

Button = discord.ui.Button[discord.ui.LayoutView]
Select = discord.ui.Select[discord.ui.LayoutView]

EVERYBODY = "0"  # the asker of controls that are for all

# Regular expressions for discord.py: what is used by its custom id alone.
BUTTON_ID = r"(?P<way>here|next):(?P<asker>\d+):\d+:(?P<message>.+)"
MENU_ID = r"(?P<way>here|next):(?P<asker>\d+):\d+:"


@dataclass(frozen=True)
class CustomId:
    """A custom id, ``<way>:<asker>:<number>:<message>``.

    Attributes
    ----------
    in_place
        Whether the answer takes the place of the message (way ``here``) or comes after it
        (``next``).
    asker
        Discord's id of the only user who may use it, or EVERYBODY.
    number
        Tells the controls of a message apart.
    message
        What the asker could have typed; "" for a menu, which has it in its options.
    """

    in_place: bool
    asker: str
    number: int
    message: str = ""

    def __str__(self) -> str:
        way = "here" if self.in_place else "next"
        return f"{way}:{self.asker}:{self.number}:{self.message}"

    @classmethod
    def parse(cls, custom_id: str) -> "CustomId":
        """Return what an id says that matches BUTTON_ID or MENU_ID."""
        way, asker, number, message = custom_id.split(":", 3)
        return cls(way == "here", asker, int(number), message)


def button(action: Action, asker: str, number: int) -> Button | None:
    """Return an action as a button; None where its message is too long for one to carry.

    Parameters
    ----------
    action
        What it does.
    asker
        Discord's id of the only user who may use it, or EVERYBODY.
    number
        Tells the controls of a message apart.
    """
    custom_id = str(CustomId(action.in_place, asker, number, action.message))
    if len(custom_id) > limits.CUSTOM_ID:
        return None
    style = discord.ButtonStyle.primary if action.main else discord.ButtonStyle.secondary
    label = shortened(action.label, limits.LABEL) or limits.BLANK
    return discord.ui.Button(label=label, style=style, custom_id=custom_id)


def fits_menu(action: Action) -> bool:
    """Whether a menu can carry an action: its message must come back whole."""
    return len(action.message) <= limits.OPTION_TEXT


def menu(choice: Choice, options: Sequence[Action], asker: str, number: int) -> Select:
    """Return some options of a choice as a menu.

    Parameters
    ----------
    choice
        What is asked.
    options
        At most 25 of its options, each of which fits (`fits_menu`).
    asker, number
        As for `button`.
    """
    once = {option.message: option for option in options}  # Discord takes each value once
    return discord.ui.Select(
        custom_id=str(CustomId(choice.in_place, asker, number)),
        placeholder=shortened(choice.prompt, limits.PLACEHOLDER) or None,
        options=[
            discord.SelectOption(
                label=shortened(option.label, limits.OPTION_TEXT) or limits.BLANK,
                value=option.message,
                description=shortened(option.detail, limits.OPTION_TEXT) or None,
            )
            for option in once.values()
        ],
    )


def view_of(message: discord.Message) -> discord.ui.LayoutView:
    """Return what a message shows, to be changed and put back."""
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    names = {attachment.url: attachment.filename for attachment in message.attachments}
    for item in view.walk_children():
        shown = item.items if isinstance(item, discord.ui.MediaGallery) else []
        for attached in [item] if isinstance(item, discord.ui.File) else shown:
            # Its address expires; the attachment itself stays with the message.
            if name := names.get(attached.media.url):
                attached.media = f"attachment://{name}"
    view.stop()  # whatever is used goes by its custom id (component_handlers)
    return view


def disabled_view(message: discord.Message) -> discord.ui.LayoutView | None:
    """Return what a message shows, with its controls greyed out; None where it has none."""
    view = view_of(message)
    there = False
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button | discord.ui.Select):
            item.disabled = there = True
    return view if there else None
