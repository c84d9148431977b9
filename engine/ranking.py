r"""The ranking head: which films first? Weighted ALS on a graded preference.

A rating becomes a preference between 0 (1.5 stars and below) and 1 (5 stars); a film that a user
did not rate counts as 0 with the small weight ``background``. Users' and movies' vectors are solved
in turn (Hu, Koren & Volinsky 2008), with a ridge that grows with the square root of the number of
ratings. Afterwards the mean and covariance of the users' vectors become the prior under which every
user, known or new, is fitted: with no ratings that is everybody's mean taste, and each rating moves
it in the directions in which people's tastes really differ.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.posterior import Batch, Prior, Ragged, gather_means, solve_means, solve_rows
from engine.ratings import Ratings


@dataclass(frozen=True)
class RankingSettings:
    """Tuned on held-out users (``python -m engine evaluate``)."""

    factors: int = 64
    sweeps: int = 10
    background: float = 0.07  # weight of an unrated film as "not preferred"
    ridge: float = 0.5  # times the square root of a row's number of ratings
    prior_strength: float = 0.04  # of the users' Gaussian, at fit; the noise variance


@dataclass(frozen=True)
class RankingHead:
    """What serving needs: movie vectors [n_rated, d] and the prior of users' vectors."""

    vectors: Tensor
    prior: Prior
    prior_strength: float
    background: float

    @cached_property
    def _gramian(self) -> Tensor:
        return self.vectors.T @ self.vectors

    def solve(self, data: Ragged) -> Iterator[Batch]:
        """Posteriors of users, by batches, from their preferences (see :func:`preference`)."""
        strength = torch.full((data.n_rows,), self.prior_strength)
        return solve_rows(data, self.vectors, self.prior, strength, self.background, self._gramian)

    def fit(self, data: Ragged) -> Tensor:
        """The vectors alone, [n_rows, d]."""
        return gather_means(self.solve(data), data.n_rows, self.vectors.shape[1])


def preference(stars: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Stars 0.5..5 as a graded preference 0..1, same shape."""
    graded: npt.NDArray[np.float32] = np.clip((stars - 1.5) / 3.5, 0, 1).astype(np.float32)
    return graded


def train_ranking(
    ratings: Ratings,
    n_movies: int,
    settings: RankingSettings,
    seed: int,
    on_sweep: Callable[[float, RankingHead], None] = lambda loss, head: None,
) -> RankingHead:
    """Train on ratings whose ``movies`` are rows 0..n_movies-1 of the vectors to be.

    After each sweep ``on_sweep`` gets the loss (the weighted squared error per rating, without the
    ridge) and the head as it stands.
    """
    sides = _Sides.of(ratings, n_movies, settings)
    generator = torch.Generator().manual_seed(seed)
    vectors = 0.1 * torch.randn(n_movies, settings.factors, generator=generator)
    for _ in range(settings.sweeps):
        tastes, vectors = sides.sweep(vectors)
        head = RankingHead(
            vectors, population(tastes), settings.prior_strength, settings.background
        )
        on_sweep(_loss(ratings, tastes, vectors, settings.background), head)
    return head


def one_more_sweep(ratings: Ratings, vectors: Tensor, settings: RankingSettings) -> Tensor:
    """Movie vectors [n_movies, d] after one more sweep over these ratings alone.

    Over the ratings of *other* users these are vectors that know nothing of a user's own ratings,
    in the same coordinates.
    """
    return _Sides.of(ratings, len(vectors), settings).sweep(vectors)[1]


@dataclass(frozen=True)
class _Sides:
    """The preferences by user and by movie, with the ridge of each row."""

    by_user: Ragged
    by_movie: Ragged
    user_ridge: Tensor
    movie_ridge: Tensor
    settings: RankingSettings

    @classmethod
    def of(cls, ratings: Ratings, n_movies: int, settings: RankingSettings) -> "_Sides":
        liking = preference(ratings.stars)
        by_user = Ragged.from_triples(ratings.users, ratings.movies, liking, ratings.n_users)
        by_movie = Ragged.from_triples(ratings.movies, ratings.users, liking, n_movies)
        user_ridge = settings.ridge * _root_counts(by_user)
        movie_ridge = settings.ridge * _root_counts(by_movie)
        return cls(by_user, by_movie, user_ridge, movie_ridge, settings)

    def sweep(self, vectors: Tensor) -> tuple[Tensor, Tensor]:
        """Users' tastes from the movies' vectors, then the movies' vectors from these."""
        ridge, background = Prior.ridge(vectors.shape[1]), self.settings.background
        tastes = solve_means(self.by_user, vectors, ridge, self.user_ridge, background)
        return tastes, solve_means(self.by_movie, tastes, ridge, self.movie_ridge, background)


def population(tastes: Tensor) -> Prior:
    """The Gaussian of many users' vectors [n, d]; a small ridge keeps it invertible."""
    d = tastes.shape[1]
    covariance = torch.cov(tastes.T).reshape(d, d)
    covariance += 1e-3 * covariance.diagonal().mean() * torch.eye(d)
    # In double precision: of fewer users than dimensions a float inverse may not be positive.
    return Prior(tastes.mean(0), torch.linalg.inv(covariance.double()).float())


def _root_counts(data: Ragged) -> Tensor:
    return torch.from_numpy(np.sqrt(np.maximum(data.counts, 1)).astype(np.float32))


def _loss(ratings: Ratings, tastes: Tensor, vectors: Tensor, background: float) -> float:
    """Weighted squared error over all pairs of user and movie, per observed rating."""
    everywhere = ((tastes.T @ tastes) * (vectors.T @ vectors)).sum()
    users, movies = torch.from_numpy(ratings.users), torch.from_numpy(ratings.movies)
    observed = (tastes[users] * vectors[movies]).sum(1)
    error = (torch.from_numpy(preference(ratings.stars)) - observed).square().sum()
    return float(error + background * (everywhere - observed.square().sum())) / len(ratings)
