"""Read MovieLens releases and pool several into one set of ratings over one catalogue."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from engine.data.movielens_csv import CsvSchema, fault, read_columns
from engine.errors import DataError

log = logging.getLogger(__name__)

_RATINGS = CsvSchema(
    {"userId": "int64", "movieId": "int64", "rating": "float64", "timestamp": "int64"}
)
_MOVIES = CsvSchema({"movieId": "int64", "title": "str", "genres": "str"}, unique="movieId")
_LINKS = CsvSchema(
    {"movieId": "int64", "imdbId": "Int64", "tmdbId": "Int64"}, unique="movieId", optional=True
)
_TAGS = CsvSchema(
    {"userId": "int64", "movieId": "int64", "tag": "str", "timestamp": "int64"}, optional=True
)
_STATS = CsvSchema(
    {"movieId": "int64", "count": "int64", "mean": "float64"}, unique="movieId", optional=True
)

# A newer release that lacks at most this share of another's movies has dropped them on purpose;
# one that lacks more is merely a smaller sample of the same site.
_GONE_AT_MOST = 0.1


@dataclass(frozen=True, eq=False)
class Release:
    """One MovieLens release as its files hold it.

    Attributes
    ----------
    name
        The folder's name; it prefixes the users.
    ratings
        User (category "name:userId"), movie_id int64, stars float32 in 0.5..5, timestamp int64 in
        seconds since 1970 (UTC); one row per user and movie, in file order.
    movies
        Indexed by movie_id: title, genres ("A|B"), imdb_id and tmdb_id (Int64, may be NA).
    stats
        Indexed by movie_id: count and mean of all ratings of the site, or None.
    tags
        movie_id and tag, or None.

    """

    name: str
    ratings: pd.DataFrame
    movies: pd.DataFrame
    stats: pd.DataFrame | None
    tags: pd.DataFrame | None


@dataclass(frozen=True)
class Source:
    """What one release gave to a pool, after all that was dropped."""

    name: str
    n_ratings: int
    n_users: int


@dataclass(frozen=True)
class Dropped:
    """What pooling left out or moved.

    Attributes
    ----------
    repeated
        Ratings that an earlier release holds as well.
    gone_movies, gone_ratings
        Movies that the newer catalogue no longer has, and their ratings.
    moved_movies
        Movies that the catalogue has under another id (same IMDb id).
    replaced
        Ratings of a person who had rated both ids of a moved movie.

    """

    repeated: int
    gone_movies: int
    gone_ratings: int
    moved_movies: int
    replaced: int


@dataclass(frozen=True, eq=False)
class Pool:
    """Several releases as one.

    Attributes
    ----------
    movies
        The catalogue, ascending by movie_id; columns as in `Release.movies`.
    ratings
        User (int64 code, 0..n_users-1), movie_id, stars, timestamp; one row per pair.
    users
        The name "release:userId" of each code.
    stats
        Indexed by movie_id: count (int64) and mean (float64) of every movie that has ratings.
    tags
        movie_id and tag, or None where no release has tags.

    """

    movies: pd.DataFrame
    ratings: pd.DataFrame
    users: tuple[str, ...]
    stats: pd.DataFrame
    tags: pd.DataFrame | None
    sources: tuple[Source, ...]
    dropped: Dropped


def read_release(folder: Path) -> Release:
    """Read the MovieLens release in `folder`: csv files with a header, or ``::`` files.

    Where a user rated a movie twice, the rating that stands last in the file counts; a warning in
    the log gives the number of those replaced.

    Raises
    ------
    DataError
        names the file, the line and what is wrong with it.

    """
    suffix = _layout(folder)
    name = folder.resolve().name
    movies = read_columns(folder / f"movies{suffix}", _MOVIES).set_index("movieId")
    links = _read_optional(folder / "links.csv", _LINKS)
    movies = movies.join(
        pd.DataFrame(columns=["imdbId", "tmdbId"], dtype="Int64") if links is None else links
    ).rename(columns={"imdbId": "imdb_id", "tmdbId": "tmdb_id"})
    tags = _read_optional(folder / f"tags{suffix}", _TAGS)
    if tags is not None:
        tags = tags.reset_index()[["movieId", "tag"]].rename(columns={"movieId": "movie_id"})
    stats = _read_optional(folder / "rating_stats.csv", _STATS)
    return Release(
        name=name,
        ratings=_read_ratings(folder / f"ratings{suffix}", name, movies.index),
        movies=movies.rename_axis("movie_id"),
        stats=None if stats is None else stats.rename_axis("movie_id"),
        tags=tags,
    )


def pool(releases: Sequence[Release]) -> Pool:
    """Make one set of ratings, over one catalogue, of several releases.

    1. A few people occur in two releases: a row (movie_id, timestamp, stars) that an earlier
       release holds is dropped from the later ones. Within one release such a row can repeat by
       chance and stays.
    2. The release with the most movies gives the catalogue. A movie of another release that is
       missing there moves to the catalogue's movie with the same IMDb id. Of the movies then still
       missing: if the catalogue's release is at least as new (by its latest rating) and lacks no
       more than a tenth of the other's movies, they were taken off the site and are dropped with
       their ratings; otherwise they join the catalogue.
    3. Where a person had rated both ids of a moved movie, the later rating counts.
    4. Counts and means come from the largest rating_stats, and from the pooled ratings for movies
       that are absent there.

    Raises DataError if two releases have the same name, since their users could not be told apart.
    """
    if not releases:
        raise ValueError("pool() needs at least one release")
    names = [release.name for release in releases]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"two data sets are named {name}: rename the folder of one of them")

    rows, users = _stack(releases)
    repeated = _repeats(rows) if len(releases) > 1 else np.zeros(len(rows), dtype=bool)
    rows = rows[~repeated]

    movies, moved = _catalogue(releases)
    rows = rows.assign(movie_id=_moved(rows["movie_id"], moved))
    gone = ~rows["movie_id"].isin(movies.index)
    kept = _latest_of_each_pair(rows[~gone]) if moved else rows[~gone]

    codes, present = pd.factorize(kept["user"], sort=True)
    ratings = kept.assign(user=codes).reset_index(drop=True)
    per_release = ratings.groupby("release")["user"].agg(["size", "nunique"])
    per_release = per_release.reindex(range(len(releases)), fill_value=0)
    all_ids = np.unique(np.concatenate([release.movies.index for release in releases]))
    result = Pool(
        movies=movies,
        ratings=ratings.drop(columns="release"),
        users=tuple(users[code] for code in present),
        stats=_stats(releases, ratings, movies.index),
        tags=_tags(releases, moved, movies.index),
        sources=tuple(
            Source(name, int(size), int(people))
            for name, (size, people) in zip(names, per_release.to_numpy(), strict=True)
        ),
        dropped=Dropped(
            repeated=int(repeated.sum()),
            gone_movies=len(all_ids) - len(movies) - len(moved),
            gone_ratings=int(gone.sum()),
            moved_movies=len(moved),
            replaced=len(rows) - int(gone.sum()) - len(kept),
        ),
    )
    log.info("pooled %s; %s", result.sources, result.dropped)
    return result


def _layout(folder: Path) -> str:
    """Return the suffix of the release's files, ".csv" or ".dat"."""
    if not folder.exists():
        raise DataError(f"{folder} does not exist: give the folder of a MovieLens release")
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder: unpack it and give the folder")
    for suffix in (".csv", ".dat"):
        if (folder / f"ratings{suffix}").is_file():
            if not (folder / f"movies{suffix}").is_file():
                raise DataError(f"{folder} has ratings{suffix} but no movies{suffix}")
            return suffix
    raise DataError(
        f"{folder} is not a MovieLens release: it has neither ratings.csv nor ratings.dat"
    )


