"""What goes on in the process that draws: it draws what it is sent until the bot is gone."""

import ctypes
import os
import signal
import sys
import traceback
from contextvars import ContextVar
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from bot.app import memory
from engine import Taste, TasteModel, load_model

_NICE = 5  # a picture may wait for an answer, no answer for a picture
_PR_SET_PDEATHSIG = 1  # linux/prctl.h

_model: ContextVar[TasteModel] = ContextVar("the model of the process that draws")


def send_work(pipe: Connection, work: object) -> None:
    """Send a call of a module's function to the process that draws.

    Neither the model nor what it makes of a user travels: the other process makes it anew.
    """
    ForkingPickler.register(TasteModel, lambda _: (_model_here, ()))
    ForkingPickler.register(Taste, lambda taste: (_fitted, (dict(taste.ratings),)))
    pipe.send(work)


def _model_here() -> TasteModel:
    return _model.get()


def _fitted(ratings: dict[int, float]) -> Taste:
    return _model_here().fit(ratings)


def run_worker(pipe: Connection, model: TasteModel) -> None:
    """Draw what comes through a pipe, one picture after the other, until the bot is gone."""
    _leave_with_the_bot()
    _model.set(model)
    while True:
        try:
            work = pipe.recv()
        except (EOFError, OSError):  # on every system the pipe ends with the bot
            return
        try:
            answer: tuple[bool, Any] = True, work()
        except Exception as error:  # noqa: BLE001 - raised where the picture was asked for
            error.add_note("in the process that draws:\n" + traceback.format_exc())
            answer = False, error
        pipe.send(answer)


def _leave_with_the_bot() -> None:
    """Leave stopping to the bot, give way to it, and go when it is gone, even if busy."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(_NICE)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main(descriptor: str, bundle: str) -> None:
    """Load a bundle and draw what comes through the pipe of a file descriptor."""
    from threadpoolctl import threadpool_limits

    _leave_with_the_bot()
    threadpool_limits(1)
    model = load_model(bundle)
    model.warm_up(search=False)
    memory.settle()
    with Connection(int(descriptor)) as pipe:
        pipe.send(None)  # ready
        run_worker(pipe, model)
