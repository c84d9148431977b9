"""The dimensions of taste: what they are called, which films lie at their ends, where people are.

The axes are those of :mod:`engine.linalg.factor_rotation`; the labels come from
:mod:`engine.insights.traits`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

from engine.data.catalogue import Catalogue, Movie
from engine.insights.traits import Trait, TraitFinder, label
from engine.linalg.factor_rotation import Matrix, coordinates, telling_rotation, unit_rows, whitened
from engine.linalg.gaussian import Prior

_RELIABLE = 30.0  # ratings at which a film's loadings have half their weight
_LISTED = 10  # films shown at either end
_FURTHEST = 100  # films at either end that it is named after


@dataclass(frozen=True)
class MovieLoading:
    """A film and its place along a dimension, or any other direction of taste, in -1..1.

    The place is the correlation, among MovieLens users, between liking the film and the direction,
    drawn towards 0 for a film of few ratings.
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
    """A direction in which people's tastes differ.

    ``variance`` is the share that it explains of how the liking of well-known films varies.
    """

    number: int
    variance: float
    high: Pole
    low: Pole

    @property
    def label(self) -> str | None:
        """Both ends in a line; None if neither has a label, or both the same."""
        if self.high.label == self.low.label:
            return None
        return " ↔ ".join(end.label or "nothing in particular" for end in (self.high, self.low))


@dataclass(frozen=True)
class DimensionScore:
    """How far a person lies along a dimension, in standard deviations of MovieLens users.

    Counted from somebody who rated nothing; positive is towards the high end.
    """

    dimension: Dimension
    score: float

    @property
    def towards(self) -> Pole:
        """The end of the dimension on whose side the score lies."""
        return self.dimension.high if self.score > 0 else self.dimension.low


class Dimensions:
    """The dimensions of a model: the general one, then the contrasts, most telling first.

    ``known`` are the catalogue rows of the films to describe them by, most rated first; ``vectors``
    [n_known, d] are theirs in the ranking head, each trained on ``n_ratings`` [n_known].
    """

    def __init__(
        self,
        catalogue: Catalogue,
        known: npt.NDArray[np.int64],
        vectors: Tensor,
        n_ratings: npt.NDArray[np.float32],
        prior: Prior,
        cold_start_vector: Tensor,
    ) -> None:
        self._prior, self._newcomer = prior, cold_start_vector
        reliability = n_ratings / (n_ratings + _RELIABLE)
        correlations = unit_rows(whitened(vectors, prior))
        self.rotation: Matrix = telling_rotation(correlations, reliability)
        positions = (correlations @ self.rotation) * np.sqrt(reliability)[:, None]
        self._catalogue, self._known, self._films = catalogue, known, positions
        variances = (positions**2).sum(0) / reliability.sum()
        finder = TraitFinder(catalogue, known)
        self._all = tuple(
            Dimension(
                number,
                float(variance),
                _end(catalogue, known, finder, column, 1),
                _end(catalogue, known, finder, column, -1),
            )
            for number, (variance, column) in enumerate(zip(variances, positions.T, strict=True))
        )

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number: int) -> Dimension:
        """Dimension ``number``, from 0; raises :class:`IndexError`."""
        if not 0 <= number < len(self):
            raise IndexError(f"dimensions are numbered from 0 to {len(self) - 1}, not {number}")
        return self._all[number]

    def scores(self, tastes: Tensor) -> Matrix:
        """Where people [n, d] lie along all dimensions, [n, d], as in :class:`DimensionScore`."""
        return coordinates(tastes, self._newcomer, self._prior) @ self.rotation

    def dimension_scores(self, taste: Tensor, n: int) -> list[DimensionScore]:
        """The ``n`` contrasts along which a person [d] lies furthest towards an end with a label.

        Dimension 0 is left out: it grows with every film that somebody likes, whatever it is.
        """
        positions = self.scores(taste[None])[0].tolist()
        dimension_scores = [
            DimensionScore(*pair) for pair in zip(self._all, positions, strict=True)
        ][1:]
        told = [leaning for leaning in dimension_scores if leaning.score and leaning.towards.label]
        return sorted(told, key=lambda leaning: -abs(leaning.score))[:n]

    def aligned(self, taste: Tensor, n: int) -> list[MovieLoading]:
        """The ``n`` well-known films furthest towards a person [d], furthest first.

        Along the direction in which the person lies from somebody who rated nothing; none for
        whoever lies there themselves.
        """
        (place,) = self.scores(taste[None])
        if not (length := float(np.linalg.norm(place))):
            return []
        positions = self._films @ (place / length)
        furthest = np.argsort(-positions, kind="stable")[:n].tolist()
        return [
            MovieLoading(self._catalogue.by_row(self._known[i]), float(positions[i]))
            for i in furthest
        ]


def _end(
    catalogue: Catalogue,
    known: npt.NDArray[np.int64],
    finder: TraitFinder,
    positions: Matrix,
    side: int,
) -> Pole:
    """The high (``side`` 1) or low (-1) end of the films at ``positions`` [n_known]."""
    furthest = np.argsort(-side * positions, kind="stable")[: min(_FURTHEST, len(known) // 3)]
    movies = tuple(
        MovieLoading(catalogue.by_row(known[i]), float(positions[i])) for i in furthest[:_LISTED]
    )
    traits = finder.find(furthest)
    on_this_side = bool((side * positions[furthest] > 0).all())
    return Pole(movies, traits, label(traits) if on_this_side else None)
