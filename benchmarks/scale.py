"""Does training keep up with ml-32m? ``make scale`` (half an hour; up to 4 GB of memory).

Synthetic ratings in the shape of ml-32m (:mod:`benchmarks.common.synthetic`), from a thirty-second
of its users to all of them, are learned by the ALS head and by ``implicit`` ALS, with the same
number of factors, sweeps and threads, each in a process of its own. Prints a table, and draws time
against size into docs/scale.png.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import scipy.sparse
import torch
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from benchmarks.common.growth import Run, Size, draw, median_run, table
from benchmarks.common.stopwatch import in_fresh_process, peak_memory, seconds
from benchmarks.common.synthetic import like_ml_32m
from benchmarks.peers.implicit_als import ImplicitAls
from engine import load_model
from engine.data.ratings import Ratings
from engine.training.als import train_als
from engine.training.settings import AlsSettings

MILLIONS = (1, 4, 16, 32)
FACTORS, SWEEPS, THREADS = 64, 10, 2
PICTURE = Path("docs/scale.png")

_DATA = "ratings.npz"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--millions", type=float, nargs="+", default=MILLIONS, metavar="M")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each (%(default)s)")
    parser.add_argument("--out", type=Path, default=PICTURE, help="the picture (%(default)s)")
    options = parser.parse_args()

    sizes = []
    for millions in options.millions:
        with TemporaryDirectory() as folder:
            sizes.append(measure(Path(folder), round(millions * 1e6), options.repeats))
        print(sizes[-1], file=sys.stderr, flush=True)
    print(*table(sizes), sep="\n")
    options.out.write_bytes(draw(sizes, f"Training time: {SWEEPS} sweeps, {THREADS} cores"))


def measure(folder: Path, n_ratings: int, repeats: int) -> Size:
    """Train both on about ``n_ratings``, with as many of ml-32m's users as have so many.

    They take turns; the medians of ``repeats`` runs count.
    """
    n_users, made = in_fresh_process(_make, folder, n_ratings)
    pairs = [
        (in_fresh_process(_train_ours, folder), in_fresh_process(_train_theirs, folder))
        for _ in range(repeats)
    ]
    return Size(made, n_users, *map(median_run, zip(*pairs, strict=True)))


def _make(folder: Path, n_ratings: int) -> tuple[int, int]:
    """Leave a data set in the folder; returns how many users and ratings it has."""
    ratings, features = like_ml_32m(load_model().catalogue.counts, n_ratings)
    np.savez(folder / _DATA, **vars(ratings), features=features)
    return ratings.n_users, len(ratings)


def _train_ours(folder: Path) -> Run:
    ratings, features = _read(folder)
    torch.set_num_threads(THREADS)
    settings = AlsSettings(factors=FACTORS, sweeps=SWEEPS)
    return _run(lambda: train_als(ratings, features, settings, seed=1))


def _train_theirs(folder: Path) -> Run:
    ratings, features = _read(folder)
    settings = ImplicitAls.Settings()

    def train() -> None:
        entries = settings.alpha * ratings.stars / 5, (ratings.users, ratings.movies)
        matrix = scipy.sparse.csr_matrix(entries, (ratings.n_users, len(features)))
        als = AlternatingLeastSquares(
            factors=FACTORS,
            regularization=settings.regularisation,
            iterations=SWEEPS,
            num_threads=THREADS,
            random_state=1,
        )
        als.fit(matrix, show_progress=False)

    with threadpool_limits(1, "blas"):  # as the library advises: it has threads of its own
        return _run(train)


def _read(folder: Path) -> tuple[Ratings, npt.NDArray[np.float32]]:
    with np.load(folder / _DATA) as data:
        ratings = Ratings(data["users"], data["movies"], data["stars"])
        return ratings, data["features"]


def _run(train: Callable[[], object]) -> Run:
    start = time.process_time()
    wall = seconds(train)
    return Run(wall, time.process_time() - start, peak_memory())


if __name__ == "__main__":
    main()
