"""Ratings as CSV: for our own import and Letterboxd's, and what an import could not take."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.imports.formats.reeltwin import COLUMNS, escape_formula
from bot.imports.history import ImportedHistory, SkippedRow
from engine.data.catalogue import Movie

MAX_BYTES = 8_000_000  # of a table to be sent: Discord takes 10 MB of files with a message


@dataclass(frozen=True)
class ExportedMovie:
    """A movie that a user rated or saw.

    Attributes
    ----------
    movie
        The movie.
    stars
        In 0.5..5 by halves; None where it was seen without stars.
    rated_at
        When, with its time zone.

    """

    movie: Movie
    stars: float | None
    rated_at: datetime | None = None


def export_csv(movies: Iterable[ExportedMovie]) -> bytes:
    """Return the movies as UTF-8; read back, it gives the same stars, movies seen and times."""
    return _csv(COLUMNS, map(_exported_cells, movies))


def skipped_rows_csv(history: ImportedHistory, most: int = MAX_BYTES) -> tuple[bytes, int]:
    """Return the rows that an import did not take, for a spreadsheet, and how many are in it.

    Parameters
    ----------
    history
        What the import came to.
    most
        Bytes; rows for which there is no room are left out.

    Returns
    -------
    data
        A table in UTF-8 with the reason for each row.
    n_rows
        Rows in the table.
    """
    kinds = (
        ("not found", history.not_found),
        ("not sure", history.ambiguous),
        ("cannot be read", history.invalid),
        ("no film", history.ignored),
    )
    cells = (_skipped_cells(kind, row) for kind, rows in kinds for row in rows)
    # Excel takes UTF-8 for what it is only where it begins so.
    data = bytearray(b"\xef\xbb\xbf")
    data += _csv_line(("File", "Line", "Title", "Year", "Kind", "Reason"))
    n_rows = 0
    for row in cells:
        line = _csv_line(row)
        if len(data) + len(line) > most:
            break
        data += line
        n_rows += 1
    return bytes(data), n_rows


def _exported_cells(exported: ExportedMovie) -> tuple[str, ...]:
    movie, at = exported.movie, exported.rated_at
    at = at.astimezone(UTC) if at else None
    return (
        str(movie.tmdb_id or ""),
        f"tt{movie.imdb_id:07d}" if movie.imdb_id else "",
        escape_formula(movie.name),
        str(movie.year or ""),
        "" if exported.stars is None else f"{exported.stars:g}",
        at.date().isoformat() if at else "",
        str(movie.movie_id),
        at.isoformat() if at else "",
    )


def _skipped_cells(kind: str, row: SkippedRow) -> tuple[str, ...]:
    return (
        escape_formula(row.file),
        str(row.line),
        escape_formula(row.title),
        str(row.year or ""),
        kind,
        escape_formula(row.reason),
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _csv_line(cells: Sequence[str]) -> bytes:
    return _csv(cells, ())
