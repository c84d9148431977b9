"""How good is it? Strong generalisation: users unseen in training, a few of their ratings given.

All movies are candidates except those given; relevant is a hidden movie rated 4 stars or more. A
user without a relevant hidden movie says nothing about ranking and is left out there. Whatever can
predict is measured alike: a model through the calls that serve users (:class:`ServedModel`), and
the peers in ``benchmarks``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.data.ratings import LOVED
from engine.heads.star_regression import NORMAL_80, NORMAL_95
from engine.model import TasteModel
from engine.training.splits import UserSplit

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Predictions:
    """What a recommender predicts for a held-out user; None for what it has no notion of.

    Attributes
    ----------
    scores
        By catalogue row, higher = recommend earlier, float32 [n_movies].
    stars
        Of the user's hidden movies, float32 [n_hidden].
    std
        Standard deviations of ``stars``, float32 [n_hidden].
    """

    scores: Floats | None = None
    stars: Floats | None = None
    std: Floats | None = None


class Recommender(Protocol):
    """Anything that learns a user from a few ratings."""

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        """Return the predictions for each user, in the same order, from the given ratings alone."""


class ServedModel:
    """A model, through the same calls that serve users."""

    def __init__(self, model: TasteModel) -> None:
        self._model = model

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        """Fit each user's given ratings and yield the predictions."""
        movie_ids = self._model.movie_ids
        for case in held_out:
            ids = movie_ids[case.given].tolist()
            taste = self._model.fit(dict(zip(ids, case.given_stars.tolist(), strict=True)))
            stars, std = taste.predict(movie_ids[case.hidden])
            yield Predictions(taste.scores(), stars, std)


@dataclass(frozen=True)
class Quality:
    """Means over held-out users; NaN where nothing was predicted.

    Attributes
    ----------
    ndcg_at_10, recall_at_20
        Of the ranking, means over users.
    rmse, mae
        In stars, over all hidden ratings.
    covered_80, covered_95
        Shares of hidden ratings inside the intervals of 80 and 95 %.
    catalogue
        Share of all movies that stand in any user's first ten.
    median_count
        Median MovieLens rating count of what stands there.
    """

    ndcg_at_10: float
    recall_at_20: float
    rmse: float
    mae: float
    covered_80: float
    covered_95: float
    catalogue: float
    median_count: float


FIGURES = ("ndcg_at_10", "recall_at_20", "rmse", "mae", "covered_80", "covered_95")
_RMSE = FIGURES.index("rmse")


@dataclass(frozen=True)
class UserMetrics:
    """What was measured of each held-out user.

    ``totals`` and ``weights`` [n_users, 6] are in the order of ``FIGURES``: a figure is the sum of
    its totals over the sum of its weights (the RMSE, the root of it). ``top`` [n_users, 10] are
    the rows recommended first, [n_users, 0] where nothing is ranked.
    """

    totals: Doubles
    weights: Doubles
    top: Rows

    @classmethod
    def pooled(cls, parts: Sequence["UserMetrics"]) -> "UserMetrics":
        """Return the metrics of all users of several splits."""
        return cls(
            np.concatenate([part.totals for part in parts]),
            np.concatenate([part.weights for part in parts]),
            np.concatenate([part.top for part in parts]),
        )

    def figures(self, times: Doubles) -> Doubles:
        """Return the figures [..., 6] if each user counted ``times`` [..., n_users]."""
        with np.errstate(invalid="ignore"):  # 0 / 0, the mean of nothing, is NaN
            means = (times @ self.totals) / (times @ self.weights)
        means[..., _RMSE] = np.sqrt(means[..., _RMSE])
        return means

    def quality(self, counts: Rows) -> Quality:
        """Return the figures of all users; ``counts`` [n_movies] are ratings of each movie."""
        means = self.figures(np.ones(len(self.totals))).tolist()
        figures = dict(zip(FIGURES, means, strict=True))
        if not self.top.size:
            return Quality(**figures, catalogue=np.nan, median_count=np.nan)
        shown = len(np.unique(self.top)) / len(counts)
        return Quality(**figures, catalogue=shown, median_count=np.median(counts[self.top]).item())


def evaluate(recommender: Recommender, held_out: Sequence[UserSplit]) -> UserMetrics:
    """Measure what a recommender predicts for held-out users, one or more."""
    pairs = zip(held_out, recommender.predict_with_std(held_out), strict=True)
    totals, weights, tops = zip(*[_measure(*pair) for pair in pairs], strict=True)
    return UserMetrics(np.array(totals), np.array(weights), np.array(tops))


def _measure(case: UserSplit, predicted: Predictions) -> tuple[Doubles, Doubles, Rows]:
    """One user's totals and weights, [6] each, and first ten."""
    totals, weights = np.zeros((2, len(FIGURES)))
    top = np.empty(0, dtype=np.int64)
    if predicted.scores is not None:
        top = top_rows(predicted.scores, case.given, 20)
        if len(relevant := relevant_rows(case)):
            totals[:2] = ndcg_at(10, top, relevant), recall_at(20, top, relevant)
            weights[:2] = 1
    if predicted.stars is not None:
        error = np.abs(predicted.stars - case.hidden_stars).astype(np.float64)
        totals[2:4] = (error**2).sum(), error.sum()
        weights[2:4] = len(error)
        if predicted.std is not None:
            totals[4:] = [(error <= z * predicted.std).sum() for z in (NORMAL_80, NORMAL_95)]
            weights[4:] = len(error)
    return totals, weights, top[:10]


def mean_ndcg(scores: Iterable[Floats], held_out: Sequence[UserSplit]) -> float:
    """Return NDCG@10 averaged over the users with a relevant hidden movie.

    Parameters
    ----------
    scores
        Of all rows, [n_movies], for each user in turn.
    held_out
        The users.
    """
    return float(
        np.mean(
            [
                ndcg_at(10, top_rows(own, case.given, 10), relevant)
                for own, case in zip(scores, held_out, strict=True)
                if len(relevant := relevant_rows(case))
            ]
        )
    )


def relevant_rows(case: UserSplit) -> Rows:
    """Return the rows of the hidden movies that the user rated 4 stars or more."""
    return case.hidden[case.hidden_stars >= LOVED]


def top_rows(scores: Floats, given: Rows, n: int) -> Rows:
    """Return the rows of the ``n`` highest scores without the given ones, highest first."""
    scores = scores.copy()
    scores[given] = -np.inf
    n = min(n, len(scores) - len(given))
    top = np.argpartition(-scores, n - 1)[:n]
    return top[np.argsort(-scores[top], kind="stable")]


def ndcg_at(n: int, top: Rows, relevant: Rows) -> float:
    """Return normalised discounted cumulative gain with binary relevance.

    Järvelin & Kekäläinen 2002, *Cumulated gain-based evaluation of IR techniques*.

    Parameters
    ----------
    n
        Length of the list that counts.
    top
        Recommended rows, best first.
    relevant
        Rows that count as hits, one or more.
    """
    discount = 1 / np.log2(np.arange(2, n + 2))
    gain = (np.isin(top[:n], relevant) * discount[: len(top[:n])]).sum()
    return float(gain / discount[: len(relevant)].sum())


def recall_at(n: int, top: Rows, relevant: Rows) -> float:
    """Return the share of the relevant among the first ``n``, of as many as could stand there."""
    return float(np.isin(top[:n], relevant).sum() / min(n, len(relevant)))
