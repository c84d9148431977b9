"""The cells of a row as values: stars, years, ids, times and titles."""

import re
from datetime import UTC, datetime

from bot.text import shortened

MAX_TITLE_LENGTH = 300  # characters

# How ratings become stars, as it is said to people.
STARS_TO_FIVE = "stars from 0.5 to 5, taken as they are"
POINTS_TO_TEN = "points from 1 to 10, halved: 7 points are 3.5 stars"
NO_STARS = "films without stars"

_NUMBER = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,6}))?")
_YEAR = re.compile(r"((?:18|19|20)[0-9]{2})(?:\.0|\s*[-–].*)?")
_IMDB_ID = re.compile(r"(?:.*\btt|0*)0*([0-9]{1,10})(?:\.0|/.*)?")
_ID = re.compile(r"([0-9]{1,10})(?:\.0)?")


def parse_stars(text: str, *, maximum: int) -> tuple[float | None, str]:
    """Return the stars that a rating stands for, or what is wrong with it.

    Parameters
    ----------
    text
        The rating; "" where there is none.
    maximum
        The end of the scale that it is on: 5 for half stars from 0.5, 10 for points from 1.

    Returns
    -------
    stars
        In 0.5..5 by halves; None for no rating or one off the scale.
    error
        What is wrong, in words; "" where nothing is.
    """
    if not text:
        return None, ""
    found = _NUMBER.fullmatch(text)
    number = float(f"{found[1]}.{found[2] or 0}") if found else 0.0
    stars = number if maximum == 5 else number / 2
    whole = (2 * stars).is_integer() and (maximum == 5 or number.is_integer())
    if whole and 0.5 <= stars <= 5:
        return stars, ""
    scale = "0.5 to 5 in halves" if maximum == 5 else "1 to 10"
    return None, f"the rating “{shortened(text, 20)}” is not on the scale from {scale}"


def parse_year(text: str) -> int | None:
    """Return the year in ``"1999"``, ``"1999.0"`` or, of several, the first in ``"2008–2013"``."""
    found = _YEAR.fullmatch(text)
    return int(found[1]) if found else None


def parse_imdb_id(text: str) -> int | None:
    """Return the number in ``"tt0111161"``, in the address of a movie's page, or alone."""
    found = _IMDB_ID.fullmatch(text[:100])
    return int(found[1]) or None if found else None


def parse_id(text: str) -> int | None:
    """Return a positive number of at most ten digits, None where the text is none."""
    found = _ID.fullmatch(text)
    return int(found[1]) or None if found else None


def parse_time(text: str) -> datetime | None:
    """Return a day (its midnight) or a time in UTC, where the text is one in ISO 8601."""
    try:
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def parse_timestamp(text: str) -> datetime | None:
    """Return a time in UTC from its seconds since 1970."""
    try:
        return _in_utc(datetime.fromtimestamp(int(text), UTC)) if len(text) <= 12 else None
    except (ValueError, OverflowError, OSError):
        return None


def clean_title(title: str) -> str:
    """Return a title on one line, without control characters, and not too long to pass on."""
    title = title[: 2 * MAX_TITLE_LENGTH]
    if not title.isprintable():
        title = "".join(char if char.isprintable() else " " for char in title)
    return " ".join(title.split())[:MAX_TITLE_LENGTH]


def _in_utc(time: datetime) -> datetime | None:
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time if 1970 <= time.year < 2200 else None
