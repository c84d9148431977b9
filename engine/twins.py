r"""Taste twins: the MovieLens users nearest in taste to somebody.

Two signals are combined. The *taste* similarity is the cosine of the two users' vectors about
the population's mean, measured by what they make of films (the movies' Gramian as the metric), and
is known even where they share few films. The *agreement* is the cosine of how far both rated the
films they share above or below each film's own level. With n films shared,

.. math::  s = \frac{n \cdot agreement + \lambda \cdot taste \cdot r}{n + \lambda}, \quad
           r = \frac{n + 1}{n + 4}

so that agreement counts the more the more films are shared, and somebody who shares none is held
to be at most a quarter alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.bundle import Tensors
from engine.catalogue import Catalogue, Movie
from engine.likeness import unit

_PRIOR_FILMS = 5.0  # films in common at which agreement weighs as much as taste
_FEW = 20  # users with fewer ratings are nobody's twin: they have no five best and worst


@dataclass(frozen=True)
class RatedMovie:
    movie: Movie
    stars: float


@dataclass(frozen=True)
class SharedMovie:
    movie: Movie
    yours: float
    theirs: float


@dataclass(frozen=True)
class Twin:
    """A MovieLens user and how near they are.

    ``similarity`` is in -1..1; ``agreement`` is the share of shared films rated within half a star
    of each other, None when nothing is shared.
    """

    user: int
    similarity: float
    shared: tuple[SharedMovie, ...]
    agreement: float | None
    n_ratings: int
    highest: tuple[RatedMovie, ...]
    lowest: tuple[RatedMovie, ...]


class TwinFinder:
    """The MovieLens users of a bundle, laid out for comparison with anybody."""

    def __init__(self, catalogue: Catalogue, tensors: Tensors, global_mean: float) -> None:
        self._catalogue = catalogue
        self._rows = tensors.rated_rows.numpy()[tensors.user_movies.numpy()]
        self._stars = tensors.user_half_stars.numpy().astype(np.float32) / 2
        self._offsets = tensors.user_offsets.numpy()
        self._level = global_mean + catalogue.biases
        self._lengths = np.diff(self._offsets)
        self._user_of = np.repeat(np.arange(len(self._lengths)), self._lengths)
        # Y = Q R: |R u| is |Y u|, the length of all that a user makes of the films.
        self._metric = torch.linalg.qr(tensors.vectors, mode="r").R.T
        self._mean = tensors.ranking_mean
        self._tastes = self._centred(tensors.user_vectors)

    def _centred(self, vectors: Tensor) -> Tensor:
        return unit((vectors - self._mean) @ self._metric)

    def similarities(self, vector: Tensor, ratings: Mapping[int, float]) -> npt.NDArray[np.float64]:
        """Similarity [n_users] to each MovieLens user; -inf for users with few ratings."""
        taste = (self._tastes @ self._centred(vector[None])[0]).numpy().astype(np.float64)
        mine = np.full(len(self._catalogue), np.nan, dtype=np.float32)
        for movie_id, stars in ratings.items():
            mine[self._catalogue.row(movie_id)] = stars
        both = ~np.isnan(mine[self._rows])
        rows, users = self._rows[both], self._user_of[both]
        a = mine[rows] - self._level[rows]
        b = self._stars[both] - self._level[rows]
        n = len(self._lengths)
        dot, aa, bb = (np.bincount(users, x, n) for x in (a * b, a * a, b * b))
        shared = np.bincount(users, minlength=n)
        agreement = dot / np.maximum(np.sqrt(aa * bb), 1e-9)
        trust = (shared + 1) / (shared + 4)
        similarity = (_PRIOR_FILMS * trust * taste + shared * agreement) / (_PRIOR_FILMS + shared)
        return np.where(self._lengths >= _FEW, similarity, -np.inf)

    def nearest(self, vector: Tensor, ratings: Mapping[int, float], n: int) -> list[Twin]:
        similarity = self.similarities(vector, ratings)
        best = np.argsort(-similarity, kind="stable")[:n]
        return [
            self._twin(int(user), float(similarity[user]), ratings)
            for user in best
            if np.isfinite(similarity[user])
        ]

    def _twin(self, user: int, similarity: float, ratings: Mapping[int, float]) -> Twin:
        span = slice(self._offsets[user], self._offsets[user + 1])
        rows, stars = self._rows[span], self._stars[span]
        # Among equal stars, the films most people know say most.
        best_first = np.lexsort((-self._catalogue.counts[rows], -stars))
        worst_first = np.lexsort((-self._catalogue.counts[rows], stars))
        shared = [
            SharedMovie(movie, ratings[movie.movie_id], float(theirs))
            for row, theirs in zip(rows, stars, strict=True)
            if (movie := self._catalogue.at(row)).movie_id in ratings
        ]
        shared.sort(key=lambda s: (abs(s.yours - s.theirs), -s.yours))
        close = [abs(s.yours - s.theirs) <= 0.5 for s in shared]
        return Twin(
            user=user,
            similarity=similarity,
            shared=tuple(shared),
            agreement=sum(close) / len(close) if close else None,
            n_ratings=len(rows),
            highest=tuple(self._rated(rows[i], stars[i]) for i in best_first[:5]),
            lowest=tuple(self._rated(rows[i], stars[i]) for i in worst_first[:5]),
        )

    def _rated(self, row: int, stars: float) -> RatedMovie:
        return RatedMovie(self._catalogue.at(row), float(stars))
