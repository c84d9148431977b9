"""Sparse rows as tensors."""

import warnings

import numpy as np
import torch
from torch import Tensor

from engine.linalg.csr import CsrRows


def to_tensor(rows: CsrRows, n_columns: int) -> Tensor:
    """The rows as a sparse CSR tensor, [n_rows, n_columns]."""
    # Whole numbers of 32 bits, as the kernels (MKL, cuSPARSE) take them: no copy each time.
    offsets, columns = rows.offsets.astype(np.int32), rows.columns.astype(np.int32)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparse", UserWarning)  # that they are in beta
        return torch.sparse_csr_tensor(
            torch.from_numpy(offsets),
            torch.from_numpy(columns),
            torch.from_numpy(rows.values),
            (rows.n_rows, n_columns),
        )
