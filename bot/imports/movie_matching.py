"""From what a file says of a movie to the catalogue's movie, or to those that it may be."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from bot.imports.rows import ImportedRow
from engine.data.catalogue import Catalogue
from engine.titles.normalize import arabic, in_digits, search_keys, without_article
from engine.titles.parse import fold

_MAX_CANDIDATES = 5
_REMEMBERED = 4_096  # movies whose folded names are kept
_PARTS = re.compile(r": | - ")


@dataclass(frozen=True)
class MovieMatch:
    """The movie that a row means.

    Attributes
    ----------
    movie_id
        The movie; None where it is not sure, or not in the catalogue.
    candidates
        The movies (ids) that it may be, the best known first; none where it is sure.
    doubt
        Why it is not sure, in words that the candidates' titles go on.

    """

    movie_id: int | None = None
    candidates: tuple[int, ...] = ()
    doubt: str = ""


class _TitleMatch(IntEnum):
    """How a title agrees with a movie's, best first."""

    NAME = 0
    ALIAS = 1
    LOOSE = 2  # but for an article, spaces, or numbers that are spelled out


@dataclass(frozen=True)
class _Candidate:
    """A row of the catalogue that a title may mean."""

    row: int
    title_match: _TitleMatch
    years_off: int

    def beats(self, other: "_Candidate") -> bool:
        """Return whether it is better in title or year, and worse in neither."""
        mine, theirs = (self.title_match, self.years_off), (other.title_match, other.years_off)
        return mine != theirs and mine[0] <= theirs[0] and mine[1] <= theirs[1]

    @property
    def is_sure(self) -> bool:
        """Return whether to take it if it beats the others."""
        # Festival and cinema may be a year apart.
        return self.years_off == 0 or (
            self.years_off == 1 and self.title_match is not _TitleMatch.LOOSE
        )


