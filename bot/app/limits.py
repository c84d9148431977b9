"""What goes on at once is bounded: beyond it users are asked to wait, and no queue grows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.errors import UserError


class ConcurrencyLimit:
    """A limit on what goes on at once, rather than a queue without end."""

    def __init__(self, maximum: int, busy: str) -> None:
        self._maximum = maximum
        self._busy = busy
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, key: str = "") -> Iterator[None]:
        """Take a place for the body, of those that there are for each ``key``.

        Raises
        ------
        UserError
            All places are taken.
        """
        if self._taken[key] >= self._maximum:
            raise UserError(f"{self._busy}. Please ask me again in a few seconds.")
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]


class Limits:
    """Room for commands, look-ups while a user types, files and pictures.

    Each method gives room for the body of a ``with`` statement, and raises
    :class:`bot.errors.UserError` where there is none.

    Parameters
    ----------
    commands, commands_of_user
        How many commands may be under way, and of one user. One user's commands wait in the same
        queue as everybody's.
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
        self._commands = ConcurrencyLimit(commands, "Many people are asking just now")
        self._of_user = ConcurrencyLimit(commands_of_user, "I am still at what you asked before")
        self._completions = ConcurrencyLimit(
            commands_of_user, "I am still looking up what you typed before"
        )
        self._pictures = ConcurrencyLimit(pictures, drawing)
        self._charts = ConcurrencyLimit(charts, drawing)
        self._files = ConcurrencyLimit(files, "I am reading the files of several people just now")

    @contextmanager
    def command(self, user_id: str) -> Iterator[None]:
        """Room for one command of a user."""
        with self._commands.taken(), self._of_user.taken(user_id):
            yield

    def completion(self, user_id: str) -> AbstractContextManager[None]:
        """Room for a look at what a user is typing."""
        return self._completions.taken(user_id)

    def picture(self) -> AbstractContextManager[None]:
        """Room for one picture."""
        return self._pictures.taken()

    def chart(self) -> AbstractContextManager[None]:
        """Room for a picture that its answer can do without: fewer of them than of all pictures.

        So the answer need not wait long for it, and who asks for a picture itself comes sooner.
        """
        return self._charts.taken()

    def file(self) -> AbstractContextManager[None]:
        """Room for one file in memory."""
        return self._files.taken()
