"""Ratings as parallel arrays, and the scale that they are on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STARS_LOW, STARS_HIGH = 0.5, 5.0
HALF_STARS = np.arange(STARS_LOW, STARS_HIGH + 0.5, 0.5)
LOVED = 4.0  # stars from which on a user loves a film


@dataclass(frozen=True)
class Ratings:
    """n ratings, as parallel arrays.

    Attributes
    ----------
    users
        Code of each rating's user, from 0, int64 [n].
    movies
        Row of its movie, of whatever table, int64 [n].
    stars
        0.5..5, float32 [n].
    """

    users: npt.NDArray[np.int64]
    movies: npt.NDArray[np.int64]
    stars: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.users)

    @property
    def n_users(self) -> int:
        """Return the highest user code and 1."""
        return int(self.users.max(initial=-1)) + 1

    def of(self, users: npt.NDArray[np.int64]) -> "Ratings":
        """Return the ratings of some users alone, with their codes as they are."""
        return self._where(np.isin(self.users, users))

    def without(self, users: npt.NDArray[np.int64]) -> "Ratings":
        """Return the ratings of all other users, coded anew from 0 in the same order."""
        rest = self._where(~np.isin(self.users, users))
        return Ratings(np.unique(rest.users, return_inverse=True)[1], rest.movies, rest.stars)

    def shard(self, rank: int, size: int) -> "Ratings":
        """The ratings of every ``size``-th part of the users, who are coded anew from 0.

        The parts have users that follow one another, with about as many ratings each; ``rank``
        counts them from 0.
        """
        if size == 1:
            return self
        counts = np.bincount(self.users)
        middles = np.cumsum(counts) - counts / 2
        mine = np.flatnonzero(middles * size // max(len(self), 1) == rank)
        part = self.of(mine)
        return Ratings(part.users - mine.min(initial=len(counts)), part.movies, part.stars)

    def _where(self, chosen: npt.NDArray[np.bool_]) -> "Ratings":
        return Ratings(self.users[chosen], self.movies[chosen], self.stars[chosen])


def check_stars(ratings: Mapping[int, float]) -> None:
    """Raise ``ValueError`` if a user's ratings, by movie id, are not all 0.5..5."""
    for movie_id, stars in ratings.items():
        if not STARS_LOW <= stars <= STARS_HIGH:
            raise ValueError(
                f"stars must be from {STARS_LOW} to {STARS_HIGH:g}, "
                f"but movie {movie_id} has {stars}"
            )


def preference(stars: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Stars 0.5..5 as a graded preference 0..1, same shape."""
    graded: npt.NDArray[np.float32] = np.clip((stars - 1.5) / 3.5, 0, 1).astype(np.float32)
    return graded
