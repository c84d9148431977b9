"""Who is held out of training, and what of their ratings a model gets to see."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.ratings import Ratings


@dataclass(frozen=True)
class UserSplit:
    """A held-out user: rows and stars of the films that are given, and of those that are hidden."""

    given: npt.NDArray[np.int64]
    given_stars: npt.NDArray[np.float32]
    hidden: npt.NDArray[np.int64]
    hidden_stars: npt.NDArray[np.float32]


def eligible(ratings: Ratings, min_ratings: int = 40) -> npt.NDArray[np.int64]:
    """Codes of the users with ratings enough to be held out."""
    return np.flatnonzero(np.bincount(ratings.users, minlength=ratings.n_users) >= min_ratings)


def hold_out(ratings: Ratings, n: int, seed: int, min_ratings: int = 40) -> npt.NDArray[np.int64]:
    """Codes of ``n`` random users with ``min_ratings`` or more; of a quarter of these if fewer."""
    users = eligible(ratings, min_ratings)
    n = min(n, len(users) // 4)
    return np.sort(np.random.default_rng(seed).choice(users, n, replace=False))


def cases(
    ratings: Ratings, users: npt.NDArray[np.int64], k: int, seed: int, min_hidden: int = 10
) -> list[UserSplit]:
    """One case for each user: ``k`` random ratings given, the rest hidden.

    A user's ratings are shuffled alike for every ``k``, so that more given means the same and more.
    Users who would have fewer than ``min_hidden`` left to be measured on are left out.
    """
    result = []
    for user in users:
        mine = np.flatnonzero(ratings.users == user)
        if len(mine) < k + min_hidden:
            continue
        mine = np.random.default_rng([seed, int(user)]).permutation(mine)
        movies, stars = ratings.movies[mine], ratings.stars[mine]
        result.append(UserSplit(movies[:k], stars[:k], movies[k:], stars[k:]))
    return result
