"""What goes on in the process that draws: it draws what it is sent until the bot is gone."""

import ctypes
import io
import os
import pickle  # nosec B403 - both ends are this program
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any

from engine import Taste, TasteModel, load_model

_NICE = 5  # a picture may wait for an answer, no answer for a picture
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class _Pickler(pickle.Pickler):
    """Neither the model nor what it makes of a user travels: the other process makes it anew."""

    def persistent_id(self, obj: object) -> tuple[str, Any] | None:
        if isinstance(obj, TasteModel):
            return "model", None
        if isinstance(obj, Taste):
            return "taste", dict(obj.ratings)
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, model: TasteModel) -> None:
        super().__init__(file)
        self._model = model

    def persistent_load(self, pid: tuple[str, Any]) -> TasteModel | Taste:
        kind, ratings = pid
        return self._model if kind == "model" else self._model.fit(ratings)


def pickled(work: object) -> bytes:
    """Return a call of a module's function as it is sent to the process that draws."""
    buffer = io.BytesIO()
    _Pickler(buffer).dump(work)
    return buffer.getvalue()


def run_worker(pipe: Connection, model: TasteModel) -> None:
    """Draw what comes through a pipe, one picture after the other, until the bot is gone."""
    _leave_with_the_bot()
    while True:
        try:
            sent = pipe.recv_bytes()
        except (EOFError, OSError):  # on every system the pipe ends with the bot
            return
        try:
            answer: tuple[bool, Any] = True, _Unpickler(io.BytesIO(sent), model).load()()
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
    import torch
    from threadpoolctl import threadpool_limits

    _leave_with_the_bot()
    torch.set_num_threads(1)
    threadpool_limits(1)
    model = load_model(bundle)
    model.warm_up()
    with Connection(int(descriptor)) as pipe:
        pipe.send(None)  # ready
        run_worker(pipe, model)
