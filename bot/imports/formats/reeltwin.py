"""Our own export, and lists made for Letterboxd's importer, whose columns it shares.

Letterboxd takes LetterboxdURI, tmdbID, imdbID, Title, Year, Directors, Rating, Rating10,
WatchedDate, Rewatch, Tags and Review (https://letterboxd.com/about/importing-data/) and passes over
what is ours: MovieLensID and RatedAt.
"""

import re

from bot.imports.csv_reader import Record
from bot.imports.errors import refused
from bot.imports.rows import (
    OF_FIVE,
    OF_TEN,
    Entry,
    TableFormat,
    cleaned,
    id_of,
    imdb_id_of,
    stars_of,
    time_of,
    year_of,
)

COLUMNS = (
    *("tmdbID", "imdbID", "Title", "Year", "Rating", "WatchedDate"),
    *("MovieLensID", "RatedAt"),
)

# A spreadsheet computes a cell that begins so. An apostrophe before it makes it text; a title that
# begins with apostrophes and then so gets one more, so that there is always one to take away.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_DEFUSED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


def escape_formula(text: str) -> str:
    """A text that no spreadsheet takes for a formula; :func:`unescape_formula` is the inverse."""
    return "'" + text if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """The text that :func:`escape_formula` made safe."""
    return text[1:] if _DEFUSED.match(text) else text


def _read(record: Record) -> Entry:
    stars, bad = stars_of(record["rating"], of=5)
    if stars is None and not bad:
        stars, bad = stars_of(record["rating10"], of=10)
    title = cleaned(unescape_formula(record["title"] or record["name"]))
    movie_id = id_of(record["movielensid"])
    imdb_id, tmdb_id = imdb_id_of(record["imdbid"]), id_of(record["tmdbid"])
    if not (title or movie_id or imdb_id or tmdb_id):
        bad = "there is neither an id nor a title"
    return Entry(
        record.line,
        title,
        year_of(record["year"]),
        stars,
        time_of(record["ratedat"]) or time_of(record["watcheddate"]),
        imdb_id,
        tmdb_id,
        movie_id,
        bad=bad,
    )


def _read_list(record: Record) -> Entry:
    # Many lists have a column Rating, and not all of them end at 5: the stars of one that goes on
    # would be halved for some films and not for others.
    if (number := re.fullmatch(r"([0-9]{1,3})(?:[.,][0-9]+)?", record["rating"])) and (
        int(number[1]) > 5
    ):
        raise refused(
            f"Line {record.line:,} has the rating {number[0]}, while the column Rating should go "
            "from 0.5 to 5: points from 1 to 10 belong in a column Rating10."
        )
    return _read(record)


_LIST = "a list for Letterboxd"
_USED = frozenset(
    {"movielensid", "imdbid", "tmdbid", "title", "name", "year", "rating", "rating10"}
    | {"ratedat", "watcheddate"}
)
_FILMS = (frozenset({"title", "year"}), frozenset({"imdbid"}), frozenset({"tmdbid"}))

FORMAT = TableFormat(
    "Reeltwin", OF_FIVE, needs=(frozenset({"movielensid", "rating"}),), uses=_USED, read=_read
)
LIST_OF_FIVE = TableFormat(
    *(_LIST, OF_FIVE), needs=tuple(f | {"rating"} for f in _FILMS), uses=_USED, read=_read_list
)
LIST_OF_TEN = TableFormat(
    *(_LIST, OF_TEN), needs=tuple(f | {"rating10"} for f in _FILMS), uses=_USED, read=_read
)
