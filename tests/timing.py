"""Times as ratios: how long a piece of work takes beside another one on the same machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@cache
def yardstick() -> float:
    """Processor seconds of a fixed piece of work, the best of three: tens of milliseconds."""

    def once() -> float:
        start = time.process_time()
        "".join(sorted(chr(n * 7919 % 50_000 + 256) for n in range(100_000)))
        return time.process_time() - start

    return min(once() for _ in range(3))


@contextmanager
def within(yardsticks: float) -> Iterator[None]:
    """Fail where the body takes more than so many times the processor time of `yardstick`."""
    most = yardsticks * yardstick()
    start = time.process_time()
    yield
    took = time.process_time() - start
    assert took < most, f"{took:.2f} s of processor time, and at most {most:.2f} s are allowed"
