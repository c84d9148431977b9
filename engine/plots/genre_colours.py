"""The groups of genres that colour films on maps: the same on pictures and on the page."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import GENRES, Catalogue
from engine.plots.theme import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, WHITE, YELLOW


@dataclass(frozen=True)
class GenreGroup:
    """Genres that share a colour."""

    name: str
    colour: str
    genres: tuple[str, ...]


# The first group that fits a film gives its colour: the telling genres come before the common.
GROUPS = (
    GenreGroup("Documentary", WHITE, ("Documentary",)),
    GenreGroup("Animation & family", GREEN, ("Animation", "Children")),
    GenreGroup("Horror", VERMILION, ("Horror",)),
    GenreGroup("Sci-fi & fantasy", SKY, ("Sci-Fi", "Fantasy")),
    GenreGroup("Romance & musical", PURPLE, ("Romance", "Musical")),
    GenreGroup("Action & adventure", ORANGE, ("Action", "Adventure", "War", "Western")),
    GenreGroup("Crime & thriller", BLUE, ("Crime", "Thriller", "Mystery", "Film-Noir")),
    GenreGroup("Comedy", YELLOW, ("Comedy",)),
    GenreGroup("Drama & others", "#7d8089", ()),
)


def group_of(catalogue: Catalogue, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the number in ``GROUPS`` of the group of each catalogue row, [n_rows]."""
    group = np.full(len(rows), len(GROUPS) - 1)
    for number in reversed(range(len(GROUPS) - 1)):
        columns = [GENRES.index(genre) for genre in GROUPS[number].genres]
        group[catalogue.genres[rows][:, columns].any(1)] = number
    return group
