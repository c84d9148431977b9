"""Matrices row by row."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=np.floating)


def unit_rows(matrix: npt.NDArray[F]) -> npt.NDArray[F]:
    """Return rows scaled to length 1; a row of zeros stays so."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(matrix.dtype, copy=False)
