"""A connection to a file and the one thread that uses it, as SQLite's calls block."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from storage.session import Session

P = ParamSpec("P")
T = TypeVar("T")


class ConnectionThread:
    """Runs on a connection what it is given, one after the other."""

    def __init__(self, thread: ThreadPoolExecutor, connection: sqlite3.Connection) -> None:
        self._thread = thread
        self._connection = connection

    @classmethod
    async def connect(cls, path: Path) -> "ConnectionThread":
        """Open the file."""
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        loop = asyncio.get_running_loop()
        try:
            connecting = loop.run_in_executor(thread, _connect, path)
            return cls(thread, await connecting)
        except BaseException:
            thread.shutdown(wait=False)
            raise

    async def run(
        self,
        session: Session,
        work: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what ``work`` does with the connection, on the account of a session.

        What has begun runs to its end even if the caller is cancelled, and before what comes next.
        """

        def in_the_thread() -> T:
            # What the session is charged is SQLite's time, not that of a busy event loop.
            with session.waiting():
                milliseconds = int(1000 * session.patience)
                self._connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
                return work(self._connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, in_the_thread)

    async def close(self) -> None:
        await self.run(Session(0.0), sqlite3.Connection.close)
        self._thread.shutdown(wait=False)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)
