r"""What sets some films apart from the others: their genres, era, reception and tags.

The strength of the evidence for a trait is the z-score of its log-odds ratio. It is in :math:`k` of
the :math:`n` films, in :math:`k'` of the :math:`n'` others and in the share :math:`p` of them all;
as if :math:`c` more films had been seen on either side, :math:`cp` of them with the trait (the
informative Dirichlet prior of Monroe, Colaresi & Quinn 2008, sec. 3.3, beside Woolf's variance),

.. math::
    z = \frac{\log(a / b) - \log(a' / b')}{\sqrt{1 / a + 1 / b + 1 / a' + 1 / b'}}, \qquad
    a = k + cp, \quad b = n - k + c(1 - p)

and :math:`a', b'` alike. Three films out of a hundred are no evidence, however rare their trait is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import GENRES, IMAX_COLUMN, Catalogue


class TraitKind(StrEnum):
    """What a trait is about."""

    GENRE = "genre"
    ERA = "era"
    RECEPTION = "reception"
    TAG = "tag"


_PRIOR_FILMS = 10.0  # c above
_EVIDENCE, _STRONG = 4.0, 7.0  # z of a trait to be told at all, and of one for a label to be made
# The share of the films that must have a trait for a label to name it; tags are given sparingly.
_TYPICAL = {
    TraitKind.GENRE: 1 / 3,
    TraitKind.ERA: 1 / 3,
    TraitKind.RECEPTION: 1 / 3,
    TraitKind.TAG: 0.1,
}
_MORE = 1.5  # times the usual share, which it must reach as well
_NOUNS = {
    "Children": "children's films",
    "Documentary": "documentaries",
    "Film-Noir": "film noir",
    "Musical": "musicals",
    "War": "war films",
    "Western": "westerns",
}
_TAG_MOVIES = 8  # films that must have a tag for it to be looked at
_GENRE_TAGS = {"sf", *(genre.lower() for genre in GENRES)}
# Notes that people make for themselves describe no film.
_PRIVATE = re.compile(r"toplist|holes\d|netflix|imdb|dvd|hdtv|tivo|ei muista|katso")


@dataclass(frozen=True)
class Trait:
    """Something over-represented in some movies.

    Attributes
    ----------
    kind, name
        What it is.
    share
        Of these movies that have it; of tags, among movies with any tag.
    base_rate
        The share of the other movies.
    z
        Strength of the evidence, in standard deviations.
    """

    kind: TraitKind
    name: str
    share: float
    base_rate: float
    z: float


class TraitFinder:
    """Compares movies with the others among the catalogue rows ``known``, most rated first."""

    def __init__(self, catalogue: Catalogue, known: npt.NDArray[np.int64]) -> None:
        traits = list(_traits(catalogue, known))
        self._names = [(kind, name) for kind, name, _ in traits]
        self._has = np.array([has for *_, has in traits])
        is_tag = np.array([kind is TraitKind.TAG for kind, _ in self._names])
        tagged = np.array([bool(catalogue.tags[row]) for row in known])
        self._counted = np.where(is_tag[:, None], tagged, True)

    def find(self, films: npt.NDArray[np.int64]) -> tuple[Trait, ...]:
        """Return the traits over-represented in ``films``, positions in ``known``, strongest first.

        Of all runs of decades only the strongest is among them.
        """
        k, n = self._has[:, films].sum(1), self._counted[:, films].sum(1)
        others, n_others = self._has.sum(1) - k, self._counted.sum(1) - n
        z = _z_scores(k, n, others, n_others)
        share, base_rate = k / np.maximum(n, 1), others / np.maximum(n_others, 1)
        found: list[Trait] = []
        for t in np.argsort(-z, kind="stable")[: (z >= _EVIDENCE).sum()].tolist():
            kind, name = self._names[t]
            if kind is not TraitKind.ERA or all(trait.kind is not TraitKind.ERA for trait in found):
                found.append(Trait(kind, name, float(share[t]), float(base_rate[t]), float(z[t])))
        return tuple(found)


def label(traits: Iterable[Trait]) -> str | None:
    """Return a name such as ``"acclaimed 1930s–50s drama"``; None where there is no honest one.

    It names what is typical, if the evidence is strong for any of it. A tag is added to a name but
    never makes one: few movies have any.
    """
    typical = [t for t in traits if t.share >= max(_TYPICAL[t.kind], _MORE * t.base_rate)]
    if not any(t.z >= _STRONG and t.kind is not TraitKind.TAG for t in typical):
        return None
    told = {kind: [_noun(t.name) for t in typical if t.kind is kind] for kind in TraitKind}
    genres = " & ".join(told[TraitKind.GENRE][:2])
    tags = [f"({tag})" for tag in told[TraitKind.TAG][:1]]
    return " ".join([*told[TraitKind.RECEPTION], *told[TraitKind.ERA], genres or "films", *tags])


def _noun(name: str) -> str:
    return _NOUNS.get(name, name.lower())


def _z_scores(
    k: npt.NDArray[np.int64],
    n: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    n_others: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """By trait; 0 for one that all films or none have."""
    p = (k + others) / np.maximum(n + n_others, 1)
    telling = (p > 0) & (p < 1)
    prior = _PRIOR_FILMS * np.where(telling, p, 0.5)
    having = np.array([k, others]) + prior
    lacking = np.array([n - k, n_others - others]) + _PRIOR_FILMS - prior
    ratio = np.log(having[0] / lacking[0]) - np.log(having[1] / lacking[1])
    z: npt.NDArray[np.float64] = ratio / np.sqrt((1 / having + 1 / lacking).sum(0))
    return np.where(telling, z, 0.0)


def _traits(
    catalogue: Catalogue, known: npt.NDArray[np.int64]
) -> Iterator[tuple[TraitKind, str, npt.NDArray[np.bool_]]]:
    """Each trait with the films that have it, [n_known]."""
    for g, genre in enumerate(GENRES):
        if g != IMAX_COLUMN:
            yield TraitKind.GENRE, genre, catalogue.genres[known, g]
    yield from _eras(catalogue.years[known] // 10 * 10)
    biases = catalogue.biases[known]
    low, high = np.quantile(biases, (0.2, 0.8))
    yield TraitKind.RECEPTION, "panned", biases < low
    yield TraitKind.RECEPTION, "acclaimed", biases > high
    yield TraitKind.RECEPTION, "famous", np.arange(len(known)) < len(known) // 10
    tags = [set(catalogue.tags[row]) for row in known]
    for tag, count in sorted(Counter(tag for of_film in tags for tag in of_film).items()):
        if count >= _TAG_MOVIES and tag not in _GENRE_TAGS and not _PRIVATE.search(tag):
            yield TraitKind.TAG, tag, np.array([tag in of_film for of_film in tags])


def _eras(decades: npt.NDArray[np.int16]) -> Iterator[tuple[TraitKind, str, npt.NDArray[np.bool_]]]:
    """All runs of decades but the whole; 0 is unknown."""
    present = np.unique(decades[decades > 0]).tolist()
    for first in present:
        for last in present:
            if first <= last and (first, last) != (present[0], present[-1]):
                has = (decades >= first) & (decades <= last)
                yield TraitKind.ERA, _era(first, last, present[0]), has


def _era(first: int, last: int, earliest: int) -> str:
    """Such as "1950s", "1950s–70s", "1990s–2010s", or "pre-1970" from the earliest on."""
    if first == earliest:
        return f"pre-{last + 10}"
    if first == last:
        return f"{first}s"
    return f"{first}s–{last if last // 100 > first // 100 else last % 100:02}s"
