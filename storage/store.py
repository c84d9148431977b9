"""All that is remembered, in one SQLite file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from storage.errors import readable_errors
from storage.group import Group
from storage.imports import Imports
from storage.members import Members
from storage.migrate import migrate, shipped_migrations
from storage.notes import Notes
from storage.privacy import Privacy
from storage.quiz import Quizzes
from storage.ratings import Ratings
from storage.votes import Votes
from storage.watchlist import Watchlists


@asynccontextmanager
async def open_store(path: Path, busy_timeout: float = 5.0) -> AsyncIterator["Store"]:
    """Open the database at ``path``, creating or upgrading it, and close it at the end.

    ``busy_timeout`` is how many seconds a call waits for another program to let go of the file.

    Raises
    ------
    StorageError
        Where the file cannot be used; the message says why.
    """
    await asyncio.to_thread(migrate, path, shipped_migrations(), busy_timeout)
    with readable_errors(path):
        connection = await aiosqlite.connect(path, timeout=busy_timeout, isolation_level=None)
    store = Store(path, connection)
    try:
        await store._configure()
        yield store
    finally:
        await store.close()


class Store(Members, Ratings, Imports, Quizzes, Group, Votes, Watchlists, Privacy, Notes):
    """What members said, row by row. Made by `open_store`.

    Any number of coroutines may call at once: each call is atomic, and what it wrote is on the
    disk when it returns. Every method raises `StorageError` where the database fails; nothing of
    the call is kept then. A call that is cancelled is kept whole or not at all.

    A user of whom something is to be kept and who was not remembered yet becomes a member whose
    name is the ``user_id``.
    """
