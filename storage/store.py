"""All that is remembered, in an SQLite file or a PostgreSQL database."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from pathlib import Path

from storage.connection import Engine
from storage.edits import Edits
from storage.guild_ratings import GuildRatings
from storage.imports import Imports
from storage.members import Members
from storage.metadata import Metadata
from storage.privacy import Privacy
from storage.quiz import Quizzes
from storage.ratings import UserRatings
from storage.session import Session, new_session
from storage.sqlite.engine import open_sqlite
from storage.vote_messages import VoteMessages
from storage.votes import Votes
from storage.watchlist import Watchlists


@asynccontextmanager
async def open_store(where: Path | str, busy_timeout: float = 5.0) -> AsyncIterator["Store"]:
    """Open the database, creating or upgrading it, and close it at the end.

    Parameters
    ----------
    where
        An SQLite file, or the address of a PostgreSQL database as ``postgresql://...``.
    busy_timeout
        How many seconds a call waits for others to let go of what it needs; all calls of a
        `Store.session` together.

    Raises
    ------
    StorageError
        Where the database cannot be used; the message says why.
    """
    async with open_engine(where, busy_timeout) as engine:
        yield Store(engine)


def open_engine(
    where: Path | str, busy_timeout: float = 5.0
) -> AbstractAsyncContextManager[Engine]:
    """Open the database as `open_store` does, and return its engine.

    Parameters
    ----------
    where
        An SQLite file, or the address of a PostgreSQL database.
    busy_timeout
        Seconds that a call, or a session, waits for others to let go of what it needs.
    """
    if not is_postgresql(where):
        return open_sqlite(Path(where), busy_timeout)
    from storage.postgresql.engine import open_postgresql  # not needed by most

    return open_postgresql(str(where), busy_timeout)


def is_postgresql(where: Path | str) -> bool:
    """Return whether this is the address of a PostgreSQL database rather than a file."""
    return isinstance(where, str) and where.startswith(("postgresql://", "postgres://"))


class Store(
    Members,
    UserRatings,
    Imports,
    Quizzes,
    GuildRatings,
    Votes,
    VoteMessages,
    Watchlists,
    Privacy,
    Edits,
    Metadata,
):
    """What members said, row by row. Made by `open_store`.

    Any number of coroutines may call at once: each call is atomic, and what it wrote is on the
    disk when it returns. Every method raises `StorageError` where the database fails; nothing of
    the call is kept then. A call that is cancelled is kept whole or not at all.

    A user of whom something is to be kept and who was not remembered yet becomes a member whose
    name is the ``user_id``.
    """

    def session(self) -> AbstractContextManager[Session]:
        """Let all calls of the body, a command's say, wait no longer than one call may.

        They write nothing once the `Session.member` was forgotten that it was given, also by
        another process, and raise `ForgottenError` instead.
        """
        return new_session(self._engine.patience)
