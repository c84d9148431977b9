"""The star head: :mod:`engine.heads.star_regression` as one of the heads that score films."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import HALF_STARS, Ratings
from engine.heads.als import AlsHead, one_more_sweep
from engine.heads.base import (
    FittedVectors,
    HeadSettings,
    Progress,
    Scorer,
    TrainingData,
    VectorScorer,
)
from engine.heads.items import Items, UserRatings
from engine.heads.prediction_intervals import calibrate_std
from engine.heads.star_regression import (
    Fold,
    StarFit,
    StarPopulation,
    StarSettings,
    star_features,
    train_star_regression,
)
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Prior, attribution, solve_rows
from engine.linalg.parameters import TINY, NumberSpec, Parameters, Spec, TensorSpec


@dataclass(frozen=True)
class StarHead(VectorScorer[FittedVectors]):
    """Scores are predicted stars above the mean, as they come: not confined to the scale.

    ``features`` [n_movies, f] are those of all films; their last d are the items' ``vectors``
    [n_items, d] at another length (:func:`engine.heads.star_regression.star_features`).
    """

    population: StarPopulation
    vectors: Tensor
    items: Items

    name: ClassVar[str] = "stars"
    settings: ClassVar[type[HeadSettings]] = StarSettings

    @cached_property
    def features(self) -> Tensor:
        items = self.items
        return star_features(items.movie_features, items.rows, self.vectors, items.n_ratings)

    @cached_property
    def _kinds(self) -> Tensor:
        """The items' other features as columns, below them their biases, [f - d + 1, n_items]."""
        kinds = self.items.movie_features[self.items.rows]
        biases = torch.from_numpy(self.items.biases)[self.items.rows]
        return torch.cat([kinds, biases[:, None]], dim=1).T.contiguous()

    @cached_property
    def _lengths(self) -> Tensor:
        """Of the directions among the features, for a vector of length 1, [n_items]."""
        d = self.vectors.shape[1]
        directions = self.features[self.items.rows, -d:].norm(dim=1)
        lengths: Tensor = directions / self.vectors.norm(dim=1).clamp_min(1e-12)
        return lengths

    def fit(self, users: UserRatings) -> FittedVectors:
        data, prior = users.residuals, self.population.prior
        noise = torch.full((len(users),), self.population.noise)
        solved = solve_rows(data, self.features, prior, noise)
        return FittedVectors.of(users, solved, len(prior.mean))

    def predictor(self, fitted: FittedVectors) -> StarFit:
        """What predicts a single user's stars."""
        return StarFit(self.population, fitted.posterior)

    def queries(self, fitted: FittedVectors) -> Tensor:
        return fitted.means[:, -self.vectors.shape[1] :]

    def from_products(self, fitted: FittedVectors, products: Tensor) -> Tensor:
        means, d = fitted.means, self.vectors.shape[1]
        of_kinds = torch.cat([means[:, :-d], torch.ones(len(means), 1)], dim=1)
        return (products * self._lengths).addmm_(of_kinds, self._kinds)

    def contributions(self, fitted: FittedVectors, items: npt.NDArray[np.int64]) -> Tensor:
        """See :func:`engine.linalg.gaussian.attribution`."""
        features = self.features[self.items.rows[items]]
        fit = self.predictor(fitted)
        return attribution(fitted.posterior, features, fit.prior_residual)

    @classmethod
    def spec(cls) -> Spec:
        f = "movie features + factors"  # as star_features makes them
        return {
            "stars.prior_mean": TensorSpec((f,)),
            "stars.prior_precision": TensorSpec((f, f), precision=True),
            "stars.std_scale": TensorSpec((len(HALF_STARS),), low=0, high=10),
            "stars.noise": NumberSpec(low=TINY),
        }

    def to_parameters(self) -> Parameters:
        return Parameters(
            {
                "stars.prior_mean": self.population.prior.mean,
                "stars.prior_precision": self.population.prior.precision,
                "stars.std_scale": torch.from_numpy(self.population.std_scale),
            },
            {"stars.noise": self.population.noise},
        )

    @classmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> "StarHead":
        """Return the head; its features take the directions of the ALS head's vectors."""
        tensors = parameters.tensors
        population = StarPopulation(
            Prior(tensors["stars.prior_mean"], tensors["stars.prior_precision"]),
            parameters.numbers["stars.noise"],
            tensors["stars.std_scale"].numpy(),
        )
        return cls(population, tensors["als.vectors"], items)

    @classmethod
    def train(
        cls,
        data: TrainingData,
        trained: Mapping[str, Scorer[Any]],
        on_step: Callable[[Progress, "StarHead"], None],
    ) -> "StarHead":
        """Train on users in folds, each beside features learned from all the others."""
        settings: StarSettings = data.settings[cls.name]
        als: AlsHead = trained[AlsHead.name]  # type: ignore[assignment]
        numbers = count(1)

        def on_round(loss: float, population: StarPopulation) -> None:
            progress = Progress(next(numbers), settings.rounds, loss)
            on_step(progress, cls(population, als.vectors, data.items))

        folds = _folds(data, als.vectors, settings.folds)
        population = train_star_regression(folds, settings, on_round)
        population = calibrate_std(population, folds, data.items.baseline, data.seed)
        return cls(population, als.vectors, data.items)


def _folds(data: TrainingData, vectors: Tensor, n: int) -> list[Fold]:
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


def _counts(by_item: Ratings, n_items: int) -> Tensor:
    return torch.from_numpy(np.bincount(by_item.movies, minlength=n_items).astype(np.float32))


def _residuals(ratings: Ratings, items: Items) -> CsrRows:
    people, rows = np.unique(ratings.users, return_inverse=True)
    residuals = ratings.stars - items.baseline[ratings.movies]
    return CsrRows.from_triples(rows, ratings.movies, residuals, len(people))
