"""Typing errors: titles a few letters away from a query."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_DIGITS = re.compile(r"\d+")
_PLURAL = re.compile(r"s\b")
_BINS = 32  # that the letters are counted in: "a" to "z" in 26 of them, other signs wherever
_WHOLE = 1_000  # letters: more than any title has
_OPENINGS = (12, 18, 27, _WHOLE)  # letters of a title that beginnings of it are looked for in


class TitlePool:
    """Titles to search for typing errors, from short to long, also by their first letter.

    Most titles are out of the question by their letters alone, whatever the order: a title that
    lacks k letters of the query, or has k letters beside these, is k edits away at least (bag
    distance: Bartolini, Ciaccia & Patella 2002, *String Matching with Metric Trees Using an
    Approximate Distance*). Which letters there are, in the bits of one number, rules most of them
    out; how often, most of the rest.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        """Index folded titles, which searches return by their positions here."""
        lengths = np.array([len(title) for title in titles], dtype=np.int64)
        self._keys = np.argsort(lengths, kind="stable")
        self._lengths = lengths[self._keys]
        self._titles = [titles[key] for key in self._keys.tolist()]
        self._letters = _letters(self._titles)
        self._alphabets = {
            length: _alphabets([title[:length] for title in self._titles]) for length in _OPENINGS
        }
        by_initial: dict[str, list[int]] = {}
        for i, title in enumerate(self._titles):
            by_initial.setdefault(title[:1], []).append(i)
        self._by_initial = {
            initial: np.array(alike, dtype=np.int64) for initial, alike in by_initial.items()
        }

    def near(self, query: str, most: int, among: Bools | None = None) -> tuple[Ints, Ints]:
        """Return the titles at most so many edits from the query, and the edits.

        Parameters
        ----------
        query
            A folded text.
        most
            Edits.
        among
            Whether a title counts, [n_titles]; all do where it is not given.
        """
        low, high = np.searchsorted(self._lengths, [len(query) - most, len(query) + most + 1])
        wanted, there = _alphabets([query])[0], self._alphabets[_WHOLE][low:high]
        alike = np.maximum(np.bitwise_count(wanted & ~there), np.bitwise_count(there & ~wanted))
        band = self._allowed(low + np.flatnonzero(alike <= most), among)
        lacking = _lacking(query, self._letters, band)
        surplus = lacking + self._lengths[band] - len(query)
        likely = band[np.maximum(lacking, surplus) <= most]
        return self._edits(query, likely, [self._titles[i] for i in likely.tolist()], most)

    def near_beginnings(
        self, query: str, most: int, among: Bools | None = None
    ) -> tuple[Ints, Ints]:
        """Return longer titles that begin so near, the first letter right; and the edits.

        Parameters
        ----------
        query, most, among
            As for `near`.
        """
        alike = self._by_initial.get(query[:1], np.array([], dtype=np.int64))
        longer = alike[np.searchsorted(alike, np.searchsorted(self._lengths, len(query) + 1)) :]
        longer = self._allowed(longer, among)
        opening = next((length for length in _OPENINGS if length >= len(query)), _WHOLE)
        there = self._alphabets[opening][longer]
        longer = longer[np.bitwise_count(_alphabets([query])[0] & ~there) <= most]
        likely = longer[_lacking(query, self._letters, longer) <= most]
        openings = [self._titles[i][: len(query)] for i in likely.tolist()]
        return self._edits(query, likely, openings, most)

    def _allowed(self, positions: Ints, among: Bools | None) -> Ints:
        return positions if among is None else positions[among[self._keys[positions]]]

    def _edits(
        self, query: str, positions: Ints, texts: Sequence[str], most: int
    ) -> tuple[Ints, Ints]:
        """Keys of those of the texts at most so many edits away (a swap is one), and the edits."""
        edits = process.cdist([query], texts, scorer=OSA.distance, score_cutoff=most)[0]
        hits = np.flatnonzero(edits <= most)
        # A swap beside all the other slips is two: "alein" is for Alien and not for Aliens.
        near = [texts[i] for i in hits.tolist()]
        strict = process.cdist([query], near, scorer=Levenshtein.distance)[0]
        hits = hits[strict <= max(most, 2)]
        return self._keys[positions[hits]], edits[hits].astype(np.int64)


def is_mistyped(query: str, title: str) -> bool:
    """Return whether one or two edits make the title of the query, and no other is likely meant.

    A number or a plural is meant: "Joker 2" is no misspelling of "Joker", nor "Twisters" of
    "Twister".
    """
    most = (len(query) >= 5) + (len(query) >= 9)
    return (
        OSA.distance(query, title) <= most
        and query[:1] == title[:1]
        and _DIGITS.findall(query) == _DIGITS.findall(title)
        and (query == title or _PLURAL.sub("", query) != _PLURAL.sub("", title))
    )


def _alphabets(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Return which bins have letters of each text, as the bits of a number, [n_texts]."""
    signs, owners = _signs(texts)
    alphabets = np.zeros(len(texts), dtype=np.uint32)
    np.bitwise_or.at(alphabets, owners, np.uint32(1) << signs)
    return alphabets


def _letters(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Return how often each text has the letters of each bin, [_BINS, n_texts]."""
    signs, owners = _signs(texts)
    cells = signs.astype(np.int64) * len(texts) + owners
    counts = np.bincount(cells, minlength=_BINS * len(texts)).reshape(_BINS, len(texts))
    return np.minimum(counts, np.iinfo(np.uint8).max).astype(np.uint8)


def _signs(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Ints]:
    """Return the bins of all letters of the texts, and which text each is of."""
    lengths = [len(text) for text in texts]
    signs = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32) % _BINS
    return signs, np.repeat(np.arange(len(texts)), lengths)


def _lacking(query: str, letters: NDArray[np.uint8], positions: Ints) -> Ints:
    """Return how many letters of the query each title at the positions lacks, [n_positions]."""
    wanted = _letters([query])
    used = np.flatnonzero(wanted)
    there = letters[np.ix_(used, positions)]
    found: Ints = np.minimum(there, wanted[used]).sum(axis=0, dtype=np.int64)
    return len(query) - found
