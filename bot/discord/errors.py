"""What goes wrong between the bot and Discord: logged in full, told in one sentence."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.dispatch import APOLOGY

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, EXPIRED_TOKEN = 10062, 10015, 50027

Where = discord.Interaction[Any] | commands.Context[Any]


async def report(
    error: Exception, what: str, where: Where, tell: Callable[[str], Awaitable[Any]]
) -> None:
    """Log an error of discord.py and let `tell` say to the person what it means for them."""
    cause = getattr(error, "original", error)
    user = where.user if isinstance(where, discord.Interaction) else where.author
    guild = where.guild.id if where.guild else "-"
    if isinstance(cause, commands.NotOwner):
        log.info("%s of user %s in guild %s: only the owner may", what, user.id, guild)
    else:
        words = "%s of user %s in guild %s failed: %s"
        log.error(words, what, user.id, guild, cause, exc_info=cause)
    try:
        await tell(_sentence(cause))
    except discord.HTTPException as refusal:
        log.warning("nobody could be told that %s failed: %s", what, refusal)


async def tell(interaction: discord.Interaction[Any], words: str) -> None:
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
