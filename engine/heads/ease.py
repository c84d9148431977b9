r"""The item-item head: which films are liked together, beyond what a few factors can say.

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

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import Ratings
from engine.heads.als import preference
from engine.linalg.csr import CsrRows

_USERS_TOGETHER = 4096  # rows of X that are dense at a time


@dataclass(frozen=True)
class ItemItemSettings:
    """Tuned on validation users."""

    ridge: float = 200.0  # lambda above
    least_ratings: int = 20  # of a film to take part
    most_films: int = 5000  # to take part, those with most ratings: a square matrix is inverted
    sources: int = 60  # kept of each film


@dataclass(frozen=True)
class ItemItemHead:
    """``weights`` has a row for each of the n_rated films, with its sources as columns."""

    weights: CsrRows

    @cached_property
    def _matrix(self) -> Tensor:
        return self.weights.to_tensor(self.weights.n_rows)

    def scores(self, preferences: Tensor) -> Tensor:
        """Of all films, from preferences, 0 where nothing is rated; both are [n, n_rated]."""
        if len(preferences) == 1:  # in half the time
            return (self._matrix @ preferences[0])[None]
        return (self._matrix @ preferences.T).T

    def contributions(
        self, films: npt.NDArray[np.int64], rated: npt.NDArray[np.int64], preferences: Tensor
    ) -> Tensor:
        """What each rated film [n] adds to the scores of m > 0 ``films``, [m, n]."""
        offsets = self.weights.offsets
        spans = [slice(offsets[film], offsets[film + 1]) for film in films.tolist()]
        place = np.full(self.weights.n_rows, -1)
        place[rated] = np.arange(len(rated))
        source = place[np.concatenate([self.weights.columns[span] for span in spans])]
        weight = np.concatenate([self.weights.values[span] for span in spans])
        film = np.repeat(np.arange(len(films)), [span.stop - span.start for span in spans])
        contributions = np.zeros((len(films), len(rated)), dtype=np.float32)
        contributions[film[source >= 0], source[source >= 0]] = weight[source >= 0]
        return torch.from_numpy(contributions) * preferences


def train_item_item(ratings: Ratings, n_movies: int, settings: ItemItemSettings) -> ItemItemHead:
    """Train on ratings whose ``movies`` are numbered from 0 to ``n_movies`` - 1."""
    counts = np.bincount(ratings.movies, minlength=n_movies)
    films = np.argsort(-counts, kind="stable")[: settings.most_films]
    films = np.sort(films[counts[films] >= settings.least_ratings])
    column = np.full(n_movies, -1)
    column[films] = np.arange(len(films))
    weights = _ease(_gramian(ratings, column, len(films)), settings.ridge)
    kept = min(settings.sources, max(len(films) - 1, 0))
    strongest = weights.abs().topk(kept, dim=0).indices.T.sort(dim=1).values  # by target
    values = weights.gather(0, strongest.T).T
    return ItemItemHead(
        CsrRows.from_triples(
            np.repeat(films, kept),
            films[strongest.flatten().numpy()],
            # As precise as the bundle keeps them, so that what is measured is what ships.
            values.flatten().half().float().numpy(),
            n_movies,
        )
    )


def _gramian(ratings: Ratings, column: npt.NDArray[np.int64], n_films: int) -> Tensor:
    """X^T X of the films with a column, [n_films, n_films]."""
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
    """B above, [n, n]; ``gramian`` is overwritten."""
    gramian.diagonal().add_(ridge)
    p = torch.cholesky_inverse(torch.linalg.cholesky(gramian))
    weights = p / -p.diagonal()
    weights.fill_diagonal_(0)
    return weights
