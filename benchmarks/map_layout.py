r"""Does the map keep similar films near? ``python -m benchmarks.map_layout [--layouts]``.

*Trustworthiness* asks of the ten films nearest to a film on the map how far down they stand in the
order of similarity, *continuity* of the ten most similar how far off they lie on the map (Venna &
Kaski 2001). With :math:`r(i, j)` the rank of film :math:`j` among all :math:`n` by its nearness to
film :math:`i` in the one space, and :math:`U_k(i)` the :math:`k` nearest in the other,

.. math::
    1 - \frac{2}{n k (2 n - 3 k - 1)} \sum_i \sum_{j \in U_k(i)} \max(0, r(i, j) - k)

1 is perfect, about 0.5 is what chance gives. Similarity is the cosine of the similarity vectors, of
which the map is made; tags that people gave and series, which add to it, are left out. Films are
all that have vectors, and once more the 5,000 best known among themselves. Beside the map stands
PCA: the first two principal components of the same vectors at length 1.

``--layouts`` lays the films out anew with other settings of UMAP (a minute each).
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine import TasteModel, load_model
from engine.linalg.rows import unit_rows
from engine.training.map_layout import SETTINGS, MapLayoutSettings, compute_layout

_NEAREST, _BEST_KNOWN, _BLOCK = 10, 5000, 256
LAYOUTS = (
    MapLayoutSettings(50, 0.5, 0.0),
    MapLayoutSettings(100, 0.5, 0.6),
    MapLayoutSettings(15, 0.5, 0.6),
    MapLayoutSettings(50, 0.1, 0.6),
    MapLayoutSettings(15, 0.1, 0.6),
)

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Nearness = Callable[[Floats, Floats], Floats]  # of rows [a, d] and [b, d], [a, b]; higher is nearer


@dataclass(frozen=True)
class Kept:
    trustworthiness: float
    continuity: float


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the map keeps similar films near.")
    parser.add_argument("--layouts", action="store_true", help="try other settings of UMAP too")
    options = parser.parse_args()
    model = load_model()
    vectors = model.item_similarity.vectors[model.rated_rows]
    known = best_known(model)
    print("| layout | films | trustworthiness(10) | continuity(10) |\n|---|---|---|---|")
    for name, points in layouts(model, vectors, anew=options.layouts):
        for rows in (np.arange(len(vectors)), known):
            kept = measure(unit_rows(vectors)[rows], points[rows])
            figures = f"{kept.trustworthiness:.3f} | {kept.continuity:.3f}"
            print(f"| {name} | {len(rows):,} | {figures} |", flush=True)


def layouts(model: TasteModel, vectors: Floats, *, anew: bool) -> Iterator[tuple[str, Floats]]:
    """Names and points [n, 2] of the vectors [n, d] of films."""
    yield "PCA", principal_components(unit_rows(vectors))
    yield f"**the map** ({_told(SETTINGS)})", model.map_coordinates
    for settings in LAYOUTS if anew else ():
        yield _told(settings), compute_layout(vectors, 1, settings)


def best_known(model: TasteModel) -> Rows:
    """Rows on the map of the films with most ratings."""
    counts = model.catalogue.counts[model.rated_rows]
    return np.argsort(-counts, kind="stable")[:_BEST_KNOWN]


def measure(vectors: Floats, points: Floats) -> Kept:
    """How well points [n, 2] keep what vectors [n, d] of length 1 say, for n above 30."""
    return Kept(
        kept(vectors, by_cosine, points, by_distance), kept(points, by_distance, vectors, by_cosine)
    )


def kept(truth: Floats, near_in_truth: Nearness, shown: Floats, near_shown: Nearness) -> float:
    """The formula above: the ranks by ``truth``, the nearest as ``shown``; both are [n, ...]."""
    n, k = len(truth), _NEAREST
    missed = 0
    for first in range(0, n, _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, n))
        itself = (np.arange(len(rows)), rows)
        true, seen = near_in_truth(truth[rows], truth), near_shown(shown[rows], shown)
        true[itself] = seen[itself] = -np.inf
        for nearest in np.argpartition(seen, -k, axis=1)[:, -k:].T:
            rank = (true > np.take_along_axis(true, nearest[:, None], 1)).sum(1) + 1
            missed += int((rank - k).clip(0).sum())
    return 1 - 2 * missed / (n * k * (2 * n - 3 * k - 1))


def by_cosine(some: Floats, others: Floats) -> Floats:
    """Of rows of length 1."""
    return some @ others.T


def by_distance(some: Floats, others: Floats) -> Floats:
    squared: Floats = np.square(some[:, None] - others).sum(2)
    return -squared


def principal_components(vectors: Floats) -> Floats:
    """The first two, [n, 2]."""
    centred = vectors - vectors.mean(0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    components: Floats = centred @ directions[:, -2:]
    return components


def _told(settings: MapLayoutSettings) -> str:
    return (
        f"{settings.neighbours} neighbours, distance {settings.least_distance:g}, "
        f"evenness {settings.evenness:g}"
    )


if __name__ == "__main__":
    main()
