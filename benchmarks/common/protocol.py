"""Whom everything is measured on: validation users to tune with, test users to report on.

The users with 40 ratings or more are dealt at random into disjoint groups. Each group has a
training set of its own: all other users, those of the other groups among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue
from engine.data.dataset import prepare
from engine.data.movielens import pool, read_release
from engine.data.ratings import Ratings
from engine.training.settings import Settings
from engine.training.splits import UserSplit, cases, eligible
from engine.training.train import GIVEN

N_TESTS = 3
_SIZE = 399  # users of a group
_SEED = 7


@dataclass(frozen=True)
class Split:
    """The ratings of everybody else to train on, and a group's cases by number of ratings given."""

    training: Ratings
    given: dict[int, list[UserSplit]]


def read(folders: Sequence[Path]) -> tuple[Catalogue, Ratings]:
    """The catalogue and the ratings of MovieLens releases, pooled in this order."""
    data = pool([read_release(folder) for folder in folders])
    return prepare(data)


def tuning_split(ratings: Ratings) -> Split:
    """The validation users: settings are chosen on them."""
    return _split(ratings, groups(ratings)[0])


def report_splits(ratings: Ratings, n: int) -> list[Split]:
    """The first ``n`` test groups: figures are reported on them, once the settings stand."""
    return [_split(ratings, users) for users in groups(ratings)[1 : n + 1]]


def groups(ratings: Ratings, size: int = _SIZE) -> list[npt.NDArray[np.int64]]:
    """Codes of the users of the validation group, then of each test group."""
    users = np.random.default_rng(_SEED).permutation(eligible(ratings))
    return [np.sort(users[i * size : (i + 1) * size]) for i in range(1 + N_TESTS)]


def _split(ratings: Ratings, users: npt.NDArray[np.int64]) -> Split:
    given = {k: cases(ratings, users, k, Settings.seed) for k in GIVEN}
    return Split(ratings.without(users), given)
