"""IMDb's list of ratings, as exported now and until 2017, when its columns were named otherwise."""

import re
from datetime import UTC, datetime

from bot.imports.csv_reader import Record
from bot.imports.format import ImportSource, TableFormat
from bot.imports.rows import ImportedRow
from bot.imports.values import (
    POINTS_TO_TEN,
    clean_title,
    parse_imdb_id,
    parse_stars,
    parse_time,
    parse_year,
)

_OTHER_KIND = re.compile(r"serie|episod|game|podcast|music", re.IGNORECASE)


def _read(record: Record) -> ImportedRow:
    stars, error = parse_stars(record["yourrating"] or record["yourated"], maximum=10)
    imdb_id = parse_imdb_id(record["const"])
    title, kind = clean_title(record["title"]), clean_title(record["titletype"])
    if imdb_id is None and not title:
        error = "there is neither an id nor a title"
    return ImportedRow(
        record.line,
        title,
        parse_year(record["year"]),
        stars,
        parse_time(record["daterated"]) or _parse_old_time(record["created"]),
        imdb_id,
        error=error,
        # IMDb's other lists have the same columns, and most of their movies no rating.
        ignored="" if stars or error else "without a rating of yours",
        other_kind=kind[:40] if _OTHER_KIND.search(kind) else "",
    )


def _parse_old_time(text: str) -> datetime | None:
    """Return the time in ``"Sat Jan  5 00:00:00 2013"``, in UTC."""
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


RATINGS = TableFormat(
    scale=POINTS_TO_TEN,
    required=(frozenset({"const", "yourrating"}), frozenset({"const", "yourated"})),
    used=frozenset({"const", "yourrating", "yourated", "daterated", "title", "titletype"}),
    read=_read,
)

SOURCE = ImportSource(
    name="IMDb", how_to_get="Your ratings, Export: send the csv", formats=(RATINGS,), order=2
)
