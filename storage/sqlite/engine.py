"""Connections to the file: one that writes and some that read, each lent to one call at a time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from threading import Event
from typing import Any, TypeVar

from storage.connection import Connection, Row, Transaction
from storage.errors import StorageError
from storage.migrations import shipped_migrations
from storage.session import Session, current_session
from storage.sqlite.errors import REASONS, readable_errors
from storage.sqlite.schema import COLUMNS, REFERENCES, migrate
from storage.sqlite.thread import ConnectionThread
from storage.tables import TableSchema, ordered_tables

T = TypeVar("T")

READERS = 4


@asynccontextmanager
async def open_sqlite(path: Path, busy_timeout: float) -> AsyncIterator["SqliteEngine"]:
    """Open the file, creating or upgrading it, and close it at the end.

    Parameters
    ----------
    path
        The file; missing folders above it are made.
    busy_timeout
        Seconds that a session waits for its turn, and for other programs to let go of the file.

    Raises
    ------
    StorageError
        Where it cannot be used; the message says why.
    """
    await asyncio.to_thread(migrate, path, shipped_migrations("storage.sqlite"), busy_timeout)
    engine = SqliteEngine(path, await _connect(path), busy_timeout)
    try:
        await engine.configure()
        yield engine
    finally:
        await engine.close()


class _Connection:
    """A `storage.connection.Connection` for the thread that uses it: it never really waits."""

    listed = "(SELECT value AS movie_id FROM json_each($2)) AS listed"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, _named(values)).fetchall()

    async def execute(self, sql: str, *values: object) -> int:
        return self._connection.execute(sql, _named(values)).rowcount

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(sql, map(_named, rows))

    async def tables(self) -> list[TableSchema]:
        columns = await self.fetch(COLUMNS)
        return ordered_tables(columns, await self.fetch(REFERENCES))


class _DistantConnection:
    """The same for everybody else, who waits for each statement to come back from the thread."""

    listed = _Connection.listed

    def __init__(self, thread: ConnectionThread, session: Session) -> None:
        self._thread = thread
        self._session = session

    async def fetch(self, sql: str, *values: object) -> list[Row]:
        return await self._run(lambda connection: connection.fetch(sql, *values))

    async def execute(self, sql: str, *values: object) -> int:
        return await self._run(lambda connection: connection.execute(sql, *values))

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        await self._run(lambda connection: connection.execute_many(sql, rows))

    async def tables(self) -> list[TableSchema]:
        return await self._run(lambda connection: connection.tables())

    async def _run(self, step: Transaction[T]) -> T:
        return await self._thread.run(self._session, lambda c: _result(step(_Connection(c))))


def _named(values: Sequence[object]) -> dict[str, object]:
    # To SQLite $1 is a parameter of the name "1".
    return {str(number): value for number, value in enumerate(values, 1)}


def _result(steps: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that awaits nothing but a `_Connection`, outside an event loop."""
    try:
        steps.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    raise RuntimeError("a transaction awaits nothing but its connection")


def _transact(connection: sqlite3.Connection, transaction: Transaction[T], given_up: Event) -> T:
    """Return the result of a transaction, of which nothing stays where it is given up meanwhile."""
    # IMMEDIATE: a reader that turns writer later would not wait for others.
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = _result(transaction(_Connection(connection)))
        connection.execute("ROLLBACK" if given_up.is_set() else "COMMIT")
    except BaseException:
        connection.rollback()
        raise
    return result


