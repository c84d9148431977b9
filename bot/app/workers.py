"""Where pictures are drawn: in a process of its own where the system can fork, else in a thread.

Matplotlib draws in Python, which would hold up the event loop and everybody's answers. A forked
process shares the loaded model with the bot; only what to draw travels, and the picture back.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.reduction import ForkingPickler
from typing import Any

from engine import Taste, TasteModel

log = logging.getLogger(__name__)

_NICE = 5  # a picture may wait for an answer, no answer for a picture
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_here: TasteModel | None = None  # the model that this process has


def thread_easel() -> Executor:
    """One thread: Matplotlib is not safe to use from two at once."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="easel")


def process_easel(model: TasteModel) -> Executor:
    """One forked process that has the model; a thread where the system cannot fork.

    To be called before there are other threads, which a fork would leave half alive, and with the
    model warmed up, so that nothing is made twice.
    """
    if "fork" not in get_all_start_methods() or sys.platform == "darwin":
        return thread_easel()
    _adopt(model)
    # The model stays for good: to look through it for garbage would take time, and memory too, as
    # the pages that both processes share are copied once one of them writes on them.
    gc.collect()
    gc.freeze()
    easel = ProcessPoolExecutor(1, get_context("fork"), initializer=_begin)
    easel.submit(_nothing).result()  # forks now
    return easel


def _adopt(model: TasteModel) -> None:
    global _here
    _here = model
    # Neither the model nor what it makes of somebody travels: the other process has the one and
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
