"""From what a file says of a film to the film in the catalogue, or to those that it may be."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.imports.rows import Entry
from engine.data.catalogue import Catalogue
from engine.titles.normalize import arabic, in_digits, keys_of, without_article
from engine.titles.parse import fold

_MOST_CANDIDATES = 5
_PARTS = re.compile(r": | - ")


@dataclass(frozen=True)
class Found:
    """The film, or else those it may be (none: it is not in the catalogue), and why it is not."""

    movie_id: int | None = None
    candidates: tuple[int, ...] = ()
    doubt: str = ""


class _Likeness(IntEnum):
    """How a title agrees with a film's, best first."""

    NAME = 0
    ALIAS = 1
    LOOSE = 2  # but for an article, spaces, or numbers that are spelled out


@dataclass(frozen=True)
class _Candidate:
    row: int
    likeness: _Likeness
    off: int  # years between

    def beats(self, other: "_Candidate") -> bool:
        """Whether it is better in title or year, and worse in neither."""
        mine, theirs = (self.likeness, self.off), (other.likeness, other.off)
        return mine != theirs and mine[0] <= theirs[0] and mine[1] <= theirs[1]

    @property
    def is_sure(self) -> bool:
        """Whether to take it if it beats the others: festival and cinema may be a year apart."""
        return self.off == 0 or (self.off == 1 and self.likeness is not _Likeness.LOOSE)


class _Lookup:
    """The rows of each key, as two sorted arrays: a fifth of what a dictionary takes."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(set(pairs))
        self._keys = array("q", [key for key, _ in ordered])
        self._rows = array("q", [row for _, row in ordered])

    def __getitem__(self, key: int) -> Iterator[int]:
        position = bisect_left(self._keys, key)
        while position < len(self._keys) and self._keys[position] == key:
            yield self._rows[position]
            position += 1


class FilmIndex:
    """Finds the catalogue's films by IMDb, TMDB or MovieLens id, else by title and year.

    Building takes about a second, so that one is kept for each catalogue.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._imdb = _Lookup(
            (outer, row) for row, outer in enumerate(catalogue.imdb_ids.tolist()) if outer
        )
        self._tmdb = _Lookup(
            (outer, row) for row, outer in enumerate(catalogue.tmdb_ids.tolist()) if outer
        )
        rows, keys = keys_of(catalogue.names, catalogue.aliases)
        self._titles = _Lookup(zip(map(_hash, keys), rows, strict=True))
        self._parts = _Lookup(
            (_hash(arabic(fold(part))), row)
            for row, name in enumerate(catalogue.names)
            for part in _parts(name)
        )

    def find(self, entry: Entry) -> Found:
        """The film an entry means. What is not sure is never guessed, but comes as candidates."""
        if entry.movie_id is not None and entry.movie_id in self.catalogue:
            return Found(entry.movie_id)
        if entry.imdb_id and (row := next(self._imdb[entry.imdb_id], None)) is not None:
            return Found(self._id(row))
        if entry.tmdb_id and (rows := list(self._tmdb[entry.tmdb_id])):
            return self._of_one_id(rows, entry)
        return self._by_title(entry) if entry.title else Found()

    def _of_one_id(self, rows: list[int], entry: Entry) -> Found:
        """The film among those that share a TMDB id: MovieLens has several of some."""
        if len(rows) == 1:
            return Found(self._id(rows[0]))
        forms = _forms(entry.title)
        called = [row for row in rows if self._likeness(row, forms) < _Likeness.LOOSE]
        if len(called) == 1:
            return Found(self._id(called[0]))
        return self._unsure(rows, "several films have its TMDB id")

    def _by_title(self, entry: Entry) -> Found:
        forms = _forms(entry.title)
        rows = dict.fromkeys(row for form in forms for row in self._titles[_hash(form)])
        near = [
            _Candidate(row, self._likeness(row, forms), off)
            for row in rows
            if (off := self._years_off(row, entry.year)) <= 1
        ]
        best = next((c for c in near if all(c is o or c.beats(o) for o in near)), None)
        if best is not None and best.is_sure:
            if (other := self._other_id(best.row, entry)) is None:
                return Found(self._id(best.row))
            return self._unsure([best.row], f"it has another {other} id than")
        if near:
            unbeaten = [c.row for c in near if not any(o.beats(c) for o in near)]
            return self._unsure(unbeaten, "it may be")
        if entry.year is None:
            return self._unsure(rows, "it has no year; it may be")
        parts = dict.fromkeys(row for form in forms for row in self._parts[_hash(form)])
        years = self.catalogue.years
        undated = [row for row in rows if not years[row]]
        return self._unsure(
            [*undated, *(row for row in parts if int(years[row]) == entry.year)], "it may be"
        )

    def _years_off(self, row: int, year: int | None) -> int:
        """Years between a film and the year given; many where either is not known."""
        own = int(self.catalogue.years[row])
        return abs(own - year) if own and year else 9_999

    def _likeness(self, row: int, forms: list[str]) -> _Likeness:
        if arabic(fold(self.catalogue.names[row])) in forms:
            return _Likeness.NAME
        if any(arabic(fold(alias)) in forms for alias in self.catalogue.aliases[row]):
            return _Likeness.ALIAS
        return _Likeness.LOOSE

    def _other_id(self, row: int, entry: Entry) -> str | None:
        """The kind of id by which an entry of this title is another film all the same."""
        if entry.imdb_id and self.catalogue.imdb_ids[row]:
            return "IMDb"
        if entry.tmdb_id and self.catalogue.tmdb_ids[row]:
            return "TMDB"
        return "MovieLens" if entry.movie_id else None

    def _unsure(self, rows: Iterable[int], doubt: str) -> Found:
        by_fame = sorted(rows, key=lambda row: -int(self.catalogue.counts[row]))
        candidates = tuple(self._id(row) for row in by_fame[:_MOST_CANDIDATES])
        return Found(candidates=candidates, doubt=doubt) if candidates else Found()

    def _id(self, row: int) -> int:
        return int(self.catalogue.movie_ids[row])


def _parts(name: str) -> tuple[str, ...]:
    """What others may call a film whose title has parts, as in "Star Wars: Episode VII - …"."""
    first, *others = _PARTS.split(name)
    if not others:
        return ()
    return first, others[-1], " ".join([first, *others[:-1]]), f"{first} {others[-1]}"


def _forms(title: str) -> list[str]:
    """The forms in which the catalogue may have a title: as it is, and with numbers as digits."""
    folded = arabic(fold(title))
    return list(dict.fromkeys((folded, in_digits(folded)))) if folded else []


def _hash(folded: str) -> int:
    """The letters of a folded title less its article, as 64 bits."""
    return hash(without_article(folded).replace(" ", ""))
