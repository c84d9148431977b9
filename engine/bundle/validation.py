"""Whether the parameters of a bundle are what they must be, whoever made it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.linalg.parameters import TINY, Array, NumberSpec, Parameters, Spec, TensorSpec

_LARGEST_PRECISION = 1e7  # of those that ship the largest is 300


def faults(parameters: Parameters, spec: Spec, known_sizes: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with parameters, as parts of a sentence; only the first fault is sure.

    ``known_sizes`` are of dimensions; those of others follow from the tensors. None may be 0 but
    the number of observations that offsets divide.
    """
    tensors = {name: each for name, each in spec.items() if isinstance(each, TensorSpec)}
    numbers = {name: each for name, each in spec.items() if isinstance(each, NumberSpec)}
    yield from _name_faults("tensor", parameters.tensors, tensors)
    yield from _name_faults("number", parameters.numbers, numbers)
    for name, number_spec in numbers.items():
        yield from _number_faults(name, parameters.numbers[name], number_spec)
    sizes = dict(known_sizes)
    for name, tensor_spec in tensors.items():
        yield from _shape_faults(name, parameters.tensors[name], tensor_spec, sizes)
    divided = {each.offsets_into for each in tensors.values()}
    if not all(size for name, size in sizes.items() if name not in divided):
        yield "it has no films or no users"
    for name, tensor_spec in tensors.items():
        yield from _value_faults(name, parameters.tensors[name], tensor_spec, sizes)


def _name_faults(kind: str, found: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(found.keys() - expected.keys()):
        yield f"no {kind} of a model is called {name!r:.60}"
    for name in sorted(expected.keys() - found.keys()):
        yield f"the {kind} {name} is missing"


def _number_faults(name: str, number: object, spec: NumberSpec) -> Iterator[str]:
    if isinstance(number, bool) or not isinstance(number, int | float):
        yield f"{name} is no number"
    elif not spec.low <= number <= spec.high:
        yield f"{name} is not from {spec.low:g} to {spec.high:g}"


def _shape_faults(
    name: str, tensor: Array, spec: TensorSpec, sizes: dict[str, int]
) -> Iterator[str]:
    """Check the type and shape, and learn the sizes of dimensions that occur first here."""
    if tensor.dtype != spec.dtype or tensor.ndim != len(spec.shape):
        yield f"{name} is not {np.dtype(spec.dtype)} of {len(spec.shape)} dimensions"
    for found, expected in zip(tensor.shape, spec.shape, strict=True):
        terms = str(expected).split(" + ")
        new = [term for term in terms if not term.isdecimal() and term not in sizes]
        rest = sum(int(t) if t.isdecimal() else sizes[t] for t in terms if t not in new)
        for term in new:  # there is but one
            sizes[term], rest = max(found - rest, 0), found
        if found != rest:
            yield f"{name} is not of the shape {', '.join(map(str, spec.shape))}"


def _value_faults(
    name: str, tensor: Array, spec: TensorSpec, sizes: Mapping[str, int]
) -> Iterator[str]:
    if not np.isfinite(tensor).all():
        yield f"{name} holds values that are not finite"
    if spec.index_of:
        if not _within(tensor, 0, sizes[spec.index_of] - 1):
            yield f"{name} point outside the {spec.index_of}"
    elif spec.offsets_into:
        offsets = tensor.tolist()
        if offsets[0] != 0 or offsets[-1] != sizes[spec.offsets_into] or offsets != sorted(offsets):
            yield f"{name} do not divide the {spec.offsets_into}"
    else:
        low, high = spec.low, spec.high
        if spec.precision:
            low, high = -_LARGEST_PRECISION, _LARGEST_PRECISION
        if not _within(tensor, low, high):
            yield f"{name} holds values that are not from {low:,g} to {high:,g}"
    if spec.nonzero and np.abs(tensor).max() < TINY:
        yield f"{name} are all 0"
    if spec.distinct and len(set(tensor.tolist())) < len(tensor):
        yield f"{name} name one twice"
    if spec.precision:
        if not np.allclose(tensor, tensor.T, rtol=1e-3, atol=1e-3):
            yield f"{name} is not symmetric"
        try:
            np.linalg.cholesky(tensor)
        except np.linalg.LinAlgError:
            yield f"{name} is not positive definite"
    if spec.orthogonal:
        product = tensor.T @ tensor
        if not np.allclose(product, np.eye(len(tensor)), rtol=0, atol=1e-6):
            yield f"{name} is no rotation"


def _within(values: Array, low: float, high: float) -> bool:
    return not values.size or bool(values.min() >= low and values.max() <= high)
