r"""Affinities: genres and decades that a user rates above the rest of what they rated.

Of a user's N ratings with variance :math:`\sigma^2`, the n movies of a genre or decade got
:math:`\bar r_1` on average and the others :math:`\bar r_0`. How many more stars it really
gets from them, :math:`\delta`, is known the better the more films there are on both sides. With
:math:`\delta \sim N(0, \tau^2)` among users and genres,

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
_PRIOR_VARIANCE = 0.9  # of a user's ratings, in stars²
_PRIOR_RATINGS = 5.0  # ratings that the prior variance counts as


@dataclass(frozen=True)
class Affinity:
    """How many more stars a user gives movies of a genre or decade than their other movies.

    Attributes
    ----------
    name
        A genre, or a decade such as ``1990s``.
    difference, std
        Mean and standard deviation of the posterior, in stars.
    count
        Movies of the genre or decade that the user rated.
    mean
        Their plain mean, in stars.
    others
        The plain mean of the user's other movies.
    """

    name: str
    difference: float
    std: float
    count: int
    mean: float
    others: float


def affinities(catalogue: Catalogue, ratings: Mapping[int, float]) -> list[Affinity]:
    """Return the affinity of a user with each genre and decade they rated, the highest first.

    One that all or none of the movies belong to is left out: there is nothing to compare it with.

    Parameters
    ----------
    catalogue
        The movies.
    ratings
        The user's stars by movie id; raises :class:`UnknownMovieError` for another id.
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
