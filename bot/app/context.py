"""What all services stand on: the model, the store, and the parts of the application."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from bot.app.limits import Limits
from bot.app.members import Members
from bot.app.metrics import Metrics
from bot.app.turns import Asker, working_for
from bot.app.workers import Workers
from bot.imports.movie_matching import MovieIndex
from bot.imports.pending import PendingImports
from engine import Taste, TasteModel
from storage import Member, Store

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class RequestContext:
    """Who asks, and where: ``user_id`` names the frontend too, as in ``discord:400``.

    ``source`` is the message that asks, where a user can edit it afterwards; ``moderates``: they
    may manage what others say in that channel.
    """

    user_id: str
    name: str
    guild_id: str | None = None
    channel_id: str | None = None
    source: str | None = None
    moderates: bool = False

    @property
    def frontend(self) -> str:
        return self.user_id.split(":", 1)[0]

    @property
    def asker(self) -> Asker:
        """For whom the work is done, and in which server."""
        return Asker.of(self.user_id, self.guild_id)


class AppContext:
    """The model, the store and the command prefix, and the parts of the application.

    Parameters
    ----------
    model, store
        What answers come from.
    prefix
        What typed commands begin with.
    renderer
        Draws pictures (:class:`bot.app.workers.Workers`); a thread by default.
    rows_per_page
        How many rows of a long table the frontend shows at once.
    limits
        What may go on at once; the defaults of :class:`bot.app.limits.Limits` unless given.
    backups_kept_hours
        How long backups are kept that are made by themselves; None where none are.
    """

    def __init__(
        self,
        model: TasteModel,
        store: Store,
        prefix: str = "!",
        *,
        renderer: Executor | None = None,
        rows_per_page: int = 10,
        limits: Limits | None = None,
        backups_kept_hours: float | None = None,
    ) -> None:
        self.model = model
        self.store = store
        self.prefix = prefix
        self.rows_per_page = rows_per_page
        self.limits = limits or Limits()
        self.backups_kept_hours = backups_kept_hours
        self.metrics = Metrics()
        self.members = Members(store)
        self.pending_imports = PendingImports()
        self._workers = Workers(renderer)
        self._movie_index: MovieIndex | None = None

    def typed(self, message: str) -> str:
        """Return a message as users type it, prefix and all."""
        return self.prefix + message

    def close(self) -> None:
        """Let work under way finish and end the workers."""
        self._workers.close()

    @contextmanager
    def room_for_command(self, asker: Asker) -> Iterator[None]:
        """Room for one command, whose work is the asker's.

        Raises
        ------
        UserError
            There is none.
        """
        with self.limits.command(asker), working_for(asker):
            yield

    # what would block the event loop

    async def in_engine_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function of the engine gives, run off the event loop."""
        return await self._workers.in_engine_thread(work, *args, **kwargs)

    async def in_file_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what becomes of a file, which may take seconds; commands without one go on."""
        return await self._workers.in_file_thread(work, *args, **kwargs)

    async def render(self, draw: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module's function draws off the event loop, one picture at a time.

        Raises
        ------
        UserError
            Too many wait for their pictures.
        """
        with self.limits.picture():
            return await self._workers.render(draw, *args, **kwargs)

    async def movie_index(self) -> MovieIndex:
        """Return the films by their ids elsewhere and their titles, made when first needed."""
        if self._movie_index is None:
            self._movie_index = await self.in_file_thread(MovieIndex, self.model.catalogue)
        return self._movie_index

    # what is known of a user

    async def stars_of(self, user: RequestContext | Member) -> dict[int, float]:
        """Return a user's stars by movie id."""
        return {r.movie_id: r.stars for r in await self.store.ratings(user.user_id)}

    async def excluded_movies(self, user: RequestContext | Member) -> set[int]:
        """Return the ids of what a user has put aside or seen: never to be recommended."""
        skipped, seen = await asyncio.gather(
            self.store.skipped(user.user_id), self.store.seen_movies(user.user_id)
        )
        return skipped | seen

    async def taste_of(self, user: RequestContext | Member) -> Taste:
        """Return a user's ratings, fitted."""
        return await self.in_engine_thread(self.model.fit, await self.stars_of(user))
