"""Copies under way: one writer at a time in each folder, and what a killed one left is removed.

A copy ends in ``.part`` until it is whole. Nobody can tell from such a file whether it is still
being written, so whoever writes one holds the lock of its folder, which ends with its process.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.errors import StorageError
from storage.sqlite.errors import BUSY

PATIENCE = 60.0  # seconds for another process to finish its copy

_LOCK = ".reeltwin-backup.lock"
_LEFT = re.compile(r"(reeltwin-|.+\.before-)\d{8}T[\d.]+Z(\.sqlite3)?\.part(-wal|-shm|-journal)?")


class InUseError(StorageError):
    """Somebody else is writing into the folder."""


@contextmanager
def only_writer(folder: Path, patience: float | None = None) -> Iterator[None]:
    """Let nobody else write copies into a folder for the body, in which no unfinished ones are.

    Parameters
    ----------
    folder
        A folder that is there.
    patience
        Seconds to wait for somebody else to finish; `PATIENCE` by default.

    Raises
    ------
    StorageError
        Where somebody else is still writing, or the folder cannot be written.
    """
    with _locked(folder, PATIENCE if patience is None else patience):
        _remove_left(folder)
        try:
            yield
        finally:
            _remove_left(folder)


def remove_unfinished(folder: Path) -> None:
    """Remove the copies that nobody is writing any more; their writers were killed.

    Raises
    ------
    StorageError
        Where one cannot be removed.
    """
    if not _left(folder):
        return
    try:
        with only_writer(folder, patience=0.0):
            pass
    except InUseError:
        return  # whoever is writing has removed those of others


@contextmanager
def _locked(folder: Path, patience: float) -> Iterator[None]:
    # An empty SQLite file: its locks are the system's, whichever that is, and end with the process.
    lock = folder / _LOCK
    try:
        connection = sqlite3.connect(lock, timeout=patience, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise StorageError(f"{folder} cannot be written: {error}.") from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in BUSY:
                raise StorageError(f"{folder} cannot be written: {error}.") from error
            raise InUseError(
                f"Another backup is being written to {folder}; try again when it is done."
            ) from error
        yield


def _remove_left(folder: Path) -> None:
    for file in _left(folder):
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{file} cannot be removed: {error.strerror}.") from error


def _left(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*.part*") if _LEFT.fullmatch(file.name)]
