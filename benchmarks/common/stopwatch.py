"""How long something takes, how much memory it needs, and a process of its own to do it in."""

import gc
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from engine.training.evaluate import Doubles

P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q")


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_seconds(*works: Callable[[], object], repeats: int) -> Doubles:
    """The median time of each work, [n_works].

    They take turns, so that what else the machine does meets all of them, and each is called once
    beforehand.
    """
    times = [[seconds(work) for work in works] for _ in range(1 + repeats)]
    medians: Doubles = np.median(times[1:], axis=0)
    return medians


def latencies(work: Callable[[Q], object], inputs: Iterable[Q], repeats: int = 5) -> Doubles:
    """The processor seconds of one core that each input takes, [n_inputs].

    The median of some rounds through all of them, after a first call. Work that waits for nothing
    takes as long by the clock, unless the machine does something else meanwhile.
    """
    given = list(inputs)
    work(given[0])
    rounds = [[_thread_seconds(work, each) for each in given] for _ in range(repeats)]
    medians: Doubles = np.median(rounds, axis=0)
    return medians


def once_each(works: Iterable[Callable[[], object]]) -> Doubles:
    """The processor seconds of one core that each work takes, called once, [n_works]."""
    return np.array([_thread_seconds(lambda work: work(), work) for work in works])


def _thread_seconds(work: Callable[[Q], object], given: Q) -> float:
    start = time.thread_time()
    work(given)
    return time.thread_time() - start


@contextmanager
def no_pauses() -> Iterator[None]:
    """Whatever runs inside is not held up by the collection of garbage."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def cores(n: int) -> Iterator[None]:
    """Whatever is computed inside, by torch or by NumPy, uses at most ``n`` threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        with threadpool_limits(n):
            yield
    finally:
        torch.set_num_threads(before)


def in_fresh_process(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a function of a module, called in a new process."""
    # By default OpenMP's threads spin while they wait, and on a machine that does anything else
    # wait for each other ten times as long.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *args, **kwargs).result()


def memory() -> int:
    """The bytes that this process holds in memory (Linux)."""
    return _status("VmRSS")


def peak_memory() -> int:
    """The most bytes that this process has held in memory so far (Linux)."""
    return _status("VmHWM")


def _status(field: str) -> int:
    status = Path("/proc/self/status").read_text()
    (kilobytes,) = re.findall(rf"^{field}:\s*(\d+) kB$", status, re.MULTILINE)
    return int(kilobytes) * 1024
