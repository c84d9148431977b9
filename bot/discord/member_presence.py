"""Which members are still in a server and what they are called there, as Discord knows."""

from collections.abc import Mapping

import discord

from bot.app.members import Names, PresenceUnknownError
from bot.discord.callers import USER_ID_PREFIX, name_of, user_id


async def present_members(
    client: discord.Client, guild_id: str, user_ids: set[str]
) -> Mapping[str, Names]:
    """Return those of some users who are in a server, with the names they go by there.

    Parameters
    ----------
    client
        The connected client.
    guild_id
        Discord's id of the server.
    user_ids
        At most 100 ids as the store has them; those of other frontends are in no server.

    Raises
    ------
    PresenceUnknownError, OSError
        Discord cannot be asked, or does not show the client that server.
    """
    guild = client.get_guild(int(guild_id))
    if guild is None:
        raise PresenceUnknownError("the server is out of sight")
    ours = [
        int(user.removeprefix(USER_ID_PREFIX))
        for user in user_ids
        if user.startswith(USER_ID_PREFIX)
    ]
    if not ours:
        return {}
    try:
        found = await guild.query_members(user_ids=ours, limit=len(ours), cache=False)
    except (discord.ClientException, RuntimeError) as error:  # the connection is down
        raise PresenceUnknownError(str(error)) from error
    return {user_id(member): _names(member) for member in found}


def hears_of_leaving(client: discord.Client) -> bool:
    """Whether Discord will tell of each member who leaves, which is asked for where it may be.

    It is asked once the client is logged in and not connected yet, as what it may ask for is
    switched on in Discord's portal.
    """
    granted = client.application_flags
    if not (granted.gateway_guild_members or granted.gateway_guild_members_limited):
        return False
    client._connection._intents.members = True
    return True


def _names(member: discord.Member) -> Names:
    shown, own = name_of(member), member.global_name
    return (shown, *([own] if own and own != shown else []), member.name)
