"""What one row of any file says, and the kinds of files there are."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.imports.csv_reader import Record
from bot.text import shortened

LONGEST_TITLE = 300  # characters

OF_FIVE = "stars from 0.5 to 5, taken as they are"
OF_TEN = "points from 1 to 10, halved: 7 points are 3.5 stars"
NO_STARS = "films without stars"


@dataclass(frozen=True, slots=True)
class Entry:
    """A film as a row names it, and what the row says of it; seen only, where ``stars`` is None.

    Attributes
    ----------
    line : where the row begins in the file, from 1; for JSON the number of the item
    bad : what is wrong with the row, "" where nothing is
    aside : why it says nothing of a film that was seen, as a rating of a series does not
    no_film : what it is instead where it is not in the catalogue: a series, an episode
    user : who rated, in files that say so

    """

    line: int
    title: str
    year: int | None = None
    stars: float | None = None
    at: datetime | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    movie_id: int | None = None
    bad: str = ""
    ignored: str = ""
    no_film: str = ""
    user: str = ""


@dataclass(frozen=True)
class Format:
    """One kind of file. Of two from one source the one of lower rank says which stars count."""

    source: str
    scale: str
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class TableFormat(Format):
    """One kind of table.

    Attributes
    ----------
    needs : alternatives of columns by which it is recognised
    uses : the columns that are read, none of which may be there twice
    read : makes an entry of a row

    """

    needs: tuple[frozenset[str], ...]
    uses: frozenset[str]
    read: Callable[[Record], Entry]

    def fits(self, columns: Set[str]) -> bool:
        return any(needed <= columns for needed in self.needs)


_NUMBER = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,6}))?")
_YEAR = re.compile(r"((?:18|19|20)[0-9]{2})(?:\.0|\s*[-–].*)?")
_IMDB_ID = re.compile(r"(?:.*\btt|0*)0*([0-9]{1,10})(?:\.0|/.*)?")
_ID = re.compile(r"([0-9]{1,10})(?:\.0)?")


def stars_of(text: str, *, of: int) -> tuple[float | None, str]:
    """Stars on our scale from a number on the scale that ends at ``of``, 5 or 10; or what is wrong.

    Neither, where the text is empty.
    """
    if not text:
        return None, ""
    found = _NUMBER.fullmatch(text)
    number = float(f"{found[1]}.{found[2] or 0}") if found else 0.0
    stars = number if of == 5 else number / 2
    whole = (2 * stars).is_integer() and (of == 5 or number.is_integer())
    if whole and 0.5 <= stars <= 5:
        return stars, ""
    scale = "0.5 to 5 in halves" if of == 5 else "1 to 10"
    return None, f"the rating “{shortened(text, 20)}” is not on the scale from {scale}"


def year_of(text: str) -> int | None:
    found = _YEAR.fullmatch(text)
    return int(found[1]) if found else None


def imdb_id_of(text: str) -> int | None:
    """The number in ``"tt0111161"``, in the address of a film's page, or in the bare number."""
    found = _IMDB_ID.fullmatch(text[:100])
    return int(found[1]) or None if found else None


def id_of(text: str) -> int | None:
    found = _ID.fullmatch(text)
    return int(found[1]) or None if found else None


def time_of(text: str) -> datetime | None:
    """A day (its midnight) or a time in UTC, where the text is one in ISO 8601."""
    try:
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def time_of_timestamp(text: str) -> datetime | None:
    """A time from its seconds since 1970."""
    try:
        return _in_utc(datetime.fromtimestamp(int(text), UTC)) if len(text) <= 12 else None
    except (ValueError, OverflowError, OSError):
        return None


def _in_utc(time: datetime) -> datetime | None:
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time if 1970 <= time.year < 2200 else None


def cleaned(title: str) -> str:
    """A title on one line, without control characters, and not too long to pass on."""
    title = title[: 2 * LONGEST_TITLE]
    if not title.isprintable():
        title = "".join(char if char.isprintable() else " " for char in title)
    return " ".join(title.split())[:LONGEST_TITLE]
