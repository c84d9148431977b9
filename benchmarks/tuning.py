"""Which settings suit each peer best? ``make tune``.

They are searched on the validation users (:mod:`benchmarks.common.protocol`), beginning with those
that stand, by the mean over the numbers of ratings given. The table shows what each value tried for
a setting measures, beside the best of all the others.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache

import numpy as np

from benchmarks.common.data_sets import add_data_option, release_folders
from benchmarks.common.protocol import Split, read, tuning_split
from benchmarks.peers.peer import Peer
from benchmarks.peers.roster import PEERS
from benchmarks.peers.settings import Figures, along, search
from engine.data.catalogue import Catalogue
from engine.training.evaluate import FIGURES, evaluate


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tuning", description=__doc__.split("\n")[0]
    )
    add_data_option(parser)
    tunable = {peer.name: peer for peer in PEERS if fields(peer.Settings)}
    parser.add_argument("--peers", nargs="*", default=tunable, choices=tunable, metavar="NAME")
    options = parser.parse_args()

    catalogue, ratings = read(release_folders(options.data))
    split = tuning_split(ratings)
    print("| peer | setting | by | values tried |\n| --- | --- | --- | --- |")
    for name in options.peers:
        print(*_rows(tunable[name], _measurer(tunable[name], catalogue, split)), sep="\n")


def _measurer(
    peer: type[Peer], catalogue: Catalogue, split: Split
) -> Callable[[Peer.Settings], Figures]:
    @cache
    def measure(settings: Peer.Settings) -> Figures:
        """The mean of each figure over the numbers of ratings given."""
        recommender = peer(catalogue, split.training, settings)
        outcomes = [evaluate(recommender, held_out) for held_out in split.given.values()]
        figures = [part.figures(np.ones(len(part.totals))) for part in outcomes]
        means = dict(zip(FIGURES, np.mean(figures, axis=0).tolist(), strict=True))
        print(settings, f"{means['ndcg_at_10']:.4f} {means['rmse']:.4f}", file=sys.stderr)
        return means

    return measure


def _rows(peer: type[Peer], measure: Callable[[Peer.Settings], Figures]) -> Iterator[str]:
    best = search(peer.Settings(), measure)
    for setting in fields(best):
        by, chosen = setting.metadata["by"], getattr(best, setting.name)
        values = [
            f"**{value}**: {figure:.4f}" if value == chosen else f"{value}: {figure:.4f}"
            for value, figure in along(best, setting, measure).items()
        ]
        yield f"| {peer.name} | {setting.name} | {by} | {', '.join(values)} |"


if __name__ == "__main__":
    main()
