"""Typing errors: titles a few letters away from a query."""

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

Ints = NDArray[np.int64]

_DIGITS = re.compile(r"\d+")
_PLURAL = re.compile(r"s\b")
_BINS = 32  # that the letters are counted in: "a" to "z" in 26 of them, other signs wherever


class TitlePool:
    """Titles to search for typing errors, from short to long, also by their first letter.

    Most titles are out of the question by their letters alone, whatever the order: a title that
    lacks k letters of the query, or has k letters beside these, is k edits away at least (bag
    distance: Bartolini, Ciaccia & Patella 2002, *String Matching with Metric Trees Using an
    Approximate Distance*).
    """

    def __init__(self, keys: Ints, titles: Sequence[str]) -> None:
        """Index the titles.

        Parameters
        ----------
        keys
            A number for each title, which searches return, [n].
        titles
            Folded titles.
        """
        lengths = np.array([len(title) for title in titles], dtype=np.int64)
        order = np.argsort(lengths, kind="stable")
        self._lengths = lengths[order]
        self._keys = keys[order]
        self._titles = [titles[i] for i in order.tolist()]
        self._letters = _letters(self._titles)
        self._by_initial: dict[str, list[int]] = {}
        for i, title in enumerate(self._titles):
            self._by_initial.setdefault(title[:1], []).append(i)

    def near(self, query: str, most: int) -> tuple[Ints, Ints]:
        """Return the keys of the titles at most ``most`` edits from the query, and the edits."""
        low, high = np.searchsorted(self._lengths, [len(query) - most, len(query) + most + 1])
        band = np.arange(low, high)
        lacking = _lacking(query, self._letters[:, low:high])
        surplus = lacking + self._lengths[band] - len(query)
        likely = band[np.maximum(lacking, surplus) <= most]
        return self._edits(query, likely, [self._titles[i] for i in likely.tolist()], most)

    def near_beginnings(self, query: str, most: int) -> tuple[Ints, Ints]:
        """Return keys and edits of longer titles that begin so near, the first letter right."""
        alike = self._by_initial.get(query[:1], [])
        longer = alike[bisect_left(alike, int(np.searchsorted(self._lengths, len(query) + 1))) :]
        positions = np.array(longer, dtype=np.int64)
        likely = positions[_lacking(query, self._letters[:, positions]) <= most]
        openings = [self._titles[i][: len(query)] for i in likely.tolist()]
        return self._edits(query, likely, openings, most)

    def _edits(
        self, query: str, positions: Ints, texts: Sequence[str], most: int
    ) -> tuple[Ints, Ints]:
        """Keys of those of the texts at most so many edits away (a swap is one), and the edits."""
        edits = process.cdist([query], texts, scorer=OSA.distance, score_cutoff=most)[0]
        # A swap beside all the other slips is two: "alein" is for Alien and not for Aliens.
        strict = process.cdist([query], texts, scorer=Levenshtein.distance)[0]
        hits = (edits <= most) & (strict <= max(most, 2))
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


def _letters(titles: Sequence[str]) -> NDArray[np.uint8]:
    """Return how often each title has the letters of each bin, [_BINS, n_titles]."""
    lengths = [len(title) for title in titles]
    signs = np.frombuffer("".join(titles).encode("utf-32-le"), dtype=np.uint32) % _BINS
    cells = signs.astype(np.int64) * len(titles) + np.repeat(np.arange(len(titles)), lengths)
    counts = np.bincount(cells, minlength=_BINS * len(titles)).reshape(_BINS, len(titles))
    return np.minimum(counts, np.iinfo(np.uint8).max).astype(np.uint8)


def _lacking(query: str, letters: NDArray[np.uint8]) -> Ints:
    """Return how many letters of the query each title lacks, [n_titles]."""
    wanted = _letters([query])
    used = np.flatnonzero(wanted)
    found: Ints = np.minimum(letters[used], wanted[used]).sum(axis=0, dtype=np.int64)
    return len(query) - found
