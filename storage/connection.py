"""What a database is to the rest of the store: the same SQL, rows and guarantees on every engine.

The SQL is written once, in what SQLite and PostgreSQL have in common: ``$1``, ``$2`` for values,
conflict targets named, no casts left to guess. The folders ``sqlite`` and ``postgresql`` hold what
they do not have in common, each its own schema among it.
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias, TypeVar

from storage.tables import TableSchema

Row = tuple[Any, ...]
T = TypeVar("T")


class Connection(Protocol):
    """A transaction's connection. ``values`` stand in the SQL as ``$1``, ``$2`` and so on."""

    listed: str
    """Goes behind FROM: a table ``listed`` of one column ``movie_id``, from the JSON array $2."""

    async def fetch(self, sql: str, *values: object) -> list[Row]:
        """Return the rows that a statement gives."""
        ...

    async def execute(self, sql: str, *values: object) -> int:
        """Return how many rows were inserted, changed or deleted."""
        ...

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement once for each row, whose values stand in it."""
        ...

    async def tables(self) -> list[TableSchema]:
        """Return our tables, in an order in which rows find what they refer to."""
        ...


Transaction: TypeAlias = Callable[[Connection], Coroutine[Any, Any, T]]
"""What reads and writes on a connection, and awaits nothing else."""


class Engine(Protocol):
    """A database that is open. Every method raises `StorageError` where it cannot do its work.

    Who reads waits for nobody who writes. All calls of a `storage.session.Session` wait no longer
    than its patience, all together.
    """

    patience: float
    """Seconds that a call waits which is of no session."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection to read from: each fetch is of one moment, not all of the same."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """Return a connection to read from: all that is fetched from it is of one moment."""
        ...

    async def write(self, transaction: Transaction[T], *keys: str) -> T:
        """Run a transaction and return its result.

        What it writes is kept whole, durably, when it ends; nothing of it if it raises.

        Parameters
        ----------
        transaction
            What to do with the connection.
        *keys
            Users, groups or votes, by name. Transactions that name the same come one after the
            other, also those of other processes: between reading and writing nobody else changes
            what is theirs.
        """
        ...

    def writing(self, *keys: str) -> AbstractAsyncContextManager[Connection]:
        """Return a connection to write to, as `write` does, for a body that awaits more besides."""
        ...

    async def purge_deleted(self) -> None:
        """Leave as little as the engine can of what was deleted before."""
        ...
