"""What can go wrong with the file, in words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import DamagedError, StorageError

# By SQLite's primary result code, https://www.sqlite.org/rescode.html
REASONS = {
    sqlite3.SQLITE_BUSY: "is in use by another program; try again in a moment",
    sqlite3.SQLITE_LOCKED: "is in use by another program; try again in a moment",
    sqlite3.SQLITE_READONLY: "cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; name a file in a folder that can be written, "
    "for example data/reeltwin.sqlite3",
    sqlite3.SQLITE_FULL: "cannot grow; its disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written; its disk reports an error",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "is not an SQLite database; name another file, "
    "for example data/reeltwin.sqlite3",
}

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises about the file at ``path`` into a `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the primary code. Errors of Python's own making carry none.
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        reason = REASONS.get(primary, f"cannot be used: {error}")
        kind = DamagedError if primary in DAMAGE else StorageError
        raise kind(f"The database {path} {reason}.") from error
