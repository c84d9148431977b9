"""The taste model: a loaded bundle, ready to fit people and to compare films."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.bundle import EMBEDDED, Bundle, load_bundle
from engine.catalogue import Catalogue, Movie
from engine.likeness import look_alike_vectors, unit
from engine.posterior import Prior, Ragged
from engine.ranking import RankingHead
from engine.stars import StarHead, film_features
from engine.taste import Taste
from engine.title_search import TitleIndex
from engine.twins import Twin, TwinFinder

_ENOUGH = 50  # ratings of a film to recommend it
_RELIABLE = 10.0  # ratings at which a film's direction has half its weight in the star head
_WELL_KNOWN = 3000  # films to look for the least alike among: the others tell nobody anything


@dataclass(frozen=True)
class Neighbour:
    movie: Movie
    similarity: float


class TasteModel:
    """Fits people (:meth:`fit`), compares films (:meth:`similar`), finds twins (:meth:`twins`).

    Immutable and safe to use from several threads. Besides the contract's ``movie_ids`` (int64
    [n_movies], the order of every array), these tables serve the parts of the engine:
    ``rated_rows`` [n_rated] catalogue rows of the films with ranking vectors, ``rated_position``
    [n_movies] the inverse (-1 without), ``features`` [n_movies, f] of the star head,
    ``newcomer`` [d] the ranking vector of somebody who rated nothing.
    """

    def __init__(self, bundle: Bundle) -> None:
        tensors = bundle.tensors
        self.bundle = bundle
        self.card = bundle.card
        self.catalogue: Catalogue = bundle.catalogue
        self.movie_ids: npt.NDArray[np.int64] = bundle.catalogue.movie_ids
        self.global_mean, noise, prior_strength, background = tensors.scalars.tolist()
        self.ranking = RankingHead(
            tensors.vectors,
            Prior(tensors.ranking_mean, tensors.ranking_precision),
            prior_strength,
            background,
        )
        self.stars = StarHead(Prior(tensors.star_mean, tensors.star_precision), noise)
        self.rated_rows = tensors.rated_rows
        self.rated_position = np.full(len(self.catalogue), -1, dtype=np.int64)
        self.rated_position[tensors.rated_rows.numpy()] = np.arange(len(tensors.rated_rows))
        self._n_ratings = torch.bincount(
            tensors.user_movies.long(), minlength=len(tensors.vectors)
        ).float()
        self.features = star_features(
            self.catalogue, self.rated_rows, tensors.vectors, self._n_ratings
        )
        nothing = Ragged.single(np.empty(0, np.int64), np.empty(0, np.float32))
        self.newcomer = self.ranking.fit(nothing)[0]

    def fit(self, ratings: Mapping[int, float]) -> Taste:
        """Fit a person from stars (0.5..5) by movie id, in closed form.

        Ids that are not in the catalogue are left out and kept in ``taste.unknown``. Raises
        ``ValueError`` for stars out of range.
        """
        return Taste(self, ratings)

    def similarity(self, movie_a: int, movie_b: int) -> float:
        """How alike two films are, at most 1; the measure that :meth:`similar` ranks by.

        Raises :class:`engine.errors.UnknownMovieError`, as the next two do.
        """
        a, b = self.catalogue.row(movie_a), self.catalogue.row(movie_b)
        return float(self.look_alikes[a] @ self.look_alikes[b])

    def similar(self, movie_id: int, n: int = 10) -> list[Neighbour]:
        """The ``n`` films most like one, most alike first."""
        likeness = self._likeness(movie_id)
        # Films without any rating tie by the thousand: the better known go first.
        order = np.lexsort((-self.catalogue.counts, -likeness.round(4)))
        row = self.catalogue.row(movie_id)
        return self._neighbours([r for r in order[: n + 1] if r != row][:n], likeness)

    def dissimilar(self, movie_id: int, n: int = 10) -> list[Neighbour]:
        """The ``n`` well-known films least like one, least alike first."""
        likeness = self._likeness(movie_id)
        order = self.well_known[np.argsort(likeness[self.well_known], kind="stable")]
        return self._neighbours(order[:n].tolist(), likeness)

    def twins(self, taste: Taste, n: int = 5) -> list[Twin]:
        """The ``n`` MovieLens users nearest in taste, nearest first."""
        return self._twin_finder.nearest(taste.vector, taste.ratings, n)

    @cached_property
    def look_alikes(self) -> Tensor:
        """The look-alike space, [n_movies, ...]: see :mod:`engine.likeness`."""
        head = self.ranking
        return look_alike_vectors(
            self.catalogue, self.rated_rows, head.vectors, head.prior, self._n_ratings
        )

    @cached_property
    def titles(self) -> TitleIndex:
        """The index to find films by what people call them."""
        years = [int(year) or None for year in self.catalogue.years]
        return TitleIndex(
            self.catalogue.names, years, self.catalogue.aliases, self.catalogue.counts.tolist()
        )

    @cached_property
    def well_known(self) -> npt.NDArray[np.int64]:
        """Catalogue rows of the films with most ratings, most first."""
        return np.argsort(-self.catalogue.counts, kind="stable")[:_WELL_KNOWN]

    @cached_property
    def least_count(self) -> int:
        """Ratings a film needs to be recommended: 50, or what the well-known have in small data."""
        return int(np.clip(self.catalogue.counts[self.well_known[-1]], 1, _ENOUGH))

    @cached_property
    def _twin_finder(self) -> TwinFinder:
        return TwinFinder(self.catalogue, self.bundle.tensors, self.global_mean)

    def _likeness(self, movie_id: int) -> npt.NDArray[np.float32]:
        result: npt.NDArray[np.float32] = (
            self.look_alikes @ self.look_alikes[self.catalogue.row(movie_id)]
        ).numpy()
        return result

    def _neighbours(self, rows: list[int], likeness: npt.NDArray[np.float32]) -> list[Neighbour]:
        return [Neighbour(self.catalogue.at(row), float(likeness[row])) for row in rows]


def star_features(
    catalogue: Catalogue, rated_rows: Tensor, vectors: Tensor, n_ratings: Tensor
) -> Tensor:
    """The star head's features of the whole catalogue, [n_movies, f].

    ``vectors`` [n_rated, d] were trained on ``n_ratings`` [n_rated] ratings each: the direction of
    one with few says little, and counts for little.
    """
    directions = torch.zeros(len(catalogue), vectors.shape[1])
    directions[rated_rows] = unit(vectors) * (n_ratings / (n_ratings + _RELIABLE))[:, None]
    return film_features(
        directions, catalogue.genres, catalogue.years, catalogue.counts, catalogue.biases
    )


def load_model(path: str | Path = EMBEDDED) -> TasteModel:
    """Load the embedded bundle, or one from a folder.

    Raises :class:`engine.errors.BundleError` with one readable line.
    """
    return TasteModel(load_bundle(Path(path)))
