r"""The ALS head: which films first? Weighted ALS on a graded preference.

A rating becomes a preference between 0 (1.5 stars and below) and 1 (5 stars); a film that a user
did not rate counts as 0 with a small weight, somewhat larger for a popular film, which was more
likely left out on purpose (He et al. 2016, *Fast Matrix Factorization for Online Recommendation*,
eq. 8). Users' and movies' vectors are solved in turn (Hu, Koren & Volinsky 2008), with a ridge that
grows with the square root of the number of ratings. It draws a movie's vector not to 0 but to what
its kind, age and fame let expect (Agarwal & Chen 2009, *Regression-based Latent Factor Models*).
Afterwards the mean and covariance of the users' vectors become the prior under which every user,
known or new, is fitted: with no ratings that is everybody's mean taste, and each rating moves it in
the directions in which people's tastes really differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine.heads.base import FittedVectors, VectorScorer
from engine.heads.items import Items, UserRatings
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import (
    Floats,
    Posterior,
    Prior,
    attribution,
    gather_means,
    solve_rows,
    weighted_gramian,
)
from engine.linalg.parameters import TINY, NumberSpec, Parameters, Spec, TensorSpec


@dataclass(frozen=True)
class AlsHead(VectorScorer[FittedVectors]):
    """What serving needs: the items' vectors [n_items, d] and the prior of users' vectors.

    ``background`` [n_items] is each film's weight where a user did not rate it.
    """

    vectors: Floats
    prior: Prior
    prior_strength: float
    background: Floats

    name: ClassVar[str] = "als"

    @cached_property
    def _gramian(self) -> Floats:
        return weighted_gramian(self.vectors, self.background)

    @cached_property
    def cold_start_vector(self) -> Floats:
        """The vector [d] of a user who rated nothing."""
        nothing = CsrRows.single(np.empty(0, np.int64), np.empty(0, np.float32))
        vector: Floats = self.user_vectors(nothing)[0]
        return vector

    def solve(self, preferences: CsrRows) -> Iterator[Posterior]:
        """Return the posteriors of users, by batches, from their preferences by item."""
        strength = np.full(preferences.n_rows, self.prior_strength, np.float32)
        return solve_rows(
            preferences, self.vectors, self.prior, strength, self.background, self._gramian
        )

    def user_vectors(self, preferences: CsrRows) -> Floats:
        """Return the users' vectors alone, [n_users, d], from their preferences by item."""
        return gather_means(self.solve(preferences), preferences.n_rows, self.vectors.shape[1])

    def fit(self, users: UserRatings) -> FittedVectors:
        return FittedVectors.of(users, self.solve(users.preferences), self.vectors.shape[1])

    def queries(self, fitted: FittedVectors) -> Floats:
        return fitted.means

    def from_products(self, fitted: FittedVectors, products: Floats) -> Floats:
        return products

    def contributions(self, fitted: FittedVectors, items: npt.NDArray[np.int64]) -> Floats:
        """See :func:`engine.linalg.gaussian.attribution`."""
        rated, preferences = fitted.users.preferences.columns, fitted.users.preferences.values
        expected = (1 - self.background[rated]) * (self.vectors[rated] @ self.cold_start_vector)
        contributions = attribution(fitted.posterior, self.vectors[items], preferences - expected)
        return fitted.users.spread(contributions)

    @classmethod
    def spec(cls) -> Spec:
        return {
            "als.vectors": TensorSpec(("items", "factors"), nonzero=True),
            "als.prior_mean": TensorSpec(("factors",)),
            "als.prior_precision": TensorSpec(("factors", "factors"), precision=True),
            "als.background": TensorSpec(("items",), low=0, high=1),
            "als.prior_strength": NumberSpec(low=TINY),
        }

    def to_parameters(self) -> Parameters:
        return Parameters(
            {
                "als.vectors": self.vectors,
                "als.prior_mean": self.prior.mean,
                "als.prior_precision": self.prior.precision,
                "als.background": self.background,
            },
            {"als.prior_strength": self.prior_strength},
        )

    @classmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> "AlsHead":
        tensors = parameters.tensors
        return cls(
            tensors["als.vectors"],
            Prior(tensors["als.prior_mean"], tensors["als.prior_precision"]),
            parameters.numbers["als.prior_strength"],
            tensors["als.background"],
        )
