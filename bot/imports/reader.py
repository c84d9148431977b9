"""An uploaded file as ratings of the catalogue's movies, with all that could not be taken."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.imports.archive import NO_ZIP, TextFile, is_called_zip, texts_of
from bot.imports.csv_reader import MAX_ROWS, Record, columns_at_first_sight, read_table
from bot.imports.errors import UnreadableFileError
from bot.imports.format import Format, ImportSource, JsonFormat, TableFormat
from bot.imports.history import HistoryBuilder, ImportedHistory
from bot.imports.json_reader import read_items
from bot.imports.movie_matching import MovieIndex
from bot.imports.rows import ImportedRow
from bot.imports.sources import import_sources, named_sources
from bot.text import shortened


class _UnknownKindError(Exception):
    """A file is of no kind that matters; the message says so to whoever sent it alone."""


@dataclass(frozen=True)
class _ParsedFile:
    """The rows of one file, and what kind of file it is."""

    file: TextFile
    source: str
    format: Format
    rows: list[ImportedRow]


def read_history(name: str, data: bytes, movies: MovieIndex) -> ImportedHistory:
    """Read an upload of any kind that `import_sources` have; takes up to about two seconds.

    Parameters
    ----------
    name
        The file's name. It decides nothing but whether a list of Letterboxd's is the watchlist,
        which has the columns of the movies watched.
    data
        The file's content.
    movies
        Finds the movies that the rows name.

    Raises
    ------
    UserError
        Where it is none of them, has no rows, or is out of bounds; the message says what is wrong
        and what to send.
    """
    try:
        return _read_history(name, data, movies)
    except UnreadableFileError as error:
        raise UserError(f"{error} {_what_to_send()}") from None


def _what_to_send() -> str:
    names = ["me" if source.is_own else source.name for source in named_sources()]
    return (
        "I read lists of ratings in CSV or JSON, alone or in a zip. "
        f"Please send the file just as you got it from {', '.join(names[:-1])} or {names[-1]}, "
        "for example the zip from Letterboxd's Settings, Data, Export your data."
    )


def _read_history(name: str, data: bytes, movies: MovieIndex) -> ImportedHistory:
    files = sorted(_parse_files(name, data), key=lambda parsed: parsed.format.rank)
    if not any(parsed.rows for parsed in files):
        raise UnreadableFileError("The file has the columns I know and not one row.")
    sources = sorted({parsed.source for parsed in files})
    if len(sources) > 1:
        raise UnreadableFileError(
            f"The zip holds files of {' and '.join(sources)}: please send one of them."
        )
    builder = HistoryBuilder(movies)
    for parsed in files:
        in_zip = parsed.file.name if parsed.file.packed else ""
        builder.add(parsed.rows, parsed.format.rank, in_zip)
    return builder.build(sources[0], next(parsed.format.scale for parsed in files if parsed.rows))


def _parse_files(name: str, data: bytes) -> list[_ParsedFile]:
    """Return the files that are of a known kind; raises where there is none."""
    sources = import_sources()
    known, others = [], []
    for file in texts_of(name, data):
        try:
            known.append(_parse(file, sources))
        except _UnknownKindError as unknown:
            if not file.packed:
                reason = NO_ZIP if is_called_zip(name) else str(unknown)
                raise UnreadableFileError(reason) from None
            others.append(shortened(file.name, 40))
        if sum(len(parsed.rows) for parsed in known) > MAX_ROWS:
            raise UnreadableFileError(f"The files in the zip have more than {MAX_ROWS:,} rows.")
    if not known:
        among = f": {', '.join(others[:5])}" if others else ""
        raise UnreadableFileError(f"The zip holds no list of ratings that I know{among}.")
    return known


def _parse(file: TextFile, sources: Sequence[ImportSource]) -> _ParsedFile:
    """Return a file's rows.

    Raises
    ------
    _UnknownKindError
        Where it is of no known kind.
    UnreadableFileError
        Where a known kind is broken or too large.
    """
    start = file.text[:1_000].lstrip()
    if start.startswith(("[", "{")):
        return _parse_json(file, sources)
    if start.startswith("<"):
        raise _UnknownKindError("The file is a web page rather than a list of ratings.")
    return _parse_table(file, sources)


def _parse_json(file: TextFile, sources: Sequence[ImportSource]) -> _ParsedFile:
    kinds = [
        (source.name, kind)
        for source in sources
        for kind in source.formats
        if isinstance(kind, JsonFormat)
    ]
    possible = [(name, kind) for name, kind in kinds if kind.marker in file.text]
    items = read_items(file.text) if possible else []
    for name, kind in possible:
        if kind.fits(items):
            if len(items) > MAX_ROWS:
                raise UnreadableFileError(f"The file has more than {MAX_ROWS:,} ratings.")
            rows = [kind.read(number, item) for number, item in enumerate(items, start=1)]
            return _ParsedFile(file, name, kind, rows)
    names = " or ".join(dict.fromkeys(name for name, _ in kinds))
    raise _UnknownKindError(f"The file is JSON, but no list of ratings of films from {names}.")


def _parse_table(file: TextFile, sources: Sequence[ImportSource]) -> _ParsedFile:
    if file.packed and _table_format(columns_at_first_sight(file.text), sources) is None:
        raise _UnknownKindError  # whatever else may be wrong with it
    header, records = read_table(file.text)
    found = _table_format(header.columns.keys(), sources)
    if found is None:
        columns = shortened(", ".join(header.columns), 60)
        raise _UnknownKindError(f"I know no list of ratings with the columns “{columns}”.")
    name, kind = found
    if kind.refuse is not None and (refusal := kind.refuse(file)):
        raise _UnknownKindError(refusal)
    if repeated := header.repeated & kind.used:
        raise UnreadableFileError(
            f"The file has two columns “{min(repeated)}”, and I cannot tell which counts."
        )
    return _ParsedFile(file, name, kind, list(_table_rows(records, kind)))


def _table_format(
    columns: Set[str], sources: Sequence[ImportSource]
) -> tuple[str, TableFormat] | None:
    """Return the first kind of table with these columns, and the name of its source."""
    return next(
        (
            (source.name, kind)
            for source in sources
            for kind in source.formats
            if isinstance(kind, TableFormat) and kind.fits(columns)
        ),
        None,
    )


def _table_rows(records: Iterable[Record], kind: TableFormat) -> Iterator[ImportedRow]:
    """Yield the rows of a table, which are all of one person."""
    user = None
    for record in records:
        row = kind.read(record)
        if user is not None and row.user != user:
            raise UnreadableFileError(
                f"The file holds ratings of several people: user {shortened(user, 20)}, and on "
                f"line {record.line:,} user {shortened(row.user, 20)}."
            )
        user = row.user
        if record.overflows:
            row = replace(row, error="it has more cells than the header: are quotes missing?")
        yield row
