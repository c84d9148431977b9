"""One connection to the file, lent to one coroutine at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from storage.errors import StorageError, readable_errors


class Database:
    """What every part of the store stands on: calls in turn, each of them whole or not at all."""

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

    async def _configure(self) -> None:
        async with self._alone() as connection:
            await connection.execute("PRAGMA foreign_keys = ON")
            # In WAL mode NORMAL would only sync at checkpoints: a rating already confirmed to the
            # user could be lost with the power. FULL syncs at each commit.
            await connection.execute("PRAGMA synchronous = FULL")
            # What is deleted is overwritten: whoever is forgotten is not left in the free space.
            await connection.execute("PRAGMA secure_delete = ON")

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lend the one connection to one coroutine, so that none sees half of another's writes."""
        async with self._lock:
            if self._closed:
                raise StorageError(f"The database {self._path} is closed already.")
            with readable_errors(self._path):
                yield self._connection

    async def _marked(self, table: str, user_id: str) -> set[int]:
        """The movies that a table of marks, one of this package's own, holds for a user."""
        async with self._alone() as connection:
            rows = await connection.execute_fetchall(
                f"SELECT movie_id FROM {table} WHERE user_id = ?",
                (user_id,),
            )
        return {movie_id for (movie_id,) in rows}

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
