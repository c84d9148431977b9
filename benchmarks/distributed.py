"""What does a second process gain in training? ``make distributed`` (ten minutes; 2 GB of memory).

The ALS head learns synthetic ratings (:mod:`benchmarks.common.synthetic`) by one process and by two
that ``torchrun`` starts on this machine, in turns, each process with a thread of its own. Prints
what a sweep takes, and from that what a billion ratings would take on many machines. The latter is
from processor time, which what else this machine does lengthens less than time by the clock.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.common.stopwatch import in_fresh_process
from benchmarks.common.synthetic import ML_32M, like_ml_32m
from benchmarks.torchrun_worker import Took, result_of, share_of
from engine import load_model

MILLIONS = (1, 4, 16)
FACTORS, SWEEPS = 64, 6
RANKS = (1, 2)

BILLION = 10**9
MACHINES = (4, 16, 64)
CORES = 16  # of each machine
NETWORK = 10e9 / 8  # bytes per second that a machine can send
_VECTOR = 4 * FACTORS  # bytes


@dataclass(frozen=True)
class Size:
    """What one process and two took for so many ratings."""

    n_ratings: int
    n_users: int
    n_movies: int
    one: Took
    two: Took

    @property
    def serial(self) -> float:
        """Processor seconds of a sweep and movie that two do not halve: what both do, and sums."""
        return (self.two.processor - self.one.processor / 2) / self.n_movies


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.distributed", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--millions", type=float, nargs="+", default=MILLIONS, metavar="M")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each (%(default)s)")
    options = parser.parse_args()

    sizes = []
    for millions in options.millions:
        with TemporaryDirectory() as folder:
            sizes.append(measure(Path(folder), round(millions * 1e6), options.repeats))
        print(sizes[-1], file=sys.stderr, flush=True)
    print(*measured(sizes), "", *projected(sizes), sep="\n")


def measure(folder: Path, n_ratings: int, repeats: int) -> Size:
    """Train on about ``n_ratings``, with as many of ml-32m's users as have so many.

    One process and two take turns; the medians of ``repeats`` runs count.
    """
    shape = in_fresh_process(_make, folder, n_ratings)
    runs = [[_train(folder, size) for size in RANKS] for _ in range(repeats)]
    one, two = np.median([[astuple(took) for took in pair] for pair in runs], axis=0).tolist()
    return Size(*shape, Took(*one), Took(*two))


def _make(folder: Path, n_ratings: int) -> tuple[int, int, int]:
    """Leave the shares of all ranks in the folder; returns how many ratings, users and movies."""
    ratings, features = like_ml_32m(load_model().catalogue.counts, n_ratings)
    for size in RANKS:
        for rank in range(size):
            share = ratings.shard(rank, size)
            np.savez(share_of(folder, size, rank), **vars(share), features=features)
    return len(ratings), ratings.n_users, len(features)


def _train(folder: Path, size: int) -> Took:
    """What the slowest and largest of ``size`` processes took."""
    command = ["torch.distributed.run", "--standalone", "--nproc-per-node", str(size)]
    task = ["-m", "benchmarks.torchrun_worker", str(folder), str(FACTORS), str(SWEEPS)]
    threads = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    subprocess.run([sys.executable, "-m", *command, *task], env=os.environ | threads, check=True)
    tooks = [json.loads(result_of(folder, rank).read_text()) for rank in range(size)]
    return Took(**{each.name: max(took[each.name] for took in tooks) for each in fields(Took)})


def measured(sizes: Sequence[Size]) -> Iterator[str]:
    """The table of what was measured, in Markdown."""
    yield _row(
        "ratings",
        "users",
        "movies",
        "a sweep by one process",
        "by two",
        "speed-up",
        "processor time of one",
        "of each of two",
        "speed-up",
        "summed by each",
        "peak memory of one",
        "of each of two",
    )
    yield _row(*["---"] * 12)
    for size in sizes:
        one, two = size.one, size.two
        yield _row(
            f"{size.n_ratings:,}",
            f"{size.n_users:,}",
            f"{size.n_movies:,}",
            f"{one.seconds:.2f} s",
            f"{two.seconds:.2f} s",
            f"{one.seconds / two.seconds:.2f}",
            f"{one.processor:.2f} s",
            f"{two.processor:.2f} s",
            f"{one.processor / two.processor:.2f}",
            f"{two.summed / 1e6:.0f} MB",
            f"{one.memory / 1e9:.2f} GB",
            f"{two.memory / 1e9:.2f} GB",
        )


def projected(sizes: Sequence[Size]) -> Iterator[str]:
    """The arithmetic for a billion ratings, from the smallest and the largest size measured."""
    least, most = sizes[0], sizes[-1]
    n_users, n_movies, n_all = ML_32M
    n_users = round(n_users / n_all * BILLION)
    per_rating = most.one.processor / most.n_ratings
    sums = most.two.summed / (_VECTOR * most.n_movies)  # of a vector for each movie
    # Where half of the ratings fit the processor's cache better, these gain more than they cost.
    serial = n_movies * max(size.serial for size in sizes)
    growth = (most.one.memory - least.one.memory) / (most.n_ratings - least.n_ratings)
    rest = most.one.memory - growth * most.n_ratings

    yield (
        f"A billion ratings of {n_users:,} users, {n_movies:,} movies: {per_rating * 1e9:.0f} ns "
        f"of a core for each rating and sweep, {sums:.1f} sums of {_VECTOR * n_movies / 1e6:.1f} "
        f"MB, {serial:.2f} s that are not shared out, {growth:.0f} bytes of memory for each rating "
        f"and {rest / 1e9:.2f} GB besides."
    )
    yield ""
    yield _row(
        f"machines of {CORES} cores",
        "memory of each",
        "computing",
        "sent by each",
        f"that at {NETWORK * 8 / 1e9:.0f} Gbit/s",
        "a sweep",
        "speed-up",
        "sent if all users' vectors were gathered",
        "that",
    )
    yield _row(*["---"] * 9)
    single = per_rating * BILLION / CORES
    for machines in MACHINES:
        others = (machines - 1) / machines
        # A ring sends every sum twice, to add it up and to hand it out (Patarasuk & Yuan 2009).
        sent = 2 * others * sums * _VECTOR * n_movies
        gathered = others * _VECTOR * (n_users + n_movies)
        computing = per_rating * BILLION / (machines * CORES) + serial
        sweep = computing + sent / NETWORK
        yield _row(
            f"{machines}",
            f"{(rest + growth * BILLION / machines) / 1e9:.1f} GB",
            f"{computing:.2f} s",
            f"{sent / 1e6:.0f} MB",
            f"{sent / NETWORK:.2f} s",
            f"{sweep:.2f} s",
            f"{single / sweep:.1f}",
            f"{gathered / 1e6:,.0f} MB",
            f"{gathered / NETWORK:.2f} s",
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
