"""The regions of the map of films, and what each is called.

The well-known films are divided by where they lie (k-means; Lloyd 1982), and a region is named
after what sets its films apart from the others (:mod:`engine.insights.traits`): its genres, with
the era or the tag that is the stronger evidence. Where nothing does, it is named after its
landmark, the film of most ratings. Nothing is random: the first centres are the films furthest from
those before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import Catalogue, Movie
from engine.insights.traits import Trait, TraitFinder, TraitKind

MOST_REGIONS, _FEWEST = 44, 12  # regions at most; well-known films of each at least
_ROUNDS = 30  # of k-means
_TYPICAL_GENRE, _TYPICAL_ERA, _TYPICAL_TAG = 0.4, 0.4, 0.1  # share of the films to be named after
_TELLING = 5.0  # z of an era or a tag to be named after
# What a genre is called beside another, and what on its own; the first of a pair comes first.
_GENRE_PHRASES = {
    "Animation": ("animated", "animation"),
    "Documentary": ("documentary", "documentaries"),
    "Children": ("family", "family films"),
    "Sci-Fi": ("sci-fi", "sci-fi"),
    "Romance": ("romantic", "romance"),
    "War": ("war", "war films"),
    "Crime": ("crime", "crime"),
    "Fantasy": ("fantasy", "fantasy"),
    "Mystery": ("mystery", "mystery"),
    "Film-Noir": ("noir", "film noir"),
    "Musical": ("musical", "musicals"),
    "Western": ("western", "westerns"),
    "Action": ("action", "action"),
    "Horror": ("horror", "horror"),
    "Thriller": ("thriller", "thrillers"),
    "Adventure": ("adventure", "adventure"),
    "Comedy": ("comedy", "comedy"),
    "Drama": ("dramatic", "drama"),
}


@dataclass(frozen=True)
class Region:
    """A named region of the map around ``x``, ``y``.

    Attributes
    ----------
    name
        Unique on the map.
    x, y
        The medoid of its movies.
    landmark
        The movie with most ratings.
    rows
        Catalogue rows of its well-known movies, most rated first.
    traits
        The evidence that the name is based on, strongest first.
    """

    name: str
    x: float
    y: float
    landmark: Movie
    rows: npt.NDArray[np.int64]
    traits: tuple[Trait, ...]


def nearest_region(regions: Sequence[Region], x: float, y: float) -> Region | None:
    """Return the region whose middle is nearest to a point; None where there are no regions."""
    return min(regions, key=lambda region: (region.x - x) ** 2 + (region.y - y) ** 2, default=None)


def find_regions(
    catalogue: Catalogue,
    known: npt.NDArray[np.int64],
    points: npt.NDArray[np.float32],
    region: npt.NDArray[np.int16],
) -> tuple[Region, ...]:
    """Return the regions of the map, largest first, with unique names.

    Parameters
    ----------
    catalogue
        All movies.
    known
        Catalogue rows of the well-known movies, most rated first, [n_known].
    points
        Their coordinates, [n_known, 2].
    region
        The number of each one's region, as of :func:`k_means`, [n_known]; -1 in none.
    """
    if not len(known):
        return ()
    finder = TraitFinder(catalogue, known)
    sizes = np.bincount(region[region >= 0])
    found: list[Region] = []
    taken: set[str] = set()
    for number in np.argsort(-sizes, kind="stable")[: int((sizes >= _FEWEST).sum())].tolist():
        films = np.flatnonzero(region == number)
        traits, landmark = finder.find(films), catalogue.by_row(known[films[0]])
        name = next(name for name in _names(traits, landmark) if name not in taken)
        taken.add(name)
        x, y = _medoid(points[films])
        found.append(Region(name, x, y, landmark, known[films], traits))
    return tuple(found)


def _names(traits: Sequence[Trait], landmark: Movie) -> Iterator[str]:
    """What a region may be called, best first; the last names no other region."""
    genres = [t.name for t in traits if t.kind is TraitKind.GENRE and t.share >= _TYPICAL_GENRE][:2]
    eras = [t for t in traits if t.kind is TraitKind.ERA and t.share >= _TYPICAL_ERA]
    tags = [t for t in traits if t.kind is TraitKind.TAG and t.share >= _TYPICAL_TAG]
    if genres:
        base = _genre_name(genres)
        finer = sorted((*eras, *tags), key=lambda trait: -trait.z)
        yield from (_qualified(base, trait) for trait in finer if trait.z >= _TELLING)
        yield _capital(base)
        yield from (_qualified(base, trait) for trait in finer)
    yield f"Around {landmark.name}"
    yield f"Around {landmark.title}"


def _genre_name(genres: Sequence[str]) -> str:
    """Such as "romantic comedy" from Comedy and Romance."""
    first, *second = sorted(genres, key=list(_GENRE_PHRASES).index)
    if set(genres) == {"Animation", "Children"}:
        return "animation"
    return (
        f"{_GENRE_PHRASES[first][0]} {_GENRE_PHRASES[second[0]][1]}"
        if second
        else _GENRE_PHRASES[first][1]
    )


def _qualified(base: str, trait: Trait) -> str:
    """Such as "1990s romance" or "Horror: Stephen King"."""
    if trait.kind is TraitKind.TAG:
        return _capital(f"{base}: {trait.name.title()}")
    return _capital(f"{trait.name} {base}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def k_means(points: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return the number from 0 of the region of each of n > 0 points [n, 2], [n].

    The points are the coordinates of the well-known movies.
    """
    k = min(MOST_REGIONS, max(len(points) // _FEWEST, 1))
    first = int(_squared(points, points.mean(0, keepdims=True)).argmin())
    chosen, nearest = [first], _squared(points, points[[first]])[:, 0]
    while len(chosen) < k:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, _squared(points, points[chosen[-1:]])[:, 0])
    centres = points[chosen]
    for _ in range(_ROUNDS):
        region = _squared(points, centres).argmin(1)
        for number in np.unique(region):
            centres[number] = points[region == number].mean(0)
    result: npt.NDArray[np.int64] = _squared(points, centres).argmin(1)
    return result


def _medoid(points: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Return the point nearest to all: on a ring it is on the ring, where a mean is in the hole."""
    distances = np.sqrt(_squared(points, points)).sum(1)
    x, y = points[int(distances.argmin())].tolist()
    return x, y


def _squared(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Squared distances [n, m] of points [n, 2] and [m, 2]."""
    result: npt.NDArray[np.float32] = ((a[:, None] - b[None]) ** 2).sum(2)
    return result
