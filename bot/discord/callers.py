"""Who is speaking, in the words of the services."""

import discord

from bot.app.context import Caller


def caller_of(
    user: discord.User | discord.Member,
    guild_id: int | None,
    channel_id: int | None,
    source: str | None = None,
) -> Caller:
    guild = None if guild_id is None else str(guild_id)
    channel = None if channel_id is None else str(channel_id)
    return Caller(f"discord:{user.id}", user.display_name, guild, channel, source)
