"""One process of two, as :mod:`tests.engine.training.test_collectives` starts them by ``torchrun``.

With a folder it trains, and leaves there what it has learned. With ``hangs`` or ``dies`` the second
process does so while the first waits for a sum.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch

from engine.data.ratings import Ratings
from engine.errors import EngineError
from engine.training.als import one_more_sweep, train_als
from engine.training.collectives import join_process_group
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup
from engine.training.settings import AlsSettings
from tests.engine.heads.test_als import film_kinds, random_ratings

USERS, FILMS = 90, 70
SETTINGS = AlsSettings(factors=6, sweeps=4)
PATIENCE = timedelta(seconds=10)  # also for the other to start, on a busy machine


def everybody() -> Ratings:
    return random_ratings(USERS, FILMS)


def shares(group: ProcessGroup) -> Iterator[tuple[str, Ratings]]:
    """The users of this rank by ways of dealing: evenly, three to rank 1, nobody to it."""
    ratings = everybody()
    yield "even", ratings.shard(group.rank, group.size)
    for way, first in (("uneven", USERS - 3), ("nobody", USERS)):
        mine = (ratings.users >= first) == (group.rank == 1)
        users = ratings.users[mine] - first * group.rank
        yield way, Ratings(users, ratings.movies[mine], ratings.stars[mine])


def learned(mine: Ratings, group: ProcessGroup = SINGLE_PROCESS) -> dict[str, np.ndarray]:
    """All that training gives, by name."""
    losses: list[float] = []
    kinds = film_kinds(FILMS)
    head = train_als(mine, kinds, SETTINGS, 1, lambda loss, _: losses.append(loss), group=group)
    return {
        "vectors": head.vectors,
        "one more sweep": one_more_sweep(mine, kinds, head.vectors, SETTINGS, group),
        "mean": head.prior.mean,
        "precision": head.prior.precision,
        "background": head.background,
        "losses": np.array(losses),
    }


def train_in(folder: Path) -> None:
    with join_process_group() as group:
        for way, mine in shares(group):
            np.savez(folder / f"{way}-{group.rank}", **learned(mine, group))


def fail(how: str) -> None:
    with join_process_group(PATIENCE) as group:
        group.all_reduce_(torch.ones(1))
        if group.rank == 0:
            group.all_reduce_(torch.ones(1))
        elif how == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            time.sleep(600)


if __name__ == "__main__":
    torch.set_num_threads(1)
    (task,) = sys.argv[1:]
    try:
        if task in ("hangs", "dies"):
            fail(task)
        else:
            train_in(Path(task))
    except EngineError as error:
        sys.exit(f"error: {error}")
