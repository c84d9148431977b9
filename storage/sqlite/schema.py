"""The file is brought up to date whole, or not touched at all."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from storage.errors import StorageError
from storage.migrations import Migration, pending
from storage.sqlite.errors import readable_errors

APPLICATION_ID = 0x5265656C  # V1 writes it into the file
OLDEST_SQLITE = (3, 37)  # STRICT tables

# As `storage.tables.ordered_tables` takes them.
COLUMNS = """
    SELECT tables.name, columns.name, columns.pk
    FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
"""
REFERENCES = """
    SELECT tables.name, keys."table"
    FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table'
"""


def migrate(path: Path, migrations: Sequence[Migration], busy_timeout: float) -> None:
    """Create the database at ``path`` or bring it up to date, in one transaction.

    Parameters
    ----------
    path
        The file; missing folders above it are made.
    migrations
        Ascending by number.
    busy_timeout
        Seconds to wait for another program to let go of the file.

    Raises
    ------
    StorageError
        Where the file cannot be opened or written, is no database, belongs to another program,
        or was written by a newer version of this one. The file is left as it was.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            f"SQLite 3.37 or newer is needed; this Python has {sqlite3.sqlite_version}."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder of the database {path} cannot be made: {error.strerror}."
        ) from error
    # Foreign keys stay off on this connection: a later migration that rebuilds a table by
    # dropping it must not cascade. Closing it rolls back whatever was not committed.
    with (
        readable_errors(path),
        closing(sqlite3.connect(path, timeout=busy_timeout, isolation_level=None)) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        _upgrade(connection, path, migrations)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def _upgrade(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    for migration in pending(migrations, version_of(connection, path), str(path)):
        for statement in statements(migration.sql):
            connection.execute(statement)
    # Written even when nothing is pending: a read-only file is found now, not at the first rating.
    connection.execute(f"PRAGMA user_version = {migrations[-1].number}")


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of our schema in a file, 0 where the file is empty.

    Parameters
    ----------
    connection
        A connection to the file.
    path
        The file's name, for the error.

    Raises
    ------
    StorageError
        Where the file belongs to another program.
    """
    foreign = _integer(connection, "PRAGMA application_id") != APPLICATION_ID
    if foreign and _integer(connection, "SELECT count(*) FROM sqlite_schema") > 0:
        raise StorageError(f"The database {path} belongs to another program; name another file.")
    return _integer(connection, "PRAGMA user_version")


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; ``executescript`` would commit the open transaction."""
    statement = ""
    for part in re.split(r"(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement.strip()


def _integer(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
