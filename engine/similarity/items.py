r"""Similarity of two movies, by who likes them and by what they are about.

Five signals are weighed, each at most 1 and 0 for nothing in common:

- *themes*: the cosine of what tags the two films would get (:mod:`engine.similarity.tags`),
  predicted from audience, genres and age. It weighs most, having learned from users what makes
  movies similar.
- *audience*: the cosine of the ranking vectors, whitened over all films. What all films have in
  common is their popularity; whitening gives that direction no more weight than any other. Films
  with few ratings count less.
- *genres*: the cosine, weighted by rarity.
- *tags*: the cosine of the tags that users did give, where they gave any.
- *series*: 1 for two films of a series (:mod:`engine.similarity.series`) that share a genre.

The weighted sum goes through a logistic curve, so that a similarity is between 0 and 1 with most
pairs near 0. A film without ratings has no audience: its similarity is that of its content alone.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import IMAX_COLUMN, Catalogue
from engine.linalg.csr import CsrRows
from engine.linalg.rows import unit_rows
from engine.similarity.series import series_of
from engine.similarity.tags import tag_embeddings, tag_vectors

THEME_WEIGHT, AUDIENCE_WEIGHT, GENRE_WEIGHT, TAG_WEIGHT, SERIES_WEIGHT = (
    0.50,
    0.20,
    0.10,
    0.25,
    0.25,
)
_MIDDLE, _STEEPNESS = 0.40, 8.0  # of the logistic curve
_RELIABLE = 3.0  # ratings at which a film's audience signal has half its weight
_LISTED = 20  # ratings of a film to be named beside a better known one
_AGE = 0.35  # length of the age feature; that of the others is 1
_DECADES = np.arange(1910, 2030, 10)
_UNKNOWN_YEAR = 1990

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64] | slice
ALL = slice(None)


@dataclass(frozen=True)
class ItemSimilarity:
    """The signals of n movies.

    Attributes
    ----------
    vectors
        Themes, audience and genres side by side, each times the root of its weight, [n, d].
    tags
        Tf-idf of the tags given: a row a movie, a column a tag.
    series
        Number of each movie's series, -1 for none, int64 [n].
    genres
        Bool [n, n_genres].
    """

    vectors: Floats
    tags: CsrRows
    series: npt.NDArray[np.int64]
    genres: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        rated_rows: npt.NDArray[np.int64],
        vectors: Floats,
        n_ratings: Floats,
    ) -> "ItemSimilarity":
        """Compute the signals of a catalogue.

        Parameters
        ----------
        catalogue
            The n movies.
        rated_rows
            Catalogue rows of the movies with ranking vectors, [n_rated].
        vectors
            Their ranking vectors, [n_rated, d].
        n_ratings
            How many ratings each was trained on, [n_rated].
        """
        tags = tag_vectors(catalogue.tags)
        audience = np.zeros((len(catalogue), vectors.shape[1]), np.float32)
        reliability = np.sqrt(n_ratings / (n_ratings + np.float32(_RELIABLE)))
        audience[rated_rows] = whiten_items(vectors) * reliability[:, None]
        genres = genre_vectors(catalogue.genres)
        features = np.hstack([audience, genres, _AGE * _age_vectors(catalogue.years)])
        parts = (
            THEME_WEIGHT**0.5 * _without_fame(tag_embeddings(tags, features), catalogue),
            AUDIENCE_WEIGHT**0.5 * audience,
            GENRE_WEIGHT**0.5 * genres,
        )
        return cls(np.hstack(parts), tags, series_of(catalogue), catalogue.genres)

    def scores(self, row: int, rows: Rows = ALL) -> Floats:
        """Return the weighted sum of the signals between movie ``row`` and each of ``rows``."""
        scores: Floats = self.vectors[rows] @ self.vectors[row]
        scores += TAG_WEIGHT * self._tag_similarity(row)[rows]
        if self.series[row] >= 0:
            kin = self.series[rows] == self.series[row]
            scores += SERIES_WEIGHT * (kin & (self.genres[rows] & self.genres[row]).any(1))
        return scores

    def _tag_similarity(self, row: int) -> Floats:
        """The cosine of the tags of movie ``row`` and of each movie, [n]."""
        own = self.tags.take(np.array([row])).dense(self._n_tags)[0]
        return self.tags.dot(own)

    @cached_property
    def _n_tags(self) -> int:
        return int(self.tags.columns.max(initial=-1)) + 1


def logistic_similarity(scores: Floats) -> Floats:
    """Return scores as similarities 0..1, around 0.5 where movies begin to be called similar."""
    curve: Floats = 1 / (1 + np.exp(-_STEEPNESS * (scores - _MIDDLE)))
    return curve


def most_similar(
    scores: Floats, row: int, counts: npt.NDArray[np.int64], n: int
) -> npt.NDArray[np.int64]:
    """Return the rows of the ``n`` movies with the highest scores, best first.

    Movies with fewer than 20 ratings are left out, unless ``row`` is such a movie itself: then
    those with fewer than it has. Movies without any rating tie by the thousand: those with higher
    counts go first.

    Parameters
    ----------
    scores
        Similarity of each movie to ``row``, [n_movies].
    row
        The movie compared with, which is left out.
    counts
        Ratings of each movie, [n_movies].
    n
        Movies at most.
    """
    rounded = scores.round(4)
    listed = counts >= min(_LISTED, counts[row])
    listed[row] = False
    rounded[~listed] = -np.inf
    n = min(n, int(listed.sum()))
    if n == 0:
        return np.empty(0, dtype=np.int64)
    best = np.flatnonzero(rounded >= np.partition(rounded, -n)[-n])
    return best[np.lexsort((-counts[best], -rounded[best]))][:n]


def whiten_items(vectors: Floats) -> Floats:
    """Return movies' unit vectors [n, d] in coordinates in which all of them form a ball."""
    gramian = vectors.T @ vectors
    ridge = 1e-3 * gramian.diagonal().mean()  # few films span less
    factor = np.linalg.cholesky(gramian + ridge * np.eye(len(gramian), dtype=np.float32))
    inverse: Floats = np.linalg.inv(factor).astype(np.float32, copy=False)
    return unit_rows(vectors @ inverse.T)


def _without_fame(vectors: Floats, catalogue: Catalogue) -> Floats:
    """Return the vectors [n, d] less what a well-known movie's fame alone predicts of them.

    Fame is the logarithm of a movie's ratings, from the least known of the well-known movies up.
    """
    known, counts = catalogue.well_known, catalogue.counts
    ratio = (1 + counts) / (1 + counts[known[-1]])
    fame = np.log(ratio).clip(0).astype(np.float32)[:, None]
    differing = fame[known] - fame[known].mean()
    slope = differing.T @ vectors[known] / max(np.square(differing).sum(), np.float32(1e-6))
    rest: Floats = vectors - fame * slope
    return rest


def genre_vectors(genres: npt.NDArray[np.bool_]) -> Floats:
    """Return genres weighted by rarity, rows of length 1, from bool [n, n_genres]."""
    rarity = np.log(len(genres) / np.maximum(genres.sum(0), 1))
    rarity[IMAX_COLUMN] = 0
    return unit_rows((genres * rarity).astype(np.float32))


def _age_vectors(years: npt.NDArray[np.int16]) -> Floats:
    known = np.where(years > 0, years, _UNKNOWN_YEAR)
    bumps = np.exp(-0.5 * ((known[:, None] - _DECADES) / 8.0) ** 2)
    return unit_rows(bumps.astype(np.float32))
