"""How good are the recommendations, beside peers? ``make bench``.

The protocol is that of :mod:`engine.training.evaluate`, on test users that neither the model nor a
peer was tuned on (:mod:`benchmarks.common.protocol`). Every method sees the same training ratings
and the same given ratings. The users of all test splits are pooled; behind each figure stands its
95 % interval (:mod:`benchmarks.common.bootstrap`), and beside it by how much Reeltwin is better.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.common.data_sets import add_data_option, release_folders
from benchmarks.common.protocol import N_TESTS, Split, read, report_splits
from benchmarks.common.table import OURS, Measured, table
from benchmarks.peers.peer import Peer
from benchmarks.peers.roster import PEERS
from engine.bundle.io import Bundle
from engine.data.catalogue import Catalogue
from engine.model import TasteModel
from engine.training.evaluate import Recommender, ServedModel, UserMetrics, evaluate
from engine.training.settings import Settings
from engine.training.train import fit_parameters


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description=__doc__.split("\n")[0]
    )
    add_data_option(parser)
    parser.add_argument("--splits", type=int, default=N_TESTS, help="test splits (%(default)s)")
    names = [peer.name for peer in PEERS]
    parser.add_argument("--peers", nargs="*", default=names, choices=names, metavar="NAME")
    options = parser.parse_args()

    catalogue, ratings = read(release_folders(options.data))
    peers = [peer for peer in PEERS if peer.name in options.peers]
    measured = measure(catalogue, report_splits(ratings, options.splits), peers)
    print(*table(measured, catalogue.counts), sep="\n")


def measure(catalogue: Catalogue, splits: list[Split], peers: list[type[Peer]]) -> Measured:
    """The outcomes of all splits' users; progress goes to standard error."""
    parts = defaultdict(list)
    for number, split in enumerate(splits, 1):
        for name, recommender in _trained(catalogue, split, peers):
            start = time.perf_counter()
            for k, held_out in split.given.items():
                parts[name, k].append(evaluate(recommender, held_out))
            seconds = time.perf_counter() - start
            print(f"split {number}: {name}, measured in {seconds:.0f} s", file=sys.stderr)
    return {key: UserMetrics.pooled(outcomes) for key, outcomes in parts.items()}


def _trained(
    catalogue: Catalogue, split: Split, peers: list[type[Peer]]
) -> Iterator[tuple[str, Recommender]]:
    for peer in peers:
        yield peer.name, peer(catalogue, split.training, peer.Settings())
    parameters = fit_parameters(catalogue, split.training, Settings())
    yield OURS, ServedModel(TasteModel(Bundle(catalogue, parameters, {})))


if __name__ == "__main__":
    main()
