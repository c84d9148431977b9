"""A pool of connections to the server, each lent to one coroutine at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import asyncpg

from storage.connection import Connection, Row
from storage.errors import StorageError
from storage.migrations import shipped_migrations
from storage.postgresql.errors import readable_errors
from storage.postgresql.schema import COLUMNS, REFERENCES, migrate
from storage.tables import TableSchema, ordered_tables

CONNECTIONS = 8  # of one process at most; a server has 100 in all, unless set otherwise
WAIT = 10.0  # seconds for the server to answer, or for a connection to be free

# What was confirmed stays, also where the server is set to be faster than that.
SESSION = {"application_name": "reeltwin", "synchronous_commit": "on", "timezone": "UTC"}


@asynccontextmanager
async def open_postgresql(url: str) -> AsyncIterator["PostgresEngine"]:
    """Open the database, creating or upgrading our tables in it, and close it at the end."""
    name = without_secrets(url)
    migrations = shipped_migrations("storage.postgresql")
    async with _pool(url, name) as pool:
        with readable_errors(name):
            async with pool.acquire(timeout=WAIT) as connection:
                await migrate(connection, name, migrations)
        engine = PostgresEngine(name, pool)
        try:
            yield engine
        finally:
            await engine.close()


@asynccontextmanager
async def _pool(url: str, name: str) -> AsyncIterator[asyncpg.Pool]:
    try:
        with readable_errors(name):
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=CONNECTIONS, timeout=WAIT, server_settings=SESSION
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
    """Calls side by side, but for those that name the same user, group or vote."""

    def __init__(self, name: str, pool: asyncpg.Pool) -> None:
        self._name = name
        self._pool = pool
        self._closed = False
        self._calls = 0  # under way, or waiting for a connection
        self._idle = asyncio.Event()

    async def close(self) -> None:
        """Refuse further calls, and wait for those under way."""
        self._closed = True
        if self._calls:
            await self._idle.wait()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        async with self._acquire() as connection:
            yield _Connection(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        async with (
            self._acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield _Connection(connection)

    @asynccontextmanager
    async def writing(self, *keys: str) -> AsyncIterator[Connection]:
        async with self._acquire() as connection, connection.transaction():
            # Held until the transaction ends. Whoever needs several takes them in the same order.
            # The statement that follows sees what the holder before committed.
            for one in sorted(keys):
                await connection.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", one
                )
            yield _Connection(connection)

    async def purge_deleted(self) -> None:
        """Leave it to the server: deleted rows go when it vacuums, its log when it is reused."""

    @asynccontextmanager
    async def _acquire(self) -> AsyncIterator[asyncpg.Connection]:
        if self._closed:
            raise StorageError(f"The database {self._name} is closed already.")
        self._calls += 1
        try:
            with readable_errors(self._name):
                async with self._pool.acquire(timeout=WAIT) as connection:
                    yield connection
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()
