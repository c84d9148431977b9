"""Backups: each the whole database of one moment as an SQLite file, made while it is used.

These functions take their time: where others wait, call them in a thread.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import DamagedError, StorageError
from storage.migrations import pending, shipped_migrations
from storage.sqlite.files import copy_file, examine, make_single
from storage.store import is_postgresql
from storage.transfer import copy_database
from storage.unfinished import only_writer

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"reeltwin-(\d{8}T\d{6}\.\d{6}Z)\.sqlite3")


def backups(folder: Path) -> list[Path]:
    """Return the backups in a folder, the newest first; none where there is no such folder."""
    found = (file for file in folder.glob("reeltwin-*.sqlite3") if _NAME.fullmatch(file.name))
    return sorted(found, key=lambda file: file.name, reverse=True)


def made_at(backup: Path) -> datetime:
    """Return when one of `backups` was made, in UTC."""
    name = _NAME.fullmatch(backup.name)
    if name is None:
        raise ValueError(f"{backup.name} is no name of a backup.")
    return datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)


def back_up(where: Path | str, folder: Path) -> Path:
    """Write a backup of the database into a folder.

    What is in the folder is whole and was examined, whatever happens meanwhile.

    Parameters
    ----------
    where
        The database, as `open_store` takes it. It may be in use.
    folder
        Where the backup goes; it is made if need be.

    Returns
    -------
    Path
        The backup, an SQLite file.

    Raises
    ------
    StorageError
        Where the database cannot be read, or the folder cannot be written; `DamagedError` where it
        is damaged.
    """
    backup = folder / f"reeltwin-{_now()}.sqlite3"
    _write(backup, where)
    return backup


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all `backups` but the newest.

    Parameters
    ----------
    folder
        Where the backups are.
    keep
        How many stay, 1 or more.

    Returns
    -------
    list
        The files that are gone.

    Raises
    ------
    StorageError
        Where a file cannot be removed.
    """
    old = backups(folder)[keep:]
    for file in old:
        with _readable_os_errors(file):
            file.unlink(missing_ok=True)  # another process may have been faster
    return old


def restore(backup: Path, where: Path | str) -> Path | None:
    """Let the database be what it was when a backup was made.

    Parameters
    ----------
    backup
        A file that `back_up` wrote.
    where
        The database, as `open_store` takes it. An SQLite file may be in use meanwhile: whoever uses
        it sees the one database and then the other. A PostgreSQL database must be empty.

    Returns
    -------
    Path
        Where the SQLite file of before is kept; None where there was none.

    Raises
    ------
    StorageError
        Where the backup is damaged, no backup or newer than this program, or the database cannot be
        written. It is as it was then.
    """
    _check(backup)
    if is_postgresql(where):
        with only_writer(backup.parent):
            copied = _part(backup.with_name(f"reeltwin-{_now()}.sqlite3"))
            copy_file(backup, copied)
            asyncio.run(copy_database(copied, where))  # which upgrades what it opens
        return None
    path = Path(where)
    with _readable_os_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        copy_file(backup, path)
        return None
    before = path.with_name(f"{path.name}.before-{_now()}")
    try:
        _write(before, path)
        copy_file(backup, path)
    except DamagedError:
        _replace(path, backup, before)
    return before


def _check(backup: Path) -> None:
    version, damage = examine(backup)
    if damage:
        raise DamagedError(f"The backup {backup} is damaged: {damage[0]}.")
    if version == 0:
        raise StorageError(f"The backup {backup} is empty.")
    pending(shipped_migrations("storage.sqlite"), version, str(backup))


def _replace(path: Path, backup: Path, before: Path) -> None:
    """Put a backup in the place of a file too damaged to be opened, which goes aside as it is."""
    part = _part(before)
    with only_writer(path.parent):
        copy_file(backup, part)
        make_single(part)
        with _readable_os_errors(path):
            for ending in ("", "-wal", "-shm"):
                if (old := Path(f"{path}{ending}")).exists():
                    old.rename(f"{before}{ending}")
            part.replace(path)


def _write(backup: Path, where: Path | str) -> None:
    """Write the database into a file that appears when it is whole, examined and on the disk."""
    with _readable_os_errors(backup):
        backup.parent.mkdir(parents=True, exist_ok=True)
    part = _part(backup)
    with only_writer(backup.parent):
        if is_postgresql(where):
            asyncio.run(copy_database(where, part))
        else:
            copy_file(Path(where), part)
        _finish(part, backup)


def _finish(part: Path, backup: Path) -> None:
    make_single(part)
    _, damage = examine(part)
    if damage:
        raise DamagedError(f"The database is damaged, and not backed up: {damage[0]}.")
    with _readable_os_errors(backup):
        part.replace(backup)
        if os.name == "posix":  # elsewhere folders cannot be synced
            folder = os.open(backup.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)


def _part(file: Path) -> Path:
    """Return where a file is while it is not whole, as `only_writer` knows it."""
    return file.with_name(f"{file.name}.part")


def _now() -> str:
    return datetime.now(UTC).strftime(_STAMP)


@contextmanager
def _readable_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error
