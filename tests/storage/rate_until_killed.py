"""Rates for ever, several people at once, and prints each pair of films that was confirmed.

Run by test_kill.py as a process of its own: ``python rate_until_killed.py DATABASE FIRST``, where
FIRST is the number of the first pair.
"""

import asyncio
import sys
from pathlib import Path

from storage import Store, open_store
from storage.store import is_postgresql

PEOPLE = [f"console:{name}" for name in ("alice", "bob", "cleo", "dora")]


async def rate_until_killed(where: str, first: int) -> None:
    async with open_store(where if is_postgresql(where) else Path(where)) as store:
        await asyncio.gather(*(rate(store, person, first) for person in PEOPLE))


async def rate(store: Store, person: str, n: int) -> None:
    while True:
        stars = (n % 10 + 1) / 2
        await store.rate(person, {2 * n: stars, 2 * n + 1: stars})
        print(person, n, stars, flush=True)
        n += 1


if __name__ == "__main__":
    asyncio.run(rate_until_killed(sys.argv[1], int(sys.argv[2])))
