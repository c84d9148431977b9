"""The layout of the map: two coordinates a movie, similar movies close together (UMAP).

Computed once, at training. UMAP is no dependency of the running bot: importing it takes long, and
calling it from threads can abort the process. A user is placed among the movies instead
(:mod:`engine.plots.map_location`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import EngineError


@dataclass(frozen=True)
class MapLayoutSettings:
    """Settings of the layout, measured by ``python -m benchmarks.map_layout``."""

    neighbours: int = 50  # of a film, that UMAP tries to keep near it
    least_distance: float = 0.5  # between films: the more, the evener they fill their islands
    evenness: float = 0.6  # how far coordinates move towards their ranks


SETTINGS = MapLayoutSettings()


def compute_layout(
    vectors: npt.NDArray[np.float32], seed: int, settings: MapLayoutSettings = SETTINGS
) -> npt.NDArray[np.float32]:
    """Return UMAP coordinates [n, 2] of similarity vectors (McInnes, Healy & Melville 2018).

    Either axis is moved part of the way towards its ranks, which keeps the order along it, so that
    far islands do not leave the picture empty; the movies span about -1..1. The same vectors and
    seed give the same layout; vectors that differ in rounding alone, as from another number of
    threads, may give another.

    Parameters
    ----------
    vectors
        Similarity vectors of the movies, [n, d].
    seed
        Of everything random.
    settings
        Neighbourhood, distance and evenness.

    Raises
    ------
    EngineError
        where UMAP is not installed
    """
    try:
        from umap import UMAP  # its import takes seconds and is needed here alone
    except ImportError as error:
        raise EngineError(
            "Training draws the map with UMAP, which is not installed: pip install -e '.[train]'."
        ) from error
    embedding = UMAP(
        n_neighbors=min(settings.neighbours, len(vectors) - 1),
        min_dist=settings.least_distance,
        metric="cosine",
        random_state=seed,
        n_jobs=1,
    ).fit_transform(vectors)
    return equalise_density(embedding, settings.evenness)


def equalise_density(
    embedding: npt.NDArray[np.float32], evenness: float
) -> npt.NDArray[np.float32]:
    """Return an embedding [n, 2] scaled to about -1..1, each axis moved towards its ranks."""
    low, high = np.percentile(embedding, [1, 99], axis=0)
    scaled = (embedding - (low + high) / 2) / np.maximum((high - low) / 2, 1e-6)
    ranks = embedding.argsort(axis=0).argsort(axis=0) * 2 / len(embedding) - 1
    result: npt.NDArray[np.float32] = ((1 - evenness) * scaled + evenness * ranks).astype(
        np.float32
    )
    return result
