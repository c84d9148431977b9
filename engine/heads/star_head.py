"""The star head: :mod:`engine.heads.star_regression` as one of the heads that score films."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine.data.ratings import HALF_STARS
from engine.heads.base import FittedVectors, VectorScorer
from engine.heads.items import Items, UserRatings
from engine.heads.star_regression import StarFit, StarPopulation, star_features
from engine.linalg.gaussian import Floats, Prior, attribution, solve_rows
from engine.linalg.parameters import TINY, NumberSpec, Parameters, Spec, TensorSpec


@dataclass(frozen=True)
class StarHead(VectorScorer[FittedVectors]):
    """Scores are predicted stars above the mean, as they come: not confined to the scale.

    ``features`` [n_movies, f] are those of all films; their last d are the items' ``vectors``
    [n_items, d] at another length (:func:`engine.heads.star_regression.star_features`).
    """

    population: StarPopulation
    vectors: Floats
    items: Items

    name: ClassVar[str] = "stars"

    @cached_property
    def features(self) -> Floats:
        items = self.items
        return star_features(items.movie_features, items.rows, self.vectors, items.n_ratings)

    @cached_property
    def _kinds(self) -> Floats:
        """The items' other features as columns, below them their biases, [f - d + 1, n_items]."""
        kinds = self.items.movie_features[self.items.rows]
        biases = self.items.biases[self.items.rows]
        return np.vstack([kinds.T, biases])

    @cached_property
    def _lengths(self) -> Floats:
        """Of the directions among the features, for a vector of length 1, [n_items]."""
        d = self.vectors.shape[1]
        directions = np.linalg.norm(self.features[self.items.rows, -d:], axis=1)
        lengths: Floats = directions / np.maximum(np.linalg.norm(self.vectors, axis=1), 1e-12)
        return lengths

    def fit(self, users: UserRatings) -> FittedVectors:
        data, prior = users.residuals, self.population.prior
        noise = np.full(len(users), self.population.noise, np.float32)
        solved = solve_rows(data, self.features, prior, noise)
        return FittedVectors.of(users, solved, len(prior.mean))

    def predictor(self, fitted: FittedVectors) -> StarFit:
        """What predicts a single user's stars."""
        return StarFit(self.population, fitted.posterior)

    def queries(self, fitted: FittedVectors) -> Floats:
        return fitted.means[:, -self.vectors.shape[1] :]

    def from_products(self, fitted: FittedVectors, products: Floats) -> Floats:
        means, d = fitted.means, self.vectors.shape[1]
        of_kinds = np.hstack([means[:, :-d], np.ones((len(means), 1), np.float32)])
        scores: Floats = of_kinds @ self._kinds
        scores += products * self._lengths
        return scores

    def contributions(self, fitted: FittedVectors, items: npt.NDArray[np.int64]) -> Floats:
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
                "stars.std_scale": self.population.std_scale,
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
            tensors["stars.std_scale"],
        )
        return cls(population, tensors["als.vectors"], items)
