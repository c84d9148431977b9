"""The database is brought up to date whole, or not touched at all."""

from collections.abc import Sequence

import asyncpg

from storage.errors import StorageError
from storage.migrations import Migration, pending

_VERSION = "reeltwin_schema"  # a table of one row; it also tells our tables from others'

# As `storage.tables.ordered_tables` takes them.
COLUMNS = f"""
    SELECT tables.relname, columns.attname,
    coalesce(array_position(keys.conkey, columns.attnum), 0)
    FROM pg_class AS tables
    JOIN pg_attribute AS columns ON columns.attrelid = tables.oid
    AND columns.attnum > 0 AND NOT columns.attisdropped
    LEFT JOIN pg_constraint AS keys ON keys.conrelid = tables.oid AND keys.contype = 'p'
    WHERE tables.relnamespace = current_schema()::regnamespace
    AND tables.relkind = 'r' AND tables.relname <> '{_VERSION}'
"""
REFERENCES = """
    SELECT tables.relname, parents.relname FROM pg_constraint AS keys
    JOIN pg_class AS tables ON tables.oid = keys.conrelid
    JOIN pg_class AS parents ON parents.oid = keys.confrelid
    WHERE keys.contype = 'f' AND keys.connamespace = current_schema()::regnamespace
"""


async def migrate(
    connection: asyncpg.Connection, name: str, migrations: Sequence[Migration]
) -> None:
    """Create our tables in a database or bring them up to date, in one transaction.

    Processes that start together take turns.

    Parameters
    ----------
    connection
        A connection to the database.
    name
        The database's name, for errors.
    migrations
        Ascending by number.

    Raises
    ------
    StorageError
        Where the tables belong to another program, or were written by a newer version of this one.
        The database is left as it was.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", _VERSION)
        version = await version_of(connection, name)
        if version == 0:
            await connection.execute(f"CREATE TABLE {_VERSION} (version BIGINT NOT NULL)")
            await connection.execute(f"INSERT INTO {_VERSION} VALUES (0)")
        for migration in pending(migrations, version, name):
            await connection.execute(migration.sql)
        # Written even when nothing is pending: a standby is found now, not at the first rating.
        await connection.execute(f"UPDATE {_VERSION} SET version = $1", migrations[-1].number)


async def version_of(connection: asyncpg.Connection, name: str) -> int:
    """Return the version of our schema in a database, 0 where it is empty.

    Raises
    ------
    StorageError
        Where the tables in it are another program's.
    """
    if await connection.fetchval("SELECT to_regclass($1)", _VERSION):
        version: int = await connection.fetchval(f"SELECT version FROM {_VERSION}")
        return version
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    if await connection.fetchval(tables):
        raise StorageError(
            f"The database {name} belongs to another program; name another one, or another "
            "schema of it, for example by ?search_path=reeltwin."
        )
    return 0
