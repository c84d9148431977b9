"""The forms in which titles and queries meet: folded, numbers alike, articles set aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from engine.titles.parse import fold, parse_title

_ARTICLE = re.compile(r"^(?:the|an?) (?=\S)", re.MULTILINE)
_ROMAN = re.compile(r"(?<= )(?:(?:iii?|iv|vi{1,3}|ix)\b|[vx]$)", re.MULTILINE)
_ROMANS = ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_ARABIC = {roman: str(number) for number, roman in enumerate(_ROMANS, start=2)}
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_DIGITS = {word: str(number) for number, word in enumerate([*_WORDS, "eleven", "twelve"], start=1)}
_SPELLED = re.compile(rf"\b(?:{'|'.join(_DIGITS)})\b")
_PART = re.compile(r" (?:part|vol|volume|chapter) (?=[0-9]+$)", re.MULTILINE)
_LONGEST = 500  # characters of a query that are read: no title has half as many
_TRAILING_YEAR = re.compile(r"(.*\S) ((?:18[789]|19\d|20[0-4])\d)")


def search_keys(
    names: Sequence[str], aliases: Sequence[Sequence[str]]
) -> tuple[list[int], list[str]]:
    """Return every form in which a movie may be asked for: the movie's row of each, and the form.

    First the names by row, then the aliases, then name and alias in one ("human centipede first
    sequence"), then whichever of these spells a number out, with digits ("oceans 11"), or numbers
    its parts, by the number alone ("godfather 2").

    Parameters
    ----------
    names, aliases
        Of each movie, in natural word order.
    """
    also = [(row, alias) for row, more in enumerate(aliases) for alias in more]
    rows = [row for row, _ in also]
    own = [fold(name) for name in names]
    others = [fold(alias) for _, alias in also]
    joined = [f"{own[row]} {other}" for row, other in zip(rows, others, strict=True)]

    # One pass over the joined text beats one over each title.
    text = arabic("\n".join([*own, *others, *joined]))
    rows = [*range(len(names)), *rows, *rows]
    keys = text.split("\n")[: len(rows)]
    digits = in_digits(text)
    more = [
        (row, line)
        for other in (digits, _PART.sub(" ", digits))
        for row, line, key in zip(rows, other.split("\n"), keys, strict=False)
        if line != key
    ]
    more = list(dict.fromkeys(more))
    return rows + [row for row, _ in more], keys + [line for _, line in more]


@dataclass(frozen=True)
class ParsedQuery:
    """A query understood as a title, folded, with and without its article, and maybe a year."""

    folded: str
    bare: str
    year: int | None


def as_read(query: str) -> str:
    """Return the part of a query that is read, its blanks made one each."""
    return " ".join(query.split())[:_LONGEST]


def parse_query(query: str) -> list[ParsedQuery]:
    """Return what a query may mean: with the year it ends in, and the whole of it as a title."""
    query = as_read(query)
    title = parse_title(query)
    texts = [(fold(title.name), title.year), (fold(query), None)]
    found = _TRAILING_YEAR.fullmatch(texts[0][0])
    if title.year is None and found is not None:
        texts.insert(0, (found[1], int(found[2])))
    texts = [(arabic(text), year) for text, year in texts if text]
    texts += [(in_digits(text), year) for text, year in texts]
    return [ParsedQuery(text, without_article(text), year) for text, year in dict.fromkeys(texts)]


def article_retyped(query: ParsedQuery) -> list[ParsedQuery]:
    """Return the parsed query, and where it begins with something like "the", one without that."""
    first, _, rest = query.bare.partition(" ")
    if rest and OSA.distance(first, "the") <= 1:
        return [query, replace(query, bare=rest)]
    return [query]


def arabic(lines: str) -> str:
    """Return the lines with Roman numerals as digits, if they can be no words or initials."""
    return _ROMAN.sub(lambda found: _ARABIC[found[0]], lines)


def in_digits(lines: str) -> str:
    """Return the lines with numbers in digits: ``"oceans eleven"`` to ``"oceans 11"``."""
    return _SPELLED.sub(lambda found: _DIGITS[found[0]], lines)


def without_article(lines: str) -> str:
    """Return the lines without a leading "the", "a" or "an"."""
    return _ARTICLE.sub("", lines)
