"""What all services stand on: the model, the store, and threads that keep work off the loop."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from bot.errors import UserError
from bot.journal import Journal
from engine import Taste, TasteModel
from storage import Store

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Who asks, and where: ``user_id`` names the face too, as in ``discord:400``.

    ``source`` is the message that asks, where a person can edit it afterwards.
    """

    user_id: str
    name: str
    guild_id: str | None = None
    source: str | None = None

    @property
    def face(self) -> str:
        return self.user_id.split(":", 1)[0]


class _Room:
    """A limit on what goes on at once, rather than a queue without end."""

    def __init__(self, most: int, busy: str) -> None:
        self._left = most
        self._busy = busy

    @contextmanager
    def taken(self) -> Iterator[None]:
        if not self._left:
            raise UserError(f"{self._busy}. Please ask me again in a few seconds.")
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1


class Services:
    """The model, the store and the command prefix, with workers for what would block the loop.

    Matplotlib is not safe to use from two threads at once, so that pictures are drawn by one.

    Parameters
    ----------
    rows_per_page
        How many rows of a long table the face shows at once.
    most_commands, most_pictures
        How many may be under way at a time; whoever comes then is asked to wait.
    """

    def __init__(
        self,
        model: TasteModel,
        store: Store,
        prefix: str = "!",
        *,
        rows_per_page: int = 10,
        most_commands: int = 64,
        most_pictures: int = 8,
    ) -> None:
        self.model = model
        self.store = store
        self.prefix = prefix
        self.rows_per_page = rows_per_page
        self.journal = Journal()
        self._commands = _Room(most_commands, "Many people are asking just now")
        self._pictures = _Room(most_pictures, "I am drawing for several people just now")
        self._engine = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine")
        self._easel = ThreadPoolExecutor(max_workers=1, thread_name_prefix="easel")

    async def compute(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work of the engine off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(
            self._engine, lambda: work(*args, **kwargs)
        )

    async def paint(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that draws off the event loop, one picture at a time.

        Raises :class:`bot.errors.UserError` where too many wait for theirs.
        """
        with self._pictures.taken():
            return await asyncio.get_running_loop().run_in_executor(
                self._easel, lambda: work(*args, **kwargs)
            )

    def turn(self) -> AbstractContextManager[None]:
        """Room for one command; raises UserError where too many are under way."""
        return self._commands.taken()

    async def warm_up(self) -> None:
        """Make ready what the model makes when it is first asked for, so that nobody waits."""
        await self.compute(self.model.warm_up)

    async def stars_of(self, caller: Caller) -> dict[int, float]:
        """The caller's stars by movie id."""
        return {r.movie_id: r.stars for r in await self.store.ratings(caller.user_id)}

    async def taste_of(self, caller: Caller) -> Taste:
        """The caller's ratings, fitted."""
        return await self.compute(self.model.fit, await self.stars_of(caller))

    def typed(self, message: str) -> str:
        """A message as people type it, prefix and all."""
        return self.prefix + message

    def close(self) -> None:
        """Let work under way finish and end the threads."""
        self._engine.shutdown()
        self._easel.shutdown()