class SqliteEngine:
    """One connection that writes, call by call, and some that read meanwhile. See `open_sqlite`.

    In WAL mode a reader waits for no writer, of whatever program. Those who write wait for each
    other and for other programs, each for as long as its own patience lasts, not one after another.
    """

    def __init__(self, path: Path, writer: ConnectionThread, patience: float) -> None:
        self._path = path
        self._writer = writer
        self._idle: list[ConnectionThread] = []  # those that read, made as they are needed
        self._write_lock = asyncio.Lock()
        self._read_places = asyncio.Semaphore(READERS)
        self._closed = False
        self._purge_due = False  # something deleted is still in the log
        self.patience = patience

    async def close(self) -> None:
        """Wait for the calls that came before, and refuse further ones."""
        try:
            async with AsyncExitStack() as stack:
                for place in (self._write_lock, *[self._read_places] * READERS):
                    await stack.enter_async_context(place)
                self._closed = True
        finally:
            for connection in (*self._idle, self._writer):
                await connection.close()

    async def configure(self) -> None:
        """Set what SQLite keeps for each connection rather than in the file."""
        with readable_errors(self._path):
            session = Session(self.patience)
            await self._writer.run(session, _set, "foreign_keys = ON")
            # In WAL mode NORMAL would only sync at checkpoints: a rating already confirmed to the
            # user could be lost with the power. FULL syncs at each commit.
            await self._writer.run(session, _set, "synchronous = FULL")
            # What is deleted is overwritten: whoever is forgotten is not left in the free space.
            await self._writer.run(session, _set, "secure_delete = ON")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        session = current_session(self.patience)
        async with self._reader(session) as thread:
            yield _DistantConnection(thread, session)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        session = current_session(self.patience)
        async with self._reader(session) as thread:
            await thread.run(session, sqlite3.Connection.execute, "BEGIN")
            try:
                yield _DistantConnection(thread, session)
            finally:
                await thread.run(session, sqlite3.Connection.rollback)

    async def write(self, transaction: Transaction[T], *keys: str) -> T:
        session = current_session(self.patience)
        async with self._exclusive(session):
            # In one go: each step to the thread and back waits for whatever else computes.
            given_up = Event()
            running = self._writer.run(session, _transact, transaction, given_up)
            result = asyncio.ensure_future(running)
            try:
                return await asyncio.shield(result)
            except asyncio.CancelledError:
                given_up.set()
                await asyncio.gather(result, return_exceptions=True)
                raise

    @asynccontextmanager
    async def writing(self, *keys: str) -> AsyncIterator[Connection]:
        session = current_session(self.patience)
        async with self._exclusive(session):
            await self._writer.run(session, sqlite3.Connection.execute, "BEGIN IMMEDIATE")
            try:
                yield _DistantConnection(self._writer, session)
                await self._writer.run(session, sqlite3.Connection.commit)
            except BaseException:
                # Also on cancellation: the statement that was being awaited still runs, and this
                # one after it. Once committed there is nothing to roll back.
                await self._writer.run(session, sqlite3.Connection.rollback)
                raise

    async def purge_deleted(self) -> None:
        """Empty the log, which still holds what was deleted.

        While another program reads, it cannot be: the first write after that does it.
        """
        self._purge_due = True
        session = current_session(self.patience)
        async with self._exclusive(session, purge=False):
            await self._purge(session)

    async def _purge(self, session: Session) -> None:
        ((blocked, *_),) = await self._writer.run(session, _set, "wal_checkpoint(TRUNCATE)")
        self._purge_due = bool(blocked)

    @asynccontextmanager
    async def _exclusive(self, session: Session, *, purge: bool = True) -> AsyncIterator[None]:
        """Keep the connection that writes for one call, so that none sees half of another's."""
        async with self._place(self._write_lock, session):
            if purge and self._purge_due:
                await self._purge(Session(0.0))
            yield

    @asynccontextmanager
    async def _reader(self, session: Session) -> AsyncIterator[ConnectionThread]:
        async with self._place(self._read_places, session):
            thread = self._idle.pop() if self._idle else await self._new_reader()
            try:
                yield thread
            finally:
                self._idle.append(thread)

    async def _new_reader(self) -> ConnectionThread:
        thread = await _connect(self._path)
        try:
            await thread.run(Session(self.patience), _set, "query_only = ON")
        except BaseException:  # also on cancellation: nobody else would close it
            await thread.close()
            raise
        return thread

    @asynccontextmanager
    async def _place(
        self, places: asyncio.Lock | asyncio.Semaphore, session: Session
    ) -> AsyncIterator[None]:
        """Take one of the places for the body, in which errors are readable."""
        try:
            with session.waiting():
                async with asyncio.timeout(session.patience):
                    await places.acquire()
        except TimeoutError as error:
            raise StorageError(f"The database {self._path} {REASONS[SQLITE_BUSY]}.") from error
        try:
            if self._closed:
                raise StorageError(f"The database {self._path} is closed already.")
            with readable_errors(self._path):
                yield
        finally:
            places.release()


async def _connect(path: Path) -> ConnectionThread:
    with readable_errors(path):
        return await ConnectionThread.connect(path)


def _set(connection: sqlite3.Connection, pragma: str) -> list[Row]:
    return connection.execute(f"PRAGMA {pragma}").fetchall()
