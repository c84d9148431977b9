r"""The ranking head: which films first? Weighted ALS on a graded preference.

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

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import Ratings
from engine.linalg.als_solver import Background, NormalEquations
from engine.linalg.collective import SINGLE_PROCESS, ProcessGroup
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import (
    Posterior,
    Prior,
    gather_means,
    solve_rows,
    weighted_gramian,
)


@dataclass(frozen=True)
class RankingSettings:
    """Tuned on validation users (``python -m benchmarks.quality``)."""

    factors: int = 64
    sweeps: int = 6
    background: float = 0.06  # weight of an unrated film as "not preferred", for the mean rating
    popularity: float = 0.2  # power of a film's number of ratings that its weight grows with
    ridge: float = 0.5  # times the square root of a row's number of ratings
    prior_strength: float = 0.045  # of the users' Gaussian, at fit; the noise variance


_MOST = 0.9  # background weight of any film; a rating has 1
_FEATURES_RIDGE = 10.0  # of the regression of movie vectors on film features


@dataclass(frozen=True)
class RankingHead:
    """What serving needs: movie vectors [n_rated, d] and the prior of users' vectors.

    ``background`` [n_rated] is each film's weight where a user did not rate it.
    """

    vectors: Tensor
    prior: Prior
    prior_strength: float
    background: Tensor

    @cached_property
    def _gramian(self) -> Tensor:
        return weighted_gramian(self.vectors, self.background)

    def solve(self, data: CsrRows) -> Iterator[Posterior]:
        """Posteriors of users, by batches, from their preferences (see :func:`preference`)."""
        strength = torch.full((data.n_rows,), self.prior_strength)
        return solve_rows(data, self.vectors, self.prior, strength, self.background, self._gramian)

    def fit(self, data: CsrRows) -> Tensor:
        """The vectors alone, [n_rows, d]."""
        return gather_means(self.solve(data), data.n_rows, self.vectors.shape[1])


def preference(stars: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Stars 0.5..5 as a graded preference 0..1, same shape."""
    graded: npt.NDArray[np.float32] = np.clip((stars - 1.5) / 3.5, 0, 1).astype(np.float32)
    return graded


def train_ranking(
    ratings: Ratings,
    features: Tensor,
    settings: RankingSettings,
    seed: int,
    on_sweep: Callable[[float, RankingHead], None] | None = None,
    device: torch.device | None = None,
    group: ProcessGroup = SINGLE_PROCESS,
) -> RankingHead:
    """Train on ratings whose ``movies`` are rows of ``features`` [n_movies, f] and of the vectors.

    Each rank of a ``group`` gives the ratings of its own users
    (:meth:`engine.data.ratings.Ratings.shard`), and all get the same head.

    After each sweep ``on_sweep`` gets the loss (the weighted squared error per rating, without the
    ridge) and the head as it stands. ``device`` is a CUDA device by default where there is one;
    the heads are on the CPU in any case.
    """
    sides = AlsProblem.of(ratings, features, settings, device or _default_device(), group)
    generator = torch.Generator().manual_seed(seed)
    vectors = 0.1 * torch.randn(len(features), settings.factors, generator=generator)
    vectors, tastes = vectors.to(sides.features.device), None
    for _ in range(settings.sweeps):
        tastes, vectors = sides.sweep(vectors, tastes)
        head = RankingHead(
            vectors.cpu(),
            fit_user_prior(tastes.cpu(), group),
            settings.prior_strength,
            sides.users.background.columns.cpu(),
        )
        if on_sweep is not None:
            on_sweep(sides.users.loss(tastes, vectors), head)
    return head


def one_more_sweep(
    ratings: Ratings,
    features: Tensor,
    vectors: Tensor,
    settings: RankingSettings,
    group: ProcessGroup = SINGLE_PROCESS,
) -> Tensor:
    """Movie vectors [n_movies, d] after one more sweep over these ratings alone.

    Over the ratings of *other* users these are vectors that know nothing of a user's own ratings,
    in the same coordinates. A ``group`` has them dealt out as in :func:`train_ranking`.
    """
    device = _default_device()
    sides, vectors = AlsProblem.of(ratings, features, settings, device, group), vectors.to(device)
    return sides.solve_movies(sides.solve_users(vectors), sides.expected(vectors)).cpu()


