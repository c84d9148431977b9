"""Backups by themselves, while the bot runs."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app.background import in_background
from storage import StorageError
from storage.backups import back_up, backups, made_at, rotate
from storage.unfinished import remove_unfinished

log = logging.getLogger(__name__)

RETRY_AFTER = 15 * 60.0  # seconds


def backing_up(
    where: Path | str, folder: Path, hours: float, keep: int, made: Callable[[datetime], None]
) -> AbstractAsyncContextManager[None]:
    """Back up a database, again and again while the body runs.

    A backup that fails is told in the log, and tried again soon: the bot goes on without.

    Parameters
    ----------
    where
        The database: a file, or an address.
    folder
        Where the backups are kept.
    hours
        How old the newest backup is when the next is made.
    keep
        How many of the newest stay.
    made
        Told when the newest was made, also at the beginning.
    """
    return in_background(_back_up(where, folder, hours, keep, made), "backing up")


async def remove_left(where: Path | str, folder: Path) -> None:
    """Remove what backups and restores left that were killed; told in the log where it fails.

    Parameters
    ----------
    where
        The database: a file, or an address.
    folder
        Where the backups are kept.
    """
    for place in {folder, folder if isinstance(where, str) else where.parent}:
        try:
            await asyncio.to_thread(remove_unfinished, place)
        except StorageError:
            log.exception("what a killed backup left is still there")


async def _back_up(
    where: Path | str, folder: Path, hours: float, keep: int, made: Callable[[datetime], None]
) -> None:
    # Told from the folder, not from when the bot was started: restarts make none of their own.
    while True:
        newest = next(iter(await asyncio.to_thread(backups, folder)), None)
        if newest is not None:
            made(made_at(newest))
            due = made_at(newest) + timedelta(hours=hours)
            await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        try:
            backup = await asyncio.to_thread(back_up, where, folder)
            await asyncio.to_thread(rotate, folder, keep)
            log.info("backed up to %s", backup)
        except StorageError:
            log.exception("no backup was made")
            await asyncio.sleep(RETRY_AFTER)
