"""Letterboxd's account export: ratings, diary, reviews and the movies watched.

Ratings hold the stars that a movie has now, the diary and the reviews those of one evening each. A
movie has no id in any of them: the addresses are Letterboxd's own.
"""

from collections.abc import Callable
from functools import partial

from bot.imports.archive import TextFile
from bot.imports.csv_reader import Record
from bot.imports.format import ImportSource, TableFormat
from bot.imports.rows import ImportedRow
from bot.imports.values import (
    NO_STARS,
    STARS_TO_FIVE,
    clean_title,
    parse_stars,
    parse_time,
    parse_year,
)

_MOVIE = frozenset({"name", "year", "letterboxduri"})
_USED = _MOVIE | {"date", "rating", "watcheddate"}

# What stands in these folders of the export was deleted, or is no list of what was seen.
_NOT_SEEN = frozenset({"deleted", "orphaned", "lists", "likes"})
_REFUSED = "The file is your watchlist, which says nothing of films you saw."


def _read(record: Record, *, day: str) -> ImportedRow:
    stars, error = parse_stars(record["rating"], maximum=5)
    title = clean_title(record["name"])
    return ImportedRow(
        record.line,
        title,
        parse_year(record["year"]),
        stars,
        parse_time(record[day]) or parse_time(record["date"]),
        error=error if title else "there is no title",
    )


def _refuse(file: TextFile) -> str:
    """Refuse a file that is not about movies that its owner has seen."""
    set_aside = file.packed and not _NOT_SEEN.isdisjoint(map(str.casefold, file.folders))
    return _REFUSED if set_aside else ""


def _refuse_watchlist(file: TextFile) -> str:
    # The watchlist has the columns of the movies watched: only the name tells them apart.
    name = file.name.casefold()
    is_watched = name == "watched.csv" if file.packed else "watchlist" not in name
    return _refuse(file) if is_watched else _REFUSED


def _format(
    rank: int,
    columns: set[str],
    day: str,
    scale: str = STARS_TO_FIVE,
    refuse: Callable[[TextFile], str] = _refuse,
) -> TableFormat:
    return TableFormat(
        scale=scale,
        rank=rank,
        required=(_MOVIE | columns,),
        used=_USED,
        read=partial(_read, day=day),
        refuse=refuse,
    )


REVIEWS = _format(2, {"rating", "review"}, "watcheddate")
DIARY = _format(1, {"rating", "watcheddate"}, "watcheddate")
RATINGS = _format(0, {"rating"}, "date")
WATCHED = _format(3, set(), "date", NO_STARS, _refuse_watchlist)

SOURCE = ImportSource(
    name="Letterboxd",
    how_to_get="Settings, Data, Export your data: send the zip",
    formats=(REVIEWS, DIARY, RATINGS, WATCHED),
    order=1,
)
