"""Buttons and menus for the ways to go on. They carry all they need, so they outlive a restart.

A custom id is ``<way>:<asker>:<number>:<message>``: ``here`` puts the answer in the place of the
message, ``next`` after it; ``number`` tells the controls of a message apart; ``message`` is what
the asker could have typed (a menu has it in its options).
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.commands.dispatch import dispatch
from bot.commands.registry import BY_NAME
from bot.discord import limits
from bot.discord.errors import report, tell
from bot.replies import Action, Choice
from bot.text import shortened

if TYPE_CHECKING:
    from bot.discord.client import ReeltwinBot

Button = discord.ui.Button[discord.ui.LayoutView]
Select = discord.ui.Select[discord.ui.LayoutView]

EVERYBODY = "0"  # the asker of controls that are for all
NOT_YOURS = "These buttons are somebody else’s. Ask me yourself to get your own."


def button(option: Action, asker: str, number: int) -> Button | None:
    """The option as a button; None where its message is too long for one to carry."""
    custom_id = f"{_way(option.in_place)}:{asker}:{number}:{option.message}"
    if len(custom_id) > limits.CUSTOM_ID:
        return None
    style = discord.ButtonStyle.primary if option.main else discord.ButtonStyle.secondary
    label = shortened(option.label, limits.LABEL) or limits.BLANK
    return discord.ui.Button(label=label, style=style, custom_id=custom_id)


def fits_menu(option: Action) -> bool:
    """Whether a menu can carry the option: its message must come back whole."""
    return len(option.message) <= limits.OPTION_TEXT


def menu(choice: Choice, options: Sequence[Action], asker: str, number: int) -> Select:
    """Some options of a choice, at most 25 that fit, as a menu."""
    once = {option.message: option for option in options}  # Discord takes each value once
    return discord.ui.Select(
        custom_id=f"{_way(choice.in_place)}:{asker}:{number}:",
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
    """What a message shows, to be changed and put back."""
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    names = {attachment.url: attachment.filename for attachment in message.attachments}
    for item in view.walk_children():
        shown = item.items if isinstance(item, discord.ui.MediaGallery) else []
        for upload in [item] if isinstance(item, discord.ui.File) else shown:
            # Its address expires; the attachment itself stays with the message.
            if name := names.get(upload.media.url):
                upload.media = f"attachment://{name}"
    view.stop()  # whatever is used goes by its custom id, see below
    return view


def switch_off(message: discord.Message) -> discord.ui.LayoutView | None:
    """What a message shows, with its controls greyed out; None where it has none."""
    view = view_of(message)
    there = False
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button | discord.ui.Select):
            item.disabled = there = True
    return view if there else None


class _Control(discord.ui.DynamicItem[Any], template="never"):
    """A control that is used: whatever is said by it is answered as if the asker had typed it."""

    def __init__(self, item: Any, asker: str, *, here: bool) -> None:
        super().__init__(item)
        self.asker = asker
        self.here = here

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item, match["asker"], here=match["way"] == "here")

    @property
    def message(self) -> str:
        """What is said by using it."""
        raise NotImplementedError

    @property
    def private(self) -> bool:
        """Whether what comes after its message is shown to the asker alone."""
        return False

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self._use(interaction)
        except Exception as error:  # noqa: BLE001 - such errors reach no handler of discord.py
            await report(error, "a control", interaction, lambda words: tell(interaction, words))

    async def _use(self, interaction: discord.Interaction["ReeltwinBot"]) -> None:
        if self.asker not in (EVERYBODY, str(interaction.user.id)):
            await interaction.response.send_message(NOT_YOURS, ephemeral=True)
            return
        bot = interaction.client
        used = await self._acknowledge(interaction)
        # Discord gives what only one person sees into other hands than the bot's own.
        private = used is not None and used.flags.ephemeral
        bot.watch([] if used is None or private else [used])
        await bot.answer_interaction(
            interaction,
            lambda request: dispatch(bot.context, request, self.message),
            here=self.here,
            private=private or self.private,
        )

    async def _acknowledge(
        self, interaction: discord.Interaction["ReeltwinBot"]
    ) -> discord.Message | None:
        """Answer Discord at once; returns the message of the control as it stands then."""
        raise NotImplementedError


class ButtonControl(_Control, template=r"(?P<way>here|next):(?P<asker>\d+):\d+:(?P<message>.+)"):
    """A button; what it leads to is shown to the asker alone, unless it concerns the group."""

    @property
    def message(self) -> str:
        return str(self.custom_id).split(":", 3)[3]

    @property
    def private(self) -> bool:
        name, *_ = self.message.split(maxsplit=1) or [""]
        command = BY_NAME.get(name)
        return not self.here and not (command is not None and command.group)

    async def _acknowledge(
        self, interaction: discord.Interaction["ReeltwinBot"]
    ) -> discord.Message | None:
        message = interaction.message
        if self.here:
            await interaction.response.defer()
        else:
            alone = self.private or (message is not None and message.flags.ephemeral)
            await interaction.response.defer(ephemeral=alone, thinking=True)
        return message


class MenuControl(_Control, template=r"(?P<way>here|next):(?P<asker>\d+):\d+:"):
    """A menu. One person's goes away once it is used, which keeps it from being used twice."""

    @property
    def message(self) -> str:
        chosen = self.item.values if isinstance(self.item, discord.ui.Select) else []
        return str(chosen[0]) if chosen else ""

    async def _acknowledge(
        self, interaction: discord.Interaction["ReeltwinBot"]
    ) -> discord.Message | None:
        message = interaction.message
        if self.here or message is None:
            await interaction.response.defer()
            return message
        if self.asker == EVERYBODY:  # others will use it too
            await interaction.response.defer(ephemeral=True, thinking=True)
            return message
        left = view_of(message)
        for item in [*left.walk_children()]:
            row = item.parent
            if getattr(item, "custom_id", None) == self.custom_id and row is not None:
                inside = row.parent
                (inside if isinstance(inside, discord.ui.Container) else left).remove_item(row)
        if all(isinstance(item, discord.ui.Container) for item in left.walk_children()):
            await interaction.response.defer()  # of an empty message Discord would not hear
            return message
        changed = await interaction.response.edit_message(view=left)
        resource = changed.resource if changed else None
        return resource if isinstance(resource, discord.Message) else None


def _way(in_place: bool) -> str:
    return "here" if in_place else "next"
