r"""Genres and decades of which somebody thinks more than of the rest of what they rated.

Of a person's N ratings with variance :math:`\sigma^2`, the n films of a kind got
:math:`\bar r_1` on average and the others :math:`\bar r_0`. How many more stars the kind really
gets from them, :math:`\delta`, is known the better the more films there are on both sides. With
:math:`\delta \sim N(0, \tau^2)` among people and kinds,

.. math::
    \delta \mid r \sim N\left(\frac{\tau^2}{\tau^2 + v} (\bar r_1 - \bar r_0),\;
        \frac{\tau^2 v}{\tau^2 + v}\right), \qquad
    v = \sigma^2 \left(\frac{1}{n} + \frac{1}{N - n}\right)

(Gelman et al. 2013, *Bayesian Data Analysis*, sec. 2.5). Few ratings give a poor idea of
:math:`\sigma^2`, which is therefore pooled with that of the population. Both constants are those of
1,500 MovieLens users: there :math:`\tau` is a quarter of a star, by the method of moments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.catalogue import GENRES, IMAX_COLUMN, Catalogue

_EFFECT_VARIANCE = 0.07  # tau² above, in stars²
_PRIOR_VARIANCE, _PRIOR_RATINGS = (
    0.9,
    5.0,
)  # variance of anybody's ratings, and as how many ratings it counts


@dataclass(frozen=True)
class Affinity:
    """How many more stars a person gives films of a kind than their other films.

    ``difference`` and its ``std`` are the posterior's; ``mean`` is what the ``count`` films of the
    kind got from them, plainly, and ``others`` the other films. ``name`` is a genre, or a decade
    such as ``1990s``.
    """

    name: str
    difference: float
    std: float
    count: int
    mean: float
    others: float


def affinities(catalogue: Catalogue, ratings: Mapping[int, float]) -> list[Affinity]:
    """Of all genres and decades that somebody rated, by movie id; the fondest first.

    A kind that all or none of the films are of is left out: there is nothing to compare it with.
    """
    rows = np.array([catalogue.row(movie_id) for movie_id in ratings], dtype=np.int64)
    stars = np.array(list(ratings.values()), dtype=np.float64)
    found = [
        _affinity(name, stars[has], stars[~has], _variance(stars))
        for name, has in _categories(catalogue, rows)
        if has.any() and not has.all()
    ]
    return sorted(found, key=lambda one: -one.difference)


def _affinity(
    name: str, those: npt.NDArray[np.float64], others: npt.NDArray[np.float64], variance: float
) -> Affinity:
    v = variance * (1 / len(those) + 1 / len(others))
    trust = _EFFECT_VARIANCE / (_EFFECT_VARIANCE + v)
    return Affinity(
        name,
        difference=float(trust * (those.mean() - others.mean())),
        std=float(np.sqrt(trust * v)),
        count=len(those),
        mean=float(those.mean()),
        others=float(others.mean()),
    )


def _variance(stars: npt.NDArray[np.float64]) -> float:
    squared = float(np.square(stars - stars.mean()).sum()) if len(stars) else 0.0
    return (_PRIOR_RATINGS * _PRIOR_VARIANCE + squared) / (_PRIOR_RATINGS + max(len(stars) - 1, 0))


def _categories(
    catalogue: Catalogue, rows: npt.NDArray[np.int64]
) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Each genre and decade with the films that are of it, [n]."""
    for g, genre in enumerate(GENRES):
        if g != IMAX_COLUMN:
            yield genre, catalogue.genres[rows, g]
    decades = catalogue.years[rows] // 10 * 10
    for decade in np.unique(decades[decades > 0]).tolist():
        yield f"{decade}s", decades == decade
