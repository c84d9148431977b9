"""Intervals on users drawn from a known model."""

import numpy as np
import pytest

from engine.heads.star_regression import NORMAL_80, StarPopulation
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Prior
from engine.training.prediction_intervals import calibrate_std
from engine.training.star_regression import Fold

LEVEL = np.full(300, 3.5, np.float32)


def people(n: int, each: int, seed: int, steady: float, moody: float) -> Fold:
    """Half of the users rate with the small noise, half with the large one."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(len(LEVEL), 4)).astype(np.float32) / 2
    users = np.repeat(np.arange(n), each)
    movies = np.concatenate([rng.permutation(len(LEVEL))[:each] for _ in range(n)])
    exact = (rng.normal(size=(n, 4))[users] * features[movies]).sum(1)
    noise = np.where(users % 2, steady, moody) * rng.normal(size=len(users))
    stars = np.clip(3.5 + exact + noise, 0.5, 5.0)
    residuals = (stars - 3.5).astype(np.float32)
    return Fold(CsrRows.from_triples(users, movies, residuals, n), features)


def share_inside(head: StarPopulation, fold: Fold, users: range) -> float:
    """Of hidden ratings inside the 80 % interval, with ten given."""
    inside = []
    for user in users:
        start, stop = fold.residuals.offsets[user : user + 2]
        columns, values = fold.residuals.columns[start:stop], fold.residuals.values[start:stop]
        fit = head.fit(CsrRows.single(columns[:10], values[:10]), fold.features)
        rest = columns[10:]
        stars, std = fit.predict_with_std(fold.features[rest], LEVEL[rest])
        inside += (np.abs(stars - 3.5 - values[10:]) <= NORMAL_80 * std).tolist()
    return float(np.mean(inside))


def test_eighty_percent_of_the_ratings_of_strangers_lie_inside() -> None:
    plain = StarPopulation(Prior(np.zeros(4, np.float32), np.eye(4, dtype=np.float32)), noise=0.36)
    learned = calibrate_std(plain, [people(300, 80, 1, 0.3, 0.8)], LEVEL, seed=1)
    strangers = people(200, 80, 2, 0.3, 0.8)
    assert share_inside(learned, strangers, range(200)) == pytest.approx(0.8, abs=0.025)
    assert abs(share_inside(plain, strangers, range(200)) - 0.8) > 0.03
    # The steady and the moody alike, each by their own noise.
    for users in (range(0, 200, 2), range(1, 200, 2)):
        assert share_inside(learned, strangers, users) == pytest.approx(0.8, abs=0.15)


def test_without_users_to_measure_on_nothing_is_stretched() -> None:
    head = StarPopulation(Prior(np.zeros(4, np.float32), np.eye(4, dtype=np.float32)), noise=0.36)
    assert calibrate_std(head, [people(20, 59, 1, 0.5, 0.5)], LEVEL, seed=1) is head
