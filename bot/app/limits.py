"""What goes on at once is bounded: beyond it users are asked to wait, and no queue grows.

What is admitted here is then worked on in turns (:mod:`bot.app.turns`).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.app.turns import Asker, current_asker
from bot.errors import UserError

_STILL_BUSY = "I am still at what you asked before"


class ConcurrencyLimit:
    """A limit on what goes on at once for each key, rather than a queue without end."""

    def __init__(self, maximum: int, busy: str) -> None:
        self._maximum = maximum
        self._busy = busy
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, key: str) -> Iterator[None]:
        """Take a place for the body, of those that there are for each ``key``.

        Raises
        ------
        UserError
            All places are taken.
        """
        if self.is_full(key):
            raise too_busy(self._busy)
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]

    def is_full(self, key: str) -> bool:
        """Return whether a key has all the places it may have."""
        return self._taken[key] >= self._maximum

    def count(self, key: str) -> int:
        """Return how many places a key has."""
        return self._taken[key]

    def total(self) -> int:
        """Return how many places all keys have together."""
        return self._taken.total()


class SharedLimit(ConcurrencyLimit):
    """A limit for all servers together: the last quarter of the places is never for one alone.

    Parameters
    ----------
    maximum
        Places.
    busy
        What is said where they are taken.
    hears_all
        Whether a server that has no place gets one though all are taken.
    """

    def __init__(self, maximum: int, busy: str, *, hears_all: bool = False) -> None:
        super().__init__(maximum - maximum // 4, busy)
        self._of_all = maximum
        self._hears_all = hears_all

    def is_full(self, key: str) -> bool:
        if super().is_full(key):
            return True
        return self.total() >= self._of_all and not (self._hears_all and not self.count(key))

    def is_crowded(self, key: str) -> bool:
        """Return whether a key has more than half of the places it may have."""
        return 2 * self.count(key) > self._maximum


def too_busy(why: str) -> UserError:
    """Return what is said to whoever comes while there is no room."""
    return UserError(f"{why}. Please ask me again in a few seconds.")


class Limits:
    """Room for commands, look-ups while a user types, files and pictures.

    Each method gives room for the body of a ``with`` statement, and raises
    :class:`bot.errors.UserError` where there is none.

    Parameters
    ----------
    commands, commands_of_user
        How many commands may be under way, and of one user. Where more than half of the places
        that a server may have are taken, its users have one each.
    pictures, charts
        How many pictures may be under way, and how many of them may be ones that their answers can
        do without.
    files
        How many files may be in memory.
    """

    def __init__(
        self,
        *,
        commands: int = 64,
        commands_of_user: int = 5,
        pictures: int = 8,
        charts: int = 4,
        files: int = 4,
    ) -> None:
        drawing = "I am drawing for several people just now"
        self._commands = SharedLimit(commands, "Many people are asking just now", hears_all=True)
        self._of_user = ConcurrencyLimit(commands_of_user, _STILL_BUSY)
        self._completions = ConcurrencyLimit(
            commands_of_user, "I am still looking up what you typed before"
        )
        self._pictures = SharedLimit(pictures, drawing)
        self._charts = SharedLimit(charts, drawing)
        self._files = SharedLimit(files, "I am reading the files of several people just now")

    @contextmanager
    def command(self, asker: Asker) -> Iterator[None]:
        """Room for one command of a user."""
        crowded = self._commands.is_crowded(asker.server)
        if crowded and self._of_user.count(asker.person):
            raise too_busy(_STILL_BUSY)
        with self._of_user.taken(asker.person), self._commands.taken(asker.server):
            yield

    def completion(self, asker: Asker) -> AbstractContextManager[None]:
        """Room for a look at what a user is typing."""
        return self._completions.taken(asker.person)

    def picture(self) -> AbstractContextManager[None]:
        """Room for one picture."""
        return self._pictures.taken(current_asker().server)

    def chart(self) -> AbstractContextManager[None]:
        """Room for a picture that its answer can do without: fewer of them than of all pictures.

        So the answer need not wait long for it, and who asks for a picture itself comes sooner.
        """
        return self._charts.taken(current_asker().server)

    def file(self) -> AbstractContextManager[None]:
        """Room for one file in memory."""
        return self._files.taken(current_asker().server)
