"""Which members are still in a server, as Discord knows."""

import asyncio
import logging

import discord

from bot.discord.callers import USER_ID_PREFIX

log = logging.getLogger(__name__)

MEMBERS_PER_QUERY = 100  # Discord's limit, Gateway: Request Guild Members
QUERY_TIMEOUT = 3.0  # seconds that Discord has to tell who is there


async def present_members(client: discord.Client, guild_id: str, user_ids: set[str]) -> set[str]:
    """Return those of some users who are in a server; all of them where Discord does not say.

    Parameters
    ----------
    client
        The connected client; a server that it does not see is taken to have everybody.
    guild_id
        Discord's id of the server.
    user_ids
        Ids as the store has them; those of other frontends are in no server.
    """
    guild = client.get_guild(int(guild_id))
    if guild is None:
        return user_ids
    ours = sorted(
        int(user.removeprefix(USER_ID_PREFIX))
        for user in user_ids
        if user.startswith(USER_ID_PREFIX)
    )
    present: set[str] = set()
    try:
        async with asyncio.timeout(QUERY_TIMEOUT):
            for start in range(0, len(ours), MEMBERS_PER_QUERY):
                some = ours[start : start + MEMBERS_PER_QUERY]
                found = await guild.query_members(user_ids=some, limit=len(some), cache=False)
                present |= {f"{USER_ID_PREFIX}{member.id}" for member in found}
    except (OSError, discord.ConnectionClosed):  # among them what takes too long
        log.warning("Discord does not say who is in server %s", guild_id)
        return user_ids
    return present
