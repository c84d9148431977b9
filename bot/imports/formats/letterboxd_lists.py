"""Lists that people made for Letterboxd's importer, whose columns our own export shares."""

import re

from bot.imports.csv_reader import Record
from bot.imports.errors import UnreadableFileError
from bot.imports.format import ImportSource, TableFormat
from bot.imports.formats.reeltwin import USED, read_row
from bot.imports.rows import ImportedRow
from bot.imports.values import POINTS_TO_TEN, STARS_TO_FIVE

_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,][0-9]+)?")
_MOVIE = (frozenset({"title", "year"}), frozenset({"imdbid"}), frozenset({"tmdbid"}))


def _read(record: Record) -> ImportedRow:
    # Many lists have a column Rating, and not all of them end at 5: the stars of one that goes on
    # would be halved for some movies and not for others.
    if (number := _NUMBER.fullmatch(record["rating"])) and int(number[1]) > 5:
        raise UnreadableFileError(
            f"Line {record.line:,} has the rating {number[0]}, while the column Rating should go "
            "from 0.5 to 5: points from 1 to 10 belong in a column Rating10."
        )
    return read_row(record)


TO_FIVE = TableFormat(
    scale=STARS_TO_FIVE,
    required=tuple(columns | {"rating"} for columns in _MOVIE),
    used=USED,
    read=_read,
)
TO_TEN = TableFormat(
    scale=POINTS_TO_TEN,
    required=tuple(columns | {"rating10"} for columns in _MOVIE),
    used=USED,
    read=read_row,
)

# Last of all: other services' tables may have these columns too.
SOURCE = ImportSource(name="a list for Letterboxd", formats=(TO_FIVE, TO_TEN), order=99)
