"""Pools of connections to the server, each lent to one call at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg

from storage.connection import Connection, Row, Transaction
from storage.errors import StorageError
from storage.migrations import shipped_migrations
from storage.postgresql.errors import readable_errors
from storage.postgresql.schema import COLUMNS, REFERENCES, migrate
from storage.session import Session, current_session
from storage.tables import TableSchema, ordered_tables

T = TypeVar("T")

CONNECTIONS = 4  # that read, and as many that write; a server has 100 in all, unless set otherwise
WAIT = 10.0  # seconds for the server to answer
LEAST = 0.1  # seconds for one that is free, however long its session has waited already

# What was confirmed stays, also where the server is set to be faster than that.
SESSION = {"application_name": "reeltwin", "synchronous_commit": "on", "timezone": "UTC"}


@asynccontextmanager
async def open_postgresql(url: str, patience: float) -> AsyncIterator["PostgresEngine"]:
    """Open the database, creating or upgrading our tables in it, and close it at the end.

    Parameters
    ----------
    url
        The address of the database.
    patience
        Seconds that a session waits for others to let go of what it needs.
    """
    name = without_secrets(url)
    migrations = shipped_migrations("storage.postgresql")
    async with _pool(url, name, patience) as writers, _pool(url, name, patience) as readers:
        with readable_errors(name):
            async with writers.acquire(timeout=WAIT) as connection:
                await migrate(connection, name, migrations)
        engine = PostgresEngine(name, writers, readers, patience)
        try:
            yield engine
        finally:
            await engine.close()


@asynccontextmanager
async def _pool(url: str, name: str, patience: float) -> AsyncIterator[asyncpg.Pool]:
    settings = SESSION | {"lock_timeout": _milliseconds(patience)}
    try:
        with readable_errors(name):
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=CONNECTIONS, timeout=WAIT, server_settings=settings
            )
    except ValueError as error:
        raise StorageError(
            f"{name} is no address of a database: {error}. "
            "For example postgresql://reeltwin@localhost/reeltwin"
        ) from error
    try:
        yield pool
    finally:
        await pool.close()


def without_secrets(url: str) -> str:
    """Return the address of a database without user, password and options, to be shown."""
    return "postgresql://" + url.split("?")[0].split("://")[-1].rpartition("@")[2]


class _Connection:
    """A `storage.connection.Connection` to the server."""

    listed = (
        "(SELECT CAST(value AS BIGINT) AS movie_id "
        "FROM json_array_elements_text(CAST($2 AS JSON)) AS listed (value)) AS listed"
    )

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> list[Row]:
        return [tuple(row) for row in await self._connection.fetch(sql, *_kept(values))]

    async def execute(self, sql: str, *values: object) -> int:
        status: str = await self._connection.execute(sql, *_kept(values))
        return int(status.rsplit(" ", 1)[-1])  # such as DELETE 3 or INSERT 0 3

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        await self._connection.executemany(sql, [_kept(row) for row in rows])

    async def tables(self) -> list[TableSchema]:
        columns = await self.fetch(COLUMNS)
        return ordered_tables(columns, await self.fetch(REFERENCES))


def _kept(values: Sequence[object]) -> list[object]:
    # NUL is the one character that no text in PostgreSQL can have.
    return [one.replace("\0", "\ufffd") if isinstance(one, str) else one for one in values]


class PostgresEngine:
    """Calls side by side, but for those that name the same user, group or vote.

    Those that read have connections of their own, which no waiting writer takes.
    """

    def __init__(
        self, name: str, writers: asyncpg.Pool, readers: asyncpg.Pool, patience: float
    ) -> None:
        self._name = name
        self._writers = writers
        self._readers = readers
        self._closed = False
        self._calls = 0  # under way, or waiting for a connection
        self._none_left = asyncio.Event()
        self.patience = patience

    async def close(self) -> None:
        """Refuse further calls, and wait for those under way."""
        self._closed = True
        if self._calls:
            await self._none_left.wait()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        session = current_session(self.patience)
        async with self._acquire(self._readers, session) as connection:
            with session.waiting():
                yield _Connection(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        session = current_session(self.patience)
        async with (
            self._acquire(self._readers, session) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield _Connection(connection)

    async def write(self, transaction: Transaction[T], *keys: str) -> T:
        async with self.writing(*keys) as connection:
            return await transaction(connection)

    @asynccontextmanager
    async def writing(self, *keys: str) -> AsyncIterator[Connection]:
        session = current_session(self.patience)
        async with self._acquire(self._writers, session) as connection:
            with session.waiting():  # any statement may have to wait for another's
                async with connection.transaction():
                    # Held until the transaction ends. Whoever needs several takes them in the same
                    # order. The statement that follows sees what the holder before committed.
                    for one in sorted(set(keys)):
                        await connection.execute(
                            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", one
                        )
                    yield _Connection(connection)

    async def purge_deleted(self) -> None:
        """Leave it to the server: deleted rows go when it vacuums, its log when it is reused."""

    @asynccontextmanager
    async def _acquire(
        self, pool: asyncpg.Pool, session: Session
    ) -> AsyncIterator[asyncpg.Connection]:
        if self._closed:
            raise StorageError(f"The database {self._name} is closed already.")
        self._calls += 1
        try:
            with readable_errors(self._name):
                with session.waiting():
                    connection = await pool.acquire(timeout=max(session.patience, LEAST))
                try:
                    if session.patience < 0.9 * self.patience:
                        # Until the pool has it back, which resets it.
                        wait = _milliseconds(session.patience)
                        await connection.execute(f"SET lock_timeout = {wait}")
                    yield connection
                finally:
                    await pool.release(connection)
        finally:
            self._calls -= 1
            if not self._calls:
                self._none_left.set()


def _milliseconds(seconds: float) -> str:
    return str(max(1, int(1000 * seconds)))  # 0 would be for ever
