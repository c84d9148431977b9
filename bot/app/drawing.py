"""The process that draws pictures, kept to a time limit and replaced by one other when it fails.

The first is forked and shares the loaded model with the bot. Its replacements are programs of
their own (:mod:`bot.app.drawing_worker`), since by then the bot has threads, which a fork would
leave half alive; they load the model anew.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any, ParamSpec, TypeVar

from bot.app.drawing_worker import run_worker, send_work
from bot.errors import UserError
from engine import TasteModel

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

TIME_LIMIT = 20.0  # seconds for a picture; one takes under 2
_START_LIMIT = 120.0  # seconds for a new process to be ready, on a machine that is very busy
_TOO_LONG = "That picture took too long, so I gave it up. Please ask me again in a minute."
_FAILED = "I cannot draw pictures just now. Please ask me again in a minute."
_REPLACEMENT = "import sys; from bot.app.drawing_worker import main; main(*sys.argv[1:])"


@dataclass(frozen=True)
class _Process:
    """A process that draws, and the bot's end of the pipe to it."""

    pid: int
    pipe: Connection

    def end(self) -> None:
        """Kill it, stopped or not, and forget it; to be called once."""
        self.stop()
        os.waitpid(self.pid, 0)
        self.pipe.close()

    def stop(self) -> None:
        """Kill it, which whoever waits for its answer notices."""
        os.kill(self.pid, signal.SIGKILL)


class DrawingProcess(Executor):
    """One process that draws, one picture at a time.

    To be made before there are other threads, and with the model warmed up, so that nothing is
    made twice.

    Parameters
    ----------
    model
        The model, which pictures are drawn from.
    bundle
        The folder that a replacement loads the model from.
    time_limit
        Seconds for a picture.
    """

    def __init__(self, model: TasteModel, bundle: Path, time_limit: float = TIME_LIMIT) -> None:
        self._bundle = bundle
        self._time_limit = time_limit
        self._lock = Lock()  # held where the process changes, or is killed
        self._closed = False
        self._process: _Process | None = _forked(model)
        # One thread deals with the process: so there is never more than one, nor one replacement.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="render")

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return what a module's function draws there.

        The future raises :class:`bot.errors.UserError` where it takes too long or the process
        cannot be had.
        """
        return self._thread.submit(self._draw, partial(fn, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End the process whatever it does, and what waits for it."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.stop()
        self._thread.shutdown(wait, cancel_futures=cancel_futures)
        self._forget()

    def _draw(self, work: Callable[[], T]) -> T:
        for _ in range(2):  # a process that was killed is no reason to go without the picture
            try:
                drawn, result = self._ask(work)
            except (EOFError, OSError):
                if not self._closed:
                    log.warning("the process that draws has ended: it was killed, or broke down")
                self._forget()
                continue
            if drawn:
                return result  # type: ignore[no-any-return]
            raise result
        raise UserError(_FAILED)

    def _ask(self, work: object) -> tuple[bool, Any]:
        with self._lock:
            if self._closed:
                raise UserError(_FAILED)
            replaced = self._process is None
            process = self._process = self._process or _started(self._bundle)
        if replaced:
            with self._in_time(process, _START_LIMIT):
                process.pipe.recv()  # it is ready
        with self._in_time(process, self._time_limit):
            send_work(process.pipe, work)
            return process.pipe.recv()  # type: ignore[no-any-return]

    @contextmanager
    def _in_time(self, process: _Process, seconds: float) -> Iterator[None]:
        """Kill a process that is still at it after so many seconds.

        Raises
        ------
        UserError
            It was.
        """
        over = Event()

        def stop() -> None:
            over.set()
            with self._lock:
                if self._process is process:
                    process.stop()

        timer = Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (EOFError, OSError):
            if not over.is_set():
                raise
            log.warning("the process that draws took over %g s, and is replaced", seconds)
            self._forget()
            raise UserError(_TOO_LONG) from None
        finally:
            timer.cancel()

    def _forget(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.end()
            self._process = None


def _forked(model: TasteModel) -> _Process:
    ours, theirs = Pipe()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()  # or the end of the bot would never be noticed
            run_worker(theirs, model)
        except BaseException:
            log.exception("the process that draws breaks down")
        finally:
            os._exit(0)
    theirs.close()
    return _Process(pid, ours)


def _started(bundle: Path) -> _Process:
    ours, theirs = Pipe()
    with theirs:
        os.set_inheritable(theirs.fileno(), True)
        command = [sys.executable, "-c", _REPLACEMENT, str(theirs.fileno()), str(bundle)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return _Process(os.posix_spawn(sys.executable, command, environment), ours)
