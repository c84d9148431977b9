"""Finding films by title: exact names, beginnings, words and slips of the finger."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.titles.fuzzy import Bools, TitlePool, is_mistyped
from engine.titles.normalize import (
    ParsedQuery,
    article_retyped,
    as_read,
    parse_query,
    search_keys,
    without_article,
)
from engine.titles.text_index import Ints, TitleText


@dataclass(frozen=True)
class Match:
    """A movie that a query may mean.

    ``row`` is its row in the catalogue, ``score`` 0..100 how near title and query are.
    """

    row: int
    score: float


@dataclass(frozen=True)
class Resolution:
    """The movies a query may mean, best first; ``certain``: the first may be taken unasked."""

    matches: tuple[Match, ...]
    certain: bool


class _Kind(Enum):
    """How a title fits a query: a score, and its weight against an exact title as popular."""

    EXACT = (100.0, 1.0)
    BEGINS = (90.0, 1 / 200)  # the query ends where a word of the title does
    BEGINS_OPEN = (90.0, 1 / 1_000)  # the query ends inside a word
    ENDS = (75.0, 1 / 4_000)
    CONTAINS = (75.0, 1 / 8_000)
    WORDS = (75.0, 1 / 80_000)
    TYPO = (70.0, 1 / 200)  # with _EDIT_PENALTY and _EDIT_WEIGHT for each edit
    TYPO_BEGINS = (65.0, 1 / 10_000)

    @property
    def score(self) -> float:
        return self.value[0]

    @property
    def weight(self) -> float:
        return self.value[1]


# Factors of a candidate's weight.
_ALIAS = 0.5
_ARTICLE_DROPPED = 0.2  # "matrix" for "The Matrix"
_ARTICLE_ADDED = 0.002  # "the heat" for "Heat": who writes an article means it
_RESPACED = 0.3  # "spiderman" for "Spider-Man"
_EDIT_WEIGHT = 1 / 20
_YEAR_NEAR = 0.05  # one year off: festivals and cinemas differ
_YEAR_FAR = 1e-6

# Points off the score.
_EDIT_PENALTY = 10.0
_YEAR_NEAR_PENALTY = 2.0
_YEAR_FAR_PENALTY = 50.0

# What the second film may have of the first one's evidence for the first to be certain.
_RIVAL = 0.03
_RIVAL_OF_PART = 0.01
_KNOWN = 100  # ratings without which a part of a title or a slip is never certain

_RARE = 10  # titles that may have a word for it to tell the film by itself
_STRANGE = 3  # titles that may have a word for it to be a slip still: titles have slips too
_SPELLED = 85.0  # a score above which a query is no slip: it begins a title of about its year
_MOST = 50  # candidates kept of each kind, the most evident ones
_REMEMBERED = 2_048  # queries whose resolutions are kept, some 2 kB each


@dataclass(frozen=True)
class _Candidate:
    """A key that fits. ``evidence`` is weight times rating count: how much speaks for its film."""

    row: int
    key: int
    kind: _Kind
    form: ParsedQuery
    score: float
    evidence: float

    @property
    def fits_year(self) -> bool:
        return self.score > self.kind.score - _YEAR_FAR_PENALTY


class TitleIndex:
    """Finds movies by what users type; rows are positions in the sequences it is built from.

    Inside, keys are counted: a key is a form of a title as ``search_keys`` gives it, less its
    leading article; the first ``n`` are the movies' own names.
    """

    def __init__(
        self,
        names: Sequence[str],
        years: Sequence[int | None],
        aliases: Sequence[Sequence[str]],
        popularity: Sequence[int],
    ) -> None:
        """Index films by name and aliases, both in natural word order ("The Matrix").

        Parameters
        ----------
        names, years, aliases, popularity
            One entry a film; ``popularity`` is its number of ratings, >= 0.

        Raises
        ------
        ValueError
            If the sequences differ in length.
        """
        if not len(names) == len(years) == len(aliases) == len(popularity):
            raise ValueError("names, years, aliases and popularity must be equally long")
        rows, self._folded = search_keys(names, aliases)
        text = without_article("\n".join(self._folded))
        self._keys = text.split("\n")[: len(rows)]
        self._n = len(names)
        self._rows = np.array(rows, dtype=np.int64)
        self._years = np.array([year or 0 for year in years], dtype=np.int64)
        self._popularity = np.asarray(popularity, dtype=np.int64)
        self._lines = TitleText(self._keys)
        # Keys of the same letters, spaces aside, are chained: last one by letters, then backwards.
        self._last: dict[str, int] = {}
        self._before: list[int] = []
        for key, letters in enumerate(text.replace(" ", "").split("\n")[: len(rows)]):
            self._before.append(self._last.get(letters, -1))
            self._last[letters] = key
        # No title that is not exact can weigh more than this.
        self._most_partial = _Kind.BEGINS.weight * (max(popularity, default=0) + 1)

    def search(self, query: str, n: int = 10) -> list[Match]:
        """Return up to ``n`` movies for a query that may be unfinished, best first.

        Exact titles come first, then titles that begin so, titles with these words, and titles a
        few letters away; among equals the movies with more ratings. A year steers to its movies.
        """
        forms = parse_query(query)
        found = [best for form in forms for best in self._exact(form)]
        found += [best for form in forms for best in self._partial(form)]
        if not any(best.score >= _SPELLED and self._is_known(best.row) for best in found):
            found += self._typos_of(forms)
        return [Match(best.row, best.score) for best in _ranked(found)[:n]]

    def resolve(self, query: str) -> Resolution:
        """Understand a finished query: one movie for certain, or up to 10 to choose from.

        Certain is an exact title whose namesakes are all far less popular; the only well-known
        title that begins or ends so; or one a letter or two away with nothing else near. Where
        nothing is near, ``matches`` is empty. What was asked lately is not looked up again.
        """
        return self._resolutions(as_read(query))

    @cached_property
    def _resolutions(self) -> Callable[[str], Resolution]:
        return lru_cache(_REMEMBERED)(self._resolve)

    def _resolve(self, query: str) -> Resolution:
        forms = parse_query(query)
        found = [best for form in forms for best in self._exact(form)]
        exact = _ranked(found)
        if not (exact and self._is_beyond_parts(exact[0])):
            found += [best for form in forms for best in self._partial(form)]
        if not any(best.fits_year for best in exact):
            found += self._typos_of(forms)
        ranked = _ranked(found)
        matches = tuple(Match(best.row, best.score) for best in ranked[:10])
        return Resolution(matches, self._is_certain(ranked))

    # --- candidates ---------------------------------------------------------------------------

    def _exact(self, form: ParsedQuery) -> Iterator[_Candidate]:
        keys = []
        key = self._last.get(form.bare.replace(" ", ""), -1)
        while key >= 0:
            keys.append(key)
            key = self._before[key]
        weights = np.array([self._exactness(key, form) for key in keys])
        yield from self._candidates(_Kind.EXACT, form, np.array(keys, np.int64), weights)

    def _partial(self, form: ParsedQuery) -> Iterator[_Candidate]:
        """Films whose titles hold the query as it is written, or all its words."""
        hits = self._lines.find(form.bare)
        yield from self._candidates(_Kind.BEGINS, form, hits.begins)
        yield from self._candidates(_Kind.BEGINS_OPEN, form, hits.begins_open)
        yield from self._candidates(_Kind.ENDS, form, hits.ends)
        yield from self._candidates(_Kind.CONTAINS, form, hits.contains)
        words = form.bare.split()
        if len(words) > 1:
            yield from self._candidates(_Kind.WORDS, form, self._lines.containing_words(words))

    def _exactness(self, key: int, form: ParsedQuery) -> float:
        if self._keys[key] != form.bare:
            return _RESPACED
        if self._folded[key] == form.folded:
            return 1.0
        return _ARTICLE_DROPPED if form.folded == form.bare else _ARTICLE_ADDED

    def _typos_of(self, forms: list[ParsedQuery]) -> list[_Candidate]:
        """Films a few letters away, those of the query's year before any others."""
        forms = [typed for form in forms for typed in article_retyped(form)]
        dated = [form for form in forms if form.year is not None]
        if dated:
            of_year = self._around(dated[0].year)
            found = [typo for form in dated for typo in self._typos(form, of_year)]
            if found:
                return found
        return [typo for form in forms for typo in self._typos(form)]

    def _typos(self, form: ParsedQuery, among: Bools | None = None) -> Iterator[_Candidate]:
        query = form.bare
        if len(query) < 3:
            return
        keys, edits = self._pool.near(query, min(1 + len(query) // 5, 5), among)
        yield from self._candidates(_Kind.TYPO, form, keys, edits=edits)
        if len(query) >= 6:
            keys, edits = self._pool.near_beginnings(query, 1 + len(query) // 6, among)
            yield from self._candidates(_Kind.TYPO_BEGINS, form, keys, edits=edits)

    @cached_property
    def _pool(self) -> TitlePool:
        return TitlePool(self._keys)

    def _around(self, year: int | None) -> Bools:
        """Return which keys are of a movie of the year or one beside it."""
        near: Bools = np.abs(self._years - (year or 0)) <= 1
        return near[self._rows]

    def _candidates(
        self,
        kind: _Kind,
        form: ParsedQuery,
        keys: Ints,
        weights: NDArray[np.float64] | float = 1.0,
        edits: Ints | int = 0,
    ) -> Iterator[_Candidate]:
        """The _MOST candidates of most evidence among ``keys``, their years weighed in."""
        if not len(keys):
            return
        rows = self._rows[keys]
        scores = np.full(len(keys), kind.score) - _EDIT_PENALTY * edits
        evidence = kind.weight * weights * _EDIT_WEIGHT**edits * (self._popularity[rows] + 1)
        evidence = np.where(keys < self._n, evidence, evidence * _ALIAS)
        if form.year is not None:
            off = np.abs(self._years[rows] - form.year)
            cases = [off == 0, off == 1]
            evidence *= np.select(cases, [1.0, _YEAR_NEAR], _YEAR_FAR)
            scores -= np.select(cases, [0.0, _YEAR_NEAR_PENALTY], _YEAR_FAR_PENALTY)
        for i in np.argsort(-evidence, kind="stable")[:_MOST].tolist():
            found = max(float(scores[i]), 0.0), float(evidence[i])
            yield _Candidate(int(rows[i]), int(keys[i]), kind, form, *found)

    # --- certainty ----------------------------------------------------------------------------

    def _is_beyond_parts(self, exact: _Candidate) -> bool:
        """Whether no title that merely holds the query can cast doubt on this exact one."""
        dated = exact.form.year is not None and exact.score == _Kind.EXACT.score
        return dated or exact.evidence * _RIVAL > self._most_partial

    def _is_known(self, row: int) -> bool:
        return bool(self._popularity[row] >= _KNOWN)

    def _is_certain(self, ranked: list[_Candidate]) -> bool:
        if not ranked or not ranked[0].fits_year:
            return False
        first = ranked[0]
        share = max((other.evidence for other in ranked[1:]), default=0.0) / first.evidence
        known = self._is_known(first.row)
        words = first.form.bare.split()
        match first.kind:
            case _Kind.EXACT:
                return share < _RIVAL and (known or first.score == _Kind.EXACT.score)
            case _Kind.BEGINS:
                telling = len(words) > 1 or self._lines.count_word(words[0]) <= _RARE
                return share < _RIVAL_OF_PART and (known or len(words) > 2) and telling
            case _Kind.BEGINS_OPEN | _Kind.ENDS:
                return share < _RIVAL_OF_PART and known and len(words) > 1
            case _Kind.TYPO:
                return share < _RIVAL and known and self._is_typo(first)
            case _:
                return False

    def _is_typo(self, candidate: _Candidate) -> bool:
        """Whether the query is this title mistyped, rather than the title of another film."""
        query, title = candidate.form.bare, self._keys[candidate.key]
        if not is_mistyped(query, title):
            return False
        # A word of other titles may be meant, as in "The Good Wife" for "The Good Life", unless a
        # rare word ("gump") tells the film.
        typed, given = set(query.split()), set(title.split())
        return all(self._lines.count_word(word) <= _STRANGE for word in typed - given) or any(
            self._lines.count_word(word) <= _RARE for word in typed & given
        )


def _ranked(found: list[_Candidate]) -> list[_Candidate]:
    """Return the best candidate of each movie, by score and then evidence."""
    best: dict[int, _Candidate] = {}
    for candidate in sorted(found, key=lambda one: (-one.score, -one.evidence, one.row)):
        best.setdefault(candidate.row, candidate)
    return list(best.values())
