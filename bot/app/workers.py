"""What would block the event loop: the engine's work in threads, pictures in a render worker.

Matplotlib draws in Python, which would hold up the event loop and everybody's answers, even in a
thread. So the render worker is a forked process where the system can fork, else a thread. A forked
one shares the loaded model with the bot; only what to draw travels, and the picture back.
"""

import asyncio
import ctypes
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.reduction import ForkingPickler
from typing import Any, ParamSpec, TypeVar

from bot.app.turns import Turns
from engine import Taste, TasteModel

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_NICE = 5  # a picture may wait for an answer, no answer for a picture
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_here: TasteModel | None = None  # the model that this process has


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
        """Return what a module's function draws, one picture at a time."""
        loop, drawing = asyncio.get_running_loop(), partial(draw, *args, **kwargs)
        try:
            return await loop.run_in_executor(self._renderer, drawing)
        except BrokenExecutor:
            log.exception("the process that draws is gone: pictures are drawn here from now on")
            self._renderer = thread_renderer()
            return await loop.run_in_executor(self._renderer, drawing)

    def close(self) -> None:
        """Let work under way finish and end the workers."""
        self._engine.close()
        self._files.close()
        self._renderer.shutdown()


def thread_renderer() -> Executor:
    """Return one thread: Matplotlib is not safe to use from two at once."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="render")


def process_renderer(model: TasteModel) -> Executor:
    """Return one forked process that has the model; a thread where the system cannot fork.

    To be called before there are other threads, which a fork would leave half alive, and with the
    model warmed up, so that nothing is made twice.
    """
    if "fork" not in get_all_start_methods() or sys.platform == "darwin":
        return thread_renderer()
    _adopt(model)
    # The model stays for good: to look through it for garbage would take time, and memory too, as
    # the pages that both processes share are copied once one of them writes on them.
    gc.collect()
    gc.freeze()
    renderer = ProcessPoolExecutor(1, get_context("fork"), initializer=_begin)
    renderer.submit(_nothing).result()  # forks now
    return renderer


def _adopt(model: TasteModel) -> None:
    global _here
    _here = model
    # Neither the model nor what it makes of a user travels: the other process has the one and
    # makes the other anew in no time.
    ForkingPickler.register(TasteModel, _name_of_model)
    ForkingPickler.register(Taste, _name_of_taste)


def _begin() -> None:
    """In the new process: leave stopping to the bot, give way to it, and go when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _nothing() -> None:
    pass


def _name_of_model(model: TasteModel) -> tuple[Any, ...]:
    return _model, ()


def _name_of_taste(taste: Taste) -> tuple[Any, ...]:
    return _taste, (taste.ratings,)


def _model() -> TasteModel:
    assert _here is not None  # noqa: S101 - adopted before the fork
    return _here


def _taste(ratings: Mapping[int, float]) -> Taste:
    return _model().fit(ratings)
