"""What a group means to watch, and what it watched."""

from dataclasses import dataclass
from datetime import datetime

from storage.connection import Connection
from storage.members import Member, make_member
from storage.repository import Repository
from storage.timestamps import now, utc


@dataclass(frozen=True)
class WatchlistEntry:
    """A movie on the list, in UTC. ``added_by`` None: forgotten, or in the group no longer."""

    movie_id: int
    added_by: Member | None
    added_at: datetime


@dataclass(frozen=True)
class WatchedMovie:
    """A movie that a group watched, in UTC. ``marked_by`` None: forgotten, or no longer there."""

    movie_id: int
    marked_by: Member | None
    watched_at: datetime


class Watchlists(Repository):
    """One watchlist for each guild."""

    async def add_to_watchlist(self, guild_id: str, user_id: str, movie_id: int) -> bool:
        """Put a movie on a guild's list.

        Parameters
        ----------
        guild_id
            The guild.
        user_id
            Who puts it there.
        movie_id
            The movie.

        Returns
        -------
        bool
            Whether it was not there yet.
        """

        async def add(connection: Connection) -> int:
            await make_member(connection, user_id)
            return await connection.execute(
                "INSERT INTO watchlist (guild_id, movie_id, added_by, added_at) "
                "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                guild_id,
                movie_id,
                user_id,
                now(),
            )

        return await self._write(add, user_id) > 0

    async def remove_from_watchlist(self, guild_id: str, movie_id: int) -> bool:
        """Take a movie off a guild's list.

        Parameters
        ----------
        guild_id
            The guild.
        movie_id
            The movie.

        Returns
        -------
        bool
            Whether it was there.
        """

        async def remove(connection: Connection) -> bool:
            return await _take_off(connection, guild_id, movie_id)

        return await self._write(remove)

    async def watchlist(self, guild_id: str) -> list[WatchlistEntry]:
        """Return what a guild means to watch, latest first."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT movie_id, user_id, name, added_at FROM watchlist "
                "LEFT JOIN memberships ON memberships.guild_id = watchlist.guild_id "
                "AND user_id = added_by LEFT JOIN members USING (user_id) "
                "WHERE watchlist.guild_id = $1 ORDER BY added_at DESC, movie_id",
                guild_id,
            )
        return [WatchlistEntry(movie_id, _member(*who), utc(at)) for movie_id, *who, at in rows]

    async def mark_watched(self, guild_id: str, movie_id: int, user_id: str) -> bool:
        """Note that a guild watched a movie just now; it is on its list no longer.

        Watched again, only the last time is kept.

        Parameters
        ----------
        guild_id
            The guild.
        movie_id
            The movie.
        user_id
            Who says so.

        Returns
        -------
        bool
            Whether it was on the list.
        """

        async def mark(connection: Connection) -> bool:
            await make_member(connection, user_id)
            was_on_list = await _take_off(connection, guild_id, movie_id)
            await connection.execute(
                "INSERT INTO watched (guild_id, movie_id, marked_by, watched_at) "
                "VALUES ($1, $2, $3, $4) ON CONFLICT (guild_id, movie_id) DO UPDATE "
                "SET marked_by = excluded.marked_by, watched_at = excluded.watched_at",
                guild_id,
                movie_id,
                user_id,
                now(),
            )
            return was_on_list

        return await self._write(mark, user_id)

    async def watched(self, guild_id: str) -> list[WatchedMovie]:
        """Return what a guild watched, latest first."""
        async with self._reading() as connection:
            rows = await connection.fetch(
                "SELECT movie_id, user_id, name, watched_at FROM watched "
                "LEFT JOIN memberships ON memberships.guild_id = watched.guild_id "
                "AND user_id = marked_by LEFT JOIN members USING (user_id) "
                "WHERE watched.guild_id = $1 ORDER BY watched_at DESC, movie_id",
                guild_id,
            )
        return [WatchedMovie(movie_id, _member(*who), utc(at)) for movie_id, *who, at in rows]


async def _take_off(connection: Connection, guild_id: str, movie_id: int) -> bool:
    """Return False where the movie is not on the guild's list."""
    taken = await connection.execute(
        "DELETE FROM watchlist WHERE guild_id = $1 AND movie_id = $2", guild_id, movie_id
    )
    return taken > 0


def _member(user_id: str | None, name: str) -> Member | None:
    return None if user_id is None else Member(user_id, name)
