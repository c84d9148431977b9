"""Ratings drawn at random in the shape of a large MovieLens release.

The films' popularity is that of the real catalogue, and users rate log-normally many. Each film is
of one kind; each user likes some kinds, draws films from these by popularity without repeating one,
and gives those of the better liked kinds more stars. There is hence something to learn, of a rank
that is known, and noise around it.
"""

import numpy as np
import numpy.typing as npt

from engine.data.ratings import Ratings

Floats = npt.NDArray[np.float32]

ML_32M = (200_948, 87_585, 32_000_000)  # users, movies and ratings
KINDS = 20

_LEAST = 20  # ratings of a user, as in every MovieLens release
_SPREAD = 1.25  # of the logarithm of their number: ml-32m has a mean of 159 and a median of 73
_MOST = 0.1  # of all films, by one user
_TASTE = 1.0  # concentration of the Dirichlet distribution of users over kinds
_CROWDING = 1.1  # power of popularity to draw by: nobody sees a film twice, which levels it
_ROUNDS = 6  # of drawing what repetitions left missing


def synthetic_ratings(
    counts: npt.NDArray[np.int64], n_users: int, n_movies: int, n_ratings: int, seed: int = 1
) -> tuple[Ratings, Floats]:
    """About ``n_ratings`` without a pair of user and film twice, and the films' features.

    ``counts`` [any number] are how often real films were rated: the films' popularity follows
    their distribution. The features are [n_movies, 2 + KINDS]: constant, fame and kind.
    """
    rng = np.random.default_rng(seed)
    popularity = rng.permutation(_quantiles(counts, n_movies))
    kinds = rng.integers(KINDS, size=n_movies)
    tastes = rng.dirichlet(np.full(KINDS, _TASTE), n_users)
    wanted = _activity(n_users, n_movies, n_ratings, rng)
    users, movies = _pairs(wanted, tastes, kinds, popularity, rng)

    level = rng.normal(3.4, 0.4, n_movies)[movies] + rng.normal(0, 0.4, n_users)[users]
    preferences = np.sqrt(tastes[users, kinds[movies]])
    stars = level + preferences + rng.normal(-0.5, 0.7, len(users))
    in_halves = (np.clip(np.rint(2 * stars), 1, 10) / 2).astype(np.float32)
    return Ratings(users, movies, in_halves), _features(popularity, kinds)


def like_ml_32m(counts: npt.NDArray[np.int64], n_ratings: int) -> tuple[Ratings, Floats]:
    """About ``n_ratings`` of as many of ml-32m's users as have so many, and the films' features.

    Films that nobody rated are left out, as in `engine.training.train`.
    """
    n_users, n_movies, n_all = ML_32M
    n_users = round(n_ratings / n_all * n_users)
    drawn, features = synthetic_ratings(counts, n_users, n_movies, n_ratings)
    rated, rows = np.unique(drawn.movies, return_inverse=True)
    return Ratings(drawn.users, rows, drawn.stars), features[rated]


def _quantiles(counts: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.float64]:
    at = np.linspace(0, len(counts) - 1, n)
    return np.interp(at, np.arange(len(counts)), np.sort(counts))


def _activity(
    n_users: int, n_movies: int, n_ratings: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """How many films each user rates, [n_users]."""
    drawn = rng.lognormal(sigma=_SPREAD, size=n_users)
    beyond = drawn * (n_ratings - _LEAST * n_users) / drawn.sum()
    counts: npt.NDArray[np.int64] = np.rint(_LEAST + beyond).astype(np.int64)
    return np.minimum(counts, round(_MOST * n_movies))


def _pairs(
    wanted: npt.NDArray[np.int64],
    tastes: npt.NDArray[np.float64],
    kinds: npt.NDArray[np.int64],
    popularity: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Users and films, [n_ratings] each, in the order of users; no pair stands there twice."""
    n_movies = len(kinds)
    by_kind = np.argsort(kinds, kind="stable")
    appeal = popularity**_CROWDING
    film_shares = appeal[by_kind] / np.bincount(kinds, appeal)[kinds[by_kind]]
    of_users, of_films = np.cumsum(tastes.ravel()), np.cumsum(film_shares)
    keys = np.empty(0, dtype=np.int64)
    for _ in range(_ROUNDS):
        missing = wanted - np.bincount(keys // n_movies, minlength=len(wanted))
        users = np.repeat(np.arange(len(wanted)), missing)
        # Each group of shares sums to 1: group and quantile in one number.
        liked = np.searchsorted(of_users, users + rng.random(len(users))) % KINDS
        films = np.searchsorted(of_films, liked + rng.random(len(users)))
        films = by_kind[np.minimum(films, n_movies - 1)]
        keys = np.sort(np.concatenate([keys, users * n_movies + films]))
        keys = keys[np.diff(keys, prepend=-1) > 0]  # np.unique takes ten times as long
    return keys // n_movies, keys % n_movies


def _features(popularity: npt.NDArray[np.float64], kinds: npt.NDArray[np.int64]) -> Floats:
    fame = np.log1p(popularity) / 10
    columns = [np.ones(len(kinds)), fame, np.eye(KINDS)[kinds]]
    return np.column_stack(columns).astype(np.float32)
