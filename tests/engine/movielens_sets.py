"""Small MovieLens-format data sets whose right answers are known."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

Style = Literal["csv", "ml-1m", "ml-10m"]

GENRES = {
    "space": "Action|Sci-Fi",
    "love": "Drama|Romance",
    "fear": "Horror|Thriller",
}
CLUSTERS = tuple(GENRES)
# How a user feels about their own cluster, the one that they dislike, and the third.
_FEELINGS = ((4.5, 4.0, 5.0), (1.5, 1.0, 2.0), (3.2, 2.0, 4.5))
_WATCHES = (1.0, 0.25, 0.4)


@dataclass(frozen=True)
class KnownSet:
    """A written data set and the structure behind it.

    Attributes
    ----------
    folder
        Where the files are.
    movies
        The cluster of each movie id.
    loves, dislikes
        The cluster that each user, named "folder:userId", rates 4-5 and 1-2.
    unrated
        The movie ids that nobody rated.
    n_ratings
        The rows of the ratings file.

    """

    folder: Path
    movies: dict[int, str]
    loves: dict[str, str]
    dislikes: dict[str, str]
    unrated: frozenset[int]
    n_ratings: int


def write_release(
    folder: Path, *, n_users: int = 120, n_movies: int = 150, seed: int = 0, style: Style = "csv"
) -> KnownSet:
    """Write a release into `folder` (made if need be) and return what is true of it.

    Movies and users are dealt to the three clusters in turn. A user watches mostly the cluster
    that they love (4 to 5 stars), at times the one that they dislike (1 to 2 stars) and the third
    (2 to 4.5). Movies differ in popularity (Zipf) and in quality. The last movie of each cluster
    is never rated. ml-1m has whole stars, Latin-1 and no links or tags; ml-10m has no links.
    """
    rng = np.random.default_rng(seed)
    ids = np.arange(1, n_movies + 1) * 3
    cluster = np.arange(n_movies) % 3
    quality = rng.normal(0.0, 0.3, n_movies)
    popularity = 1.0 / np.sqrt(1.0 + rng.permutation(n_movies))
    popularity[-3:] = 0.0

    ratings: list[tuple[int, int, float, int]] = []
    for user in range(n_users):
        feeling = (cluster - user) % 3
        chance = popularity * np.array(_WATCHES)[feeling]
        n = int(rng.integers(n_movies // 6, n_movies // 3))
        seen = np.sort(rng.choice(n_movies, size=n, replace=False, p=chance / chance.sum()))
        mean, low, high = np.array(_FEELINGS)[feeling[seen]].T
        stars = np.clip(mean + quality[seen] + rng.normal(0.0, 0.4, n), low, high)
        stars = np.round(stars) if style == "ml-1m" else np.round(stars * 2) / 2
        # The seed keeps the moments of two sets apart, or pooling would take them for repeats.
        when = 1_000_000_000 + seed + user * 1_000_000 + rng.permutation(n) * 60
        ratings += zip(
            [user + 1] * n, ids[seen].tolist(), stars.tolist(), when.tolist(), strict=True
        )

    movies = [
        (int(movie), _title(number, rng), GENRES[CLUSTERS[number % 3]])
        for number, movie in enumerate(ids)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    if style == "csv":
        _write_csv(folder, movies, ratings)
    else:
        _write_dat(folder, movies, ratings, style)
    users = [(f"{folder.name}:{user + 1}", user) for user in range(n_users)]
    return KnownSet(
        folder=folder,
        movies={int(movie): CLUSTERS[c] for movie, c in zip(ids, cluster, strict=True)},
        loves={name: CLUSTERS[user % 3] for name, user in users},
        dislikes={name: CLUSTERS[(user + 1) % 3] for name, user in users},
        unrated=frozenset(ids.tolist()) - {movie for _, movie, _, _ in ratings},
        n_ratings=len(ratings),
    )


def imdb_id(movie_id: int) -> int:
    """Return the IMDb id that every csv set gives to a movie."""
    return 100_000 + movie_id


def _title(number: int, rng: np.random.Generator) -> str:
    """Titles with articles, colons, accents and quotes, as the real ones have."""
    year = int(rng.integers(1960, 2020))
    name = {
        3: f"Étude {number}",
        5: f"Comet {number}: The Return",
        7: f'Film {number} "Encore"',
    }.get(number % 10, f"Film {number}, The")
    return f"{name} ({year})"


def _write_csv(
    folder: Path, movies: list[tuple[int, str, str]], ratings: list[tuple[int, int, float, int]]
) -> None:
    ids = [movie for movie, _, _ in movies]
    # As in the real sets a few movies have no TMDB id.
    links = [(i, f"{imdb_id(i):07d}", "" if i % 40 == 0 else 200_000 + i) for i in ids]
    tags = [(1, i, "twist, ending", 1_000_000_000) for i in ids[:5]]
    for name, header, rows in (
        ("movies", ("movieId", "title", "genres"), movies),
        ("ratings", ("userId", "movieId", "rating", "timestamp"), ratings),
        ("links", ("movieId", "imdbId", "tmdbId"), links),
        ("tags", ("userId", "movieId", "tag", "timestamp"), tags),
    ):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


def _write_dat(
    folder: Path,
    movies: list[tuple[int, str, str]],
    ratings: list[tuple[int, int, float, int]],
    style: Style,
) -> None:
    encoding = "latin-1" if style == "ml-1m" else "utf-8"
    tables: dict[str, list[tuple[object, ...]]] = {
        "movies": [*movies],
        "ratings": [(user, movie, f"{stars:g}", when) for user, movie, stars, when in ratings],
    }
    if style == "ml-10m":
        tables["tags"] = [(1, movie, "twist: ending", 1_000_000_000) for movie, _, _ in movies[:5]]
    for name, rows in tables.items():
        text = "".join("::".join(map(str, row)) + "\n" for row in rows)
        (folder / f"{name}.dat").write_bytes(text.encode(encoding))