def _read_optional(path: Path, table: CsvSchema) -> pd.DataFrame | None:
    return read_columns(path, table).set_index("movieId") if path.is_file() else None


def _read_ratings(path: Path, name: str, movie_ids: pd.Index[int]) -> pd.DataFrame:
    raw = read_columns(path, _RATINGS)
    movie_codes = movie_ids.get_indexer(pd.Index(raw["movieId"]))
    if (movie_codes < 0).any():
        raise fault(path, _RATINGS, known_movies=frozenset(movie_ids))
    user_codes, user_ids = pd.factorize(raw["userId"], sort=True)
    users = pd.Index([f"{name}:{user}" for user in user_ids])
    ratings = pd.DataFrame(
        {
            "user": pd.Categorical.from_codes(user_codes, users),
            "movie_id": raw["movieId"],
            "stars": raw["rating"].astype("float32"),
            "timestamp": raw["timestamp"],
        }
    )
    pairs = pd.Series(user_codes * len(movie_ids) + movie_codes)
    replaced = pairs.duplicated(keep="last")
    if replaced.any():
        log.warning(
            "%s: %d ratings replaced by a later line of the same user and movie",
            path,
            replaced.sum(),
        )
        ratings = ratings[~replaced].reset_index(drop=True)
    return ratings


