"""Training of the ALS head: the equations of all users and movies, and the users' prior."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import Ratings, preference
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats, Prior
from engine.training.als_solver import Background, NormalEquations
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup
from engine.training.settings import AlsSettings

_MOST = 0.9  # background weight of any film; a rating has 1
_FEATURES_RIDGE = 10.0  # of the regression of movie vectors on film features


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
        features: Floats,
        settings: AlsSettings,
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
            torch.from_numpy(features).to(device),
            _root(counts).to(device),
        )

    def sweep(self, vectors: Tensor, tastes: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return users' vectors, solved from the movies', and then the movies' from these.

        Parameters
        ----------
        vectors
            Of the movies, [n_movies, d].
        tastes
            Of the users, from the sweep before, [n_users, d]; None in the first.
        """
        tastes = self.solve_users(vectors, tastes)
        return tastes, self.solve_movies(tastes, self.expected(vectors), vectors)

    def solve_users(self, vectors: Tensor, start: Tensor | None = None) -> Tensor:
        return self.users.solve(vectors, torch.zeros_like(vectors[0]), start)

    def solve_movies(self, tastes: Tensor, expected: Tensor, start: Tensor | None = None) -> Tensor:
        return self.movies.solve(tastes, expected, start)

    def expected(self, vectors: Tensor) -> Tensor:
        """Return movie vectors as features alone predict them, by weighted ridge regression."""
        weighted = self.features * self.reliance[:, None]
        a = weighted.T @ self.features
        a.diagonal().add_(_FEATURES_RIDGE)
        coefficients: Tensor = torch.linalg.solve(a, weighted.T @ vectors)
        return self.features @ coefficients


def fit_user_prior(tastes: Tensor, group: ProcessGroup = SINGLE_PROCESS) -> Prior:
    """Return the Gaussian of all ranks' users' vectors; a small ridge keeps it invertible.

    Parameters
    ----------
    tastes
        The vectors of this rank's users, [n, d].
    group
        The processes that train together.
    """
    d = tastes.shape[1]
    n = int(group.all_reduce_(torch.tensor(len(tastes))))
    mean = group.all_reduce_(tastes.sum(0)) / n
    beside = tastes - mean
    covariance = group.all_reduce_(beside.T @ beside) / (n - 1)
    covariance += 1e-3 * covariance.diagonal().mean() * torch.eye(d)
    # In double precision: of fewer users than dimensions a float inverse may not be positive.
    return Prior(mean.numpy(), torch.linalg.inv(covariance.double()).float().numpy())


def _movie_weights(counts: npt.NDArray[np.int64], settings: AlsSettings) -> Tensor:
    """Return the movies' background weights [n_movies]; over the ratings their mean is as set."""
    popularity = (counts + 1.0) ** settings.popularity
    weights = settings.background * popularity / np.average(popularity, weights=counts)
    return torch.from_numpy(np.minimum(weights, _MOST).astype(np.float32))


def _root(counts: npt.NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(np.sqrt(np.maximum(counts, 1)).astype(np.float32))
