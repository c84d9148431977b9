"""Ratings as CSV: for our own import and Letterboxd's, and what an import could not take."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.imports.formats.reeltwin import COLUMNS, escape_formula
from bot.imports.history import ImportedHistory, SkippedRow
from engine.data.catalogue import Movie


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


def skipped_rows_csv(history: ImportedHistory) -> bytes:
    """Return the rows that an import did not take, each with the reason, for a spreadsheet."""
    kinds = (
        ("not found", history.not_found),
        ("not sure", history.ambiguous),
        ("cannot be read", history.invalid),
        ("no film", history.ignored),
    )
    cells = (_skipped_cells(kind, row) for kind, rows in kinds for row in rows)
    # Excel takes UTF-8 for what it is only where it begins so.
    return b"\xef\xbb\xbf" + _csv(("File", "Line", "Title", "Year", "Kind", "Reason"), cells)


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
