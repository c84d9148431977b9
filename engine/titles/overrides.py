"""Names that people know movies by where MovieLens lists another.

MovieLens keeps the working title of some movies, and no nicknames.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

# By MovieLens id. The working title stays an alias.
RELEASED_AS: Mapping[int, str] = {
    122912: "Avengers: Infinity War",
    122914: "Avengers: Endgame",
    122918: "Guardians of the Galaxy Vol. 2",
    122926: "Spider-Man: Homecoming",
}
NICKNAMES: Mapping[int, str] = {
    4993: "LOTR: The Fellowship of the Ring",
    5952: "LOTR: The Two Towers",
    7153: "LOTR: The Return of the King",
}


def with_popular_names(
    movie_ids: npt.NDArray[np.int64], names: Sequence[str], aliases: Sequence[tuple[str, ...]]
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return names and aliases [n_movies] as people know the movies; a known name is left as it is.

    Parameters
    ----------
    movie_ids
        MovieLens ids, [n_movies].
    names, aliases
        Of each movie.
    """
    names, aliases = list(names), list(aliases)
    rows = np.flatnonzero(np.isin(movie_ids, [*RELEASED_AS, *NICKNAMES]))
    row_of = dict(zip(movie_ids[rows].tolist(), rows.tolist(), strict=True))
    for movie_id, name in RELEASED_AS.items():
        row = row_of.get(movie_id)
        if row is not None and names[row] != name:
            aliases[row] = (*aliases[row], names[row])
            names[row] = name
    for movie_id, nickname in NICKNAMES.items():
        row = row_of.get(movie_id)
        if row is not None and nickname not in aliases[row]:
            aliases[row] = (*aliases[row], nickname)
    return names, aliases
