"""The schema as numbered SQL files, of each engine its own.

A migration is one file for each engine: ``storage/sqlite/migrations/V4__reason.sql`` and the same
in ``storage/postgresql``. Opening a database runs those that it lacks; backups and copies read the
tables from the database. A column that names a person also needs a line in
`storage.privacy.DATA_KINDS`, in the words that people read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

from storage.errors import StorageError


@dataclass(frozen=True)
class Migration:
    """The SQL that takes a database to version ``number`` from the version before."""

    number: int
    reason: str
    sql: str


def shipped_migrations(package: str) -> list[Migration]:
    """Return the files ``migrations/V<number>__<reason>.sql`` of an engine's package, by number.

    Raises
    ------
    ValueError
        Where two have the same number.
    """
    migrations = []
    for file in files(package).joinpath("migrations").iterdir():
        name = re.fullmatch(r"V(\d+)__(\w+)\.sql", file.name)
        if name:
            sql = file.read_text(encoding="utf-8")
            migrations.append(Migration(int(name[1]), name[2], sql))
    migrations.sort(key=lambda migration: migration.number)
    for one, other in pairwise(migrations):
        if one.number == other.number:  # of two branches: a database would get only one of them
            raise ValueError(
                f"{one.reason} and {other.reason} are both migration V{one.number} of {package}: "
                "give the later one the next number."
            )
    return migrations


def pending(migrations: Sequence[Migration], version: int, database: str) -> list[Migration]:
    """Return the migrations that a database still needs.

    Parameters
    ----------
    migrations
        All there are, ascending by number.
    version
        The version of the database, 0 for an empty one.
    database
        Its name, for the error.

    Raises
    ------
    StorageError
        Where the database is of a newer version than all of them.
    """
    newest = migrations[-1].number
    if version > newest:
        raise StorageError(
            f"The database {database} has version {version}, newer than this program's {newest}; "
            "update the program or name another database."
        )
    return [migration for migration in migrations if migration.number > version]
