"""What all services stand on: the model, the store, and threads that keep work off the loop."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from math import inf
from time import monotonic
from typing import ParamSpec, TypeVar

from bot.app.metrics import Journal
from bot.app.workers import thread_easel
from bot.errors import UserError
from bot.imports import FilmIndex, PendingImports
from engine import Taste, TasteModel
from storage import Member, Store

log = logging.getLogger(__name__)

# Of some people (ids) those who are in a group (id).
WhoIsThere = Callable[[str, set[str]], Awaitable[set[str]]]

ROLL_HOLDS = 600.0  # seconds for which it is known who is in a group

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class RequestContext:
    """Who asks, and where: ``user_id`` names the face too, as in ``discord:400``.

    ``source`` is the message that asks, where a person can edit it afterwards.
    """

    user_id: str
    name: str
    guild_id: str | None = None
    channel_id: str | None = None
    source: str | None = None

    @property
    def frontend(self) -> str:
        return self.user_id.split(":", 1)[0]


class ConcurrencyLimit:
    """A limit on what goes on at once, rather than a queue without end."""

    def __init__(self, most: int, busy: str) -> None:
        self._most = most
        self._busy = busy
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, who: str = "") -> Iterator[None]:
        """A place, for the body, of those that there are for each ``who``."""
        if self._taken[who] >= self._most:
            raise UserError(f"{self._busy}. Please ask me again in a few seconds.")
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]


class AppContext:
    """The model, the store and the command prefix, with workers for what would block the loop.

    Parameters
    ----------
    easel
        Draws pictures, one at a time; a thread by default. It is shut down by :meth:`close`.
    rows_per_page
        How many rows of a long table the face shows at once.
    most_commands, most_of_one, most_pictures, most_files
        How many may be under way at a time (of one person); whoever comes then is asked to wait.
    most_charts
        How many of the pictures may be ones that their answers can do without.
    """

    def __init__(
        self,
        model: TasteModel,
        store: Store,
        prefix: str = "!",
        *,
        easel: Executor | None = None,
        rows_per_page: int = 10,
        most_commands: int = 64,
        most_of_one: int = 5,
        most_pictures: int = 8,
        most_charts: int = 4,
        most_files: int = 4,
    ) -> None:
        self.model = model
        self.store = store
        self.prefix = prefix
        self.rows_per_page = rows_per_page
        self.journal = Journal()
        self.waiting = PendingImports()
        self._films: FilmIndex | None = None
        self.who_is_there: WhoIsThere | None = None
        self._rolls: dict[str, float] = {}  # when each group was last looked through
        self._commands = ConcurrencyLimit(most_commands, "Many people are asking just now")
        self._own = ConcurrencyLimit(most_of_one, "I am still at what you asked before")
        self._proposals = ConcurrencyLimit(
            most_of_one, "I am still looking up what you typed before"
        )
        self._files = ConcurrencyLimit(
            most_files, "I am reading the files of several people just now"
        )
        self._pictures = ConcurrencyLimit(most_pictures, "I am drawing for several people just now")
        self._charts = ConcurrencyLimit(most_charts, "I am drawing for several people just now")
        self._engine = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine")
        self._easel = easel or thread_easel()

    async def in_engine_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work of the engine off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(
            self._engine, lambda: work(*args, **kwargs)
        )

    async def render(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of a module that draws off the event loop, one picture at a time.

        Raises :class:`bot.errors.UserError` where too many wait for theirs.
        """
        with self._pictures.taken():
            loop, drawing = asyncio.get_running_loop(), partial(work, *args, **kwargs)
            try:
                return await loop.run_in_executor(self._easel, drawing)
            except BrokenExecutor:
                log.exception("the process that draws is gone: pictures are drawn here from now on")
                self._easel = thread_easel()
                return await loop.run_in_executor(self._easel, drawing)

    def charting(self) -> AbstractContextManager[None]:
        """Room for a picture that its answer can do without: fewer of them than of all pictures.

        So the answer need not wait long for it, and who asks for a picture itself comes sooner.
        Raises UserError where too many wait for theirs.
        """
        return self._charts.taken()

    @contextmanager
    def turn(self, user_id: str) -> Iterator[None]:
        """Room for one command; raises UserError where too many are under way, or of this person.

        One person's commands wait in the same queue as everybody's.
        """
        with self._commands.taken(), self._own.taken(user_id):
            yield

    def proposing(self, user_id: str) -> AbstractContextManager[None]:
        """Room for a look at what somebody is typing; raises UserError where they are too fast."""
        return self._proposals.taken(user_id)

    def reading(self) -> AbstractContextManager[None]:
        """Room for one file in memory; raises UserError where there are too many."""
        return self._files.taken()

    async def remember(self, request: RequestContext) -> None:
        """Note who speaks under which name, and where."""
        await self.store.remember(
            request.user_id, request.name, request.guild_id, request.channel_id
        )

    async def sync_members(self, guild_id: str) -> None:
        """Let go of the members who have left the group, where the face can tell who is there."""
        if self.who_is_there is None or self._rolls.get(guild_id, -inf) + ROLL_HOLDS > monotonic():
            return
        members = await self.store.roll(guild_id)
        for gone in members - await self.who_is_there(guild_id, members):
            await self.store.leave(guild_id, gone)
        self._rolls[guild_id] = monotonic()

    async def stars_of(self, request: RequestContext | Member) -> dict[int, float]:
        """Somebody's stars by movie id."""
        return {r.movie_id: r.stars for r in await self.store.ratings(request.user_id)}

    async def excluded_movies(self, request: RequestContext | Member) -> set[int]:
        """Movie ids that somebody has put aside or seen: never to be recommended."""
        skipped, seen = await asyncio.gather(
            self.store.skipped(request.user_id), self.store.seen_films(request.user_id)
        )
        return skipped | seen

    async def film_index(self) -> FilmIndex:
        """The films by their ids elsewhere and their titles, made when first needed."""
        if self._films is None:
            self._films = await self.in_engine_thread(FilmIndex, self.model.catalogue)
        return self._films

    async def taste_of(self, request: RequestContext | Member) -> Taste:
        """Somebody's ratings, fitted."""
        return await self.in_engine_thread(self.model.fit, await self.stars_of(request))

    def typed(self, message: str) -> str:
        """A message as people type it, prefix and all."""
        return self.prefix + message

    def close(self) -> None:
        """Let work under way finish and end the threads."""
        self._engine.shutdown()
        self._easel.shutdown()
