"""Who there is, and in which guilds they were seen."""

import time
from dataclasses import dataclass

import aiosqlite

from storage.database import Database


@dataclass(frozen=True)
class Member:
    """``user_id`` names the face too: ``discord:400``, ``console:alice``."""

    user_id: str
    name: str


class Members(Database):
    """Members by their present name."""

    async def remember(self, user_id: str, name: str, guild_id: str | None) -> None:
        """Note a member's present name and, unless ``guild_id`` is None, that they are in it."""
        async with self._transaction() as connection:
            # Only a changed name writes: this runs with every message.
            await connection.execute(
                "INSERT INTO members (user_id, name) VALUES (?, ?) ON CONFLICT DO UPDATE "
                "SET name = excluded.name WHERE name <> excluded.name",
                (user_id, name),
            )
            if guild_id is not None:
                await connection.execute(
                    "INSERT INTO memberships (guild_id, user_id, first_seen) VALUES (?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    (guild_id, user_id, int(time.time())),
                )

    async def members(self, guild_id: str) -> list[Member]:
        """Return the members seen in a guild, by name."""
        async with self._alone() as connection:
            rows = await connection.execute_fetchall(
                "SELECT user_id, name FROM memberships JOIN members USING (user_id) "
                "WHERE guild_id = ? ORDER BY name, user_id",
                (guild_id,),
            )
        return [Member(user_id, name) for user_id, name in rows]


async def make_member(connection: aiosqlite.Connection, user_id: str) -> None:
    """Let a user not remembered yet be a member whose name is the ``user_id``."""
    await connection.execute(
        "INSERT INTO members (user_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (user_id, user_id),
    )
