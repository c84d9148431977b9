"""LensKit: its biased MF, implicit MF and item-item nearest neighbours.

Each scorer learns new users by the library's own way: the given ratings come with the query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lenskit.als import BiasedMFScorer, ImplicitMFScorer
from lenskit.basic import BiasScorer
from lenskit.data import Dataset, ItemList, RecQuery, from_interactions_df
from lenskit.knn import ItemKNNScorer
from lenskit.training import TrainingOptions

from benchmarks.peers.feedback import Feedback, values
from benchmarks.peers.peer import Peer, from_stars, rating_counts
from benchmarks.peers.settings import tried
from engine.data.catalogue import Catalogue
from engine.data.ratings import Ratings
from engine.training.evaluate import Floats, Predictions
from engine.training.splits import UserSplit


class _Implicit(Peer):
    """A scorer that knows only how much a user interacted with a film, and ranks."""

    _feedback: Feedback
    _scorer: "_Trained"

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        for case in held_out:
            (scores,) = self._scorer.scores(case, values(self._feedback, case.given_stars))
            yield Predictions(np.nan_to_num(scores, nan=-np.inf))


class ImplicitMf(_Implicit):
    """Weighted ALS (Hu, Koren & Volinsky 2008): each rating has the confidence 1 + weight."""

    name = "LensKit implicit MF"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        feedback: Feedback = tried("liked", "rated", "liked", "stars")
        factors: int = tried(16, 8, 16, 32, 64, 128)
        regularisation: float = tried(10, 0.1, 1, 10, 30)
        weight: float = tried(1, 0.3, 1, 3, 10, 40)
        sweeps: int = tried(10, 5, 10, 20)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        self._feedback = settings.feedback
        scorer = ImplicitMFScorer(
            embedding_size=settings.factors,
            epochs=settings.sweeps,
            regularization=settings.regularisation,
            weight=settings.weight,
            use_ratings=True,
        )
        self._scorer = _Trained([scorer], catalogue, _valued(training, settings.feedback))


class ItemKnn(_Implicit):
    """A film's score is the sum of its cosines with the films in the history."""

    name = "LensKit item kNN, implicit"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        feedback: Feedback = tried("liked", "rated", "liked")
        neighbours: int = tried(20, 5, 10, 20, 50)
        at_least: int = tried(1, 1, 2)
        saved: int = tried(500, 50, 100, 500, 1000)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        self._feedback = settings.feedback
        scorer = ItemKNNScorer(
            max_nbrs=settings.neighbours,
            min_nbrs=settings.at_least,
            save_nbrs=settings.saved,
            feedback="implicit",
        )
        self._scorer = _Trained([scorer], catalogue, _valued(training, settings.feedback))


class ItemKnnStars(Peer):
    """Stars from those of similar films (Deshpande & Karypis 2004), biases where there are none."""

    name = "LensKit item kNN, explicit"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        neighbours: int = tried(20, 10, 20, 50, by="rmse")
        at_least: int = tried(2, 1, 2, 5, by="rmse")
        damping: float = tried(5, 2, 5, 10, by="rmse")
        listed_from: int = tried(200, 20, 50, 100, 200)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        knn = ItemKNNScorer(max_nbrs=settings.neighbours, min_nbrs=settings.at_least)
        self._scorer = _Trained([knn, BiasScorer(damping=settings.damping)], catalogue, training)
        self._listed = rating_counts(catalogue, training) >= settings.listed_from

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        for case in held_out:
            yield from_stars(self._scorer.stars(case), case, self._listed)


class BiasedMf(Peer):
    """Biases and factors of what they leave, by ALS (Zhou et al. 2008)."""

    name = "LensKit biased MF"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        factors: int = tried(64, 16, 32, 64, 128, by="rmse")
        regularisation: float = tried(0.1, 0.03, 0.1, 0.3, 1, by="rmse")
        damping: float = tried(5, 2, 5, 10, by="rmse")
        sweeps: int = tried(5, 5, 10, 20, by="rmse")
        listed_from: int = tried(200, 20, 50, 100, 200)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        mf = BiasedMFScorer(
            embedding_size=settings.factors,
            epochs=settings.sweeps,
            regularization=settings.regularisation,
            damping=settings.damping,
        )
        self._scorer = _Trained([mf, BiasScorer(damping=settings.damping)], catalogue, training)
        self._listed = rating_counts(catalogue, training) >= settings.listed_from

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        for case in held_out:
            yield from_stars(self._scorer.stars(case), case, self._listed)


class _Trained:
    """LensKit scorers trained on ratings, with catalogue rows for item ids."""

    def __init__(self, scorers: Sequence[Any], catalogue: Catalogue, training: Ratings) -> None:
        data = _dataset(training)
        self._scorers = scorers
        for scorer in scorers:
            scorer.train(data, TrainingOptions(rng=1))
        self._everything = ItemList(item_ids=np.arange(len(catalogue)))
        self._known = np.isin(np.arange(len(catalogue)), training.movies)

    def scores(self, case: UserSplit, given: Floats) -> list[Floats]:
        """Return each scorer's scores [n_movies]; NaN where it has none.

        ``given`` are the values of the ratings given; those of 0 are left out, as are films
        without training ratings, which LensKit's fits do not take.
        """
        counted = self._known[case.given] & (given > 0)
        history = ItemList(item_ids=case.given[counted], rating=given[counted])
        query = RecQuery(history_items=history)
        return [scorer(query, self._everything).scores() for scorer in self._scorers]

    def stars(self, case: UserSplit) -> Floats:
        """Predicted stars [n_movies]: the first scorer's, or the second's where it has none."""
        first, second = self.scores(case, case.given_stars)
        return np.where(np.isnan(first), second, first)


def _valued(ratings: Ratings, feedback: Feedback) -> Ratings:
    """The ratings that count, with what they count for instead of stars."""
    counts_for = values(feedback, ratings.stars)
    kept = counts_for > 0
    return Ratings(ratings.users[kept], ratings.movies[kept], counts_for[kept])


def _dataset(ratings: Ratings) -> Dataset:
    return from_interactions_df(
        pd.DataFrame({"user_id": ratings.users, "item_id": ratings.movies, "rating": ratings.stars})
    )
