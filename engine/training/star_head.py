"""Training of the star head (:mod:`engine.heads.star_head`) on users in folds."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import numpy as np

from engine.data.ratings import Ratings
from engine.heads.als import AlsHead
from engine.heads.base import Scorer
from engine.heads.items import Items
from engine.heads.star_head import StarHead
from engine.heads.star_regression import StarPopulation, star_features
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats
from engine.training.als import one_more_sweep
from engine.training.base import OnStep, Progress, TrainingData
from engine.training.prediction_intervals import calibrate_std
from engine.training.settings import StarSettings
from engine.training.star_regression import Fold, train_star_regression


def train(data: TrainingData, trained: Mapping[str, Scorer[Any]], on_step: OnStep) -> StarHead:
    """Train on users in folds, each beside features learned from all the others."""
    settings: StarSettings = data.settings[StarHead.name]
    als: AlsHead = trained[AlsHead.name]  # type: ignore[assignment]
    numbers = count(1)

    def on_round(loss: float, population: StarPopulation) -> None:
        progress = Progress(next(numbers), settings.rounds, loss)
        on_step(progress, StarHead(population, als.vectors, data.items))

    folds = _folds(data, als.vectors, settings.folds)
    population = train_star_regression(folds, settings, on_round)
    population = calibrate_std(population, folds, data.items.baseline, data.seed)
    return StarHead(population, als.vectors, data.items)


def _folds(data: TrainingData, vectors: Floats, n: int) -> list[Fold]:
    """The users in ``n`` folds, each beside features learned from all the others."""
    items, ratings, group = data.items, data.ratings, data.group
    users = np.random.default_rng(data.seed).permutation(ratings.n_users)
    features = items.movie_features[items.rows]
    folds = []
    for chosen in np.array_split(users, min(n, ratings.n_users)):
        others = data.by_item.without(chosen)
        shard = others.shard(group.rank, group.size)
        without = one_more_sweep(shard, features, vectors, data.settings[AlsHead.name], group)
        directions = star_features(
            items.movie_features, items.rows, without, _counts(others, len(items))
        )
        folds.append(Fold(_residuals(ratings.of(chosen), items), directions))
    return folds


def _counts(by_item: Ratings, n_items: int) -> Floats:
    return np.bincount(by_item.movies, minlength=n_items).astype(np.float32)


def _residuals(ratings: Ratings, items: Items) -> CsrRows:
    people, rows = np.unique(ratings.users, return_inverse=True)
    residuals = ratings.stars - items.baseline[ratings.movies]
    return CsrRows.from_triples(rows, ratings.movies, residuals, len(people))
