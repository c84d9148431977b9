"""The time that training takes, beside ``implicit`` ALS and for a whole bundle."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from benchmarks.common.protocol import Split, read, report_splits
from benchmarks.common.stopwatch import median_seconds, seconds
from benchmarks.common.targets import Target
from benchmarks.peers.implicit_als import ImplicitAls
from engine.data.catalogue import Catalogue
from engine.data.dataset import prepare
from engine.data.features import movie_features
from engine.data.movielens import pool, read_release
from engine.data.ratings import Ratings, preference
from engine.heads.als import AlsHead
from engine.linalg.csr import CsrRows
from engine.training.als import train_als
from engine.training.evaluate import FIGURES, Predictions, Recommender, evaluate
from engine.training.settings import AlsSettings, Settings
from engine.training.splits import UserSplit, hold_out
from engine.training.train import fit_parameters, measure

_REPEATS = 5
_GIVEN = 10
_FACTORS, _SWEEPS = 64, 15  # of both


class Ranked:
    """The ALS head alone, with the films that were rated, trained with some settings."""

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: AlsSettings) -> None:
        self._n_movies = len(catalogue)
        self._rated, rows = np.unique(training.movies, return_inverse=True)
        films = movie_features(catalogue)[self._rated]
        by_row = Ratings(training.users, rows, training.stars)
        self._head: AlsHead = train_als(by_row, films, settings, seed=1)

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        """As :class:`engine.training.evaluate.Recommender`."""
        for case in held_out:
            known = np.isin(case.given, self._rated)
            rows = np.searchsorted(self._rated, case.given[known])
            (vector,) = self._head.user_vectors(
                CsrRows.single(rows, preference(case.given_stars[known]))
            )
            scores = np.zeros(self._n_movies, dtype=np.float32)
            scores[self._rated] = self._head.vectors @ vector
            yield Predictions(scores)


def training(folders: Sequence[Path]) -> list[Target]:
    """The ALS head beside ``implicit``, and all that makes a bundle but for UMAP."""
    catalogue, ratings = read(folders)
    (split,) = report_splits(ratings, 1)
    return [*_beside_implicit(catalogue, split), _whole(folders)]


def _beside_implicit(catalogue: Catalogue, split: Split) -> list[Target]:
    # All ratings for both; its best feedback leaves out half of them.
    theirs = replace(ImplicitAls.Settings(), feedback="stars", factors=_FACTORS, sweeps=_SWEEPS)
    ours = replace(AlsSettings(), factors=_FACTORS, sweeps=_SWEEPS)

    def train_theirs() -> Recommender:
        with threadpool_limits(1, "blas"):  # as the library advises: it has threads of its own
            return ImplicitAls(catalogue, split.training, theirs)

    def train_ours() -> Recommender:
        return Ranked(catalogue, split.training, ours)

    torch.set_num_threads(2)
    our_time, their_time = median_seconds(train_ours, train_theirs, repeats=_REPEATS)
    our_ndcg, their_ndcg = _ndcg(train_ours(), split), _ndcg(train_theirs(), split)
    what = f"{_FACTORS} factors, {_SWEEPS} sweeps, 2 threads"
    return [
        Target(
            f"training the ALS head, {what}",
            f"{our_time:.2f} s beside {their_time:.2f} s of implicit ALS",
            "no longer than implicit ALS",
            our_time <= their_time,
            f"{our_time / their_time:.2f}",
        ),
        Target(
            f"its NDCG@10 with {_GIVEN} ratings given",
            f"{our_ndcg:.3f} beside {their_ndcg:.3f}",
            "no worse",
            our_ndcg >= their_ndcg,
            f"{our_ndcg / their_ndcg:.2f}",
        ),
    ]


def _ndcg(recommender: Recommender, split: Split) -> float:
    outcomes = evaluate(recommender, split.given[_GIVEN])
    figures = outcomes.figures(np.ones(len(outcomes.totals)))
    return float(figures[FIGURES.index("ndcg_at_10")])


def _whole(folders: Sequence[Path]) -> Target:
    """``python -m engine train`` from the files of the sets on, but for the map."""

    def train() -> None:
        settings = Settings()
        data = pool([read_release(folder) for folder in folders])
        catalogue, ratings = prepare(data)
        held_out = hold_out(ratings, settings.held_out, settings.seed)
        measure(catalogue, ratings, held_out, settings)
        fit_parameters(catalogue, ratings, settings, report=lambda step: None)

    return Target.below("the whole bundle but for UMAP, 2 cores", seconds(train), 60, "s")
