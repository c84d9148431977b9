"""Ratings as users type them, one a line, taken apart. Knows no film."""

import re
from dataclasses import dataclass
from typing import Self

from bot.errors import UserError
from bot.text import shortened

MOST_LINES = 100
LONGEST_LINE = 300  # characters


@dataclass(frozen=True)
class Interpretation:
    """One way to understand a line. Without stars the whole line is the title."""

    title: str
    stars: float | None


@dataclass(frozen=True)
class RatingLine:
    """A line as it was typed and all ways to understand it, the most plausible first.

    ``problem`` says what is wrong with a number that looks like stars but cannot be; it is "" where
    there is none, and beside the point where the whole line is a title ("Apollo 13").
    """

    text: str
    interpretations: tuple[Interpretation, ...]
    problem: str = ""

    @classmethod
    def of_movie(cls, movie_id: int, stars: float | None = None) -> Self:
        """Return the line that rates a movie by its id, or asks for its stars."""
        title = f"id:{movie_id}"
        text = title if stars is None else f"{title} {stars:g}"
        return cls(text, (Interpretation(title, stars),))


_NUMBER = r"(?P<number>-?[0-9]{1,4}(?:½|[.,][0-9]{1,3})?|½)(?:\s?/\s?(?P<of>5|10))?"
_GLYPHS = r"(?P<glyphs>(?:[★⭐🌟]\ufe0f?){1,20}½?)[☆✩]*"
_NO_GLYPHS = r"(?![★⭐🌟☆✩½\ufe0f]+$)"  # stars alone are no title
_BETWEEN = r"(?:\s*[:=]\s*|\s*,\s+|\s+[-–—]+\s+|\s+)"
_LAST = re.compile(
    rf"{_NO_GLYPHS}(?P<title>\S.*?)(?:{_BETWEEN}{_NUMBER}(?:\s?(?:stars?|\*))?|{_BETWEEN}?{_GLYPHS})[.!,;]*",
    re.IGNORECASE,
)
# Here "star" is no unit: "4 Star Wars".
_FIRST = re.compile(
    rf"(?:{_NUMBER}(?P<unit>\s?(?:stars|\*))?(?:\s+[-–—]+\s+|[:=,]?\s+)|{_GLYPHS}\s*)"
    rf"{_NO_GLYPHS}(?P<title>\S.*)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-–*•]\s+(?=\S)")
_ITEM_NUMBER = re.compile(r"[0-9]{1,3}[.)]\s+(?=\S)")
_QUOTES = (
    '""',
    "''",
    "``",
    "“”",
    "„“",
    "„”",
    "””",
    "‘’",
    "‚‘",
    "’’",
    "«»",
    "»«",
    "‹›",
    "「」",
    "『』",
)


def parse_ratings(text: str) -> list[RatingLine]:
    """Return the ratings of lines: "Alien 5", "4.5 the matrix", "Amelie (2001): 8/10", "Up ★★★★".

    Blank lines are passed over. "3 Idiots 4.5" may be "3 Idiots" with 4.5 stars or "Idiots 4.5"
    with 3: a line comes with every interpretation it allows.

    Raises
    ------
    UserError
        If nothing but blanks is given, more than MOST_LINES lines, or a line of more than
        LONGEST_LINE characters.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise UserError("I need a title and its stars, from 0.5 to 5.")
    if len(lines) > MOST_LINES:
        raise UserError(
            f"That is {len(lines)} lines, and I take at most {MOST_LINES} at once. "
            "Please send them in parts, one film a line."
        )
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise UserError(
                f"The line “{shortened(line, 40)}” has {len(line)} characters, and {LONGEST_LINE} "
                "is the most. Please put one film on each line."
            )
    return [_parse_line(line) for line in lines]


def _parse_line(line: str) -> RatingLine:
    plain = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    last, first = _LAST.fullmatch(plain), _FIRST.fullmatch(plain)
    found = [last, first]
    if item := _ITEM_NUMBER.match(plain):
        found += [_LAST.fullmatch(plain, item.end()), _FIRST.fullmatch(plain, item.end())]
    rated = [(_unquoted(one["title"]), _stars(one)) for one in found if one is not None]
    readings = [
        Interpretation(title, stars) for title, stars in rated if title and stars is not None
    ]
    readings.append(Interpretation(_unquoted(plain) or plain, None))

    problem = ""
    if last is not None and _stars(last) is None:
        problem = _problem(last)
    elif last is None and first is not None and _stars(first) is None and _looks_like_stars(first):
        problem = _problem(first)
    return RatingLine(line, tuple(dict.fromkeys(readings)), problem)


def _stars(found: re.Match[str]) -> float | None:
    """Return the stars a match tells, or None where they are off the scale."""
    if found["glyphs"]:
        stars = len(re.findall("[★⭐🌟]", found["glyphs"])) + 0.5 * found["glyphs"].endswith("½")
    else:
        digits, half = found["number"].removesuffix("½"), found["number"].endswith("½")
        stars = float(digits.replace(",", ".") or 0) + 0.5 * half
        if found["of"] == "10":
            stars /= 2
    return stars if are_stars(stars) else None


def are_stars(stars: float) -> bool:
    """Return whether a number is on the scale: half a star to five, in halves."""
    return 0.5 <= stars <= 5 and (2 * stars).is_integer()


def no_stars(shown: object) -> str:
    """Return what is said of something that stands for stars and is off the scale."""
    return (
        f'Stars go from 0.5 to 5 in half steps, and "{shortened(str(shown))}" is not one of them. '
        "For example: Alien 4.5"
    )


def _looks_like_stars(first: re.Match[str]) -> bool:
    """Return whether a number before a title is no part of it, as the 12 of "12 Angry Men" is."""
    number = first["number"] or ""
    return bool(first["glyphs"] or first["of"] or first["unit"] or re.search("[.,½]", number))


def _problem(found: re.Match[str]) -> str:
    return no_stars(found["glyphs"] or found["number"] + (f"/{found['of']}" if found["of"] else ""))


def _unquoted(title: str) -> str:
    """Return the title without the quotes around all of it."""
    if len(title) > 2 and title[0] + title[-1] in _QUOTES:
        return title[1:-1].strip()
    return title
