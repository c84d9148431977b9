"""The films that heads score, and people's ratings in the forms that heads learn from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue
from engine.data.features import movie_features
from engine.data.ratings import preference
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats


@dataclass(frozen=True)
class Items:
    """The n_items films that users rated in training, among the n_movies of the catalogue.

    Attributes
    ----------
    rows
        Their catalogue rows, int64 [n_items].
    n_ratings
        Number of training ratings of each, float32 [n_items].
    movie_features
        What is known of all films besides (:mod:`engine.data.features`), float32 [n_movies, g].
    biases
        How many more stars than the mean all films are given, float32 [n_movies].
    global_mean
        The mean of all ratings, in stars.
    """

    rows: npt.NDArray[np.int64]
    n_ratings: Floats
    movie_features: Floats
    biases: Floats
    global_mean: float

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        rows: npt.NDArray[np.int64],
        n_ratings: Floats,
        global_mean: float,
    ) -> "Items":
        return cls(rows, n_ratings, movie_features(catalogue), catalogue.biases, global_mean)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def positions(self) -> npt.NDArray[np.int64]:
        """The number of each film among the items, [n_movies]; -1 for one that is none."""
        positions = np.full(len(self.biases), -1, dtype=np.int64)
        positions[self.rows] = np.arange(len(self.rows))
        return positions

    @cached_property
    def baseline(self) -> Floats:
        """The stars that people of no particular taste give each film, [n_movies]."""
        return np.float32(self.global_mean) + self.biases

    def users(self, stars: CsrRows) -> "UserRatings":
        """Return the ratings of n users, given as stars by catalogue row."""
        at = self.positions[stars.columns]
        scored = at >= 0
        offsets = np.concatenate([[0], np.cumsum(scored)])[stars.offsets]
        return UserRatings(
            CsrRows(offsets, at[scored], preference(stars.values[scored])),
            CsrRows(stars.offsets, stars.columns, stars.values - self.baseline[stars.columns]),
            scored,
            len(self),
        )


@dataclass(frozen=True)
class UserRatings:
    """The ratings of n users, twice.

    Attributes
    ----------
    preferences
        Graded preferences 0..1 by item, of the films that are items.
    residuals
        Stars less the film's baseline by catalogue row, of all films.
    scored
        Which of the residuals are among the preferences, bool [n_ratings].
    n_items
        Number of items there are.
    """

    preferences: CsrRows
    residuals: CsrRows
    scored: npt.NDArray[np.bool_]
    n_items: int

    def __len__(self) -> int:
        return self.residuals.n_rows

    @property
    def places(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The user and the item of each preference, as indices of an array [n_users, n_items]."""
        return self.preferences.row_numbers, self.preferences.columns

    def spread(self, contributions: Floats) -> Floats:
        """Contributions [m, n_preferences] of a single user's preferences as [m, n_ratings]."""
        spread = np.zeros((len(contributions), len(self.scored)), np.float32)
        spread[:, self.scored] = contributions
        return spread
