"""How good are the recommendations, beside simple peers? ``python -m benchmarks.quality``.

Users are held out of training entirely; 5, 10 and 20 of their ratings are given, the rest is
hidden. All movies are candidates, and relevant is a hidden film rated 4 stars or more. Every peer
sees the same training ratings and the same given ratings.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from benchmarks.peers import Biases, Classroom, Peer, Popular
from engine.bundle import Bundle
from engine.dataset import prepare
from engine.evaluate import evaluate, ndcg_at, relevant_rows, top_rows
from engine.model import TasteModel
from engine.movielens import pool, read_release
from engine.ratings import Case, cases, hold_out
from engine.train import GIVEN, Settings, fit_tensors

DATA = Path("../shared/data")
SETS = ("ml-latest-small", "ml-latest-2023", "ml-small-2016-10", "ml-small-2015-04")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    default = [DATA / name for name in SETS]
    parser.add_argument("--data", type=Path, nargs="+", default=default, metavar="DIR")
    parser.add_argument("--seed", type=int, default=Settings.seed)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    settings = Settings(seed=options.seed)
    data = pool([read_release(folder) for folder in options.data])
    catalogue, ratings = prepare(data, settings.stars.bias_shrinkage)
    held_out = hold_out(ratings, settings.held_out, settings.seed)
    training = ratings.without(held_out)
    given = {k: cases(ratings, held_out, k, settings.seed) for k in GIVEN}

    table = Table(title=f"{len(held_out)} users held out of {training.n_users + len(held_out):,}")
    for column in ("method", "NDCG@10 at 5 / 10 / 20 given", "RMSE at 5 / 10 / 20 given"):
        table.add_column(column)
    peers: list[Peer] = [Popular(catalogue), Biases(catalogue), Classroom(training, len(catalogue))]
    for peer in peers:
        figures = [_measure(peer, given[k]) for k in GIVEN]
        table.add_row(peer.name, _joined([f[0] for f in figures]), _joined([f[1] for f in figures]))
    tensors = fit_tensors(catalogue, training, settings, report=lambda step: None)
    model = TasteModel(Bundle(catalogue, tensors, {}))
    quality = [evaluate(model, given[k]) for k in GIVEN]
    table.add_row(
        "[bold]Reeltwin[/bold]",
        _joined([q.ndcg_at_10 for q in quality]),
        _joined([q.rmse for q in quality]),
    )
    Console(width=100).print(table)


def _measure(peer: Peer, held_out: Sequence[Case]) -> tuple[float | None, float | None]:
    """NDCG@10 and RMSE, None for what the peer cannot foretell."""
    ndcg, errors = [], []
    for case in held_out:
        scores, stars = peer.foretell(case)
        relevant = relevant_rows(case)
        if scores is not None and len(relevant):
            ndcg.append(ndcg_at(10, top_rows(scores, case.given, 10), relevant))
        if stars is not None:
            errors.append(np.clip(stars[case.hidden], 0.5, 5.0) - case.hidden_stars)
    rmse = float(np.sqrt(np.mean(np.concatenate(errors) ** 2))) if errors else None
    return float(np.mean(ndcg)) if ndcg else None, rmse


def _joined(figures: Sequence[float | None]) -> str:
    return " / ".join("–" if figure is None else f"{figure:.3f}" for figure in figures)


if __name__ == "__main__":
    main()
