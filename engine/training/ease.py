"""Training of the EASE head (:mod:`engine.heads.ease`), in closed form."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import Ratings, preference
from engine.heads.base import Scorer
from engine.heads.ease import EaseHead
from engine.linalg.csr import CsrRows
from engine.training.base import OnStep, TrainingData
from engine.training.settings import EaseSettings
from engine.training.sparse import to_tensor

_USERS_TOGETHER = 4096  # rows of X that are dense at a time


def train(data: TrainingData, trained: Mapping[str, Scorer[Any]], on_step: OnStep) -> EaseHead:
    """Train in closed form, without steps."""
    return train_ease(data.by_item, len(data.items), data.settings[EaseHead.name])


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
        dense = to_tensor(some, n_films).to_dense()
        gramian += dense.T @ dense
    return gramian


def _ease(gramian: Tensor, ridge: float) -> Tensor:
    """Return B above, [n, n]; ``gramian`` is overwritten."""
    gramian.diagonal().add_(ridge)
    p = torch.cholesky_inverse(torch.linalg.cholesky(gramian))
    weights = p / -p.diagonal()
    weights.fill_diagonal_(0)
    return weights
