"""Files at rest or in use: examined and copied whole, without the store."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

from storage.errors import StorageError
from storage.sqlite.errors import BUSY, REASONS, readable_errors
from storage.sqlite.schema import version_of

BUSY_TIMEOUT = 5.0  # seconds for another program to let go of a file


def examine(path: Path) -> tuple[int, list[str]]:
    """Return the version of a file, 0 of an empty one, and what is damaged in it, in words.

    Raises
    ------
    DamagedError
        Where it cannot be read at all.
    StorageError
        Where it is not there, or another program's.
    """
    with _opened(path) as connection:
        version = version_of(connection, path)
        damage = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
        for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            damage.append(f"a row of {table} refers to a row of {parent} that is not there")
    return version, damage


def copy_file(source: Path, target: Path) -> None:
    """Let a file hold what another, one of ours, holds at this moment.

    Both may be in use.

    Parameters
    ----------
    source
        The file to copy.
    target
        What is to hold it: what it was before until it is the new one. Its folder is there.

    Raises
    ------
    StorageError
        Where the source cannot be read or is not ours, or the target cannot be written.
    """
    with _opened(source) as here:
        version_of(here, source)
        with (
            readable_errors(target),
            closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT)) as there,
        ):
            deadline = monotonic() + BUSY_TIMEOUT

            def give_up(status: int, remaining: int, total: int) -> None:
                if status in BUSY and monotonic() > deadline:
                    raise StorageError(f"The database {target} {REASONS[status]}.")

            # In one step: in several, each write in between would start it over. By itself it would
            # wait for ever for another program that writes.
            here.backup(there, progress=give_up)


def make_single(path: Path) -> None:
    """Let all of a file that nobody uses be in the file itself, with no log beside it."""
    with _opened(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise StorageError(f"The database {path} is not there.")
    with (
        readable_errors(path),
        closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)) as connection,
    ):
        yield connection
