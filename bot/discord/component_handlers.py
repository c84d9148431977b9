"""Buttons and menus used: what they say is answered as if the asker had typed it.

They go by their custom ids alone (:mod:`bot.discord.components`), so those of messages sent before
a restart work as well.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Protocol, Self, cast

import discord

from bot.app.context import AppContext, RequestContext
from bot.commands.command import Command
from bot.commands.dispatch import invoke, read_values, split_message, unknown_command
from bot.discord.components import BUTTON_ID, EVERYBODY, MENU_ID, CustomId, view_of
from bot.discord.errors import report_to_interaction
from bot.discord.interaction_targets import InteractionTarget
from bot.discord.markdown import escape
from bot.discord.responder import Responder, Work
from bot.replies import Reply, Severity

Interaction = discord.Interaction[Any]
# Acknowledges an interaction, in private or not; returns the message of the control as it stands
# then, if it still does.
Acknowledge = Callable[[Interaction, bool], Awaitable[discord.Message | None]]

LABEL = "a control"  # in the log
NOT_YOURS = "These buttons are somebody else’s. Ask me yourself to get your own."


class _Client(Protocol):
    """What is needed of the client, which discord.py hands over with each interaction."""

    responder: Responder


class ControlTarget(InteractionTarget):
    """The place of the message whose control was used, or a follow-up.

    Parameters
    ----------
    interaction
        Not acknowledged yet.
    acknowledge
        Acknowledges it as fits the kind of control.
    in_place
        Whether the answer takes the message's place.
    private
        Whether nobody but the asker sees a follow-up; of a private message they always are.
    """

    def __init__(
        self,
        interaction: Interaction,
        acknowledge: Acknowledge,
        *,
        in_place: bool,
        private: bool,
    ) -> None:
        super().__init__(interaction, LABEL, private=private)
        self._acknowledge = acknowledge
        self._in_place = in_place
        self._used: discord.Message | None = None

    @property
    def turn_key(self) -> int | None:
        message = self._interaction.message
        return message.id if self._in_place and message is not None else None

    @property
    def used_messages(self) -> Iterable[discord.Message]:
        # Discord gives what only one person sees into other hands than the bot's own.
        return [self._used] if self._used and not self._used.flags.ephemeral else []

    async def acknowledge(self) -> Reply | None:
        self._used = await self._acknowledge(self._interaction, self.private)
        self.private = self.private or (self._used is not None and self._used.flags.ephemeral)
        return None

    async def show(self, reply: Reply) -> list[discord.Message]:
        if not self._in_place:
            return await self._deliver(reply)
        if reply.severity is Severity.PROBLEM:
            # What it was said to stays as it is, to be used again.
            await self._deliver(reply, private=True)
            return []
        return await self._deliver(reply, self._interaction.edit_original_response)


class _Control(discord.ui.DynamicItem[Any], template="never"):
    """A control that a user presses or chooses from."""

    def __init__(self, item: Any, custom_id: CustomId) -> None:
        super().__init__(item)
        self.parsed_id = custom_id

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item, CustomId.parse(match[0]))

    @property
    def message(self) -> str:
        """What is said by using it."""
        raise NotImplementedError

    async def callback(self, interaction: Interaction) -> None:
        if self.parsed_id.asker not in (EVERYBODY, str(interaction.user.id)):
            await _refuse(interaction)
            return
        responder = cast(_Client, interaction.client).responder
        command, name, text = split_message(self.message)
        target = ControlTarget(
            interaction,
            self.acknowledge,
            in_place=self.parsed_id.in_place,
            private=self.answers_alone(command),
        )
        work = _work(responder.context, target.request, command, name, text)
        await responder.respond(target, work)

    def answers_alone(self, command: Command | None) -> bool:
        """Return whether what comes after its message is shown to the asker alone."""
        raise NotImplementedError

    async def acknowledge(self, interaction: Interaction, private: bool) -> discord.Message | None:
        """Answer Discord at once, and return the message of the control as it stands then.

        Parameters
        ----------
        interaction
            Not acknowledged yet.
        private
            Whether nobody but the asker sees the follow-up.
        """
        raise NotImplementedError


class ButtonControl(_Control, template=BUTTON_ID):
    """A button; what it leads to is shown to the asker alone, unless it concerns the group."""

    @property
    def message(self) -> str:
        return self.parsed_id.message

    def answers_alone(self, command: Command | None) -> bool:
        return not self.parsed_id.in_place and not (command is not None and command.group)

    async def acknowledge(self, interaction: Interaction, private: bool) -> discord.Message | None:
        message = interaction.message
        if self.parsed_id.in_place:
            await interaction.response.defer()
        else:
            alone = private or (message is not None and message.flags.ephemeral)
            await interaction.response.defer(ephemeral=alone, thinking=True)
        return message


class MenuControl(_Control, template=MENU_ID):
    """A menu. One person's goes away once it is used, which keeps it from being used twice."""

    @property
    def message(self) -> str:
        chosen = self.item.values if isinstance(self.item, discord.ui.Select) else []
        return str(chosen[0]) if chosen else ""

    def answers_alone(self, command: Command | None) -> bool:
        return False

    async def acknowledge(self, interaction: Interaction, private: bool) -> discord.Message | None:
        message = interaction.message
        if self.parsed_id.in_place or message is None:
            await interaction.response.defer()
            return message
        if self.parsed_id.asker == EVERYBODY:  # others will use it too
            await interaction.response.defer(ephemeral=True, thinking=True)
            return message
        left = view_of(message)
        for item in [*left.walk_children()]:
            row = item.parent
            if getattr(item, "custom_id", None) == self.custom_id and row is not None:
                self._put_choice_in_place_of(row, left)
        if all(isinstance(item, discord.ui.Container) for item in left.walk_children()):
            await interaction.response.defer()  # of an empty message Discord would not hear
            return message
        changed = await interaction.response.edit_message(view=left)
        resource = changed.resource if changed else None
        return resource if isinstance(resource, discord.Message) else None

    def _put_choice_in_place_of(
        self, row: discord.ui.Item[Any], view: discord.ui.LayoutView
    ) -> None:
        """Take the menu out of its message, and write what was chosen behind its question."""
        inside = row.parent if isinstance(row.parent, discord.ui.Container) else view
        place = inside.children.index(row)
        above = inside.children[place - 1] if place else None
        if isinstance(above, discord.ui.TextDisplay) and above.content.endswith("**"):  # a question
            above.content += f" {escape(self._label)}"
        inside.remove_item(row)

    @property
    def _label(self) -> str:
        """What the chosen option is called."""
        options = self.item.options if isinstance(self.item, discord.ui.Select) else []
        return next((one.label for one in options if one.value == self.message), self.message)


def _work(
    context: AppContext, request: RequestContext, command: Command | None, name: str, text: str
) -> Work:
    """Return what answers the text of a control; its command may have gone since it was sent."""
    if command is not None:
        values = partial(read_values, context, command, text)
        return partial(invoke, context, request, command, values)

    async def explain() -> Reply:
        return unknown_command(context, name)

    return explain


async def _refuse(interaction: Interaction) -> None:
    """Tell a user that the control is another's."""
    try:
        await interaction.response.send_message(NOT_YOURS, ephemeral=True)
    except Exception as error:  # noqa: BLE001 - such errors reach no handler of discord.py
        await report_to_interaction(error, LABEL, interaction)
