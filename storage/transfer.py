"""All rows of one database put into another, which may be of the other engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from storage.connection import Connection, Engine, Row
from storage.errors import StorageError
from storage.store import open_engine
from storage.tables import TableSchema

_AT_ONCE = 5_000  # rows


async def copy_database(source: Path | str, target: Path | str) -> dict[str, int]:
    """Open both databases, as `open_store` does, and `copy` the one into the other.

    Parameters
    ----------
    source, target
        A file or the address of a PostgreSQL database.

    Returns
    -------
    dict
        Rows by table.
    """
    async with open_engine(source) as here, open_engine(target) as there:
        return await copy(here, there)


async def copy(source: Engine, target: Engine) -> dict[str, int]:
    """Put all that the source holds at this moment into a target that holds nothing yet.

    Parameters
    ----------
    source, target
        Both are open, and therefore of the same version.

    Returns
    -------
    dict
        Rows by table, as counted in the target, where they are as many as in the source.

    Raises
    ------
    StorageError
        Where the target holds something, or does not hold as many rows in the end. It is left as it
        was.
    """
    async with source.snapshot() as reader, target.writing() as writer:
        for name, rows in (await counts(writer)).items():
            if rows:
                raise StorageError(
                    f"The database to copy to is not empty ({name}: {rows}); "
                    "name one that is, or is not there yet."
                )
        for table in await reader.tables():
            insert = _insert(table)
            async for some in _pages(reader, table):
                await writer.execute_many(insert, some)
        wanted, found = await counts(reader), await counts(writer)
        if wanted != found:
            raise StorageError(f"The copy is not whole: {found} rows instead of {wanted}.")
    return found


async def read_all(source: Engine) -> dict[str, int]:
    """Read every row; return how many there are by table."""
    found = {}
    async with source.snapshot() as reader:
        for table in await reader.tables():
            found[table.name] = sum([len(some) async for some in _pages(reader, table)])
    return found


async def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    names = [table.name for table in await connection.tables()]
    every = (f"SELECT '{name}', count(*) FROM {name}" for name in names)
    return dict(await connection.fetch(" UNION ALL ".join(every)))


async def _pages(reader: Connection, table: TableSchema) -> AsyncIterator[list[Row]]:
    """Yield all rows in the order of their key, some at a time."""
    names, key = ", ".join(table.columns), ", ".join(table.key)
    every = f"SELECT {names} FROM {table.name}"
    order = f"ORDER BY {key} LIMIT {_AT_ONCE}"
    behind = f"WHERE ({key}) > ({_places(len(table.key))})"
    rows = await reader.fetch(f"{every} {order}")
    while rows:
        yield rows
        last: tuple[Any, ...] = rows[-1][: len(table.key)]
        rows = await reader.fetch(f"{every} {behind} {order}", *last)


def _insert(table: TableSchema) -> str:
    names, places = ", ".join(table.columns), _places(len(table.columns))
    return f"INSERT INTO {table.name} ({names}) VALUES ({places})"


def _places(number: int) -> str:
    return ", ".join(f"${place}" for place in range(1, number + 1))
