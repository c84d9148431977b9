r"""The most and least loved films, corrected for who rates them.

The catalogue's bias is a film's mean less the mean of all ratings, shrunk by its count. It is too
high where generous users have rated: with a bias :math:`b_u` of every user, a rating is

.. math::  r_{ui} = \mu + b_i + b_u + \epsilon

The users are known for a sample of the ratings only, those of the bundle. Their biases, and from
these how generous the raters of each film are, both shrunk to the average, are found in turn; the
film's bias from all its ratings is lowered by as much.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue, Movie
from engine.data.ratings import Ratings

# As many imaginary ratings at the average: the variance of noise over that of users' biases, and
# the variance of these over that of films' raters.
_USER_SHRINKAGE, _RATERS_SHRINKAGE = 5.0, 50.0
_ROUNDS = 5


@dataclass(frozen=True)
class MovieBias:
    """How many stars above (+) or below (-) the average movie one is rated by the same users.

    ``bias`` is in stars, over ``count`` ratings.
    """

    movie: Movie
    bias: float
    count: int


@dataclass(frozen=True)
class BiasTable:
    """Both ends, the most extreme first, of the movies with ``min_count`` ratings or more."""

    most_loved: tuple[MovieBias, ...]
    least_loved: tuple[MovieBias, ...]
    min_count: int


def corrected_biases(
    catalogue: Catalogue, ratings: Ratings, global_mean: float
) -> npt.NDArray[np.float64]:
    """Return the bias of each movie in stars, corrected for who rates it, float64 [n_movies].

    Parameters
    ----------
    catalogue
        With the biases that are corrected.
    ratings
        A sample, by catalogue row, whose users are known.
    global_mean
        Of all ratings, in stars.
    """
    biases = catalogue.biases.astype(np.float64)
    generosity = np.zeros(len(catalogue))
    n_users, n_movies = ratings.n_users, len(catalogue)
    user_counts = np.bincount(ratings.users, minlength=n_users)
    movie_counts = np.bincount(ratings.movies, minlength=n_movies)
    for _ in range(_ROUNDS):
        residuals = ratings.stars - global_mean - (biases - generosity)[ratings.movies]
        users = np.bincount(ratings.users, residuals, n_users) / (user_counts + _USER_SHRINKAGE)
        raters = (users - users[ratings.users].mean())[ratings.users]
        total = np.bincount(ratings.movies, raters, n_movies)
        generosity = total / (movie_counts + _RATERS_SHRINKAGE)
    corrected: npt.NDArray[np.float64] = biases - generosity
    return corrected


def bias_table(
    catalogue: Catalogue, biases: npt.NDArray[np.float64], n: int, min_count: int
) -> BiasTable:
    """Return the ``n`` movies at either end of ``biases``.

    Parameters
    ----------
    catalogue
        The movies.
    biases
        In stars, [n_movies].
    n
        Movies at each end.
    min_count
        Ratings that a movie needs to be listed.
    """
    rows = np.flatnonzero(catalogue.counts >= min_count)
    highest = rows[np.argsort(-biases[rows], kind="stable")][:n].tolist()
    lowest = rows[np.argsort(biases[rows], kind="stable")][:n].tolist()

    def listed(chosen: list[int]) -> tuple[MovieBias, ...]:
        return tuple(
            MovieBias(catalogue.by_row(row), float(biases[row]), int(catalogue.counts[row]))
            for row in chosen
        )

    return BiasTable(listed(highest), listed(lowest), min_count)
