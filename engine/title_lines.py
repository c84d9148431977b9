"""All titles in one byte string: a scan of it beats a loop over the titles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Hits:
    """Positions of the titles that hold a text from the start of a word on, by where they do."""

    begins: Ints  # the text ends where a word of the title does
    begins_open: Ints  # the text ends inside a word
    ends: Ints
    contains: Ints


class TitleLines:
    """Folded titles, one a line, with a space on either side so that words are easily told."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._text = ("\n " + " \n ".join(titles) + " \n").encode()
        self._bytes = np.frombuffer(self._text, dtype=np.uint8)
        self._breaks = np.flatnonzero(self._bytes == ord("\n"))

    def find(self, text: str) -> Hits:
        """Titles that hold the text; one or two letters are only looked for at the beginning."""
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

    def with_words(self, words: Sequence[str]) -> Ints:
        """Titles with all these words in any order; the last may be the beginning of one."""
        needles = [f" {word} ".encode() for word in words[:-1]] + [f" {words[-1]}".encode()]
        needles.sort(key=len, reverse=True)
        if any(needle not in self._text for needle in needles):
            return np.array([], dtype=np.int64)
        lines = np.unique(self._lines_at(self._positions(needles[0])))
        for needle in needles[1:]:
            held = [needle in self._line(line) for line in lines.tolist()]
            lines = lines[np.array(held, dtype=bool)]
        return lines

    def count_word(self, word: str) -> int:
        """How often a word stands in all titles."""
        return self._text.count(f" {word} ".encode())

    def _line(self, line: int) -> bytes:
        return self._text[self._breaks[line] : self._breaks[line + 1]]

    def _lines_at(self, positions: Ints) -> Ints:
        return np.searchsorted(self._breaks, positions) - 1

    def _positions(self, needle: bytes) -> Ints:
        positions = []
        at = self._text.find(needle)
        while at >= 0:
            positions.append(at)
            at = self._text.find(needle, at + 1)
        return np.array(positions, dtype=np.int64)
