r"""A rotation of the taste space in which the axes have a meaning, and every score stays the same.

Under the prior :math:`x \sim N(m, P^{-1})`, :math:`P = L L^T`, the score of a film :math:`y` is

.. math::
    y \cdot x = y \cdot x_0 + (R^T L^{-1} y) \cdot (R^T L^T (x - x_0))

for any origin :math:`x_0` and any orthogonal :math:`R`. The first factor holds the film's
*loadings*; the second the person's *coordinates*, which are uncorrelated and of variance 1 among
MovieLens users. A film's loadings at length 1 are the correlations between liking it and the
coordinates: the language of factor analysis, where :math:`R` is free to make them telling.

- The first axis is the mean of all films (the centroid method; Thurstone 1931): how much of what
  everybody watches a user likes. It would otherwise be in all others, as nearly all films
  correlate, and make them one-sided.
- Of the rest, the principal components of a variance above 0.7 of the mean (Jolliffe 1972) are
  rotated by varimax (Kaiser 1958), so that each film lies far out on few axes.
- Those left over are small and mostly noise. They stay principal components.
"""

from itertools import combinations

import numpy as np
import numpy.typing as npt

from engine.linalg.gaussian import Floats, Prior
from engine.linalg.rows import unit_rows

Matrix = npt.NDArray[np.float64]

_JOLLIFFE = 0.7
_SWEEPS, _STILL = 100, 1e-3  # of varimax; the angle in radians that no longer counts


def telling_rotation(correlations: Matrix, weights: Matrix) -> Matrix:
    """Return the rotation R [d, d]; its columns are the centroid, then by how much they explain.

    Parameters
    ----------
    correlations
        Of the films, rows of length 1, [n, d].
    weights
        Of the films, [n].
    """
    centroid = weights @ correlations
    # The first row of V^T is the centroid; the others are orthonormal to it and to one another.
    rest = np.linalg.svd(centroid[None])[2][1:].T
    profiles = unit_rows(correlations @ rest) * np.sqrt(weights)[:, None]
    variances, components = np.linalg.eigh(profiles.T @ profiles)
    variances, components = variances[::-1], components[:, ::-1]
    k = int((variances > _JOLLIFFE * variances.mean()).sum()) if len(variances) else 0
    components[:, :k] = components[:, :k] @ varimax(profiles @ components[:, :k])
    axes = rest @ components
    explained = weights @ (correlations @ axes) ** 2
    order = np.argsort(-explained, kind="stable")
    rotation = np.column_stack([centroid / np.linalg.norm(centroid), axes[:, order]])
    # Each axis points to where fewer films lie further out.
    return rotation * np.where(weights @ (correlations @ rotation) ** 3 < 0, -1.0, 1.0)


def varimax(loadings: Matrix) -> Matrix:
    """Return the orthogonal matrix [k, k] that makes squared loadings [n, k] vary most by column.

    Plane by plane, with the best angle in closed form (Kaiser 1958), until none turns any more.
    """
    n, k = loadings.shape
    # Rows are quicker to reach than columns. Below the films' loadings stand the rotation's own.
    rotated = np.ascontiguousarray(np.vstack([loadings, np.eye(k)]).T)
    for _ in range(_SWEEPS):
        widest = 0.0
        for p, q in combinations(range(k), 2):
            x, y = rotated[p, :n], rotated[q, :n]
            u, v = x**2 - y**2, 2 * x * y
            a, b = u.sum(), v.sum()
            sine = 2 * (u @ v - a * b / n)
            cosine = u @ u - v @ v - (a**2 - b**2) / n
            angle = np.arctan2(sine, cosine) / 4
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            rotated[[p, q]] = turn @ rotated[[p, q]]
            widest = max(widest, abs(angle))
        if widest < _STILL:
            break
    rotation: Matrix = rotated[:, n:].T
    return rotation


def whitened(vectors: Floats, prior: Prior) -> Matrix:
    """Return the loadings of films [n, d] before any rotation: L^-1 y."""
    return (np.linalg.inv(_factor(prior)) @ vectors.T).T


def coordinates(tastes: Floats, origin: Floats, prior: Prior) -> Matrix:
    """Return the coordinates of people [n, d] before any rotation: L^T (x - x_0)."""
    return (tastes - origin).astype(np.float64) @ _factor(prior)


def _factor(prior: Prior) -> Matrix:
    factor: Matrix = np.linalg.cholesky(prior.precision.astype(np.float64))
    return factor
