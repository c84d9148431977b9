"""Who asks on Discord, as the services know them."""

import discord

from bot.app.context import RequestContext

USER_ID_PREFIX = "discord:"  # what the ids of Discord's users begin with in the store


def user_id(user: discord.User | discord.Member) -> str:
    """Return the id of a user of Discord in the store."""
    return f"{USER_ID_PREFIX}{user.id}"


def request_context(
    user: discord.User | discord.Member,
    guild_id: int | None,
    channel_id: int | None,
    source: str | None = None,
) -> RequestContext:
    """Return the context of a request on Discord.

    Parameters
    ----------
    user
        Who asks.
    guild_id, channel_id
        Where; None for the guild in direct messages.
    source
        Id of the message that asks, where the person can edit it afterwards.
    """
    guild = None if guild_id is None else str(guild_id)
    channel = None if channel_id is None else str(channel_id)
    return RequestContext(user_id(user), user.display_name, guild, channel, source)
