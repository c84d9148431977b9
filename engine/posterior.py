r"""The Gaussian posterior of a row given its observations: the one linear solve of the engine.

A row (a user, or a movie while training) has a vector :math:`x` with prior
:math:`N(m, P^{-1})`, and observed values :math:`v_j` beside the feature vectors :math:`f_j` of the
columns it has touched. Every column it has *not* touched counts as an observation of 0 with the
small weight :math:`w` (``background``; Hu, Koren & Volinsky 2008, eq. 4, with constant confidence).
With the strength :math:`s` of the prior, the mode is

.. math::
    A = s P + w F^T F + (1 - w) \sum_j f_j f_j^T, \qquad
    A x = s P m + \sum_j v_j f_j

With :math:`w = 0` and :math:`s` the noise variance this is Bayesian linear regression (Bishop 2006,
eq. 3.50), whose posterior covariance is :math:`s A^{-1}`. Training and serving both call
:func:`solve_rows`, so that refitting a known user gives its trained vector.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

_CELLS_PER_BATCH = 150_000  # padded observations solved together: bounds the memory
_ROWS_PER_BATCH = 512


@dataclass(frozen=True)
class Ragged:
    """Rows of differing length: row ``r`` has ``columns[offsets[r]:offsets[r + 1]]``.

    ``offsets`` is int64 [n_rows + 1]; ``columns`` int64 and ``values`` float32, both [n_observed].
    """

    offsets: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]

    @classmethod
    def from_triples(
        cls,
        rows: npt.NDArray[np.int64],
        columns: npt.NDArray[np.int64],
        values: npt.NDArray[np.float32],
        n_rows: int,
    ) -> "Ragged":
        order = np.argsort(rows, kind="stable")
        offsets = np.zeros(n_rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=n_rows), out=offsets[1:])
        return cls(offsets, columns[order], values[order])

    @classmethod
    def single(cls, columns: npt.NDArray[np.int64], values: npt.NDArray[np.float32]) -> "Ragged":
        return cls(np.array([0, len(columns)]), columns, values)

    @property
    def n_rows(self) -> int:
        return len(self.offsets) - 1

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of observations of each row, [n_rows]."""
        return np.diff(self.offsets)


@dataclass(frozen=True)
class Prior:
    """A Gaussian before any rating: ``mean`` [d] and ``precision`` [d, d]."""

    mean: Tensor
    precision: Tensor

    @classmethod
    def ridge(cls, d: int) -> "Prior":
        return cls(torch.zeros(d), torch.eye(d))


@dataclass(frozen=True)
class Batch:
    """Solved rows: their numbers, ``mean`` [b, d] and ``factor`` [b, d, d] with A = L L^T.

    ``columns``, ``values`` and ``mask`` [b, longest] are the padded observations solved from.
    """

    rows: npt.NDArray[np.int64]
    mean: Tensor
    factor: Tensor
    columns: Tensor
    values: Tensor
    mask: Tensor


def solve_rows(
    data: Ragged,
    features: Tensor,
    prior: Prior,
    strength: Tensor,
    background: float = 0.0,
    gramian: Tensor | None = None,
) -> Iterator[Batch]:
    """Solve every row of ``data``, batch by batch of rows with similar counts.

    ``features`` is [n_columns, d], ``strength`` [n_rows] the :math:`s` of each row. Yields each row
    exactly once, in no particular order. ``gramian`` [d, d] is :math:`F^T F` where it is known
    already: for a single row it is most of the work.
    """
    if background and gramian is None:
        gramian = features.T @ features
    pull = prior.precision @ prior.mean
    for rows in _batches(data.counts):
        columns, values, mask = _padded(data, rows)
        touched = features[columns] * mask[..., None]
        s = strength[torch.from_numpy(rows)]
        a = (1 - background) * (touched.mT @ touched) + s[:, None, None] * prior.precision
        if gramian is not None:
            a += background * gramian
        b = (touched.mT @ values[..., None])[..., 0] + s[:, None] * pull
        factor = torch.linalg.cholesky(a)
        mean = torch.cholesky_solve(b[..., None], factor)[..., 0]
        yield Batch(rows, mean, factor, columns, values, mask)


def solve_means(
    data: Ragged, features: Tensor, prior: Prior, strength: Tensor, background: float = 0.0
) -> Tensor:
    """The vectors alone, [n_rows, d]."""
    solved = solve_rows(data, features, prior, strength, background)
    return gather_means(solved, data.n_rows, features.shape[1])


def gather_means(solved: Iterable[Batch], n_rows: int, d: int) -> Tensor:
    """The means of all batches in the order of the rows, [n_rows, d]."""
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


def _padded(data: Ragged, rows: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
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
