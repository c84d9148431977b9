"""Letterboxd's account export: ratings, diary, reviews and the films watched.

Ratings hold the stars that a film has now, the diary and the reviews those of one evening each. A
film has no id in any of them: the addresses are Letterboxd's own.
"""

from functools import partial

from bot.imports.archive import TextFile
from bot.imports.csv_reader import Record
from bot.imports.rows import (
    NO_STARS,
    OF_FIVE,
    Entry,
    Format,
    TableFormat,
    cleaned,
    stars_of,
    time_of,
    year_of,
)

SOURCE = "Letterboxd"

_FILM = frozenset({"name", "year", "letterboxduri"})
_USED = _FILM | {"date", "rating", "watcheddate"}

# What stands in these folders of the export was deleted, or is no list of what was seen.
_NOT_SEEN = frozenset({"deleted", "orphaned", "lists", "likes"})


def _read(record: Record, *, day: str) -> Entry:
    stars, bad = stars_of(record["rating"], of=5)
    title = cleaned(record["name"])
    return Entry(
        record.line,
        title,
        year_of(record["year"]),
        stars,
        time_of(record[day]) or time_of(record["date"]),
        bad=bad if title else "there is no title",
    )


def _format(rank: int, columns: set[str], day: str, scale: str = OF_FIVE) -> TableFormat:
    return TableFormat(
        SOURCE, scale, rank, needs=(_FILM | columns,), uses=_USED, read=partial(_read, day=day)
    )


# A file is of the first kind whose columns it has.
REVIEWS = _format(2, {"rating", "review"}, "watcheddate")
DIARY = _format(1, {"rating", "watcheddate"}, "watcheddate")
RATINGS = _format(0, {"rating"}, "date")
WATCHED = _format(3, set(), "date", NO_STARS)
FORMATS = (REVIEWS, DIARY, RATINGS, WATCHED)


def is_of_films_seen(file: TextFile, form: Format) -> bool:
    """Whether a file of one of these kinds is about films that its owner has seen.

    The watchlist and the films watched have the same columns: here only the name tells them apart.
    """
    if file.packed and not _NOT_SEEN.isdisjoint(map(str.casefold, file.folders)):
        return False
    if form is not WATCHED:
        return True
    name = file.name.casefold()
    return name == "watched.csv" if file.packed else "watchlist" not in name
