"""Ratings as CSV: for our own import and Letterboxd's, and what an import could not take."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.imports.formats.reeltwin import COLUMNS, escape_formula
from bot.imports.reader import History, SkippedRow
from engine.data.catalogue import Movie


@dataclass(frozen=True)
class Exported:
    """A film that somebody rated, or saw without stars, and when (with its time zone)."""

    movie: Movie
    stars: float | None
    rated_at: datetime | None = None


def export_csv(films: Iterable[Exported]) -> bytes:
    """The films as UTF-8; reading it back gives the same stars, films seen and times."""
    return _csv(COLUMNS, map(_row, films))


def left_out_csv(history: History) -> bytes:
    """The rows that an import did not take, each with the reason, for a spreadsheet."""
    kinds = (
        ("not found", history.not_found),
        ("not sure", history.ambiguous),
        ("cannot be read", history.bad),
        ("no film", history.ignored),
    )
    rows = (_left_row(kind, left) for kind, lefts in kinds for left in lefts)
    # Excel takes UTF-8 for what it is only where it begins so.
    return b"\xef\xbb\xbf" + _csv(("File", "Line", "Title", "Year", "Kind", "Reason"), rows)


def _row(film: Exported) -> tuple[str, ...]:
    movie, at = film.movie, film.rated_at
    at = at.astimezone(UTC) if at else None
    return (
        str(movie.tmdb_id or ""),
        f"tt{movie.imdb_id:07d}" if movie.imdb_id else "",
        escape_formula(movie.name),
        str(movie.year or ""),
        "" if film.stars is None else f"{film.stars:g}",
        at.date().isoformat() if at else "",
        str(movie.movie_id),
        at.isoformat() if at else "",
    )


def _left_row(kind: str, left: SkippedRow) -> tuple[str, ...]:
    year = str(left.year or "")
    return (
        escape_formula(left.file),
        str(left.line),
        escape_formula(left.title),
        year,
        kind,
        escape_formula(left.what),
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
