"""scikit-surprise: biased matrix factorisation by stochastic gradient descent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from surprise import SVD, Dataset, Reader

from benchmarks.peers.peer import Peer, from_stars, rating_counts
from benchmarks.peers.settings import tried
from engine.data.catalogue import Catalogue
from engine.data.ratings import Ratings
from engine.training.evaluate import Predictions
from engine.training.splits import UserSplit


class SurpriseSvd(Peer):
    """Surprise cannot fit new users: it is trained anew on all ratings and those they give."""

    name = "Surprise SVD, retrained"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        factors: int = tried(20, 10, 20, 50, 100, by="rmse")
        epochs: int = tried(50, 20, 30, 50, by="rmse")
        learning_rate: float = tried(0.005, 0.003, 0.005, 0.01, by="rmse")
        regularisation: float = tried(0.05, 0.02, 0.05, 0.1, by="rmse")
        listed_from: int = tried(200, 20, 50, 100, 200)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        self._training, self._settings = training, settings
        self._n_movies = len(catalogue)
        self._listed = rating_counts(catalogue, training) >= settings.listed_from

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        svd = self._trained_with(held_out)
        movies = svd.trainset
        rated = [movies.to_raw_iid(column) for column in movies.all_items()]
        biases, vectors = np.zeros(self._n_movies), np.zeros((self._n_movies, svd.n_factors))
        biases[rated], vectors[rated] = svd.bi, svd.qi
        for number, case in enumerate(held_out, self._training.n_users):
            user = movies.to_inner_uid(number)
            stars = movies.global_mean + svd.bu[user] + biases + vectors @ svd.pu[user]
            yield from_stars(stars.astype(np.float32), case, self._listed)

    def _trained_with(self, held_out: Sequence[UserSplit]) -> SVD:
        """The new users' codes follow those of the training users."""
        codes = np.arange(len(held_out)) + self._training.n_users
        new = Ratings(
            np.repeat(codes, [len(case.given) for case in held_out]),
            np.concatenate([case.given for case in held_out]),
            np.concatenate([case.given_stars for case in held_out]),
        )
        ratings = pd.concat([pd.DataFrame(vars(part)) for part in (self._training, new)])
        svd = SVD(
            n_factors=self._settings.factors,
            n_epochs=self._settings.epochs,
            lr_all=self._settings.learning_rate,
            reg_all=self._settings.regularisation,
            random_state=1,
        )
        data = Dataset.load_from_df(ratings, Reader(rating_scale=(0.5, 5)))
        svd.fit(data.build_full_trainset())
        return svd
