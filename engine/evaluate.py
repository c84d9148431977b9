"""How good is it? Strong generalisation: users unseen in training, a few of their ratings given.

All movies are candidates except those given; relevant is a hidden film rated 4 stars or more. A
user without a relevant hidden film says nothing about ranking and is left out there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.model import TasteModel
from engine.ratings import Case

_RELEVANT = 4.0
_NORMAL_80 = 1.2816  # 80 % of a normal distribution lie within so many standard deviations

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Quality:
    """Means over held-out users; the star figures over all their hidden ratings, in stars.

    ``covered_80`` is the share of hidden ratings inside the 80 % interval; ``median_count`` the
    median MovieLens rating count of what stands in the first ten.
    """

    ndcg_at_10: float
    recall_at_20: float
    rmse: float
    mae: float
    covered_80: float
    median_count: float


def evaluate(model: TasteModel, held_out: Sequence[Case]) -> Quality:
    """Measure a model through the same calls that serve people."""
    ndcg, recall, counts = [], [], []
    errors, deviations = [], []
    for case in held_out:
        ids = model.movie_ids[case.given]
        taste = model.fit(dict(zip(ids.tolist(), case.given_stars.tolist(), strict=True)))
        top = top_rows(taste.scores(), case.given, 20)
        if len(relevant := relevant_rows(case)):
            ndcg.append(ndcg_at(10, top, relevant))
            recall.append(recall_at(20, top, relevant))
        counts.extend(model.catalogue.counts[top[:10]].tolist())
        stars, std = taste.predict(model.movie_ids[case.hidden])
        errors.append(stars - case.hidden_stars)
        deviations.append(std)
    error, deviation = np.concatenate(errors), np.concatenate(deviations)
    return Quality(
        ndcg_at_10=float(np.mean(ndcg)),
        recall_at_20=float(np.mean(recall)),
        rmse=float(np.sqrt(np.mean(error**2))),
        mae=float(np.mean(np.abs(error))),
        covered_80=float(np.mean(np.abs(error) <= _NORMAL_80 * deviation)),
        median_count=float(np.median(counts)),
    )


def mean_ndcg(scores: Callable[[Case], Floats], held_out: Sequence[Case]) -> float:
    """NDCG@10 of any scorer of all rows, averaged over the users with a relevant hidden film."""
    return float(
        np.mean(
            [
                ndcg_at(10, top_rows(scores(case), case.given, 10), relevant)
                for case in held_out
                if len(relevant := relevant_rows(case))
            ]
        )
    )


def relevant_rows(case: Case) -> npt.NDArray[np.int64]:
    """Rows of the hidden films that the user rated 4 stars or more."""
    return case.hidden[case.hidden_stars >= _RELEVANT]


def top_rows(scores: Floats, given: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int64]:
    """Rows of the ``n`` highest scores, or all, without the given ones, highest first."""
    scores = scores.copy()
    scores[given] = -np.inf
    n = min(n, len(scores) - len(given))
    top = np.argpartition(-scores, n - 1)[:n]
    return top[np.argsort(-scores[top], kind="stable")]


def ndcg_at(n: int, top: npt.NDArray[np.int64], relevant: npt.NDArray[np.int64]) -> float:
    """Normalised discounted cumulative gain with binary relevance (Järvelin & Kekäläinen 2002)."""
    discount = 1 / np.log2(np.arange(2, n + 2))
    gain = (np.isin(top[:n], relevant) * discount[: len(top[:n])]).sum()
    return float(gain / discount[: len(relevant)].sum())


def recall_at(n: int, top: npt.NDArray[np.int64], relevant: npt.NDArray[np.int64]) -> float:
    """Share of the relevant among the first ``n``, of as many as could stand there."""
    return float(np.isin(top[:n], relevant).sum() / min(n, len(relevant)))
