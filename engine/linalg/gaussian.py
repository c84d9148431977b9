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
Where only the mode counts, training finds it faster (:mod:`engine.linalg.als_solver`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.linalg.csr import CsrRows

# What is solved together: few enough that it stays in the processor's cache.
_CELLS_PER_BATCH = 16_000  # padded observations
_ROWS_PER_BATCH = 128


@dataclass(frozen=True)
class Prior:
    """A Gaussian before any rating: ``mean`` [d] and ``precision`` [d, d]."""

    mean: Tensor
    precision: Tensor


@dataclass(frozen=True)
class Posterior:
    """Solved rows: their numbers, ``mean`` [b, d] and ``factor`` [b, d, d] with A = L L^T.

    ``columns``, ``values`` and ``mask`` [b, longest] are the observations solved from, and
    ``observed_features`` [b, longest, d] the features of their columns. What pads a row is 0
    throughout.
    """

    rows: npt.NDArray[np.int64]
    mean: Tensor
    factor: Tensor
    observed_features: Tensor
    columns: Tensor
    values: Tensor
    mask: Tensor


def solve_rows(
    data: CsrRows,
    features: Tensor,
    prior: Prior,
    strength: Tensor,
    background: Tensor | None = None,
    gramian: Tensor | None = None,
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
        s = strength[torch.from_numpy(rows)]
        observed_features = features[columns] * mask[..., None]
        a = s[:, None, None] * prior.precision
        if background is None or gramian is None:
            a += observed_features.mT @ observed_features
        else:
            a += gramian + observed_features.mT @ (
                (1 - background[columns])[..., None] * observed_features
            )
        b = (observed_features.mT @ values[..., None])[..., 0] + s[:, None] * pull
        factor = torch.linalg.cholesky(a)
        mean = torch.cholesky_solve(b[..., None], factor)[..., 0]
        yield Posterior(rows, mean, factor, observed_features, columns, values, mask)


def attribution(batch: Posterior, targets: Tensor, prior_residual: Tensor) -> Tensor:
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
    reach = torch.cholesky_solve(targets.T, batch.factor[0])
    contributions: Tensor = (batch.observed_features[0, :n] @ reach).T * prior_residual
    return contributions


def weighted_gramian(features: Tensor, weights: Tensor) -> Tensor:
    r""":math:`\sum_j w_j f_j f_j^T` [d, d] over all columns."""
    return features.T @ (weights[:, None] * features)


def gather_means(solved: Iterable[Posterior], n_rows: int, d: int) -> Tensor:
    """Return the means of all batches in the order of the rows, [n_rows, d]."""
    means = torch.empty(n_rows, d)
    for batch in solved:
        means[torch.from_numpy(batch.rows)] = batch.mean
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


def _padded(data: CsrRows, rows: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
    starts, lengths = data.offsets[rows], data.counts[rows]
    if not len(data.columns):
        empty = torch.zeros(len(rows), 0)
        return empty.long(), empty, empty
    steps = np.arange(max(int(lengths.max(initial=0)), 1))
    mask = steps < lengths[:, None]
    at = np.where(mask, starts[:, None] + steps, 0)
    return (
        torch.from_numpy(data.columns[at]),
        torch.from_numpy(data.values[at] * mask),
        torch.from_numpy(mask.astype(np.float32)),
    )
