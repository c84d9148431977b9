"""MovieLens: the ratings that an account exports, and those of a data set."""

from bot.imports.csv_reader import Record
from bot.imports.format import ImportSource, TableFormat
from bot.imports.rows import ImportedRow
from bot.imports.values import (
    STARS_TO_FIVE,
    clean_title,
    parse_id,
    parse_imdb_id,
    parse_stars,
    parse_time,
    parse_timestamp,
)
from engine.titles.parse import parse_title


def _read(record: Record) -> ImportedRow:
    stars, error = parse_stars(record["rating"], maximum=5)
    movie_id = parse_id(record["movieid"])
    title = parse_title(clean_title(record["title"]))
    if movie_id is None and not title.name:
        error = "there is neither an id nor a title"
    return ImportedRow(
        record.line,
        title.name,
        title.year,
        stars,
        parse_timestamp(record["timestamp"]) or parse_time(record["timestamp"]),
        parse_imdb_id(record["imdbid"]),
        parse_id(record["tmdbid"]),
        movie_id,
        error=error,
        ignored="" if stars or error else "without a rating of yours",
        user=record["userid"],
    )


RATINGS = TableFormat(
    scale=STARS_TO_FIVE,
    required=(frozenset({"movieid", "rating"}),),
    used=frozenset({"movieid", "rating", "userid", "timestamp", "imdbid", "tmdbid", "title"}),
    read=_read,
)

SOURCE = ImportSource(
    name="MovieLens",
    how_to_get="Your profile, Export ratings: send the csv",
    formats=(RATINGS,),
    order=4,
)
