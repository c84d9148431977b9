"""Look after the store: ``python -m storage check|backup|restore|stats|copy``."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from storage import __version__
from storage.backups import back_up, backups, restore, rotate
from storage.errors import StorageError
from storage.migrations import pending, shipped_migrations
from storage.settings import SettingsError, StorageSettings, read_settings
from storage.sqlite.files import examine
from storage.store import is_postgresql, open_engine
from storage.transfer import copy_database, counts, read_all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands.

    Parameters
    ----------
    arguments
        Those of the command line; None for the program's own.

    Returns
    -------
    int
        The exit status: 0, or 1 after a line on what is wrong.
    """
    try:
        options = _parser(read_settings(StorageSettings)).parse_args(arguments)
        status: int = options.run(options)
    except (SettingsError, StorageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return status


def _parser(settings: StorageSettings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m storage",
        description="Look after what the bot remembers. The database is that of DATABASE_URL or "
        "DATABASE_PATH, from the environment or .env, unless --database names another: a file, or "
        "an address as postgresql://reeltwin@localhost/reeltwin.",
    )
    parser.add_argument("--version", action="version", version=f"Reeltwin {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, help_: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_, description=f"{help_.capitalize()}.")
        added.add_argument("--database", type=_database, default=settings.database, metavar="WHERE")
        added.set_defaults(run=run)
        return added

    folder = settings.folder_of_backups
    command("check", _check, "read everything, and tell what is damaged")
    command("stats", _stats, "tell how much is kept, and how big it is")
    backing = command("backup", _backup, "write a backup while the bot runs, and remove old ones")
    backing.add_argument("--to", type=Path, default=folder, metavar="FOLDER", help="%(default)s")
    backing.add_argument(
        "--keep",
        type=int,
        default=settings.backup_keep,
        metavar="N",
        help="how many of the newest stay; 0: all (%(default)s)",
    )
    restoring = command("restore", _restore, "let the database be what a backup holds")
    restoring.add_argument(
        "backup",
        type=Path,
        nargs="?",
        help=f"a file that backup wrote; the newest in {folder} by default",
    )
    restoring.set_defaults(folder=folder)
    copying = commands.add_parser(
        "copy",
        help="put all of one database into another, as from SQLite to PostgreSQL",
        description="Put all of one database into another that is empty, and count the rows.",
    )
    copying.add_argument("source", type=_database, help="a file or an address")
    copying.add_argument("target", type=_database, help="a file or an address")
    copying.set_defaults(run=_copy)
    return parser


def _database(text: str) -> Path | str:
    return text if is_postgresql(text) else Path(text)


def _check(options: argparse.Namespace) -> int:
    where: Path | str = options.database
    if isinstance(where, str):
        rows = sum(asyncio.run(_read_all(where)).values())
        print(f"Well: all {rows:,} rows can be read.")
        return 0
    version, damage = examine(where)
    pending(shipped_migrations("storage.sqlite"), version, str(where))
    for line in damage:
        print(f"damaged: {line}", file=sys.stderr)
    if damage:
        print("Stop the bot and restore a backup: python -m storage restore", file=sys.stderr)
        return 1
    print(f"Well: {where} is whole, and of version {version}.")
    return 0


async def _read_all(where: str) -> dict[str, int]:
    async with open_engine(where) as engine:
        return await read_all(engine)


def _stats(options: argparse.Namespace) -> int:
    for name, number in asyncio.run(_count(options.database)).items():
        print(f"{name.replace('_', ' '):16}{number:>14,}")
    if isinstance(options.database, Path):
        print(f"{'bytes':16}{options.database.stat().st_size:>14,}")
    return 0


async def _count(where: Path | str) -> dict[str, int]:
    if isinstance(where, Path):
        examine(where)  # a file that is not there is not made
    async with open_engine(where) as engine, engine.reading() as connection:
        return await counts(connection)


def _backup(options: argparse.Namespace) -> int:
    print(f"Written: {back_up(options.database, options.to)}")
    if options.keep > 0:
        for old in rotate(options.to, options.keep):
            print(f"Removed: {old}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    backup: Path | None = options.backup or next(iter(backups(options.folder)), None)
    if backup is None:
        raise StorageError(f"There is no backup in {options.folder}; name a file.")
    kept = restore(backup, options.database)
    print(f"Restored: {backup}")
    if kept:
        print(f"What was there before: {kept}")
    return 0


def _copy(options: argparse.Namespace) -> int:
    if isinstance(options.source, Path):
        examine(options.source)
    for name, rows in asyncio.run(copy_database(options.source, options.target)).items():
        print(f"{name.replace('_', ' '):16}{rows:>14,}")
    print("Copied: as many rows in each table as there were.")
    return 0
