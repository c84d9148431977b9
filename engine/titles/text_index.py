"""The words of all titles, each with the places where it stands."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_BEHIND_ALL = "\U0010ffff"  # a letter behind all others in the alphabet


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
    """Folded titles as one row of words, and for each word its places in that row.

    A search looks only at the places of its rarest word, however many titles there are. Words are
    numbered in the order of the alphabet, so that those that begin alike are a range of numbers.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        split = [title.split() for title in titles]
        row = [word for words in split for word in words]
        self._vocabulary = sorted(set(row))
        numbers = {word: number for number, word in enumerate(self._vocabulary)}
        self._numbers = np.fromiter(map(numbers.__getitem__, row), dtype=np.int64, count=len(row))
        lengths = np.array([len(words) for words in split], dtype=np.int64)
        self._titles = np.repeat(np.arange(len(titles)), lengths)
        self._begins = np.concatenate([[0], np.cumsum(lengths)])  # each title, and the end of all
        # The places of word number n are self._places[self._offsets[n] : self._offsets[n + 1]].
        self._places = np.argsort(self._numbers, kind="stable")
        counts = np.bincount(self._numbers, minlength=len(self._vocabulary))
        self._offsets = np.concatenate([[0], np.cumsum(counts)])

    def find(self, text: str) -> Hits:
        """Return the titles that hold the text; one of one or two letters, those that begin so."""
        *whole, last = text.split()
        ranges = [*map(self._only, whole), self._beginning_with(last)]
        rarest = min(range(len(ranges)), key=lambda i: self._count(*ranges[i]))
        at = self._places_of(*ranges[rarest]) - rarest  # where the text would begin
        at = at[at >= self._begins[self._titles[at + rarest]]]
        if len(text) <= 2:
            at = at[self._begins[self._titles[at]] == at]
        at = at[at + len(ranges) <= self._begins[self._titles[at] + 1]]
        for offset, wanted in enumerate(ranges):
            at = at[_within(self._numbers[at + offset], *wanted)]

        titles, end = self._titles[at], at + len(ranges)
        begins = self._begins[titles] == at
        closed = _within(self._numbers[end - 1], *self._only(last))
        ends = closed & (self._begins[titles + 1] == end)
        return Hits(
            begins=titles[begins & closed],
            begins_open=titles[begins & ~closed],
            ends=titles[~begins & ends],
            contains=titles[~begins & ~ends],
        )

    def containing_words(self, words: Sequence[str]) -> Ints:
        """Return the titles with all these words in any order; the last may be unfinished."""
        *whole, last = words
        ranges = [*map(self._only, dict.fromkeys(whole)), self._beginning_with(last)]
        ranges.sort(key=lambda wanted: self._count(*wanted))
        titles = np.unique(self._titles[self._places_of(*ranges[0])])
        for wanted in ranges[1:]:
            if not len(titles):
                break
            holds = np.zeros(len(self._begins) - 1, dtype=bool)
            holds[self._titles[self._places_of(*wanted)]] = True
            titles = titles[holds[titles]]
        return titles

    def count_word(self, word: str) -> int:
        """Return how often a word stands in all titles."""
        return self._count(*self._only(word))

    def _only(self, word: str) -> tuple[int, int]:
        """Return the range of numbers of one word: none where no title has it."""
        number = bisect_left(self._vocabulary, word)
        return number, number + (self._vocabulary[number : number + 1] == [word])

    def _beginning_with(self, letters: str) -> tuple[int, int]:
        """Return the range of the numbers of the words that begin so."""
        low = bisect_left(self._vocabulary, letters)
        return low, bisect_left(self._vocabulary, letters + _BEHIND_ALL, lo=low)

    def _count(self, low: int, high: int) -> int:
        return int(self._offsets[high] - self._offsets[low])

    def _places_of(self, low: int, high: int) -> Ints:
        """Return the places of the words with these numbers, ascending."""
        return np.sort(self._places[self._offsets[low] : self._offsets[high]])


def _within(numbers: Ints, low: int, high: int) -> NDArray[np.bool_]:
    return (low <= numbers) & (numbers < high)
