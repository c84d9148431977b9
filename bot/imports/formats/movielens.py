"""MovieLens: the ratings that an account exports, and those of a data set."""

from bot.imports.csv_reader import Record
from bot.imports.rows import (
    OF_FIVE,
    Entry,
    TableFormat,
    cleaned,
    id_of,
    imdb_id_of,
    stars_of,
    time_of,
    time_of_timestamp,
)
from engine.titles.parse import parse_title


def _read(record: Record) -> Entry:
    stars, bad = stars_of(record["rating"], of=5)
    movie_id = id_of(record["movieid"])
    title = parse_title(cleaned(record["title"]))
    if movie_id is None and not title.name:
        bad = "there is neither an id nor a title"
    return Entry(
        record.line,
        title.name,
        title.year,
        stars,
        time_of_timestamp(record["timestamp"]) or time_of(record["timestamp"]),
        imdb_id_of(record["imdbid"]),
        id_of(record["tmdbid"]),
        movie_id,
        bad=bad,
        ignored="" if stars or bad else "without a rating of yours",
        user=record["userid"],
    )


FORMAT = TableFormat(
    "MovieLens",
    OF_FIVE,
    needs=(frozenset({"movieid", "rating"}),),
    uses=frozenset({"movieid", "rating", "userid", "timestamp", "imdbid", "tmdbid", "title"}),
    read=_read,
)
