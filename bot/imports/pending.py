"""Files that were looked into and wait for their owner to say whether they want them."""

from dataclasses import dataclass

from bot.imports.reader import History

_KEPT = 200_000  # rows of all files, some 100 MB at worst; the oldest files are let go


@dataclass(frozen=True)
class WaitingFile:
    """What a file says, until its owner says whether they want it."""

    name: str
    history: History


class PendingImports:
    """The files that people have sent and not confirmed yet, one each."""

    def __init__(self) -> None:
        self._by_user: dict[str, WaitingFile] = {}

    def put(self, user_id: str, name: str, history: History) -> None:
        self._by_user.pop(user_id, None)
        self._by_user[user_id] = WaitingFile(name, history)
        while sum(waiting.history.n_rows for waiting in self._by_user.values()) > _KEPT:
            del self._by_user[next(iter(self._by_user))]

    def take(self, user_id: str) -> WaitingFile | None:
        return self._by_user.pop(user_id, None)
