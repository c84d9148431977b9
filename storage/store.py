"""The ratings and members of all groups, in one SQLite file."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite

from storage.errors import StorageError, readable_errors
from storage.migrate import migrate, shipped_migrations


@dataclass(frozen=True)
class Rating:
    """``stars`` in 0.5..5.0 by halves; ``rated_at`` in UTC, to the millisecond."""

    movie_id: int
    stars: float
    rated_at: datetime


@dataclass(frozen=True)
class Member:
    """``user_id`` names the face too: ``discord:400``, ``console:alice``."""

    user_id: str
    name: str


@asynccontextmanager
async def open_store(path: Path, busy_timeout: float = 5.0) -> AsyncIterator["Store"]:
    """Open the database at ``path``, creating or upgrading it, and close it at the end.

    ``busy_timeout`` is how many seconds a call waits for another program to let go of the file.

    Raises
    ------
    StorageError
        Where the file cannot be used; the message says why.
    """
    await asyncio.to_thread(migrate, path, shipped_migrations(), busy_timeout)
    with readable_errors(path):
        connection = await aiosqlite.connect(path, timeout=busy_timeout, isolation_level=None)
    store = Store(path, connection)
    try:
        await store._configure()
        yield store
    finally:
        await store.close()


class Store:
    """What members said, row by row. Made by `open_store`.

    Any number of coroutines may call at once: each call is atomic, and what it wrote is on the
    disk when it returns. Every method raises `StorageError` where the database fails; nothing of
    the call is kept then. A call that is cancelled is kept whole or not at all.
    """

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection
        self._lock = asyncio.Lock()
        self._closed = False

    async def close(self) -> None:
        """Let the calls that wait have their turn, then close; later calls raise StorageError."""
        try:
            async with self._lock:
                self._closed = True
        finally:
            await self._connection.close()

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

    async def rate(self, user_id: str, stars: Mapping[int, float]) -> dict[int, float | None]:
        """Rate movies, all of them or none; an earlier rating of the same movie is replaced.

        A user not remembered yet becomes a member whose name is the ``user_id``.

        Returns
        -------
        dict
            The stars that each of the movies had from this user before; None where none.

        Raises
        ------
        ValueError
            Where stars are not a multiple of 0.5 in 0.5..5.
        """
        half_stars = {movie_id: _half_stars(value) for movie_id, value in stars.items()}
        async with self._transaction() as connection:
            await connection.execute(
                "INSERT INTO members (user_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (user_id, user_id),
            )
            rows = await connection.execute_fetchall(
                "SELECT movie_id, half_stars / 2.0 FROM ratings WHERE user_id = ?", (user_id,)
            )
            now = time.time_ns() // 1_000_000
            await connection.executemany(
                "INSERT INTO ratings (user_id, movie_id, half_stars, rated_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET half_stars = excluded.half_stars, rated_at = excluded.rated_at",
                [(user_id, movie_id, halves, now) for movie_id, halves in half_stars.items()],
            )
        before: dict[int, float] = {row[0]: row[1] for row in rows}
        return {movie_id: before.get(movie_id) for movie_id in half_stars}

    async def unrate(self, user_id: str, movie_id: int) -> float | None:
        """Remove one rating. Return the stars it had, None where there was none."""
        async with self._transaction() as connection:
            removed = await connection.execute_fetchall(
                "DELETE FROM ratings WHERE user_id = ? AND movie_id = ? RETURNING half_stars / 2.0",
                (user_id, movie_id),
            )
        return next((stars for (stars,) in removed), None)

    async def ratings(self, user_id: str) -> list[Rating]:
        """Return what the user rated, latest first; by movie id where the second is the same."""
        async with self._alone() as connection:
            rows = await connection.execute_fetchall(
                "SELECT movie_id, half_stars / 2.0, rated_at FROM ratings WHERE user_id = ? "
                "ORDER BY rated_at DESC, movie_id",
                (user_id,),
            )
        return [
            Rating(movie_id, stars, datetime.fromtimestamp(rated_at / 1000, UTC))
            for movie_id, stars, rated_at in rows
        ]

    async def members(self, guild_id: str) -> list[Member]:
        """Return the members seen in a guild, by name."""
        async with self._alone() as connection:
            rows = await connection.execute_fetchall(
                "SELECT user_id, name FROM memberships JOIN members USING (user_id) "
                "WHERE guild_id = ? ORDER BY name, user_id",
                (guild_id,),
            )
        return [Member(user_id, name) for user_id, name in rows]

    async def _configure(self) -> None:
        async with self._alone() as connection:
            await connection.execute("PRAGMA foreign_keys = ON")
            # In WAL mode NORMAL would only sync at checkpoints: a rating already confirmed to the
            # user could be lost with the power. FULL syncs at each commit.
            await connection.execute("PRAGMA synchronous = FULL")

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lend the one connection to one coroutine, so that none sees half of another's writes."""
        async with self._lock:
            if self._closed:
                raise StorageError(f"The database {self._path} is closed already.")
            with readable_errors(self._path):
                yield self._connection

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._alone() as connection:
            try:
                # IMMEDIATE: a reader that turns writer later would not wait for the busy timeout.
                await connection.execute("BEGIN IMMEDIATE")
                yield connection
                await connection.commit()
            except BaseException:
                # Also on cancellation: aiosqlite still runs the statement that was being awaited,
                # and this one after it. Once committed there is nothing to roll back.
                await connection.rollback()
                raise


def _half_stars(stars: float) -> int:
    halves = stars * 2
    if halves not in range(1, 11):
        raise ValueError(f"{stars} stars do not exist: give 0.5 to 5 by halves, for example 3.5.")
    return int(halves)
