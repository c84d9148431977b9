"""Rows of differing length, in the layout of a compressed sparse row (CSR) matrix."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class CsrRows:
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
    ) -> "CsrRows":
        order = np.argsort(rows, kind="stable")
        offsets = np.zeros(n_rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=n_rows), out=offsets[1:])
        return cls(offsets, columns[order], values[order])

    @classmethod
    def single(cls, columns: npt.NDArray[np.int64], values: npt.NDArray[np.float32]) -> "CsrRows":
        return cls(np.array([0, len(columns)]), columns, values)

    def rows(self, first: int, last: int) -> "CsrRows":
        """The rows from ``first`` to ``last``, the latter left out; fewer at the end."""
        offsets = self.offsets[first : last + 1]
        span = slice(offsets[0], offsets[-1])
        return CsrRows(offsets - offsets[0], self.columns[span], self.values[span])

    def take(self, rows: npt.NDArray[np.int64]) -> "CsrRows":
        """Some rows, in the order of ``rows``, which may repeat."""
        counts = self.counts[rows]
        offsets = np.concatenate([[0], np.cumsum(counts)])
        at = np.arange(offsets[-1]) + np.repeat(self.offsets[rows] - offsets[:-1], counts)
        return CsrRows(offsets, self.columns[at], self.values[at])

    def transposed(self, n_columns: int) -> "CsrRows":
        """The columns as rows; within each the observations are in the order of the rows."""
        return CsrRows.from_triples(self.columns, self.row_numbers, self.values, n_columns)

    @property
    def n_rows(self) -> int:
        return len(self.offsets) - 1

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of observations of each row, [n_rows]."""
        return np.diff(self.offsets)

    @property
    def row_numbers(self) -> npt.NDArray[np.int64]:
        """The row of each observation, [n_observed]."""
        return np.repeat(np.arange(self.n_rows), self.counts)

    def dense(self, n_columns: int) -> npt.NDArray[np.float32]:
        """The rows with 0 where nothing was observed, [n_rows, n_columns]."""
        dense = np.zeros((self.n_rows, n_columns), np.float32)
        dense[self.row_numbers, self.columns] = self.values
        return dense

    def dot(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The product of each row with a vector [n_columns], [n_rows]."""
        weights = self.values * vector[self.columns]
        return np.bincount(self.row_numbers, weights, self.n_rows).astype(np.float32)
