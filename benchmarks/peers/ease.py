"""EASE: embarrassingly shallow autoencoders (Steck 2019)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse

from benchmarks.peers.feedback import Feedback, values
from benchmarks.peers.peer import Peer, rating_counts
from benchmarks.peers.settings import tried
from engine.data.catalogue import Catalogue
from engine.data.ratings import Ratings
from engine.training.evaluate import Predictions
from engine.training.splits import UserSplit


class Ease(Peer):
    """Item-item weights B, zero on the diagonal, that best restore X = X B under a ridge.

    In closed form (eq. 8): with P the inverse of X'X + ridge I, B is -P divided by P's diagonal.
    Films with fewer than ``rated_from`` training ratings are left out.
    """

    name = "EASE"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        feedback: Feedback = tried("liked", "rated", "liked", "stars")
        ridge: float = tried(3200, 200, 800, 1600, 3200, 6400)
        rated_from: int = tried(4, 4, 8, 16)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        counts = rating_counts(catalogue, training)
        self._rows = np.flatnonzero(counts >= settings.rated_from)
        self._column = np.full(len(catalogue), -1)
        self._column[self._rows] = np.arange(len(self._rows))
        self._feedback = settings.feedback
        kept = self._column[training.movies] >= 0
        x = scipy.sparse.csr_matrix(
            (
                values(settings.feedback, training.stars)[kept],
                (training.users[kept], self._column[training.movies[kept]]),
            )
        )
        gram = (x.T @ x).toarray() + settings.ridge * np.eye(len(self._rows), dtype=np.float32)
        p = scipy.linalg.inv(gram, overwrite_a=True)
        self._weights = p / -p.diagonal()
        np.fill_diagonal(self._weights, 0)

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        for case in held_out:
            columns = self._column[case.given]
            known = columns >= 0
            given = values(self._feedback, case.given_stars)[known]
            scores = np.full(len(self._column), -np.inf, dtype=np.float32)
            scores[self._rows] = given @ self._weights[columns[known]]
            yield Predictions(scores)
