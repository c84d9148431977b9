"""Rates on a disk of one megabyte that fills up, is freed, and may at last only be read.

Run by test_disk.py in a mount namespace of its own: ``python on_a_small_disk.py FOLDER``.
Prints what the store said of each step.
"""

import asyncio
import itertools
import subprocess
import sys
from pathlib import Path

from storage import StorageError, open_store

ALICE = "console:alice"


def main(folder: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], check=True)
    asyncio.run(fill_up(folder))
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    asyncio.run(only_read(folder))


async def fill_up(folder: Path) -> None:
    filler = folder / "filler"
    confirmed: dict[int, float] = {}
    async with open_store(folder / "ratings.sqlite3") as store:
        filler.write_bytes(bytes(500_000))
        try:
            for n in itertools.count():
                await store.rate(ALICE, {n: 4})
                confirmed[n] = 4
        except StorageError as error:
            print(error)
        print(await kept(store) == confirmed)
        filler.unlink()
        await store.rate(ALICE, {-1: 3})
        print(await kept(store) == confirmed | {-1: 3})


async def only_read(folder: Path) -> None:
    try:
        async with open_store(folder / "ratings.sqlite3"):
            pass
    except StorageError as error:
        print(error)


async def kept(store) -> dict[int, float]:
    return {rating.movie_id: rating.stars for rating in await store.ratings(ALICE)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
