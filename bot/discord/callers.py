"""Who asks on Discord, as the services know them."""

import discord

from bot.app.context import RequestContext
from bot.text import one_line

USER_ID_PREFIX = "discord:"  # what the ids of Discord's users begin with in the store


def user_id(user: discord.User | discord.Member) -> str:
    """Return the id of a user of Discord in the store."""
    return f"{USER_ID_PREFIX}{user.id}"


def name_of(user: discord.User | discord.Member) -> str:
    """Return the name that is shown of a user; where nothing of it is seen, their account's."""
    return one_line(user.display_name) or user.name


def guild_id_of(message: discord.Message) -> int | None:
    """Return the id of the guild of a message; None for direct messages alone.

    A guild that the client does not know, or no longer, is a guild all the same: whoever is there
    reads what is answered there.
    """
    if message.guild is not None:
        return message.guild.id
    if isinstance(message.channel, discord.DMChannel):
        return None
    return (
        message.channel.guild_id if isinstance(message.channel, discord.PartialMessageable) else 0
    )


def may_moderate(message: discord.Message) -> bool:
    """Return whether the author of a message may manage those of others there.

    False where that cannot be told, as in a channel that the client does not know.
    """
    author, channel = message.author, message.channel
    if isinstance(channel, discord.Thread):
        known = channel.parent is not None
    else:
        known = isinstance(channel, discord.abc.GuildChannel)
    if not known or not isinstance(author, discord.Member):
        return False
    return channel.permissions_for(author).manage_messages


def request_context(
    user: discord.User | discord.Member,
    guild_id: int | None,
    channel_id: int | None,
    source: str | None = None,
    *,
    moderates: bool = False,
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
    moderates
        Whether they have the permission “Manage Messages” there.
    """
    guild = None if guild_id is None else str(guild_id)
    channel = None if channel_id is None else str(channel_id)
    return RequestContext(user_id(user), name_of(user), guild, channel, source, moderates)
