"""An uploaded file as ratings of the catalogue's films, with all that could not be taken."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.imports.archive import TextFile, texts_of
from bot.imports.csv_reader import MOST_ROWS, Record, columns_at_first_sight, read_table
from bot.imports.errors import refused
from bot.imports.formats import imdb, letterboxd, movielens, reeltwin, trakt
from bot.imports.movie_matching import FilmIndex
from bot.imports.rows import Entry, Format, TableFormat
from bot.text import shortened

# A table is of the first format whose columns it has.
_FORMATS = (
    reeltwin.FORMAT,
    *letterboxd.FORMATS,
    imdb.FORMAT,
    movielens.FORMAT,
    reeltwin.LIST_OF_FIVE,
    reeltwin.LIST_OF_TEN,
)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SkippedRow:
    """A row that was not taken, and what the matter is with it.

    ``file`` is its file in a zip, else "". ``candidates`` are the films (movie ids) that an
    ambiguous row may mean, the best known first.
    """

    line: int
    title: str
    year: int | None
    what: str
    file: str = ""
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True)
class History:
    """What a file says of the films that somebody saw.

    Attributes
    ----------
    source, scale : where it is from and how its ratings became stars, in words
    stars : stars in 0.5..5 by movie id; of several ratings of a film the latest
    rated_at : when, in UTC, for those of ``stars`` whose time the file tells
    seen : films seen without stars
    not_found : rows whose film is not in the catalogue
    ambiguous : rows that may mean several films, or one that is not sure
    bad : rows that make no sense
    aside : rows that are about no film, such as series, or that say nothing of it
    n_rows : rows read

    """

    source: str
    scale: str
    stars: Mapping[int, float]
    rated_at: Mapping[int, datetime]
    seen: frozenset[int]
    not_found: tuple[SkippedRow, ...]
    ambiguous: tuple[SkippedRow, ...]
    bad: tuple[SkippedRow, ...]
    ignored: tuple[SkippedRow, ...]
    n_rows: int


@dataclass(frozen=True)
class _Sheet:
    """The entries of one file."""

    file: TextFile
    format: Format
    entries: list[Entry]


@dataclass
class _Gathered:
    """What the entries so far come to; a film's stars with what makes them count."""

    films: FilmIndex
    stars: dict[int, tuple[int, datetime, float]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    not_found: list[SkippedRow] = field(default_factory=list)
    ambiguous: list[SkippedRow] = field(default_factory=list)
    bad: list[SkippedRow] = field(default_factory=list)
    ignored: list[SkippedRow] = field(default_factory=list)

    def take(self, sheet: _Sheet) -> None:
        for entry in sheet.entries:
            left = self._take(entry, sheet.format.rank)
            if left is not None:
                lefts, what, candidates = left
                name = sheet.file.name if sheet.file.packed else ""
                lefts.append(
                    SkippedRow(entry.line, entry.title, entry.year, what, name, candidates)
                )

    def _take(
        self, entry: Entry, rank: int
    ) -> tuple[list[SkippedRow], str, tuple[int, ...]] | None:
        """Keep what an entry says, or say in which list it belongs and why."""
        if entry.bad:
            return self.bad, entry.bad, ()
        if entry.ignored:
            return self.ignored, entry.ignored, ()
        # A series may be called like a film: only its id says that the catalogue has it.
        found = self.films.find(replace(entry, title="") if entry.no_film else entry)
        if found.movie_id is not None:
            self._keep(found.movie_id, entry, rank)
            return None
        if entry.no_film:
            return self.ignored, entry.no_film, ()
        if found.candidates:
            titles = [self.films.catalogue.by_id(one).title for one in found.candidates]
            return self.ambiguous, f"{found.doubt} {' or '.join(titles)}", found.candidates
        return self.not_found, f"not among my films{_ids(entry)}", ()

    def _keep(self, movie_id: int, entry: Entry, rank: int) -> None:
        if entry.stars is None:
            self.seen.add(movie_id)
            return
        rating = (-rank, entry.at or _LONG_AGO, entry.stars)
        held = self.stars.get(movie_id)
        if held is None or rating[:2] >= held[:2]:
            self.stars[movie_id] = rating


def read_history(name: str, data: bytes, films: FilmIndex) -> History:
    """Read an upload of any kind this package knows; takes up to about two seconds.

    Parameters
    ----------
    name
        The file's name. It decides nothing but whether a list of Letterboxd's is the watchlist,
        which has the columns of the films watched.

    Raises
    ------
    UserError
        Where it is none of them, has no rows, or is out of bounds; the message says what is wrong
        and what to send.
    """
    sheets = sorted(_sheets(name, data), key=lambda sheet: sheet.format.rank)
    n_rows = sum(len(sheet.entries) for sheet in sheets)
    if not n_rows:
        raise refused("The file has the columns I know and not one row.")
    sources = sorted({sheet.format.source for sheet in sheets})
    if len(sources) > 1:
        raise refused(f"The zip holds files of {' and '.join(sources)}: please send one of them.")
    gathered = _Gathered(films)
    for sheet in sheets:
        gathered.take(sheet)
    stars = {movie_id: stars for movie_id, (_, _, stars) in gathered.stars.items()}
    times = {movie_id: at for movie_id, (_, at, _) in gathered.stars.items() if at != _LONG_AGO}
    return History(
        source=sources[0],
        scale=next(sheet.format.scale for sheet in sheets if sheet.entries),
        stars=stars,
        rated_at=times,
        seen=frozenset(gathered.seen - stars.keys()),
        not_found=_once(gathered.not_found),
        ambiguous=_once(gathered.ambiguous),
        bad=tuple(gathered.bad),
        ignored=tuple(gathered.ignored),
        n_rows=n_rows,
    )


class _UnknownError(Exception):
    """A file is of no kind that matters; the message says so to whoever sent it alone."""


def _sheets(name: str, data: bytes) -> list[_Sheet]:
    """The files that are of a known kind; raises UserError where there is none."""
    sheets, others = [], []
    for file in texts_of(name, data):
        try:
            sheets.append(_sheet(file))
        except _UnknownError as unknown:
            if not file.packed:
                raise refused(str(unknown)) from None
            others.append(shortened(file.name, 40))
        if sum(len(sheet.entries) for sheet in sheets) > MOST_ROWS:
            raise refused(f"The files in the zip have more than {MOST_ROWS:,} rows.")
    if not sheets:
        among = f": {', '.join(others[:5])}" if others else ""
        raise refused(f"The zip holds no list of ratings that I know{among}.")
    return sheets


def _sheet(file: TextFile) -> _Sheet:
    """A file's entries; raises _UnknownError, and UserError where a known kind is broken."""
    start = file.text[:1_000].lstrip()
    if start.startswith(("[", "{")):
        if '"movie"' in file.text and (read := trakt.read_json(file.text)):
            return _Sheet(file, *read)
        raise _UnknownError("The file is JSON, but no list of ratings of films from Trakt.")
    if start.startswith("<"):
        raise _UnknownError("The file is a web page rather than a list of ratings.")
    return _table(file)


def _table(file: TextFile) -> _Sheet:
    if file.packed and _format(columns_at_first_sight(file.text)) is None:
        raise _UnknownError  # whatever else may be wrong with it
    header, records = read_table(file.text)
    form = _format(header.columns.keys())
    if form is None:
        columns = shortened(", ".join(header.columns), 60)
        raise _UnknownError(f"I know no list of ratings with the columns “{columns}”.")
    if form.source == letterboxd.SOURCE and not letterboxd.is_of_films_seen(file, form):
        raise _UnknownError("The file is your watchlist, which says nothing of films you saw.")
    if twice := header.repeated & form.uses:
        raise refused(f"The file has two columns “{min(twice)}”, and I cannot tell which counts.")
    return _Sheet(file, form, list(_entries(records, form)))


def _format(columns: Set[str]) -> TableFormat | None:
    return next((form for form in _FORMATS if form.fits(columns)), None)


def _entries(records: Iterable[Record], form: TableFormat) -> Iterator[Entry]:
    """The entries of one person's file."""
    user = None
    for record in records:
        entry = form.read(record)
        if user is not None and entry.user != user:
            raise refused(
                f"The file holds ratings of several people: user {shortened(user, 20)}, and on "
                f"line {record.line:,} user {shortened(entry.user, 20)}."
            )
        user = entry.user
        if record.overflows:
            entry = replace(entry, bad="it has more cells than the header: are quotes missing?")
        yield entry


def _ids(entry: Entry) -> str:
    """The ids of an entry that has no title to tell it by."""
    if entry.title:
        return ""
    ids = ("MovieLens", entry.movie_id), ("IMDb", entry.imdb_id), ("TMDB", entry.tmdb_id)
    return f" ({', '.join(f'{name} id {number}' for name, number in ids if number)})"


def _once(lefts: list[SkippedRow]) -> tuple[SkippedRow, ...]:
    """Each film of a zip once: Letterboxd names it in ratings, diary and films watched."""
    first: dict[tuple[str, int | None], SkippedRow] = {}
    for left in lefts:
        first.setdefault((left.title, left.year) if left.file else (left.file, left.line), left)
    return tuple(first.values())
