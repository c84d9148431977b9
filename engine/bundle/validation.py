"""What the numbers of a bundle must be for a model to work with them, whoever made them."""

from collections.abc import Iterator

import torch
from torch import Tensor

from engine.bundle.tensors import Tensors
from engine.data.catalogue import GENRES

# Of any number, so that sums of squares keep their digits; those that ship are below 1 and 300.
_LARGEST = 1e3
_LARGEST_PRECISION = 1e7
_SMALLEST = 1e-6  # of what is divided by


def faults(t: Tensors, n_movies: int) -> Iterator[str]:
    """What is wrong with the tensors beside a catalogue of ``n_movies``, as parts of a sentence.

    Each check relies on those before it: only the first fault is sure.
    """
    yield from _shape_faults(t)
    for name, tensor in vars(t).items():
        if not torch.isfinite(tensor).all():
            yield f"{name} holds values that are not finite"
        largest = _LARGEST_PRECISION if name.endswith("precision") else _LARGEST
        if tensor.is_floating_point() and not _within(tensor, -largest, largest):
            yield f"{name} holds values beyond {largest:,.0f}"
    yield from _pointer_faults(t, n_movies)
    yield from _value_faults(t)


def _shape_faults(t: Tensors) -> Iterator[str]:
    n_rated, d = t.vectors.shape if t.vectors.ndim == 2 else (0, 0)
    f = 4 + len(GENRES) + d  # as engine.heads.star_regression.star_features makes them
    n_users, n_ratings = t.user_offsets.numel() - 1, t.user_movies.numel()
    n_weights = t.item_sources.numel()
    expected = {
        "rated_rows": ((n_rated,), torch.int64),
        "vectors": ((n_rated, d), torch.float32),
        "ranking_mean": ((d,), torch.float32),
        "ranking_precision": ((d, d), torch.float32),
        "background": ((n_rated,), torch.float32),
        "star_mean": ((f,), torch.float32),
        "star_precision": ((f, f), torch.float32),
        "star_spread": ((10,), torch.float32),
        "scalars": ((6,), torch.float64),
        "item_offsets": ((n_rated + 1,), torch.int64),
        "item_sources": ((n_weights,), torch.int32),
        "item_weights": ((n_weights,), torch.float16),
        "atlas": ((n_rated, 2), torch.float32),
        "user_offsets": ((n_users + 1,), torch.int64),
        "user_movies": ((n_ratings,), torch.int32),
        "user_half_stars": ((n_ratings,), torch.uint8),
        "user_vectors": ((n_users, d), torch.float32),
    }
    for name, (shape, kind) in expected.items():
        tensor = getattr(t, name)
        if tuple(tensor.shape) != shape or tensor.dtype != kind:
            yield f"{name} is not {kind} of the shape {shape}"
    if not (n_rated and d and n_users):
        yield "it has no films or no users"


def _pointer_faults(t: Tensors, n_movies: int) -> Iterator[str]:
    n_rated = len(t.vectors)
    for name, end in (
        ("rated_rows", n_movies),
        ("user_movies", n_rated),
        ("item_sources", n_rated),
    ):
        if not _within(getattr(t, name), 0, end - 1):
            yield f"{name} point outside the catalogue"
    if len(set(t.rated_rows.tolist())) < n_rated:
        yield "rated_rows name a film twice"
    for name, offsets, end in (
        ("user_offsets", t.user_offsets.tolist(), len(t.user_movies)),
        ("item_offsets", t.item_offsets.tolist(), len(t.item_sources)),
    ):
        if offsets[:1] != [0] or offsets[-1] != end or offsets != sorted(offsets):
            yield f"{name} do not divide what they should"


def _value_faults(t: Tensors) -> Iterator[str]:
    if float(t.vectors.abs().max()) < _SMALLEST:
        yield "vectors are all 0"
    if not _within(t.user_half_stars, 1, 10):
        yield "user_half_stars are not all from 1 to 10"
    if not _within(t.background, 0, 1):
        yield "background holds weights that are not from 0 to 1"
    _, noise, strength, _, _, half_weight_at = t.scalars.tolist()
    if min(noise, strength, half_weight_at) < _SMALLEST or not _within(t.star_spread, 0, 10):
        yield "scalars or star_spread hold a variance or a weight that is none"
    for name in ("ranking_precision", "star_precision"):
        precision = getattr(t, name)
        if not torch.allclose(precision, precision.T, rtol=1e-3, atol=1e-3):
            yield f"{name} is not symmetric"
        if torch.linalg.cholesky_ex(precision).info.item():
            yield f"{name} is not positive definite"


def _within(values: Tensor, low: float, high: float) -> bool:
    return not len(values) or bool(values.min() >= low and values.max() <= high)
