"""What people type: titles with a slip of the finger, and the beginnings of titles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt

_SHORTEST = 4  # letters of a title that a slip leaves something of
_LONGEST_BEGINNING = 12


@dataclass(frozen=True)
class Typed:
    """What a user types who means the film of this row."""

    text: str
    row: int


def mistyped(
    names: Sequence[str], counts: npt.NDArray[np.int64], n: int, seed: int = 1
) -> list[Typed]:
    """``n`` titles with a letter left out, two swapped or one replaced, a third each on average.

    Films are drawn by their rating ``counts`` [n_movies], the way in which people ask for them.
    """
    rng = np.random.default_rng(seed)
    slips = (_leave_out, _swap, _replace)
    return [
        Typed(slips[rng.integers(len(slips))](names[row].lower(), rng), row)
        for row in _asked_for(names, counts, n, rng)
    ]


def beginnings(
    names: Sequence[str], counts: npt.NDArray[np.int64], n: int, seed: int = 1
) -> list[Typed]:
    """The first 1 to 12 letters of ``n`` titles, drawn likewise; no more than the title has."""
    rng = np.random.default_rng(seed)
    return [
        Typed(names[row].lower()[: rng.integers(1, _LONGEST_BEGINNING + 1)], row)
        for row in _asked_for(names, counts, n, rng)
    ]


def _asked_for(
    names: Sequence[str], counts: npt.NDArray[np.int64], n: int, rng: np.random.Generator
) -> Iterator[int]:
    long_enough = np.array([sum(map(str.isalpha, name)) >= _SHORTEST for name in names])
    weights = counts * long_enough
    rows: list[int] = rng.choice(len(names), n, p=weights / weights.sum()).tolist()
    yield from rows


def _leave_out(name: str, rng: np.random.Generator) -> str:
    at = _letter(name, rng)
    return name[:at] + name[at + 1 :]


def _swap(name: str, rng: np.random.Generator) -> str:
    pairs = [
        i for i in range(len(name) - 1) if name[i : i + 2].isalpha() and name[i] != name[i + 1]
    ]
    if not pairs:
        return _leave_out(name, rng)
    at = pairs[rng.integers(len(pairs))]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _replace(name: str, rng: np.random.Generator) -> str:
    at = _letter(name, rng)
    others = ascii_lowercase.replace(name[at], "")
    return name[:at] + others[rng.integers(len(others))] + name[at + 1 :]


def _letter(name: str, rng: np.random.Generator) -> int:
    letters = [i for i, char in enumerate(name) if char.isalpha()]
    return letters[rng.integers(len(letters))]
