"""From pooled releases to what training works on: a catalogue, and ratings by its rows."""

import numpy as np

from engine.data.bias import BIAS_SHRINKAGE, movie_bias
from engine.data.catalogue import Catalogue, genre_matrix
from engine.data.movielens import Pool
from engine.data.ratings import Ratings
from engine.errors import DataError
from engine.titles.parse import parse_title


def prepare(pool: Pool) -> tuple[Catalogue, Ratings]:
    """Return the catalogue of a pool, and its ratings with catalogue rows for movie ids.

    Parameters
    ----------
    pool
        Releases of MovieLens as one.

    Raises
    ------
    DataError
        if the ratings are of fewer than two users
    """
    catalogue = _catalogue(pool)
    return catalogue, _ratings(pool, catalogue)


def _catalogue(pool: Pool) -> Catalogue:
    """The pool's movies with titles in natural order, statistics and biases."""
    movies = pool.movies
    titles = [parse_title(raw) for raw in movies["title"]]
    stats = pool.stats.reindex(movies.index)
    counts = stats["count"].fillna(0).to_numpy(np.int64)
    means = stats["mean"].fillna(0.0).to_numpy(np.float64)
    return Catalogue(
        movie_ids=movies.index.to_numpy(np.int64),
        names=[title.name for title in titles],
        years=np.array([title.year or 0 for title in titles], dtype=np.int16),
        aliases=[title.aliases for title in titles],
        genres=genre_matrix(movies["genres"].tolist()),
        imdb_ids=movies["imdb_id"].fillna(0).to_numpy(np.int64),
        tmdb_ids=movies["tmdb_id"].fillna(0).to_numpy(np.int64),
        counts=counts,
        means=means,
        biases=movie_bias(counts, means, BIAS_SHRINKAGE)[1],
        tags=_tags(pool),
    )


def _tags(pool: Pool) -> list[tuple[str, ...]]:
    """Return each movie's tags in lower case: the most given first, equals by the alphabet."""
    if pool.tags is None:
        return [()] * len(pool.movies)
    tags = pool.tags.assign(tag=pool.tags["tag"].str.strip().str.lower())
    times = tags[tags["tag"] != ""].groupby(["movie_id", "tag"]).size().reset_index(name="times")
    times = times.sort_values(["movie_id", "times", "tag"], ascending=[True, False, True])
    by_movie = times.groupby("movie_id")["tag"].agg(tuple)
    return [by_movie.get(movie_id, ()) for movie_id in pool.movies.index]


def _ratings(pool: Pool, catalogue: Catalogue) -> Ratings:
    frame = pool.ratings
    users = frame["user"].to_numpy(np.int64, copy=True)  # torch wants arrays it may write to
    if len(np.unique(users)) < 2:
        raise DataError("There is too little to learn from: the ratings are of fewer than 2 users.")
    rows = np.searchsorted(catalogue.movie_ids, frame["movie_id"].to_numpy(np.int64))
    return Ratings(users, rows, frame["stars"].to_numpy(np.float32, copy=True))
