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

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import Ratings, preference
from engine.heads.base import HeadSettings, Progress, Scorer, TrainingData
from engine.heads.items import Items, UserRatings
from engine.linalg.csr import CsrRows
from engine.linalg.parameters import Parameters, Spec, TensorSpec

_USERS_TOGETHER = 4096  # rows of X that are dense at a time


@dataclass(frozen=True, kw_only=True)
class EaseSettings(HeadSettings):
    """Tuned on validation users."""

    weight: float = 0.8
    half_weight_at: float = 10.0
    ridge: float = 200.0  # lambda above
    least_ratings: int = 20  # of a film to take part
    most_films: int = 5000  # to take part, those with most ratings: a square matrix is inverted
    sources: int = 60  # kept of each film


@dataclass(frozen=True)
class EaseHead(Scorer[UserRatings]):
    """``weights`` has a row for each of the items, with its sources as columns."""

    weights: CsrRows

    name: ClassVar[str] = "ease"
    settings: ClassVar[type[HeadSettings]] = EaseSettings

    @cached_property
    def _matrix(self) -> Tensor:
        return self.weights.to_tensor(self.weights.n_rows)

    def fit(self, users: UserRatings) -> UserRatings:
        """There is nothing to fit: scores are sums over the ratings."""
        return users

    def scores(self, fitted: UserRatings) -> Tensor:
        return self.restored(fitted.dense())

    def restored(self, preferences: Tensor) -> Tensor:
        """Return X B for preferences X, 0 where nothing is rated; both are [n_users, n_items]."""
        if len(preferences) == 1:  # in half the time
            return (self._matrix @ preferences[0])[None]
        return (self._matrix @ preferences.T).T

    def contributions(self, fitted: UserRatings, items: npt.NDArray[np.int64]) -> Tensor:
        rated, preferences = fitted.preferences.columns, fitted.preferences.values
        spans = [slice(*self.weights.offsets[item : item + 2]) for item in items.tolist()]
        place = np.full(self.weights.n_rows, -1)
        place[rated] = np.arange(len(rated))
        source = place[np.concatenate([self.weights.columns[span] for span in spans])]
        weight = np.concatenate([self.weights.values[span] for span in spans])
        item = np.repeat(np.arange(len(items)), [span.stop - span.start for span in spans])
        contributions = np.zeros((len(items), len(rated)), dtype=np.float32)
        contributions[item[source >= 0], source[source >= 0]] = weight[source >= 0]
        return fitted.spread(torch.from_numpy(contributions * preferences))

    @classmethod
    def spec(cls) -> Spec:
        return {
            "ease.sources": TensorSpec(("ease.weights",), torch.int32, index_of="items"),
            "ease.weights": TensorSpec(("ease.weights",), torch.float16),
            "ease.offsets": TensorSpec(("items + 1",), torch.int64, offsets_into="ease.weights"),
        }

    def to_parameters(self) -> Parameters:
        return Parameters(
            {
                "ease.sources": torch.from_numpy(self.weights.columns.astype(np.int32)),
                "ease.weights": torch.from_numpy(self.weights.values).half(),
                "ease.offsets": torch.from_numpy(self.weights.offsets),
            }
        )

    @classmethod
    def from_parameters(cls, parameters: Parameters, items: Items) -> "EaseHead":
        tensors = parameters.tensors
        return cls(
            CsrRows(
                tensors["ease.offsets"].numpy(),
                tensors["ease.sources"].long().numpy(),
                tensors["ease.weights"].float().numpy(),
            )
        )

    @classmethod
    def train(
        cls,
        data: TrainingData,
        trained: Mapping[str, Scorer[Any]],
        on_step: Callable[[Progress, "EaseHead"], None],
    ) -> "EaseHead":
        """Train in closed form, without steps."""
        return train_ease(data.by_item, len(data.items), data.settings[cls.name])


def train_ease(ratings: Ratings, n_movies: int, settings: EaseSettings) -> EaseHead:
    """Return the head of ratings whose ``movies`` are numbered from 0 to ``n_movies`` - 1."""
    counts = np.bincount(ratings.movies, minlength=n_movies)
    films = np.argsort(-counts, kind="stable")[: settings.most_films]
    films = np.sort(films[counts[films] >= settings.least_ratings])
    column = np.full(n_movies, -1)
    column[films] = np.arange(len(films))
    weights = _ease(_gramian(ratings, column, len(films)), settings.ridge)
    kept = min(settings.sources, max(len(films) - 1, 0))
    strongest = weights.abs().topk(kept, dim=0).indices.T.sort(dim=1).values  # by target
    values = weights.gather(0, strongest.T).T
    return EaseHead(
        CsrRows.from_triples(
            np.repeat(films, kept),
            films[strongest.flatten().numpy()],
            # As precise as the bundle keeps them, so that what is measured is what ships.
            values.flatten().half().float().numpy(),
            n_movies,
        )
    )


def _gramian(ratings: Ratings, column: npt.NDArray[np.int64], n_films: int) -> Tensor:
    """Return X^T X of the movies with a column, [n_films, n_films]."""
    taking_part = column[ratings.movies] >= 0
    users, films = ratings.users[taking_part], column[ratings.movies[taking_part]]
    x = CsrRows.from_triples(users, films, preference(ratings.stars[taking_part]), ratings.n_users)
    gramian = torch.zeros(n_films, n_films)
    for first in range(0, x.n_rows, _USERS_TOGETHER):
        some = x.rows(first, first + _USERS_TOGETHER)
        dense = some.to_tensor(n_films).to_dense()
        gramian += dense.T @ dense
    return gramian


def _ease(gramian: Tensor, ridge: float) -> Tensor:
    """Return B above, [n, n]; ``gramian`` is overwritten."""
    gramian.diagonal().add_(ridge)
    p = torch.cholesky_inverse(torch.linalg.cholesky(gramian))
    weights = p / -p.diagonal()
    weights.fill_diagonal_(0)
    return weights
