r"""Taste twins: the MovieLens users nearest in taste to a user.

A twin's stars should be yours. Over the n films that a user rated, let :math:`b_i` be how far the
user's stars lie above the film's level, and :math:`a_i` how far yours do: those that you gave, or
else those that the star head predicts. The similarity is their concordance (Lin 1989, *A
concordance correlation coefficient to evaluate reproducibility*), shrunk, and the more so the
fewer films m both of you rated (significance weighting; Herlocker et al. 1999, *An Algorithmic
Framework for Performing Collaborative Filtering*, sec. 5.2):

.. math::
    s = \frac{m + 1}{m + 2} \cdot \frac{2 \sum_i (a_i - \bar a)(b_i - \bar b)}
        {\sum_i (a_i - \bar a)^2 + \sum_i (b_i - \bar b)^2 + n (\bar a - \bar b)^2 + \lambda}

It nears 1 for the same stars throughout, is 0 for people who agree on no more than everybody does,
and is less where one gives more stars on the whole than the other. What is predicted lets the films
that only they rated count, cautiously: it lies near the level as long as you rated little.

Single ratings are noisy, so that the nearest of 3,700 users seldom passes 0.5; and since chance
helps to be nearest, the concordance on films that the similarity knew nothing of is about two
thirds of it. The settings were chosen on validation users (``benchmarks/twins.py``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.catalogue import Movie
from engine.data.ratings import LOVED
from engine.recommend.taste import Taste

MIN_RATINGS = 20  # users with fewer are nobody's twin: they have no five best and worst

_SHRINKAGE = 15.0  # stars²; ten films that both rated bring about as much
_ENDS = 5  # films told of either end of what a twin rated
_LOVES = 10  # films told that a twin loves and the person has not rated


@dataclass(frozen=True)
class RatedMovie:
    """A film that one person rated, with their stars."""

    movie: Movie
    stars: float


@dataclass(frozen=True)
class SharedMovie:
    """A film that both rated: the stars of the person and those of the twin."""

    movie: Movie
    yours: float
    theirs: float


@dataclass(frozen=True)
class Twin:
    """A MovieLens user and how near they are.

    ``similarity`` is in -1..1; ``shared`` are the films both rated, those most agreed on first;
    ``agreement`` is the share of them rated within half a star of each other, None when nothing is
    shared. ``loves`` are up to ten films that they gave 4 stars or more and the person has not
    rated: their best first, and among equal stars those that the person's scores rank first.
    ``highest`` and ``lowest`` are the five films at either end of all ``n_ratings``.
    """

    user: int
    similarity: float
    shared: tuple[SharedMovie, ...]
    agreement: float | None
    n_ratings: int
    loves: tuple[RatedMovie, ...]
    highest: tuple[RatedMovie, ...]
    lowest: tuple[RatedMovie, ...]


class TwinFinder:
    """The MovieLens users of a bundle with ratings enough, laid out for comparison with anybody.

    ``users`` [n_apt] are the codes of those who can be a user's twin.
    """

    def __init__(self, model: TrainedModel) -> None:
        by_user = model.user_ratings
        counts = by_user.counts
        apt = counts >= MIN_RATINGS
        kept = np.repeat(apt, counts)
        self._catalogue, self._level = model.catalogue, model.item_baseline
        self.users = np.flatnonzero(apt)
        self._counts = counts[apt]
        self._offsets = np.concatenate([[0], np.cumsum(self._counts)])
        self._rows = model.rated_rows[by_user.columns[kept]]
        self._stars = by_user.values[kept]
        self._theirs = (self._stars - self._level[self._rows]).astype(np.float64)
        self._sums = self._by_user(self._theirs)
        self._squares = self._by_user(self._theirs**2)

    def similarities(self, taste: Taste) -> npt.NDArray[np.float64]:
        """Similarity [n_apt] to each of the ``users``."""
        mine, given = taste.stars(), np.zeros(len(self._catalogue))
        for movie_id, stars in taste.ratings.items():
            row = self._catalogue.row(movie_id)
            mine[row], given[row] = stars, 1
        a = (mine - self._level)[self._rows].astype(np.float64)
        n_shared = self._by_user(given[self._rows])
        means = self._by_user(a) * self._sums / self._counts
        squares = self._by_user(a * a) + self._squares - 2 * means
        concordance = 2 * (self._by_user(a * self._theirs) - means) / (squares + _SHRINKAGE)
        similarity: npt.NDArray[np.float64] = (n_shared + 1) / (n_shared + 2) * concordance
        return similarity

    def nearest(self, taste: Taste, n: int) -> list[Twin]:
        """The ``n`` users nearest in taste, or as many as there are, nearest first."""
        similarity, scores = self.similarities(taste), taste.scores()
        best = np.argsort(-similarity, kind="stable")[:n]
        return [
            self._twin(at, float(similarity[at]), taste.ratings, scores) for at in best.tolist()
        ]

    def _by_user(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Sum of the values of each user's ratings, [n_apt]."""
        # Far faster than bincount; right because none of these users is without ratings.
        sums: npt.NDArray[np.float64] = np.add.reduceat(values, self._offsets[:-1])
        return sums

    def _twin(
        self,
        at: int,
        similarity: float,
        ratings: dict[int, float],
        scores: npt.NDArray[np.float32],
    ) -> Twin:
        span = slice(self._offsets[at], self._offsets[at + 1])
        rows, stars = self._rows[span], self._stars[span]
        both = np.isin(self._catalogue.movie_ids[rows], list(ratings))
        shared = [
            SharedMovie(rated.movie, ratings[rated.movie.movie_id], rated.stars)
            for rated in self._rated(rows[both], stars[both])
        ]
        shared.sort(key=lambda s: (abs(s.yours - s.theirs), -s.yours))
        close = [abs(s.yours - s.theirs) <= 0.5 for s in shared]
        new = np.flatnonzero(~both & (stars >= LOVED))
        loves = new[np.lexsort((-scores[rows[new]], -stars[new]))][:_LOVES]
        # Among equal stars, the films most people know say most.
        best = np.lexsort((-self._catalogue.counts[rows], -stars))[:_ENDS]
        worst = np.lexsort((-self._catalogue.counts[rows], stars))[:_ENDS]
        return Twin(
            user=int(self.users[at]),
            similarity=similarity,
            shared=tuple(shared),
            agreement=sum(close) / len(close) if close else None,
            n_ratings=len(rows),
            loves=self._rated(rows[loves], stars[loves]),
            highest=self._rated(rows[best], stars[best]),
            lowest=self._rated(rows[worst], stars[worst]),
        )

    def _rated(
        self, rows: npt.NDArray[np.int64], stars: npt.NDArray[np.float32]
    ) -> tuple[RatedMovie, ...]:
        pairs = zip(rows.tolist(), stars.tolist(), strict=True)
        return tuple(RatedMovie(self._catalogue.by_row(row), given) for row, given in pairs)
