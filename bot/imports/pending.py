"""Files that were looked into and wait for their owner to say whether they want them."""

import asyncio
from dataclasses import dataclass

from bot.imports.history import ImportedHistory

WAIT = 3600.0  # seconds for an owner to say so

_MAX_ROWS = 200_000  # of all files, some 100 MB at worst; the oldest files are let go


@dataclass(frozen=True)
class PendingImport:
    """What a file says, until its owner says whether they want it; ``name`` is the file's.

    ``incarnation`` tells its owner from who they are after they were forgotten.
    """

    incarnation: int
    name: str
    history: ImportedHistory


class PendingImports:
    """The files that people have sent and not confirmed yet, one each, for an hour."""

    def __init__(self) -> None:
        self._by_user: dict[str, tuple[PendingImport, asyncio.TimerHandle]] = {}

    def put(self, user_id: str, pending: PendingImport) -> None:
        """Keep a user's file, in place of an earlier one; to be called where a loop runs.

        Parameters
        ----------
        user_id
            Whose file.
        pending
            What it says.
        """
        self.drop(user_id)
        timer = asyncio.get_running_loop().call_later(WAIT, self.drop, user_id)
        self._by_user[user_id] = pending, timer
        while sum(kept.history.n_rows for kept, _ in self._by_user.values()) > _MAX_ROWS:
            self.drop(next(iter(self._by_user)))

    def take(self, user_id: str, incarnation: int) -> PendingImport | None:
        """Return a user's file, which is kept no longer.

        Parameters
        ----------
        user_id
            Whose file.
        incarnation
            Who they are now.

        Returns
        -------
        PendingImport
            None where there is none, or they were forgotten since they sent it.
        """
        pending = self.drop(user_id)
        return pending if pending and pending.incarnation == incarnation else None

    def drop(self, user_id: str) -> PendingImport | None:
        """Let go of a user's file, whoever they were; return it, None where there is none."""
        pending, timer = self._by_user.pop(user_id, (None, None))
        if timer:
            timer.cancel()
        return pending
