"""What all services stand on: the model, the store, and threads that keep work off the loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from engine import Taste, TasteModel
from storage import Store

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Who asks, and where: ``user_id`` names the face too, as in ``discord:400``."""

    user_id: str
    name: str
    guild_id: str | None = None


class Services:
    """The model, the store and the command prefix, with workers for what would block the loop.

    Matplotlib is not safe to use from two threads at once, so that pictures are drawn by one.
    """

    def __init__(self, model: TasteModel, store: Store, prefix: str = "!") -> None:
        self.model = model
        self.store = store
        self.prefix = prefix
        self._engine = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine")
        self._easel = ThreadPoolExecutor(max_workers=1, thread_name_prefix="easel")

    async def compute(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work of the engine off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(
            self._engine, lambda: work(*args, **kwargs)
        )

    async def paint(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that draws off the event loop, one picture at a time."""
        return await asyncio.get_running_loop().run_in_executor(
            self._easel, lambda: work(*args, **kwargs)
        )

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