def _stack(releases: Sequence[Release]) -> tuple[pd.DataFrame, list[str]]:
    """Put the ratings below each other, with the release's number and one code per user."""
    frames: list[pd.DataFrame] = []
    users: list[str] = []
    for number, release in enumerate(releases):
        people = release.ratings["user"].cat
        codes = people.codes.astype("int64") + len(users)
        frames.append(release.ratings.assign(user=codes, release=number))
        users.extend(people.categories)
    return pd.concat(frames, ignore_index=True), users


def _repeats(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    same = rows.groupby(["movie_id", "timestamp", "stars"], sort=False)["release"]
    return (same.transform("min") < rows["release"]).to_numpy()


def _catalogue(releases: Sequence[Release]) -> tuple[pd.DataFrame, dict[int, int]]:
    """Return the pool's catalogue, and for each moved movie_id the catalogue's own."""
    base = max(releases, key=lambda release: len(release.movies))
    movies = base.movies
    moved: dict[int, int] = {}
    for release in releases:
        missing = release.movies[~release.movies.index.isin([*movies.index, *moved])]
        by_imdb = pd.Series(movies.index, index=movies["imdb_id"])
        by_imdb = by_imdb[by_imdb.index.notna() & ~by_imdb.index.duplicated()]
        target = missing["imdb_id"].map(by_imdb)
        found = target.dropna().astype("int64")
        moved |= dict(zip(found.index.tolist(), found.tolist(), strict=True))
        unknown = missing[target.isna()]
        is_newer = base.ratings["timestamp"].max() >= release.ratings["timestamp"].max()
        if not (is_newer and len(unknown) <= _GONE_AT_MOST * len(release.movies)):
            movies = pd.concat([movies, unknown])
    return movies.sort_index(), moved


def _moved(
    ids: pd.Series[int], moved: dict[int, int]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    codes, distinct = pd.factorize(ids)
    return np.array([moved.get(movie_id, movie_id) for movie_id in distinct], np.int64)[codes]


def _latest_of_each_pair(rows: pd.DataFrame) -> pd.DataFrame:
    by_time = rows.sort_values("timestamp", kind="stable")
    return by_time.drop_duplicates(["user", "movie_id"], keep="last").sort_index()


def _stats(
    releases: Sequence[Release], ratings: pd.DataFrame, movie_ids: pd.Index[int]
) -> pd.DataFrame:
    stars = ratings["stars"].astype("float64")
    pooled = stars.groupby(ratings["movie_id"]).agg(["count", "mean"])
    exact = [release.stats for release in releases if release.stats is not None]
    if not exact:
        return pooled
    largest = max(exact, key=lambda stats: int(stats["count"].sum()))
    largest = largest[largest.index.isin(movie_ids)]
    return pd.concat([largest, pooled[~pooled.index.isin(largest.index)]]).sort_index()


def _tags(
    releases: Sequence[Release], moved: dict[int, int], movie_ids: pd.Index[int]
) -> pd.DataFrame | None:
    frames = [release.tags for release in releases if release.tags is not None]
    if not frames:
        return None
    tags = pd.concat(frames, ignore_index=True)
    tags["movie_id"] = _moved(tags["movie_id"], moved)
    return tags[tags["movie_id"].isin(movie_ids)].reset_index(drop=True)
