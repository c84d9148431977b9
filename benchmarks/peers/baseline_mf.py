"""The recipe that the project grew out of."""

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.peers.peer import Peer, from_stars
from engine.data.catalogue import Catalogue
from engine.data.ratings import Ratings
from engine.training.baseline_mf import BaselineSettings, train_baseline
from engine.training.evaluate import Predictions
from engine.training.splits import UserSplit


class BaselineMf(Peer):
    """Biased matrix factorisation by gradient descent (:mod:`engine.training.baseline_mf`).

    200 factors and 35 epochs of Adam; a new user's vector and bias by 200 gradient steps on the
    given ratings with no prior. It ranks the films of its training by predicted stars.
    """

    name = "classroom recipe"

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Peer.Settings) -> None:
        n_users, n_movies = training.n_users, len(catalogue)
        self._model = train_baseline(training, n_users, n_movies, BaselineSettings(), seed=1)
        self._listed = np.isin(np.arange(n_movies), training.movies)

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        movies, stars = zip(*[(case.given, case.given_stars) for case in held_out], strict=True)
        users = self._model.fit(np.stack(movies), np.stack(stars))
        for case, user in zip(held_out, users, strict=True):
            yield from_stars(self._model.predict(user), case, self._listed)
