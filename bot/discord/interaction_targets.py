"""Slash commands and forms: acknowledged within Discord's three seconds, answered by follow-ups."""

from typing import Any, cast

import discord

from bot.discord.callers import request_context
from bot.discord.errors import report_to_interaction
from bot.discord.responder import ReplyTarget
from bot.discord.sending import Send, deliver
from bot.replies import Reply


class InteractionTarget(ReplyTarget):
    """The follow-ups of an interaction.

    Parameters
    ----------
    interaction
        Not acknowledged yet.
    label
        What it is called in the log: "/rate", "a form".
    private
        Whether nobody but the asker sees the answer.
    """

    def __init__(
        self, interaction: discord.Interaction[Any], label: str, *, private: bool = False
    ) -> None:
        self.request = request_context(
            interaction.user,
            interaction.guild_id,
            interaction.channel_id,
            moderates=interaction.permissions.manage_messages,
        )
        self.asked_at = interaction.created_at.timestamp()
        self.private = private
        self._interaction = interaction
        self._label = label

    async def acknowledge(self) -> Reply | None:
        await self._interaction.response.defer(thinking=True, ephemeral=self.private)
        return None

    async def show(self, reply: Reply) -> list[discord.Message]:
        return await self._deliver(reply)

    async def report(self, error: Exception) -> None:
        await report_to_interaction(error, self._label, self._interaction)

    async def _deliver(
        self, reply: Reply, edit: Send | None = None, *, private: bool = False
    ) -> list[discord.Message]:
        interaction = self._interaction
        send = cast(Send, interaction.followup.send)
        if private or self.private:  # Discord remembers it for the first follow-up only
            send = _ephemeral(send)
        asker = str(interaction.user.id)
        return await deliver(reply, asker, send, interaction.app_permissions, edit)


def _ephemeral(send: Send) -> Send:
    async def send_ephemeral(**parts: Any) -> discord.Message:
        return await send(ephemeral=True, **parts)

    return send_ephemeral
