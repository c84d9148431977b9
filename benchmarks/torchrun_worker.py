"""One process of :mod:`benchmarks.distributed`: trains on its share, says what that took."""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks.common.stopwatch import peak_memory
from engine.data.ratings import Ratings
from engine.training.als import train_als
from engine.training.collectives import join_process_group
from engine.training.settings import AlsSettings


@dataclass(frozen=True)
class Took:
    """A sweep after the first: seconds by the clock and of a processor, bytes given to sums.

    And the most bytes of memory that the process held.
    """

    seconds: float
    processor: float
    summed: float
    memory: float


def share_of(folder: Path, size: int, rank: int) -> Path:
    """The file with the ratings of one of ``size`` ranks."""
    return folder / f"{size}-{rank}.npz"


def result_of(folder: Path, rank: int) -> Path:
    return folder / f"{rank}.json"


def main(folder: Path, factors: int, sweeps: int) -> None:
    torch.set_num_threads(1)
    with join_process_group() as group:
        with np.load(share_of(folder, group.size, group.rank)) as data:
            ratings = Ratings(data["users"], data["movies"], data["stars"])
            features = data["features"]
        ends: list[tuple[float, float, int]] = []

        def on_sweep(*_: object) -> None:
            ends.append((time.perf_counter(), time.process_time(), group.bytes_reduced))

        settings = AlsSettings(factors=factors, sweeps=sweeps)
        train_als(ratings, features, settings, seed=1, on_sweep=on_sweep, group=group)
        seconds, processor, summed = np.diff(ends, axis=0).mean(0).tolist()
        took = Took(seconds, processor, summed, peak_memory())
        result_of(folder, group.rank).write_text(json.dumps(asdict(took)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
