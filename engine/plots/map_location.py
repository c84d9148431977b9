"""Where on the map of movies a user stands, and how sure that is.

A user's location is where the movies lie densest that their taste speaks for most: the mode of the
40 movies whose score rises most over that for a user who rated nothing, found by mean shift
(Comaniciu & Meer 2002).

The ratings leave room for other tastes. Each draw from the posterior of the taste has a location of
its own, found in the same way; the smallest area that holds four in five of these locations (the
highest-density region; Hyndman 1996) is the uncertainty shown around a user. Few ratings leave
wide areas, often several, on islands far apart.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.model import TasteModel
from engine.recommend.taste import Taste

_NEAREST = 40  # films whose coordinates tell where a user is
_BANDWIDTH, _ROUNDS = 0.25, 15  # of mean shift
_DRAWS = 200  # from the posterior
_GROUP = 64  # columns whose maximum is looked at
_MASS = 0.8  # share of the locations inside the region
_SMOOTHING, _CELLS = 0.06, 96  # bandwidth of the area's density; cells along a side of its grid

Floats = npt.NDArray[np.float64]
_Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class MapLocation:
    """A user's location ``x``, ``y``, and the ``possible`` ones by the posterior, [n, 2]."""

    x: float
    y: float
    possible: Floats


@dataclass(frozen=True)
class CredibleRegion:
    """The density of locations over a grid; the region is where it is above ``level``.

    Attributes
    ----------
    x, y
        The grid, [n] each.
    density
        [n, n], rows along y.
    level
        The least density inside the region.
    """

    x: Floats
    y: Floats
    density: Floats
    level: float

    @property
    def size(self) -> float:
        """Return the region's area in the map's own units, in which the movies span about 4."""
        cell = (self.x[1] - self.x[0]) * (self.y[1] - self.y[0])
        return float((self.density >= self.level).sum() * cell)


def map_location(model: TasteModel, taste: Taste) -> MapLocation:
    """Return a user's location, and the locations that their ratings leave possible."""
    return MapLocation(
        *map_position(model, taste), _locations(model, taste.possible_vectors(_DRAWS))
    )


def map_position(model: TasteModel, taste: Taste) -> tuple[float, float]:
    """Return the coordinates of a user's location alone."""
    ((x, y),) = _locations(model, taste.vector[None]).tolist()
    return x, y


def credible_region(possible: Floats) -> CredibleRegion:
    """Return the smallest area that holds four in five of the locations [n, 2]."""
    low, high = possible.min(0) - 3 * _SMOOTHING, possible.max(0) + 3 * _SMOOTHING
    x, y = (np.linspace(low[axis], high[axis], _CELLS) for axis in (0, 1))

    def kernel(at: Floats, axis: int) -> Floats:
        apart = at[:, None] - possible[None, :, axis]
        result: Floats = np.exp(-(apart**2) / (2 * _SMOOTHING**2))
        return result

    across, up = kernel(x, 0), kernel(y, 1)
    density = up @ across.T
    there = (kernel(possible[:, 0], 0) * kernel(possible[:, 1], 1)).sum(1)
    # Where most locations are one and the same, the grid may miss their peak.
    level = min(float(np.quantile(there, 1 - _MASS)), 0.8 * float(density.max()))
    return CredibleRegion(x, y, density, level)


def mean_shift_mode(points: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> Floats:
    """Return the mode of weighted points, [..., 2]: mean shift from the densest of them.

    The plain mean of two far islands would lie in the sea between them; this picks one.

    Parameters
    ----------
    points
        [..., m, 2].
    weights
        [..., m], above 0.
    """
    x, y = (np.ascontiguousarray(points[..., axis]) for axis in (0, 1))  # in one piece: faster

    def kernel(across: _Array, up: _Array) -> _Array:
        return np.exp((across**2 + up**2) * np.float32(-1 / (2 * _BANDWIDTH**2)))

    near = kernel(x[..., :, None] - x[..., None, :], y[..., :, None] - y[..., None, :])
    start = (near @ weights[..., None])[..., 0].argmax(-1)[..., None]
    at_x, at_y = (np.take_along_axis(axis, start, -1).astype(np.float64) for axis in (x, y))
    for _ in range(_ROUNDS):
        pull = weights * kernel(x - at_x, y - at_y)
        total = pull.sum(-1, keepdims=True)
        at_x, at_y = ((pull * axis).sum(-1, keepdims=True) / total for axis in (x, y))
    return np.concatenate([at_x, at_y], -1)


def _locations(model: TasteModel, tastes: npt.NDArray[np.float32]) -> Floats:
    """Return the locations [n, 2] of tastes [n, d]."""
    gain = (tastes - model.cold_start_vector) @ model.als.vectors.T
    best = highest_columns(gain.astype(np.float32, copy=False), min(_NEAREST, gain.shape[1]))
    weights = np.maximum(np.take_along_axis(gain, best, 1), 1e-6)
    return mean_shift_mode(model.map_coordinates[best], weights)


def highest_columns(values: npt.NDArray[np.float32], n: int) -> npt.NDArray[np.int64]:
    """Return the columns [rows, n] of the ``n`` highest values of each row, in any order.

    The columns are dealt into groups, whose maxima are found fast. Values above the n-th highest of
    these are not many more than n, and only they are put in order.
    """
    rows, columns = values.shape
    n_groups = columns // _GROUP
    if n_groups < n:
        return np.argpartition(values, -n, axis=1)[:, -n:]
    maxima = values[:, : n_groups * _GROUP].reshape(rows, _GROUP, n_groups).max(1)
    least = np.partition(maxima, -n, axis=1)[:, [-n]]
    row, column = np.divmod(np.flatnonzero(values >= least), columns)
    counts = np.bincount(row, minlength=rows)
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    above = np.full((rows, counts.max()), -np.inf, dtype=np.float32)
    above[row, place] = values[row, column]
    column_of = np.zeros(above.shape, dtype=np.int64)
    column_of[row, place] = column
    return np.take_along_axis(column_of, np.argpartition(above, -n, axis=1)[:, -n:], 1)
