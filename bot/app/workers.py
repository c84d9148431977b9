"""What would block the event loop: the engine's work in threads, pictures in a render worker.

Matplotlib draws in Python, which would hold up the event loop and everybody's answers, even in a
thread. So the render worker is a forked process where the system can fork, else a thread. A forked
one shares the loaded model with the bot; only what to draw travels, and the picture back.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.app import memory
from bot.app.drawing import TIME_LIMIT, DrawingProcess
from bot.app.turns import Turns
from engine import TasteModel
from engine.bundle.io import EMBEDDED

P = ParamSpec("P")
T = TypeVar("T")


class FairThreads:
    """Threads whose work is given out in turns, a piece at a time (:mod:`bot.app.turns`)."""

    def __init__(self, number: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(number, thread_name_prefix=name)
        self._turns = Turns(number)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what a piece of work gives, once it is the turn of whom it is for."""
        async with self._turns.turn():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Let work under way finish and end the threads."""
        self._threads.shutdown()


class Workers:
    """Threads for the engine's work, one for files, and one worker that draws.

    Parameters
    ----------
    renderer
        Draws pictures, one at a time; a thread by default. It is shut down by :meth:`close`.
    """

    def __init__(self, renderer: Executor | None = None) -> None:
        self._engine = FairThreads(2, "engine")
        self._files = FairThreads(1, "files")
        self._renderer = renderer or thread_renderer()

    async def in_engine_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function of the engine gives, run off the event loop.

        What takes long is to be handed over in pieces, as others wait until a piece is done.
        """
        return await self._engine.run(partial(work, *args, **kwargs))

    async def in_file_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what becomes of a file, which may take seconds; commands without one go on."""
        return await self._files.run(partial(work, *args, **kwargs))

    async def render(self, draw: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module's function draws, one picture at a time.

        Raises
        ------
        UserError
            It took too long, or nobody can draw.
        """
        drawing = partial(draw, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._renderer, drawing)

    def close(self) -> None:
        """Let work under way finish and end the workers."""
        self._engine.close()
        self._files.close()
        self._renderer.shutdown()


def thread_renderer() -> Executor:
    """Return one thread: Matplotlib is not safe to use from two at once."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="render")


def process_renderer(
    model: TasteModel, bundle: Path = EMBEDDED, time_limit: float = TIME_LIMIT
) -> Executor:
    """Return a process that draws (:class:`bot.app.drawing.DrawingProcess`), forked from this one.

    To be called before there are other threads, which a fork would leave half alive. Where the
    system cannot fork, a thread draws.

    Parameters
    ----------
    model
        The model, warmed up.
    bundle
        The folder that it was loaded from.
    time_limit
        Seconds for a picture.
    """
    if "fork" not in get_all_start_methods() or sys.platform == "darwin":
        return thread_renderer()
    memory.settle()
    return DrawingProcess(model, bundle, time_limit)
