"""All titles in one byte string: a scan of it beats a loop over the titles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Hits:
    """Titles that hold a text from the start of a word on, by where they do; positions, int64.

    Attributes
    ----------
    begins
        Titles that begin with the text as whole words.
    begins_open
        Titles that begin with the text, which ends inside a word.
    ends
        Titles that end with it.
    contains
        Titles that hold it elsewhere.
    """

    begins: Ints  # the text ends where a word of the title does
    begins_open: Ints  # the text ends inside a word
    ends: Ints
    contains: Ints


class TitleText:
    """Folded titles, one a line, with a space on either side so that words are easily found."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._text = ("\n " + " \n ".join(titles) + " \n").encode()
        self._bytes = np.frombuffer(self._text, dtype=np.uint8)
        self._breaks = np.flatnonzero(self._bytes == ord("\n"))

    def find(self, text: str) -> Hits:
        """Return the titles that hold the text; one of one or two letters, those that begin so."""
        whole = f" {text}".encode()
        at = self._positions(whole) if len(text) > 2 else self._positions(b"\n" + whole) + 1
        lines = self._lines_at(at)
        after = at + len(whole)
        begins = self._bytes[at - 1] == ord("\n")
        closed = self._bytes[after] == ord(" ")
        ends = closed & (self._bytes[after + closed] == ord("\n"))
        return Hits(
            begins=lines[begins & closed],
            begins_open=lines[begins & ~closed],
            ends=lines[~begins & ends],
            contains=lines[~begins & ~ends],
        )

    def containing_words(self, words: Sequence[str]) -> Ints:
        """Return the titles with all these words in any order; the last may be unfinished."""
        if not all(self.count_word(word) for word in words[:-1]):
            return np.array([], dtype=np.int64)
        *whole, last = words
        # A word said again asks for nothing more, and would be looked for again.
        needles = [*dict.fromkeys(f" {word} ".encode() for word in whole), f" {last}".encode()]
        needles.sort(key=len, reverse=True)
        lines = np.unique(self._lines_at(self._positions(needles[0])))
        for needle in needles[1:]:
            held = [needle in self._line(line) for line in lines.tolist()]
            lines = lines[np.array(held, dtype=bool)]
        return lines

    def count_word(self, word: str) -> int:
        """Return how often a word stands in all titles."""
        return self._counts[word.encode()]

    @cached_property
    def _counts(self) -> Counter[bytes]:
        return Counter(self._text.split())

    def _line(self, line: int) -> bytes:
        return self._text[self._breaks[line] : self._breaks[line + 1]]

    def _lines_at(self, positions: Ints) -> Ints:
        return np.searchsorted(self._breaks, positions) - 1

    def _positions(self, needle: bytes) -> Ints:
        """Where the needle stands; of places that overlap the first."""
        # "the" stands in 40,000 places: a split is much the faster way to all of them.
        parts = self._text.split(needle)
        lengths = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        return np.cumsum(lengths[:-1] + len(needle)) - len(needle)
