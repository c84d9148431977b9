r"""The EASE head: which films are liked together, beyond what a few factors can say.

EASE (Steck 2019, *Embarrassingly Shallow Autoencoders for Sparse Data*, eq. 8) restores people's
preferences :math:`X` from themselves, every film from the others:

.. math::
    \min_B \; |X - X B|^2 + \lambda |B|^2, \quad B_{ii} = 0 \qquad \Rightarrow \qquad
    B_{ji} = -P_{ji} / P_{ii}, \quad P = (X^T X + \lambda I)^{-1}

A rating of film j moves the score of film i by :math:`B_{ji}` times its preference. Films with few
ratings are left out, and of each film's sources all but the strongest, so that serving stays fast
and the bundle small.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine.heads.base import Scorer
from engine.heads.items import Items, UserRatings
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats
from engine.linalg.parameters import Parameters, Spec, TensorSpec


@dataclass(frozen=True)
class EaseHead(Scorer[UserRatings]):
    """``weights`` has a row for each of the items, with its sources as columns."""

    weights: CsrRows

    name: ClassVar[str] = "ease"

    @cached_property
    def _by_source(self) -> CsrRows:
        """The weights with a row for each source: what one rating moves is a row."""
        return self.weights.transposed(self.weights.n_rows)

    def fit(self, users: UserRatings) -> UserRatings:
        """There is nothing to fit: scores are sums over the ratings."""
        return users

    def scores(self, fitted: UserRatings) -> Floats:
        scores = np.empty((len(fitted), self.weights.n_rows), np.float32)
        for user, own in enumerate(scores):  # one by one: what is added up stays in the cache
            rated = fitted.preferences.rows(user, user + 1)
            moved = self._by_source.take(rated.columns)
            weights = moved.values * np.repeat(rated.values, moved.counts)
            own[:] = np.bincount(moved.columns, weights, len(own))
        return scores

    def contributions(self, fitted: UserRatings, items: npt.NDArray[np.int64]) -> Floats:
        rated, preferences = fitted.preferences.columns, fitted.preferences.values
        sources = self.weights.take(items)
        place = np.full(self.weights.n_rows, -1)
        place[rated] = np.arange(len(rated))
        source = place[sources.columns]
        item, has = sources.row_numbers, source >= 0
        contributions = np.zeros((len(items), len(rated)), dtype=np.float32)
        contributions[item[has], source[has]] = sources.values[has]
        return fitted.spread(contributions * preferences)

    @classmethod
    def spec(cls) -> Spec:
        return {
            "ease.sources": TensorSpec(("ease.weights",), np.int32, index_of="items"),
            "ease.weights": TensorSpec(("ease.weights",), np.float16),
            "ease.offsets": TensorSpec(("items + 1",), np.int64, offsets_into="ease.weights"),
        }

    def to_parameters(self) -> Parameters:
        return Parameters(
            {
                "ease.sources": self.weights.columns.astype(np.int32),
                "ease.weights": self.weights.values.astype(np.float16),
                "ease.offsets": self.weights.offsets,
            }
        )

    @classmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> "EaseHead":
        tensors = parameters.tensors
        return cls(
            CsrRows(
                tensors["ease.offsets"],
                tensors["ease.sources"].astype(np.int64),
                tensors["ease.weights"].astype(np.float32),
            )
        )
