"""Who there is, and in which guilds and channels they were seen."""

import secrets
import time
from dataclasses import dataclass

from storage.connection import Connection
from storage.errors import ForgottenError
from storage.repository import Repository, incarnation
from storage.session import Incarnation, acting_member

# Whom a group may see: all but its private members, and always whoever asks (``$2``, or NULL).
VISIBLE = (
    "(memberships.user_id = $2 OR NOT EXISTS (SELECT 1 FROM private_members AS private "
    "WHERE private.user_id = memberships.user_id))"
)

# All of a guild, or those of them who talked in a channel (``$3``, or NULL).
IN_CHANNEL = (
    "(CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM channels WHERE channel_id = $3 "
    "AND channels.guild_id = memberships.guild_id AND channels.user_id = memberships.user_id))"
)


@dataclass(frozen=True)
class Member:
    """``user_id`` names the face too: ``discord:400``, ``console:alice``."""

    user_id: str
    name: str


class Members(Repository):
    """Members by their present name, and the guilds they are in."""

    async def remember(
        self, user_id: str, name: str, guild_id: str | None, channel_id: str | None = None
    ) -> Incarnation:
        """Note a member's present name, and where they were seen.

        Parameters
        ----------
        user_id
            The member.
        name
            Their name, in place of an earlier one.
        guild_id
            The guild that they are in, if any.
        channel_id
            The channel of that guild in which they talked, if any.

        Returns
        -------
        Incarnation
            The member as they are remembered from now on, or were already.
        """
        # This runs with every message, and writes only what is new.
        async with self._reading() as connection:
            known = await connection.fetch(
                "SELECT incarnation FROM members WHERE user_id = $1 AND name = $2 "
                "AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM memberships "
                "WHERE guild_id = $3 AND memberships.user_id = $1)) "
                "AND (CAST($3 AS TEXT) IS NULL OR CAST($4 AS TEXT) IS NULL OR EXISTS "
                "(SELECT 1 FROM channels WHERE guild_id = $3 AND channel_id = $4 "
                "AND channels.user_id = $1))",
                user_id,
                name,
                guild_id,
                channel_id,
            )
        if known:
            return Incarnation(user_id, known[0][0])

        async def remember(connection: Connection) -> Incarnation:
            ((number,),) = await connection.fetch(
                "INSERT INTO members (user_id, name, incarnation) VALUES ($1, $2, $3) "
                "ON CONFLICT (user_id) DO UPDATE SET name = excluded.name RETURNING incarnation",
                user_id,
                name,
                _new_number(),
            )
            if guild_id is not None:
                await make_membership(connection, guild_id, user_id)
            if guild_id is not None and channel_id is not None:
                await connection.execute(
                    "INSERT INTO channels (guild_id, channel_id, user_id) VALUES ($1, $2, $3) "
                    "ON CONFLICT DO NOTHING",
                    guild_id,
                    channel_id,
                    user_id,
                )
            return Incarnation(user_id, number)

        return await self._write(remember, user_id)

    async def check_in(self, user_id: str) -> Incarnation:
        """Return a member as they are remembered now.

        Raises
        ------
        ForgottenError
            Where nobody of that id is remembered, or the session acts for whom they were before.
        """
        async with self._reading() as connection:
            found = await incarnation(connection, user_id)
        acting = acting_member()
        if found is None or (acting and acting.user_id == user_id and acting != found):
            raise ForgottenError(f"{user_id} was forgotten meanwhile.")
        return found

    async def members(
        self, guild_id: str, channel_id: str | None = None, *, viewer: str | None = None
    ) -> list[Member]:
        """Return the members seen in a guild, or in one channel of it, by name.

        Parameters
        ----------
        guild_id
            The guild.
        channel_id
            The channel in which they talked; None for all of the guild.
        viewer
            Who is shown the answer (a user id): private members are left out, but see themselves.
        """
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT user_id, name FROM memberships JOIN members USING (user_id) "
                f"WHERE guild_id = $1 AND {VISIBLE} AND {IN_CHANNEL} ORDER BY name, user_id",
                guild_id,
                viewer,
                channel_id,
            )
        return [Member(user_id, name) for user_id, name in rows]

    async def member_ids(self, guild_id: str) -> set[str]:
        """Return the ids of all seen in a guild, private ones too: to be checked, never shown."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT user_id FROM memberships WHERE guild_id = $1", guild_id
            )
        return {user_id for (user_id,) in rows}

    async def leave(self, guild_id: str, user_id: str) -> bool:
        """Note that a member left a guild.

        Ratings stay; whoever comes back has the votes and the entries of before again.

        Parameters
        ----------
        guild_id
            The guild.
        user_id
            The member.

        Returns
        -------
        bool
            Whether they were in it.
        """

        async def leave(connection: Connection) -> int:
            return await connection.execute(
                "DELETE FROM memberships WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
            )

        return await self._write(leave, user_id) > 0


async def make_member(connection: Connection, user_id: str) -> None:
    """Let a user not remembered yet be a member whose name is the ``user_id``."""
    await connection.execute(
        "INSERT INTO members (user_id, name, incarnation) VALUES ($1, $1, $2) "
        "ON CONFLICT DO NOTHING",
        user_id,
        _new_number(),
    )


async def make_membership(connection: Connection, guild_id: str, user_id: str) -> None:
    """Let a member be in a guild, from now on where they were not yet.

    Parameters
    ----------
    connection
        A transaction's connection.
    guild_id
        The guild.
    user_id
        The member, who is in `members`.
    """
    await connection.execute(
        "INSERT INTO memberships (guild_id, user_id, first_seen) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        guild_id,
        user_id,
        int(time.time()),
    )


def _new_number() -> int:
    # By chance: a count of how often somebody was forgotten would be something kept of them.
    return secrets.randbits(63)
