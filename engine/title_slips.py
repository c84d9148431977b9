"""Slips of the finger: titles a few letters away from a query."""

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


class TitlePool:
    """Titles to look through for slips, from short to long, also by their first letter."""

    def __init__(self, keys: Ints, titles: Sequence[str]) -> None:
        """``keys`` number the ``titles``: they are what a search gives back."""
        lengths = np.array([len(title) for title in titles], dtype=np.int64)
        order = np.argsort(lengths, kind="stable")
        self._lengths = lengths[order]
        self._keys = keys[order]
        self._titles = [titles[i] for i in order.tolist()]
        self._by_initial: dict[str, list[int]] = {}
        for i, title in enumerate(self._titles):
            self._by_initial.setdefault(title[:1], []).append(i)

    def near(self, query: str, most: int) -> tuple[Ints, Ints]:
        """Keys of the titles at most so many edits from the query, and the edits of each."""
        low, high = np.searchsorted(self._lengths, [len(query) - most, len(query) + most + 1])
        band = slice(int(low), int(high))
        hits, edits = _near(query, self._titles[band], most)
        return self._keys[band][hits], edits

    def nearly_begin(self, query: str, most: int) -> tuple[Ints, Ints]:
        """Keys of longer titles whose beginning is so near, the first letter being right."""
        alike = self._by_initial.get(query[:1], [])
        longer = alike[bisect_left(alike, int(np.searchsorted(self._lengths, len(query) + 1))) :]
        openings = [self._titles[i][: len(query)] for i in longer]
        hits, edits = _near(query, openings, most)
        return self._keys[np.array(longer, np.int64)[hits]], edits


def is_mistyped(query: str, title: str) -> bool:
    """Whether one or two letters make the title of the query, and no other title is likely meant.

    A number or a plural is meant: "Joker 2" is no slip for "Joker", nor "Twisters" for "Twister".
    """
    most = (len(query) >= 5) + (len(query) >= 9)
    return (
        OSA.distance(query, title) <= most
        and query[:1] == title[:1]
        and _DIGITS.findall(query) == _DIGITS.findall(title)
        and (query == title or _PLURAL.sub("", query) != _PLURAL.sub("", title))
    )


def _near(query: str, choices: Sequence[str], most: int) -> tuple[Ints, Ints]:
    """Positions of the choices at most so many edits away (a swap is one edit), and the edits."""
    # Levenshtein is much the faster; a swap is two edits by it.
    rough = process.extract(
        query, choices, scorer=Levenshtein.distance, score_cutoff=max(most, 2), limit=None
    )
    measured = [(i, OSA.distance(query, choice)) for choice, _, i in rough]
    hits = np.array([hit for hit in measured if hit[1] <= most], dtype=np.int64).reshape(-1, 2)
    return hits[:, 0], hits[:, 1]
