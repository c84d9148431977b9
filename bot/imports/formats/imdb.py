"""IMDb's list of ratings, as exported now and until 2017, when its columns were named otherwise."""

import re
from datetime import UTC, datetime

from bot.imports.csv_reader import Record
from bot.imports.rows import (
    OF_TEN,
    Entry,
    TableFormat,
    cleaned,
    imdb_id_of,
    stars_of,
    time_of,
    year_of,
)

_NO_FILM = re.compile(r"serie|episod|game|podcast|music", re.IGNORECASE)


def _read(record: Record) -> Entry:
    stars, bad = stars_of(record["yourrating"] or record["yourated"], of=10)
    imdb_id = imdb_id_of(record["const"])
    title, kind = cleaned(record["title"]), cleaned(record["titletype"])
    if imdb_id is None and not title:
        bad = "there is neither an id nor a title"
    return Entry(
        record.line,
        title,
        year_of(record["year"]),
        stars,
        time_of(record["daterated"]) or _old_time_of(record["created"]),
        imdb_id,
        bad=bad,
        # IMDb's other lists have the same columns, and most of their films no rating.
        ignored="" if stars or bad else "without a rating of yours",
        no_film=kind[:40] if _NO_FILM.search(kind) else "",
    )


def _old_time_of(text: str) -> datetime | None:
    """The time in ``"Sat Jan  5 00:00:00 2013"``."""
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


FORMAT = TableFormat(
    "IMDb",
    OF_TEN,
    needs=(frozenset({"const", "yourrating"}), frozenset({"const", "yourated"})),
    uses=frozenset({"const", "yourrating", "yourated", "daterated", "title", "titletype"}),
    read=_read,
)
