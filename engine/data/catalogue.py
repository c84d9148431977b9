"""The catalogue: every movie with its names, facts and rating statistics, as parallel columns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress

import numpy as np
import numpy.typing as npt

from engine.errors import UnknownMovieError

GENRES = (
    *("Action", "Adventure", "Animation", "Children", "Comedy", "Crime", "Documentary", "Drama"),
    *("Fantasy", "Film-Noir", "Horror", "IMAX", "Musical", "Mystery", "Romance", "Sci-Fi"),
    *("Thriller", "War", "Western"),
)
IMAX_COLUMN = GENRES.index("IMAX")  # listed among the genres; says nothing of what a film is about

WELL_KNOWN = 3000  # films: of the others too few people know anything

_REMEMBERED = 4_096  # movies, half a kB each


@dataclass(frozen=True)
class Movie:
    """One movie. ``mean`` and ``bias`` are in stars, over ``count`` MovieLens ratings."""

    movie_id: int
    name: str
    year: int | None
    genres: tuple[str, ...]
    imdb_id: int | None
    tmdb_id: int | None
    count: int
    mean: float | None
    bias: float

    @property
    def title(self) -> str:
        """Return the name with the year, as in ``"The Matrix (1999)"``."""
        return f"{self.name} ({self.year})" if self.year else self.name

    @property
    def url(self) -> str | None:
        """Return the address of the movie's page at IMDb; None where its IMDb id is not known."""
        return f"https://www.imdb.com/title/tt{self.imdb_id:07d}/" if self.imdb_id else None


@dataclass(frozen=True)
class Catalogue:
    """Columns of n movies in the order of ascending id; 0 stands for an unknown year or outer id.

    Attributes
    ----------
    movie_ids
        MovieLens ids, int64 [n], ascending.
    names, aliases
        The name of each movie in natural word order, and the other names it goes by.
    years
        Of release, int16 [n].
    genres
        Bool [n, len(GENRES)].
    imdb_ids, tmdb_ids
        int64 [n].
    counts
        MovieLens ratings of each movie, int64 [n].
    means
        Their mean in stars, float64 [n], 0 where ``counts`` is 0.
    biases
        Means beside that of all ratings, shrunk, in stars, float32 [n].
    tags
        What users called each movie, in lower case, the most given first.
    """

    movie_ids: npt.NDArray[np.int64]
    names: Sequence[str]
    years: npt.NDArray[np.int16]
    aliases: Sequence[tuple[str, ...]]
    genres: npt.NDArray[np.bool_]
    imdb_ids: npt.NDArray[np.int64]
    tmdb_ids: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    means: npt.NDArray[np.float64]
    biases: npt.NDArray[np.float32]
    tags: Sequence[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.movie_ids)

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {int(movie_id): row for row, movie_id in enumerate(self.movie_ids)}

    @cached_property
    def well_known(self) -> npt.NDArray[np.int64]:
        """Return the rows of the 3,000 movies with most ratings, most first, or of all."""
        return np.argsort(-self.counts, kind="stable")[:WELL_KNOWN]

    def __contains__(self, movie_id: int) -> bool:
        return movie_id in self._row_of

    def row(self, movie_id: int) -> int:
        """Return the row of a movie by its id; raises :class:`UnknownMovieError`."""
        try:
            return self._row_of[int(movie_id)]
        except KeyError:
            raise UnknownMovieError(f"There is no movie with the id {movie_id}.") from None

    def by_id(self, movie_id: int) -> Movie:
        """Return a movie by its id; raises :class:`UnknownMovieError`."""
        return self.by_row(self.row(movie_id))

    def by_row(self, row: int) -> Movie:
        """Return the movie in a row, 0..n-1."""
        return self._remembered(int(row))

    @cached_property
    def _remembered(self) -> Callable[[int], Movie]:
        return lru_cache(_REMEMBERED)(self._movie)  # lists name the same films again and again

    def _movie(self, row: int) -> Movie:
        count = int(self.counts[row])
        return Movie(
            movie_id=int(self.movie_ids[row]),
            name=self.names[row],
            year=int(self.years[row]) or None,
            genres=tuple(compress(GENRES, self.genres[row].tolist())),
            imdb_id=int(self.imdb_ids[row]) or None,
            tmdb_id=int(self.tmdb_ids[row]) or None,
            count=count,
            mean=float(self.means[row]) if count else None,
            bias=float(self.biases[row]),
        )

    def faults(self) -> Iterator[str]:
        """What makes no sense although it is of the right type, as parts of a sentence."""
        if (np.diff(self.movie_ids) <= 0).any():
            yield "its ids do not ascend"
        if not all(map(str.strip, self.names)):
            yield "a film has no name"


def genre_matrix(genres: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return MovieLens genre fields such as ``"Action|Sci-Fi"`` as bool [n, len(GENRES)].

    Anything that is no genre, such as ``"(no genres listed)"``, is left out.
    """
    number = {genre: g for g, genre in enumerate(GENRES)}
    pattern_of = {pattern: p for p, pattern in enumerate(dict.fromkeys(genres))}
    matrix = np.zeros((len(pattern_of), len(GENRES)), dtype=np.bool_)
    for pattern, p in pattern_of.items():
        known = [number[genre] for genre in pattern.split("|") if genre in number]
        matrix[p, known] = True
    return matrix[[pattern_of[pattern] for pattern in genres]]
