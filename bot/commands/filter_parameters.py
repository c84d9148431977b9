"""What users wish of films: the parameters for genres and years, and all wishes as one object."""

import re
from dataclasses import dataclass
from typing import Self

from bot.commands.parameters import Parameter, parse_values, without
from bot.errors import UserError
from bot.text import listed
from engine.data.catalogue import GENRES, IMAX_COLUMN

# The first and the last year; None where the span is open.
YearSpan = tuple[int | None, int | None]

GENRE_NAMES = tuple(name for g, name in enumerate(GENRES) if g != IMAX_COLUMN)

_ALSO = {
    "scifi": "Sci-Fi",
    "sf": "Sci-Fi",
    "sciencefiction": "Sci-Fi",
    "noir": "Film-Noir",
    "kids": "Children",
    "family": "Children",
    "cartoon": "Animation",
    "animated": "Animation",
    "anime": "Animation",
    "scary": "Horror",
    "funny": "Comedy",
    "romantic": "Romance",
    "docu": "Documentary",
    "documentaries": "Documentary",
    "comedies": "Comedy",
    "mysteries": "Mystery",
    "fantasies": "Fantasy",
    "romances": "Romance",
    "adventures": "Adventure",
}


@dataclass(frozen=True, kw_only=True)
class Genres(Parameter):
    """Genres by name, any of which will do."""

    description: str = "Only films of this genre"

    def parse(self, text: str) -> tuple[tuple[str, ...] | None, str]:
        found: list[str] = []
        left: list[str] = []
        words = re.findall(
            r"[^\s,+/]+", re.sub(r"(?i)\bscience[ -]+fiction\b|\bsci fi\b", "scifi", text)
        )
        for word in words:
            genre = genre_named(word)
            if genre:
                found.append(genre)
            else:
                left.append(word)
        if not found:
            return None, text
        return tuple(dict.fromkeys(found)), " ".join(left)

    def format(self, value: tuple[str, ...]) -> str:
        return ",".join(value)

    def checked(self, value: object) -> tuple[str, ...]:
        genre = genre_named(str(value))
        if genre is None:
            raise self.refusal("one that films have, such as Comedy or Sci-Fi", value)
        return (genre,)


def genre_named(word: str) -> str | None:
    """Return the genre that a word names, in any writing: "sci-fi", "Thrillers", "noir"."""
    letters = re.sub(r"[\W_]", "", word).casefold()
    known = {re.sub(r"\W", "", name).casefold(): name for name in GENRE_NAMES} | _ALSO
    return known.get(letters) or known.get(letters.removesuffix("s"))


@dataclass(frozen=True, kw_only=True)
class Years(Parameter):
    """A span of years: "1994", "1990-1999", "90s", "since 2000", "before 1980"."""

    description: str = "1994, 1990-1999, 90s, since 2000, before 1980"

    def parse(self, text: str) -> tuple[YearSpan | None, str]:
        year = r"(?:18|19|20)[0-9]{2}"
        patterns = (
            rf"(?P<first>{year})\s*(?:[-–—]|to|\.\.)\s*(?P<last>{year})",
            rf"(?:since|from|after|newer than)\s+(?P<since>{year})",
            rf"(?P<open>{year})\s*(?:[-–—+]|on)",
            rf"(?:before|until|till|older than|up to)\s+(?P<until>{year})|[-–—]\s*(?P<upto>{year})",
            r"(?:the\s+)?(?P<decade>(?:(?:18|19|20)[0-9]|[0-9])0)['’]?s",
            rf"(?P<one>{year})",
        )
        for pattern in patterns:
            if found := re.search(rf"(?<!\S)(?:{pattern})(?!\S)", text, re.IGNORECASE):
                return self._span(found), without(text, found)
        return None, text

    def format(self, value: YearSpan) -> str:
        first, last = value
        if first is None:
            return f"until {last}"
        if last is None:
            return f"since {first}"
        return f"{first}-{last}" if first != last else str(first)

    def _span(self, found: re.Match[str]) -> YearSpan:
        given = {name: value for name, value in found.groupdict().items() if value}
        typed = found[0].casefold()
        match given:
            case {"first": first, "last": last}:
                if int(first) > int(last):
                    raise UserError(
                        f"The years must go from the earlier to the later, and “{typed}” goes "
                        f"back. For example: {last}-{first}"
                    )
                return int(first), int(last)
            case {"since": since}:
                return int(since) + ("after" in typed or "newer" in typed), None
            case {"until": until}:
                return None, int(until) - ("before" in typed or "older" in typed)
            case {"open": first}:
                return int(first), None
            case {"upto": last}:
                return None, int(last)
            case {"decade": decade}:
                first_year = int(decade)
                if first_year < 100:
                    first_year += 1900 if first_year >= 30 else 2000
                return first_year, first_year + 9
        return int(given["one"]), int(given["one"])


@dataclass(frozen=True)
class Filters:
    """What is wished of films.

    ``genres``: any of which will do. ``years``: the first and the last. ``hidden_gems``: only films
    that few people know. ``exclude``: ids of films that are not wanted.
    """

    genres: tuple[str, ...] = ()
    years: YearSpan | None = None
    hidden_gems: bool = False
    exclude: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, text: str, usage: str, example: str) -> Self:
        """Return the genres and years that a text wishes for.

        Raises
        ------
        UserError
            Part of the text means nothing; ``usage`` and ``example`` say how it goes.
        """
        wished = (Genres(name="genres"), Years(name="years"))
        return cls(**parse_values(wished, text, usage, example))

    @property
    def words(self) -> str:
        """The wish in words, ``hidden gems, Horror, since 1990``; "" where there is none."""
        parts = ["hidden gems"] if self.hidden_gems else []
        parts += [listed(self.genres)] if self.genres else []
        parts += [Years().format(self.years)] if self.years else []
        return ", ".join(parts)

    @property
    def films(self) -> str:
        """Such films in a sentence: ``hidden Horror or Comedy gems from 1990 to 1999``."""
        kind = f"{' or '.join(self.genres)} " if self.genres else ""
        films = f"hidden {kind}gems" if self.hidden_gems else f"{kind}films"
        match self.years:
            case None:
                return films
            case (None, last):
                return f"{films} until {last}"
            case (first, None):
                return f"{films} since {first}"
            case (first, last):
                return f"{films} from {first}" + (f" to {last}" if last != first else "")
