"""Rows of differing length, in the layout of a compressed sparse row (CSR) matrix."""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


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
        order = torch.argsort(torch.from_numpy(rows), stable=True).numpy()  # a radix sort
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

    @property
    def n_rows(self) -> int:
        return len(self.offsets) - 1

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of observations of each row, [n_rows]."""
        return np.diff(self.offsets)

    def to_tensor(self, n_columns: int) -> Tensor:
        """The rows as a sparse CSR tensor, [n_rows, n_columns]."""
        # Whole numbers of 32 bits, as the kernels (MKL, cuSPARSE) take them: no copy each time.
        offsets, columns = self.offsets.astype(np.int32), self.columns.astype(np.int32)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sparse", UserWarning)  # that they are in beta
            return torch.sparse_csr_tensor(
                torch.from_numpy(offsets),
                torch.from_numpy(columns),
                torch.from_numpy(self.values),
                (self.n_rows, n_columns),
            )
