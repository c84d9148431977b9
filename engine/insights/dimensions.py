"""The dimensions of taste: their names, the movies at their ends, and users' scores along them.

The axes are those of :mod:`engine.linalg.factor_rotation`; the labels come from
:mod:`engine.insights.traits`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue, Movie
from engine.insights.traits import Trait, TraitFinder, label
from engine.linalg.factor_rotation import Matrix, coordinates, telling_rotation, whitened
from engine.linalg.gaussian import Floats, Prior
from engine.linalg.rows import unit_rows

_RELIABLE = 30.0  # ratings at which a film's loadings have half their weight
_LISTED = 10  # films shown at either end
_FURTHEST = 100  # films at either end that it is named after


@dataclass(frozen=True)
class MovieLoading:
    """A movie and its loading on a dimension, or on any other direction of taste, in -1..1.

    The loading is the correlation, among MovieLens users, between liking the movie and the
    direction, drawn towards 0 for a movie of few ratings.
    """

    movie: Movie
    loading: float


@dataclass(frozen=True)
class Pole:
    """One end of a dimension: the ten films furthest out, and what the furthest hundred share.

    ``traits`` are the evidence, strongest first. ``label`` sums them up; it is None where there is
    no honest one, because nothing is over-represented or the films do not lie on this side at all.
    """

    movies: tuple[MovieLoading, ...]
    traits: tuple[Trait, ...]
    label: str | None


@dataclass(frozen=True)
class Dimension:
    """A direction in which users' tastes differ.

    ``variance`` is the share that it explains of how the preference for well-known movies varies.
    """

    number: int
    variance: float
    high: Pole
    low: Pole

    @property
    def label(self) -> str | None:
        """Return both ends in a line; None if neither has a label, or both the same."""
        if self.high.label == self.low.label:
            return None
        return " ↔ ".join(end.label or "nothing in particular" for end in (self.high, self.low))


@dataclass(frozen=True)
class DimensionScore:
    """A user's score on a dimension, in standard deviations of MovieLens users.

    Counted from a user who rated nothing; positive is towards the high end.
    """

    dimension: Dimension
    score: float

    @property
    def towards(self) -> Pole:
        """Return the end of the dimension on whose side the score lies."""
        return self.dimension.high if self.score > 0 else self.dimension.low


def taste_rotation(vectors: Floats, n_ratings: npt.NDArray[np.float32], prior: Prior) -> Matrix:
    """The rotation [d, d] that gives the axes a meaning (:mod:`engine.linalg.factor_rotation`).

    ``vectors`` [n_known, d] are those of well-known films, each trained on ``n_ratings`` [n_known].
    """
    return telling_rotation(unit_rows(whitened(vectors, prior)), _reliability(n_ratings))


def _reliability(n_ratings: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
    return n_ratings / (n_ratings + np.float32(_RELIABLE))


class Dimensions:
    """The dimensions of a model: the general one, then the contrasts, most telling first.

    Parameters
    ----------
    catalogue
        All movies.
    known
        Catalogue rows of the movies to describe the dimensions by, most rated first, [n_known].
    vectors
        Theirs in the ALS head, [n_known, d].
    n_ratings
        How many ratings each was trained on, [n_known].
    prior
        The distribution of users' vectors.
    cold_start_vector
        That of a user who rated nothing, [d].
    rotation
        That of :func:`taste_rotation`, [d, d].
    """

    def __init__(
        self,
        catalogue: Catalogue,
        known: npt.NDArray[np.int64],
        vectors: Floats,
        n_ratings: npt.NDArray[np.float32],
        prior: Prior,
        cold_start_vector: Floats,
        rotation: Matrix,
    ) -> None:
        self._prior, self._cold_start_vector = prior, cold_start_vector
        self.rotation = rotation
        reliability = _reliability(n_ratings)
        correlations = unit_rows(whitened(vectors, prior))
        loadings = (correlations @ self.rotation) * np.sqrt(reliability)[:, None]
        self._catalogue, self._known, self._loadings = catalogue, known, loadings
        variances = (loadings**2).sum(0) / reliability.sum()
        finder = TraitFinder(catalogue, known)
        self._all = tuple(
            Dimension(
                number,
                float(variance),
                _pole(catalogue, known, finder, column, 1),
                _pole(catalogue, known, finder, column, -1),
            )
            for number, (variance, column) in enumerate(zip(variances, loadings.T, strict=True))
        )

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number: int) -> Dimension:
        """Dimension ``number``, from 0; raises :class:`IndexError`."""
        if not 0 <= number < len(self):
            raise IndexError(f"dimensions are numbered from 0 to {len(self) - 1}, not {number}")
        return self._all[number]

    def scores(self, tastes: Floats) -> Matrix:
        """Return users' [n, d] scores on all dimensions, [n, d], as in :class:`DimensionScore`."""
        return coordinates(tastes, self._cold_start_vector, self._prior) @ self.rotation

    def dimension_scores(self, taste: Floats, n: int) -> list[DimensionScore]:
        """Return the ``n`` contrasts on which a user [d] scores highest towards a labelled end.

        Dimension 0 is left out: it grows with every movie that a user likes, whatever it is.
        """
        scores = self.scores(taste[None])[0].tolist()
        dimension_scores = [DimensionScore(*pair) for pair in zip(self._all, scores, strict=True)][
            1:
        ]
        labelled = [one for one in dimension_scores if one.score and one.towards.label]
        return sorted(labelled, key=lambda one: -abs(one.score))[:n]

    def aligned(self, taste: Floats, n: int) -> list[MovieLoading]:
        """Return the ``n`` well-known movies with the highest loadings on a user's [d] direction.

        That is the direction in which the user lies from one who rated nothing; none are returned
        for a user who lies there.
        """
        (direction,) = self.scores(taste[None])
        if not (length := float(np.linalg.norm(direction))):
            return []
        loadings = self._loadings @ (direction / length)
        furthest = np.argsort(-loadings, kind="stable")[:n].tolist()
        return [
            MovieLoading(self._catalogue.by_row(self._known[i]), float(loadings[i]))
            for i in furthest
        ]


def _pole(
    catalogue: Catalogue,
    known: npt.NDArray[np.int64],
    finder: TraitFinder,
    loadings: Matrix,
    side: int,
) -> Pole:
    """Return the high (``side`` 1) or low (-1) end of a dimension by its ``loadings`` [n_known]."""
    furthest = np.argsort(-side * loadings, kind="stable")[: min(_FURTHEST, len(known) // 3)]
    movies = tuple(
        MovieLoading(catalogue.by_row(known[i]), float(loadings[i])) for i in furthest[:_LISTED]
    )
    traits = finder.find(furthest)
    on_this_side = bool((side * loadings[furthest] > 0).all())
    return Pole(movies, traits, label(traits) if on_this_side else None)