class _Lookup:
    """The catalogue's rows by key, as two sorted arrays: a fifth of what a dictionary takes."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(set(pairs))
        self._keys = array("q", [key for key, _ in ordered])
        self._rows = array("q", [row for _, row in ordered])

    def __getitem__(self, key: int) -> Iterator[int]:
        position = bisect_left(self._keys, key)
        while position < len(self._keys) and self._keys[position] == key:
            yield self._rows[position]
            position += 1


class MovieIndex:
    """Finds the catalogue's movies by IMDb, TMDB or MovieLens id, else by title and year.

    Building takes about a second, so that one is kept for each catalogue.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._imdb = _Lookup(
            (number, row) for row, number in enumerate(catalogue.imdb_ids.tolist()) if number
        )
        self._tmdb = _Lookup(
            (number, row) for row, number in enumerate(catalogue.tmdb_ids.tolist()) if number
        )
        # Many rows of a file may have the same candidates.
        self._names_of = lru_cache(_REMEMBERED)(self._folded_names)
        rows, keys = search_keys(catalogue.names, catalogue.aliases)
        self._titles = _Lookup(zip(map(_hash, keys), rows, strict=True))
        self._parts = _Lookup(
            (_hash(arabic(fold(part))), row)
            for row, name in enumerate(catalogue.names)
            for part in _parts(name)
        )

    def find(self, wanted: ImportedRow) -> MovieMatch:
        """Return the movie that a row means; what is not sure is never guessed, but offered."""
        if wanted.movie_id is not None and wanted.movie_id in self.catalogue:
            return MovieMatch(wanted.movie_id)
        if wanted.imdb_id and (row := next(self._imdb[wanted.imdb_id], None)) is not None:
            return MovieMatch(self._id(row))
        if wanted.tmdb_id and (rows := list(self._tmdb[wanted.tmdb_id])):
            return self._of_one_id(rows, wanted)
        return self._by_title(wanted) if wanted.title else MovieMatch()

    def _of_one_id(self, rows: list[int], wanted: ImportedRow) -> MovieMatch:
        """Return the movie among rows that share a TMDB id: MovieLens has several of some."""
        if len(rows) == 1:
            return MovieMatch(self._id(rows[0]))
        forms = _forms(wanted.title)
        called = [row for row in rows if self._title_match(row, forms) < _TitleMatch.LOOSE]
        if len(called) == 1:
            return MovieMatch(self._id(called[0]))
        return self._unsure(rows, "several films have its TMDB id")

    def _by_title(self, wanted: ImportedRow) -> MovieMatch:
        forms = _forms(wanted.title)
        rows = dict.fromkeys(row for form in forms for row in self._titles[_hash(form)])
        near = [
            _Candidate(row, self._title_match(row, forms), off)
            for row in rows
            if (off := self._years_off(row, wanted.year)) <= 1
        ]
        best = next((c for c in near if all(c is o or c.beats(o) for o in near)), None)
        if best is not None and best.is_sure:
            if (other := self._other_id(best.row, wanted)) is None:
                return MovieMatch(self._id(best.row))
            return self._unsure([best.row], f"it has another {other} id than")
        if near:
            unbeaten = [c.row for c in near if not any(o.beats(c) for o in near)]
            return self._unsure(unbeaten, "it may be")
        if wanted.year is None:
            return self._unsure(rows, "it has no year; it may be")
        parts = dict.fromkeys(row for form in forms for row in self._parts[_hash(form)])
        years = self.catalogue.years
        undated = [row for row in rows if not years[row]]
        return self._unsure(
            [*undated, *(row for row in parts if int(years[row]) == wanted.year)], "it may be"
        )

    def _years_off(self, row: int, year: int | None) -> int:
        """Return the years between a movie and the year given; many where either is not known."""
        own = int(self.catalogue.years[row])
        return abs(own - year) if own and year else 9_999

    def _title_match(self, row: int, forms: list[str]) -> _TitleMatch:
        name, *aliases = self._names_of(row)
        if name in forms:
            return _TitleMatch.NAME
        return _TitleMatch.ALIAS if any(one in forms for one in aliases) else _TitleMatch.LOOSE

    def _folded_names(self, row: int) -> list[str]:
        """Return a movie's name and its aliases as titles are compared."""
        names = (self.catalogue.names[row], *self.catalogue.aliases[row])
        return [arabic(fold(name)) for name in names]

    def _other_id(self, row: int, wanted: ImportedRow) -> str | None:
        """Return the kind of id by which a movie of this title is another one all the same."""
        if wanted.imdb_id and self.catalogue.imdb_ids[row]:
            return "IMDb"
        if wanted.tmdb_id and self.catalogue.tmdb_ids[row]:
            return "TMDB"
        return "MovieLens" if wanted.movie_id else None

    def _unsure(self, rows: Iterable[int], doubt: str) -> MovieMatch:
        by_fame = sorted(rows, key=lambda row: -int(self.catalogue.counts[row]))
        candidates = tuple(self._id(row) for row in by_fame[:_MAX_CANDIDATES])
        return MovieMatch(candidates=candidates, doubt=doubt) if candidates else MovieMatch()

    def _id(self, row: int) -> int:
        return int(self.catalogue.movie_ids[row])


def _parts(name: str) -> tuple[str, ...]:
    """Return other names of a movie whose title has parts, as "Star Wars: Episode VII - …"."""
    first, *others = _PARTS.split(name)
    if not others:
        return ()
    return first, others[-1], " ".join([first, *others[:-1]]), f"{first} {others[-1]}"


def _forms(title: str) -> list[str]:
    """Return the forms that the catalogue may have of a title: as it is, and numbers as digits."""
    folded = arabic(fold(title))
    return list(dict.fromkeys((folded, in_digits(folded)))) if folded else []


def _hash(folded: str) -> int:
    """Return the letters of a folded title less its article, as 64 bits."""
    return hash(without_article(folded).replace(" ", ""))
