"""The rows of a file, each taken for a movie or left with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.imports.movie_matching import MovieIndex, MovieMatch
from bot.imports.rows import ImportedRow

# Title, year, and the ids at IMDb, TMDB and MovieLens.
_Wanted = tuple[str, int | None, int | None, int | None, int | None]

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SkippedRow:
    """A row that was not taken.

    Attributes
    ----------
    line, title, year
        As in `ImportedRow`.
    reason
        What the matter is with it, in words.
    file
        Its file in a zip, else "".
    candidates
        The movies (ids) that an ambiguous row may mean, the best known first.

    """

    line: int
    title: str
    year: int | None
    reason: str
    file: str = ""
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True)
class ImportedHistory:
    """What a file says of the movies that a user saw.

    Attributes
    ----------
    source, scale
        Where it is from and how its ratings became stars, in words.
    stars
        Stars in 0.5..5 by movie id; of several ratings of a movie the latest.
    rated_at
        When, in UTC, for those of ``stars`` whose time the file tells.
    seen
        Movies (ids) seen without stars.
    not_found
        Rows whose movie is not in the catalogue.
    ambiguous
        Rows that may mean several movies, or one that is not sure.
    invalid
        Rows that make no sense.
    ignored
        Rows that are about no movie, such as series, or that say nothing of it.
    n_rows
        Rows read.

    """

    source: str
    scale: str
    stars: Mapping[int, float]
    rated_at: Mapping[int, datetime]
    seen: frozenset[int]
    not_found: tuple[SkippedRow, ...]
    ambiguous: tuple[SkippedRow, ...]
    invalid: tuple[SkippedRow, ...]
    ignored: tuple[SkippedRow, ...]
    n_rows: int


@dataclass(frozen=True)
class _Rating:
    """Stars, and what decides whether they count: the lower rank, and then the later time."""

    rank: int
    rated_at: datetime
    stars: float

    def replaces(self, other: "_Rating | None") -> bool:
        """Return whether these stars count rather than those of a row read before."""
        return other is None or (-self.rank, self.rated_at) >= (-other.rank, other.rated_at)


class HistoryBuilder:
    """Collects what the rows of one upload say."""

    def __init__(self, movies: MovieIndex) -> None:
        self._movies = movies
        self._n_rows = 0
        # By what a row says of its movie, and by the match: a file may say the same on many rows.
        self._matches: dict[_Wanted, MovieMatch] = {}
        self._doubts: dict[MovieMatch, str] = {}
        self._ratings: dict[int, _Rating] = {}
        self._seen: set[int] = set()
        self._not_found: list[SkippedRow] = []
        self._ambiguous: list[SkippedRow] = []
        self._invalid: list[SkippedRow] = []
        self._ignored: list[SkippedRow] = []

    def add(self, rows: Iterable[ImportedRow], rank: int = 0, file: str = "") -> None:
        """Take the rows of a file.

        Parameters
        ----------
        rows
            What the file says.
        rank
            Of two files that rate a movie, the stars of that of lower rank count.
        file
            The file's name in its zip; "" where it came alone.
        """
        for row in rows:
            self._n_rows += 1
            self._add(row, rank, file)

    def build(self, source: str, scale: str) -> ImportedHistory:
        """Return what came of the rows.

        Parameters
        ----------
        source, scale
            As in `ImportedHistory`.
        """
        return ImportedHistory(
            source=source,
            scale=scale,
            stars={movie_id: rating.stars for movie_id, rating in self._ratings.items()},
            rated_at={
                movie_id: rating.rated_at
                for movie_id, rating in self._ratings.items()
                if rating.rated_at != _LONG_AGO
            },
            seen=frozenset(self._seen - self._ratings.keys()),
            not_found=_once(self._not_found),
            ambiguous=_once(self._ambiguous),
            invalid=tuple(self._invalid),
            ignored=tuple(self._ignored),
            n_rows=self._n_rows,
        )

    def _add(self, row: ImportedRow, rank: int, file: str) -> None:
        """Keep what a row says, or put it on the list where it belongs."""
        if row.error:
            self._invalid.append(_skipped(row, file, row.error))
            return
        if row.ignored:
            self._ignored.append(_skipped(row, file, row.ignored))
            return
        # A series may be called like a movie: only its id says that the catalogue has it.
        match = self._match(replace(row, title="") if row.other_kind else row)
        if match.movie_id is not None:
            self._keep(match.movie_id, row, rank)
        elif row.other_kind:
            self._ignored.append(_skipped(row, file, row.other_kind))
        elif match.candidates:
            self._ambiguous.append(_skipped(row, file, self._doubt(match), match.candidates))
        else:
            self._not_found.append(_skipped(row, file, f"not among my films{_ids(row)}"))

    def _match(self, row: ImportedRow) -> MovieMatch:
        wanted = row.title, row.year, row.imdb_id, row.tmdb_id, row.movie_id
        if wanted not in self._matches:
            self._matches[wanted] = self._movies.find(row)
        return self._matches[wanted]

    def _doubt(self, match: MovieMatch) -> str:
        """Return why a match is not sure, and the titles of its candidates."""
        if match not in self._doubts:
            titles = [self._movies.catalogue.by_id(one).title for one in match.candidates]
            self._doubts[match] = f"{match.doubt} {' or '.join(titles)}"
        return self._doubts[match]

    def _keep(self, movie_id: int, row: ImportedRow, rank: int) -> None:
        if row.stars is None:
            self._seen.add(movie_id)
            return
        rating = _Rating(rank, row.rated_at or _LONG_AGO, row.stars)
        if rating.replaces(self._ratings.get(movie_id)):
            self._ratings[movie_id] = rating


def _skipped(
    row: ImportedRow, file: str, reason: str, candidates: tuple[int, ...] = ()
) -> SkippedRow:
    return SkippedRow(row.line, row.title, row.year, reason, file, candidates)


def _ids(row: ImportedRow) -> str:
    """Return the ids of a row that has no title to tell it by."""
    if row.title:
        return ""
    ids = ("MovieLens", row.movie_id), ("IMDb", row.imdb_id), ("TMDB", row.tmdb_id)
    return f" ({', '.join(f'{name} id {number}' for name, number in ids if number)})"


def _once(rows: list[SkippedRow]) -> tuple[SkippedRow, ...]:
    """Return each movie of a zip once: Letterboxd has it in ratings, diary and movies watched."""
    first: dict[tuple[str, int | None], SkippedRow] = {}
    for row in rows:
        first.setdefault((row.title, row.year) if row.file else (row.file, row.line), row)
    return tuple(first.values())