def _default_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@dataclass(frozen=True)
class AlsProblem:
    """The equations of users and movies, and what the movies' vectors are expected from.

    ``features`` are [n_movies, f], ``reliance`` [n_movies] the weights of the movies there. The
    users are those of this rank of the group, the movies everybody's.
    """

    users: NormalEquations
    movies: NormalEquations
    features: Tensor
    reliance: Tensor

    @classmethod
    def of(
        cls,
        ratings: Ratings,
        features: Tensor,
        settings: RankingSettings,
        device: torch.device,
        group: ProcessGroup,
    ) -> "AlsProblem":
        preferences = preference(ratings.stars)
        by_user = CsrRows.from_triples(ratings.users, ratings.movies, preferences, ratings.n_users)
        by_movie = CsrRows.from_triples(ratings.movies, ratings.users, preferences, len(features))
        counts = group.all_reduce_(torch.from_numpy(by_movie.counts)).numpy()  # by all users
        background = Background(torch.ones(by_user.n_rows), _movie_weights(counts, settings))
        strengths = [settings.ridge * _root(n) for n in (by_user.counts, counts)]
        of = NormalEquations.of
        return cls(
            of(by_user, strengths[0], background, device, group),
            of(by_movie, strengths[1], background.T, device, group, by_columns=True),
            features.to(device),
            _root(counts).to(device),
        )

    def sweep(self, vectors: Tensor, tastes: Tensor | None) -> tuple[Tensor, Tensor]:
        """Users' tastes from the movies' vectors, then the movies' vectors from these.

        ``tastes`` are those of the sweep before, None in the first one.
        """
        tastes = self.solve_users(vectors, tastes)
        return tastes, self.solve_movies(tastes, self.expected(vectors), vectors)

    def solve_users(self, vectors: Tensor, start: Tensor | None = None) -> Tensor:
        return self.users.solve(vectors, torch.zeros_like(vectors[0]), start)

    def solve_movies(self, tastes: Tensor, expected: Tensor, start: Tensor | None = None) -> Tensor:
        return self.movies.solve(tastes, expected, start)

    def expected(self, vectors: Tensor) -> Tensor:
        """Movie vectors as their features alone foretell them, by weighted ridge regression."""
        weighted = self.features * self.reliance[:, None]
        a = weighted.T @ self.features
        a.diagonal().add_(_FEATURES_RIDGE)
        coefficients: Tensor = torch.linalg.solve(a, weighted.T @ vectors)
        return self.features @ coefficients


def fit_user_prior(tastes: Tensor, group: ProcessGroup = SINGLE_PROCESS) -> Prior:
    """The Gaussian of all ranks' users' vectors [n, d]; a small ridge keeps it invertible."""
    d = tastes.shape[1]
    n = int(group.all_reduce_(torch.tensor(len(tastes))))
    mean = group.all_reduce_(tastes.sum(0)) / n
    beside = tastes - mean
    covariance = group.all_reduce_(beside.T @ beside) / (n - 1)
    covariance += 1e-3 * covariance.diagonal().mean() * torch.eye(d)
    # In double precision: of fewer users than dimensions a float inverse may not be positive.
    return Prior(mean, torch.linalg.inv(covariance.double()).float())


def _movie_weights(counts: npt.NDArray[np.int64], settings: RankingSettings) -> Tensor:
    """Background weight of each movie [n_movies]; averaged over the ratings it is as set."""
    popularity = (counts + 1.0) ** settings.popularity
    weights = settings.background * popularity / np.average(popularity, weights=counts)
    return torch.from_numpy(np.minimum(weights, _MOST).astype(np.float32))


def _root(counts: npt.NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(np.sqrt(np.maximum(counts, 1)).astype(np.float32))
