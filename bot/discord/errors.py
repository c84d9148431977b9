"""What goes wrong between the bot and Discord: logged in full, told in one sentence.

One policy for typed messages, slash commands, forms and controls: :class:`bot.discord.responder`
reports what fails in an answer, and the handlers of discord.py report what fails before it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.dispatch import APOLOGY

log = logging.getLogger(__name__)

TELLING = 10.0  # seconds that telling what went wrong may take

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
    await attempt(tell(_sentence(cause)), f"user {user.id} that {label} failed")


async def attempt(telling: Awaitable[Any], what: str) -> None:
    """Tell somebody something that went wrong; that it cannot be told is one line in the log.

    What cannot be told must not go wrong in its turn, nor wait behind a limit of Discord's.

    Parameters
    ----------
    telling
        The call that tells it.
    what
        Whom it tells what, for the log.
    """
    try:
        async with asyncio.timeout(TELLING):
            await telling
    except (discord.DiscordException, aiohttp.ClientError, OSError) as refusal:
        reason = refusal if str(refusal) else f"no answer within {TELLING:.0f} s"
        log.warning("could not tell %s: %s", what, reason)


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
