"""Named tensors and numbers, as they are learned and stored, and what each of them must be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

TINY = 1e-6  # the least that anything is divided by


@dataclass(frozen=True)
class Parameters:
    """What has been learned, by names such as ``als.vectors``: of what part, and what it is."""

    tensors: Mapping[str, Array]
    numbers: Mapping[str, float] = field(default_factory=dict)

    def __or__(self, other: "Parameters") -> "Parameters":
        """Both together; of equal names the other's."""
        return Parameters({**self.tensors, **other.tensors}, {**self.numbers, **other.numbers})


@dataclass(frozen=True)
class TensorSpec:
    """What a tensor must be.

    Attributes
    ----------
    shape
        Sizes, as numbers or as names of dimensions, which have one size throughout; a name may
        stand in a sum, as in ``"items + 1"``.
    dtype
        The type, exactly.
    low, high
        The range of its values, both included. So bounded, sums of squares keep their digits.
    index_of
        The name of a dimension that its values count from 0.
    nonzero
        Whether not all of its values may be 0.
    distinct
        Whether no value occurs twice.
    offsets_into
        The name of a dimension that its values divide: from 0 to the size, never falling.
    precision
        Whether it is the inverse of a covariance: symmetric and positive definite.
    orthogonal
        Whether it is a rotation (or a reflection).
    """

    shape: tuple[int | str, ...]
    dtype: npt.DTypeLike = np.float32
    low: float = -1e3
    high: float = 1e3
    index_of: str = ""
    nonzero: bool = False
    distinct: bool = False
    offsets_into: str = ""
    precision: bool = False
    orthogonal: bool = False


@dataclass(frozen=True)
class NumberSpec:
    """The range of a number, both ends included."""

    low: float = -1e3
    high: float = 1e3


Spec = Mapping[str, TensorSpec | NumberSpec]
