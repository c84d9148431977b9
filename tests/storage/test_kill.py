"""A rating that was confirmed survives the sudden death of the process, or of the server."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from storage import open_store

HERE = Path(__file__).parent
KILLS = 50

Stars = dict[int, float]


def start(database, first):
    return subprocess.Popen(
        [sys.executable, str(HERE / "rate_until_killed.py"), str(database), str(first)],
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def confirmed_of(lines) -> dict[str, Stars]:
    """Return by person the stars that were confirmed."""
    confirmed: dict[str, Stars] = defaultdict(dict)
    for line in lines:
        if line.endswith("\n"):  # the last one may be cut
            person, n, stars = line.split()
            confirmed[person] |= {2 * int(n): float(stars), 2 * int(n) + 1: float(stars)}
    return confirmed


def rate_and_kill(database, first, seconds) -> dict[str, Stars]:
    with start(database, first) as process:
        lines = [process.stdout.readline()]
        time.sleep(seconds)
        process.kill()
        lines += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    return confirmed_of(lines)


async def kept_of(database, people) -> dict[str, Stars]:
    async with open_store(database) as store:
        return {
            person: {rating.movie_id: rating.stars for rating in await store.ratings(person)}
            for person in people
        }


@pytest.mark.slow
async def test_what_was_confirmed_survives_fifty_kills_at_random_moments_under_load(path):
    moments = random.Random(1)
    confirmed: dict[str, Stars] = defaultdict(dict)
    for kill in range(KILLS):
        first = kill * 10_000
        for person, stars in rate_and_kill(path, first, moments.uniform(0, 0.1)).items():
            confirmed[person] |= stars
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    kept = await kept_of(path, confirmed)
    unconfirmed = 0
    for person, stars in confirmed.items():
        assert kept[person].items() >= stars.items()
        more = set(kept[person]) - set(stars)
        # A pair under way is kept whole or not at all.
        assert {film ^ 1 for film in more} == more
        unconfirmed += len(more) // 2
    assert unconfirmed <= KILLS * len(confirmed)
    assert sum(map(len, confirmed.values())) > 2 * KILLS


@pytest.mark.parametrize("kill", range(3))
async def test_what_a_postgresql_server_confirmed_survives_its_own_sudden_end(postgresql, kill):
    database = postgresql.database()
    with start(database, 0) as process:
        lines = [process.stdout.readline() for _ in range(1 + 40 * kill)]
        postgresql.kill()
        lines += process.stdout.readlines()  # the process ends for want of a server
    postgresql.start()
    confirmed = confirmed_of(lines)
    kept = await kept_of(database, confirmed)
    assert confirmed
    for person, stars in confirmed.items():
        assert kept[person].items() >= stars.items()
