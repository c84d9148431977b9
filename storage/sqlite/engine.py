"""One connection to the file, lent to one coroutine at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from storage.connection import Connection, Row
from storage.errors import StorageError
from storage.migrations import shipped_migrations
from storage.sqlite.errors import readable_errors
from storage.sqlite.schema import COLUMNS, REFERENCES, migrate
from storage.tables import TableSchema, ordered_tables


@asynccontextmanager
async def open_sqlite(path: Path, busy_timeout: float) -> AsyncIterator["SqliteEngine"]:
    """Open the file, creating or upgrading it, and close it at the end.

    Parameters
    ----------
    path
        The file; missing folders above it are made.
    busy_timeout
        Seconds that a call waits for another program to let go of the file.

    Raises
    ------
    StorageError
        Where it cannot be used; the message says why.
    """
    await asyncio.to_thread(migrate, path, shipped_migrations("storage.sqlite"), busy_timeout)
    with readable_errors(path):
        connection = await aiosqlite.connect(path, timeout=busy_timeout, isolation_level=None)
    engine = SqliteEngine(path, connection)
    try:
        await engine.configure()
        yield engine
    finally:
        await engine.close()


class _Connection:
    """A `storage.connection.Connection` to the file."""

    listed = "(SELECT value AS movie_id FROM json_each($2)) AS listed"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> list[Row]:
        return [*map(tuple, await self._connection.execute_fetchall(sql, _named(values)))]

    async def execute(self, sql: str, *values: object) -> int:
        async with self._connection.execute(sql, _named(values)) as cursor:
            return cursor.rowcount

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        await self._connection.executemany(sql, map(_named, rows))

    async def tables(self) -> list[TableSchema]:
        columns = await self.fetch(COLUMNS)
        return ordered_tables(columns, await self.fetch(REFERENCES))


def _named(values: Sequence[object]) -> dict[str, object]:
    # To SQLite $1 is a parameter of the name "1".
    return {str(number): value for number, value in enumerate(values, 1)}


class SqliteEngine:
    """Calls in turn, whoever they name. Made by `open_sqlite`."""

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection
        self._lock = asyncio.Lock()
        self._closed = False

    async def close(self) -> None:
        """Refuse further calls, and wait for the one under way."""
        try:
            async with self._lock:
                self._closed = True
        finally:
            await self._connection.close()

    async def configure(self) -> None:
        """Set what SQLite keeps for each connection rather than in the file."""
        async with self._exclusive() as connection:
            await connection.execute("PRAGMA foreign_keys = ON")
            # In WAL mode NORMAL would only sync at checkpoints: a rating already confirmed to the
            # user could be lost with the power. FULL syncs at each commit.
            await connection.execute("PRAGMA synchronous = FULL")
            # What is deleted is overwritten: whoever is forgotten is not left in the free space.
            await connection.execute("PRAGMA secure_delete = ON")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        async with self._exclusive() as connection:
            yield _Connection(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        async with self._exclusive() as connection:
            await connection.execute("BEGIN")
            try:
                yield _Connection(connection)
            finally:
                await connection.rollback()

    @asynccontextmanager
    async def writing(self, *keys: str) -> AsyncIterator[Connection]:
        async with self._exclusive() as connection:
            try:
                # IMMEDIATE: a reader that turns writer later would not wait for the busy timeout.
                await connection.execute("BEGIN IMMEDIATE")
                yield _Connection(connection)
                await connection.commit()
            except BaseException:
                # Also on cancellation: aiosqlite still runs the statement that was being awaited,
                # and this one after it. Once committed there is nothing to roll back.
                await connection.rollback()
                raise

    async def purge_deleted(self) -> None:
        """Empty the log, which still holds what was deleted."""
        async with self._exclusive() as connection:
            # The log still holds the pages of before; in use by another program it stays for now.
            await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @asynccontextmanager
    async def _exclusive(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lend the one connection to one coroutine, so that none sees half of another's writes."""
        async with self._lock:
            if self._closed:
                raise StorageError(f"The database {self._path} is closed already.")
            with readable_errors(self._path):
                yield self._connection
