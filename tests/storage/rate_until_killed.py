"""Rates for ever, two movies at a time, and prints each pair once the store has confirmed it.

Run by test_kill.py as a process of its own: ``python rate_until_killed.py DATABASE``.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from storage import open_store


async def rate_until_killed(path: Path) -> None:
    async with open_store(path) as store:
        for n in itertools.count():
            stars = (n % 10 + 1) / 2
            await store.rate("console:alice", {2 * n: stars, 2 * n + 1: stars})
            print(n, stars, flush=True)


if __name__ == "__main__":
    asyncio.run(rate_until_killed(Path(sys.argv[1])))
