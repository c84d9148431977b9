"""Files that were looked into and wait for their owner to say whether they want them."""

from dataclasses import dataclass

from bot.imports.history import ImportedHistory

_MAX_ROWS = 200_000  # of all files, some 100 MB at worst; the oldest files are let go


@dataclass(frozen=True)
class PendingImport:
    """What a file says, until its owner says whether they want it; ``name`` is the file's."""

    name: str
    history: ImportedHistory


class PendingImports:
    """The files that people have sent and not confirmed yet, one each."""

    def __init__(self) -> None:
        self._by_user: dict[str, PendingImport] = {}

    def put(self, user_id: str, name: str, history: ImportedHistory) -> None:
        """Keep a user's file, in place of an earlier one.

        Parameters
        ----------
        user_id
            Whose file.
        name
            The file's name.
        history
            What it says.
        """
        self._by_user.pop(user_id, None)
        self._by_user[user_id] = PendingImport(name, history)
        while sum(pending.history.n_rows for pending in self._by_user.values()) > _MAX_ROWS:
            del self._by_user[next(iter(self._by_user))]

    def take(self, user_id: str) -> PendingImport | None:
        """Return a user's file, which is kept no longer; None where there is none."""
        return self._by_user.pop(user_id, None)
