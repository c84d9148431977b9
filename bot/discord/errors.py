"""What goes wrong between the bot and Discord: logged in full, told in one sentence.

One policy for typed messages, slash commands, forms and controls: :class:`bot.discord.responder`
reports what fails in an answer, and the handlers of discord.py report what fails before it.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.dispatch import APOLOGY

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, EXPIRED_TOKEN = 10062, 10015, 50027


async def report_to_channel(error: Exception, label: str, ctx: commands.Context[Any]) -> None:
    """Log an error in answering a typed message, and tell its channel what it means.

    Parameters
    ----------
    error
        As raised, or as discord.py wraps it.
    label
        What failed, for the log: "!rate".
    ctx
        The message.
    """
    await _report(error, label, ctx.author, ctx.guild, ctx.send)


async def report_to_interaction(
    error: Exception, label: str, interaction: discord.Interaction[Any]
) -> None:
    """Log an error in answering an interaction, and tell its user what it means.

    Parameters
    ----------
    error
        As raised, or as discord.py wraps it.
    label
        What failed, for the log: "/rate", "a control".
    interaction
        The interaction, acknowledged or not, expired or not.
    """

    async def tell(words: str) -> None:
        await _tell(interaction, words)

    await _report(error, label, interaction.user, interaction.guild, tell)


async def _report(
    error: Exception,
    label: str,
    user: discord.User | discord.Member,
    guild: discord.Guild | None,
    tell: Callable[[str], Awaitable[Any]],
) -> None:
    cause = getattr(error, "original", error)
    place = guild.id if guild else "-"
    if isinstance(cause, commands.NotOwner):
        log.info("%s of user %s in guild %s: only the owner may", label, user.id, place)
    else:
        words = "%s of user %s in guild %s failed: %s"
        log.error(words, label, user.id, place, cause, exc_info=cause)
    try:
        await tell(_sentence(cause))
    except discord.HTTPException as refusal:
        log.warning("nobody could be told that %s failed: %s", label, refusal)


async def _tell(interaction: discord.Interaction[Any], words: str) -> None:
    """Say it to the person alone, or in the channel once Discord has given the interaction up."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(words, ephemeral=True)
        else:
            await interaction.response.send_message(words, ephemeral=True)
    except discord.HTTPException as refusal:
        if refusal.code not in (UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, EXPIRED_TOKEN):
            raise
        if not isinstance(interaction.channel, discord.abc.Messageable):
            raise
        await interaction.channel.send(f"{interaction.user.mention} {words}")


def _sentence(cause: BaseException) -> str:
    match cause:
        case discord.NotFound(code=code) if code == UNKNOWN_INTERACTION:
            return "I was too slow to pick that up. Please ask me again."
        case discord.Forbidden():
            return "I lack a permission that I need here. Please tell whoever runs this server."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "That command has changed since. Please reload Discord and try again."
        case commands.NotOwner():
            return "Only the owner of this bot can do that."
        case _:
            return APOLOGY
