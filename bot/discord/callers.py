"""Who is speaking, in the words of the services."""

import discord

from bot.app.context import RequestContext


def caller_of(
    user: discord.User | discord.Member,
    guild_id: int | None,
    channel_id: int | None,
    source: str | None = None,
) -> RequestContext:
    guild = None if guild_id is None else str(guild_id)
    channel = None if channel_id is None else str(channel_id)
    return RequestContext(f"discord:{user.id}", user.display_name, guild, channel, source)
