"""Film series, found from titles: "Alien", "Alien³" and "Alien: Resurrection" are one.

The *stem* of a title is what is left without subtitle, number, "returns" and the like, and "and the
...". Films whose titles go beyond one stem are a series, together with the best-known film whose
title is the stem itself. A title of several words is telling by itself: all films of that name are
one series, remakes mostly. Either kind also takes the titles that merely begin with its stem ("Star
Trek Beyond"), unless these outnumber it, in films or in ratings: then the stem is a phrase rather
than a name ("The Big").
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue
from engine.titles.normalize import arabic, in_digits, without_article
from engine.titles.parse import fold

_SUBTITLE = re.compile(r"(?<=\w)(?:: | [-–] ).*$", re.MULTILINE)
_PART = r"(?:part|episode|chapter|vol|volume|book|no)"
_NUMBER = rf"{_PART} \d\d?|(?:[2-9]|1\d)(?: \d \d)?|part"
_WORD = r"again|begins|forever|re(?:born|loaded|surrections|turns|volutions)|rises|strikes back"
_SEQUEL = re.compile(rf" (?:{_NUMBER}|{_WORD})$", re.MULTILINE)
_AND_THE = re.compile(r"^(\w+ \w.*?) and the .+$", re.MULTILINE)
_SHORTEST = 3  # letters of a stem
_FEW = 3  # films that may begin with the title of a single one

Rows = set[int]


def series_of(catalogue: Catalogue) -> npt.NDArray[np.int64]:
    """Return each movie's series, int64 [n_movies]: the series' lowest row, -1 for no series."""
    rows: list[int] = []
    names: list[str] = []
    for row, (own, others) in enumerate(zip(catalogue.names, catalogue.aliases, strict=True)):
        names += [own, *others]
        rows += [row] * (1 + len(others))
    # One pass over the joined text beats one over each title.
    heads = _SUBTITLE.sub("", "\n".join(names)).split("\n")
    keys = without_article(in_digits(arabic("\n".join(map(fold, heads)))))
    stems = _AND_THE.sub(r"\1", _SEQUEL.sub("", keys)).split("\n")
    titles = keys.split("\n")

    ratings = catalogue.counts.tolist()
    called, beyond = defaultdict[str, Rows](set), defaultdict[str, Rows](set)
    for row, name, head, title, stem in zip(rows, names, heads, titles, stems, strict=True):
        (called if name == head and title == stem else beyond)[stem].add(row)
    series = {stem: films for stem, films in called.items() if " " in stem}
    for stem, films in beyond.items():
        best_known = sorted(called[stem], key=lambda row: -ratings[row])[:1]
        series[stem] = films.union(series.get(stem, best_known))
    _take_beginnings(series, rows, titles, ratings)
    return _numbered(series, len(catalogue))


def _take_beginnings(
    series: Mapping[str, Rows], rows: Sequence[int], titles: Sequence[str], ratings: Sequence[int]
) -> None:
    """Add the films whose titles begin with a stem, the longest there is, but for phrases."""
    beginning = defaultdict[str, Rows](set)
    for row, title in zip(rows, titles, strict=True):
        stem = title.rpartition(" ")[0]
        while stem and stem not in series:
            stem = stem.rpartition(" ")[0]
        if stem and row not in series[stem]:
            beginning[stem].add(row)
    for stem, films in beginning.items():
        known, taken = (sum(ratings[row] for row in some) for some in (series[stem], films))
        if len(films) <= max(len(series[stem]), _FEW) and taken <= known:
            series[stem].update(films)


def _numbered(series: Mapping[str, Rows], n_movies: int) -> npt.NDArray[np.int64]:
    """Series that share a film, which goes by several names, are one."""
    joined: dict[int, Rows] = {}
    for stem, films in series.items():
        if len(films) > 1 and len(stem) >= _SHORTEST and not stem.isdigit():
            together = films.union(*(joined[row] for row in films if row in joined))
            joined.update(dict.fromkeys(together, together))
    number = np.full(n_movies, -1, dtype=np.int64)
    for row, together in joined.items():
        number[row] = min(together)
    return number
