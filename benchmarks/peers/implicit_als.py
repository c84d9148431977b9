"""The ``implicit`` library's alternating least squares (Hu, Koren & Volinsky 2008)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares

from benchmarks.peers.feedback import Feedback, values
from benchmarks.peers.peer import Peer
from benchmarks.peers.settings import tried
from engine.data.catalogue import Catalogue
from engine.data.ratings import Ratings
from engine.training.evaluate import Predictions, Rows
from engine.training.splits import UserSplit


class ImplicitAls(Peer):
    """Each rating is a preference of 1 with confidence ``alpha`` times its feedback.

    A new user is fitted by the library's own ``recalculate_user``.
    """

    name = "implicit ALS"

    @dataclass(frozen=True)
    class Settings(Peer.Settings):
        feedback: Feedback = tried("liked", "rated", "liked", "stars")
        factors: int = tried(16, 8, 16, 32, 64, 128)
        regularisation: float = tried(10, 0.1, 1, 3, 10, 30)
        alpha: float = tried(1, 0.3, 1, 3, 10, 30)
        sweeps: int = tried(30, 10, 15, 30)

    def __init__(self, catalogue: Catalogue, training: Ratings, settings: Settings) -> None:
        self._settings = settings
        self._n_movies = len(catalogue)
        self._als = AlternatingLeastSquares(
            factors=settings.factors,
            regularization=settings.regularisation,
            iterations=settings.sweeps,
            random_state=1,
        )
        matrix = self._matrix(training.users, training.movies, training.stars, training.n_users)
        self._als.fit(matrix, show_progress=False)

    def predict_with_std(self, held_out: Sequence[UserSplit]) -> Iterable[Predictions]:
        users = np.repeat(np.arange(len(held_out)), [len(case.given) for case in held_out])
        movies = np.concatenate([case.given for case in held_out])
        stars = np.concatenate([case.given_stars for case in held_out])
        given = self._matrix(users, movies, stars, len(held_out))
        for vector in self._als.recalculate_user(np.arange(len(held_out)), given):
            yield Predictions(self._als.item_factors @ vector)

    def _matrix(
        self, users: Rows, movies: Rows, stars: np.ndarray, n_users: int
    ) -> scipy.sparse.csr_matrix:
        confidence = self._settings.alpha * values(self._settings.feedback, stars)
        shape = (n_users, self._n_movies)
        matrix = scipy.sparse.csr_matrix((confidence, (users, movies)), shape)
        matrix.eliminate_zeros()
        return matrix
