r"""The Gaussian posterior of a row given its observations: the one linear solve of the engine.

A row (a user, or a movie while training) has a vector :math:`x` with prior
:math:`N(m, P^{-1})`, and observed values :math:`v_j` beside the feature vectors :math:`f_j` of the
columns it has touched. Every column it has *not* touched counts as an observation of 0 with a small
weight :math:`w_j` (``background``; Hu, Koren & Volinsky 2008, eq. 4, with a confidence that does
not depend on the value). With the strength :math:`s` of the prior, the mode is

.. math::
    A = s P + \sum_{all\ j} w_j f_j f_j^T + \sum_{touched\ j} (1 - w_j) f_j f_j^T, \qquad
    A x = s P m + \sum_{touched\ j} v_j f_j

With :math:`w = 0` and :math:`s` the noise variance this is Bayesian linear regression (Bishop 2006,
eq. 3.50), whose posterior covariance is :math:`s A^{-1}`: its factor gives intervals and reasons.
Where only the mode counts, training finds it faster (:mod:`engine.training.als_solver`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.linalg.csr import CsrRows

# What is solved together: few enough that it stays in the processor's cache.
_CELLS_PER_BATCH = 16_000  # padded observations
_ROWS_PER_BATCH = 128

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prior:
    """A Gaussian before any rating: ``mean`` [d] and ``precision`` [d, d]."""

    mean: Floats
    precision: Floats


@dataclass(frozen=True)
class Posterior:
    """Solved rows: their numbers, ``mean`` [b, d] and the ``system`` A [b, d, d].

    ``columns``, ``values`` and ``mask`` [b, longest] are the observations solved from, and
    ``observed_features`` [b, longest, d] the features of their columns. What pads a row is 0
    throughout.
    """

    rows: npt.NDArray[np.int64]
    mean: Floats
    system: Floats
    observed_features: Floats
    columns: npt.NDArray[np.int64]
    values: Floats
    mask: Floats


def solve_rows(
    data: CsrRows,
    features: Floats,
    prior: Prior,
    strength: Floats,
    background: Floats | None = None,
    gramian: Floats | None = None,
) -> Iterator[Posterior]:
    """Solve every row, batch by batch of rows with similar counts.

    Parameters
    ----------
    data
        The observations.
    features
        Of the columns, [n_columns, d].
    prior
        Of the rows' vectors.
    strength
        The :math:`s` of each row, [n_rows].
    background
        The :math:`w_j`, [n_columns]; 0 by default.
    gramian
        :func:`weighted_gramian` of the two, where it is known already: for a single row it is most
        of the work.

    Yields
    ------
    Posterior
        Each row exactly once, in no particular order.
    """
    if gramian is None and background is not None:
        gramian = weighted_gramian(features, background)
    pull = prior.precision @ prior.mean
    for rows in _batches(data.counts):
        columns, values, mask = _padded(data, rows)
        s = strength[rows]
        observed_features = features[columns] * mask[..., None]
        transposed = observed_features.swapaxes(1, 2)
        a = s[:, None, None] * prior.precision
        if background is None or gramian is None:
            a += transposed @ observed_features
        else:
            a += gramian
            a += transposed @ ((1 - background[columns])[..., None] * observed_features)
        b = (transposed @ values[..., None])[..., 0] + s[:, None] * pull
        mean = np.linalg.solve(a, b[..., None])[..., 0]
        yield Posterior(rows, mean, a, observed_features, columns, values, mask)


def attribution(batch: Posterior, targets: Floats, prior_residual: Floats) -> Floats:
    r"""Return what each of a single row's observations adds to dot products, [m, n].

    :math:`t \cdot x` is :math:`t \cdot x_0` and the sum of these, :math:`t^T A^{-1} f_j (v_j - (1 -
    w_j) f_j \cdot x_0)` (subtract the systems with and without observations).

    Parameters
    ----------
    batch
        The row, solved.
    targets
        The :math:`t`, [m, d].
    prior_residual
        How far the observed values exceed those expected of the solution :math:`x_0` without them,
        [n].
    """
    n = len(prior_residual)
    reach = np.linalg.solve(batch.system[0], targets.T)
    contributions: Floats = (batch.observed_features[0, :n] @ reach).T * prior_residual
    return contributions


def weighted_gramian(features: Floats, weights: Floats) -> Floats:
    r""":math:`\sum_j w_j f_j f_j^T` [d, d] over all columns."""
    return features.T @ (weights[:, None] * features)


def gather_means(solved: Iterable[Posterior], n_rows: int, d: int) -> Floats:
    """Return the means of all batches in the order of the rows, [n_rows, d]."""
    means = np.empty((n_rows, d), np.float32)
    for batch in solved:
        means[batch.rows] = batch.mean
    return means


def _batches(counts: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    order = np.argsort(counts, kind="stable")
    start = 0
    while start < len(order):
        stop = min(start + _ROWS_PER_BATCH, len(order))
        # Counts ascend, so the last row of the batch is the longest.
        while stop > start + 1 and (stop - start) * counts[order[stop - 1]] > _CELLS_PER_BATCH:
            stop = start + (stop - start) // 2
        yield order[start:stop]
        start = stop


def _padded(
    data: CsrRows, rows: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    starts, lengths = data.offsets[rows], data.counts[rows]
    steps = np.arange(int(lengths.max(initial=0)))
    mask = steps < lengths[:, None]
    at = np.where(mask, starts[:, None] + steps, 0)
    return data.columns[at], data.values[at] * mask, mask.astype(np.float32)
