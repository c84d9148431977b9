"""What Reeltwin exports itself. Letterboxd's importer takes it as well.

Letterboxd takes LetterboxdURI, tmdbID, imdbID, Title, Year, Directors, Rating, Rating10,
WatchedDate, Rewatch, Tags and Review (https://letterboxd.com/about/importing-data/) and passes over
what is ours: MovieLensID and RatedAt.
"""

import re

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
    parse_year,
)

COLUMNS = (
    *("tmdbID", "imdbID", "Title", "Year", "Rating", "WatchedDate"),
    *("MovieLensID", "RatedAt"),
)
USED = frozenset(
    {"movielensid", "imdbid", "tmdbid", "title", "name", "year", "rating", "rating10"}
    | {"ratedat", "watcheddate"}
)

# A spreadsheet computes a cell that begins so. An apostrophe before it makes it text; a title that
# begins with apostrophes and then so gets one more, so that there is always one to take away.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_ESCAPED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unescape_formula` is the inverse."""
    return "'" + text if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """Return the text that `escape_formula` made safe."""
    return text[1:] if _ESCAPED.match(text) else text


def read_row(record: Record) -> ImportedRow:
    """Return what a row says, of which each column may be missing."""
    stars, error = parse_stars(record["rating"], maximum=5)
    if stars is None and not error:
        stars, error = parse_stars(record["rating10"], maximum=10)
    title = clean_title(unescape_formula(record["title"] or record["name"]))
    movie_id = parse_id(record["movielensid"])
    imdb_id, tmdb_id = parse_imdb_id(record["imdbid"]), parse_id(record["tmdbid"])
    if not (title or movie_id or imdb_id or tmdb_id):
        error = "there is neither an id nor a title"
    return ImportedRow(
        record.line,
        title,
        parse_year(record["year"]),
        stars,
        parse_time(record["ratedat"]) or parse_time(record["watcheddate"]),
        imdb_id,
        tmdb_id,
        movie_id,
        error=error,
    )


EXPORT = TableFormat(
    scale=STARS_TO_FIVE,
    required=(frozenset({"movielensid", "rating"}),),
    used=USED,
    read=read_row,
)

SOURCE = ImportSource(
    name="Reeltwin",
    how_to_get="what the command export gives",
    formats=(EXPORT,),
    is_own=True,
)
