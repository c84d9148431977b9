"""The atlas: two coordinates per film, so that films alike lie close together (UMAP).

Computed once, at training. UMAP is no dependency of the running bot: importing it takes long, and
calling it from threads can abort the process. A person is placed among the films instead, by
:func:`place`.
"""

import numpy as np
import numpy.typing as npt
from torch import Tensor

from engine.errors import EngineError

_EVENNESS = 0.6  # how far coordinates move towards their ranks
_ROUNDS = 15  # of mean shift


def coordinates(vectors: Tensor, seed: int) -> npt.NDArray[np.float32]:
    """UMAP coordinates [n, 2] of look-alike vectors [n, d] (McInnes, Healy & Melville 2018).

    Either axis is moved part of the way towards its ranks, which keeps the order along it, so that
    far islands do not leave the picture empty; the films span about -1..1. The same vectors and
    seed give the same layout; vectors that differ in rounding alone, as from another number of
    threads, may give another. Raises :class:`EngineError` where UMAP is not installed.
    """
    try:
        from umap import UMAP  # its import takes seconds and is needed here alone
    except ImportError as error:
        raise EngineError(
            "Training draws the map with UMAP, which is not installed: pip install -e '.[train]'."
        ) from error
    neighbours = min(50, len(vectors) - 1)
    embedding = UMAP(
        n_neighbors=neighbours, min_dist=0.5, metric="cosine", random_state=seed, n_jobs=1
    ).fit_transform(vectors.numpy())
    low, high = np.percentile(embedding, [1, 99], axis=0)
    scaled = (embedding - (low + high) / 2) / np.maximum((high - low) / 2, 1e-6)
    ranks = embedding.argsort(axis=0).argsort(axis=0) * 2 / len(embedding) - 1
    spread: npt.NDArray[np.float32] = ((1 - _EVENNESS) * scaled + _EVENNESS * ranks).astype(
        np.float32
    )
    return spread


def place(
    points: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], bandwidth: float = 0.25
) -> tuple[float, float]:
    """Where weighted points [m, 2] crowd most: mean shift from the heaviest neighbourhood.

    The plain mean of two far islands would lie in the sea between them; this picks one.
    """
    distances = ((points[:, None] - points[None]) ** 2).sum(2)
    density = np.exp(-distances / (2 * bandwidth**2)) @ weights
    at = points[int(density.argmax())].astype(np.float64)
    for _ in range(_ROUNDS):
        pull = weights * np.exp(-((points - at) ** 2).sum(1) / (2 * bandwidth**2))
        at = (pull[:, None] * points).sum(0) / pull.sum()
    return float(at[0]), float(at[1])
