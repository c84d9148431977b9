r"""Questions to ask: the films whose ratings would teach most about a user.

A question is worth what its answer tells, if there is one: the person must have seen the film. The
next one is

.. math::  \arg\max_i \; p_i^\gamma \, \sigma_i^2, \qquad
           \sigma_i^2 = 1 - k_i^T (K + \nu I)^{-1} k_i

- :math:`\sigma_i^2` is the variance that is left of a film's rating once all films already asked
  about are answered: a Gaussian process (Rasmussen & Williams 2006, eq. 2.26) whose kernel is the
  cosine of whitened item vectors. Greedily asking where it is largest is D-optimal design by
  rank-one steps. Whitening makes a question of the tenth Harry Potter as idle as it is, and films
  count as asked about whether or not they had been seen: who has not seen one has rarely seen its
  like.
- :math:`p_i` is the chance that the person has seen a film: the share of MovieLens users who rated
  it, moved by what this person has rated. The ALS head fitted to "rated" (1) rather than to a
  preference tells how far: :math:`f_i \cdot (x_{rated} - x_0)`.
- :math:`\gamma` < 1, for a question in vain costs less than an answer that tells nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.catalogue import Movie
from engine.linalg.csr import CsrRows
from engine.recommend.candidates import check_count
from engine.recommend.taste import Taste

_ASKED = 500  # best-known films to ask about: of others too few people know anything
_NOISE = 0.3  # nu above, of an answer; the variance of a rating is 1
_PATIENCE = 0.2  # gamma above
_LEAST = 0.001  # chance that anybody has seen a film


@dataclass(frozen=True)
class Question:
    """A film to ask about: the ``chance`` 0..1 that the person has seen it, and its ``variance``.

    The variance, 0..1, is the share of a rating of it that earlier answers leave open.
    """

    movie: Movie
    chance: float
    variance: float


def next_questions(
    model: TrainedModel, taste: Taste, n: int, exclude: Collection[int]
) -> list[Question]:
    """See :meth:`engine.model.TasteModel.next_questions`."""
    check_count("n", n, example=10)
    catalogue, position = model.catalogue, model.rated_position
    known = model.well_known[position[model.well_known] >= 0][:_ASKED]
    asked = [catalogue.row(m) for m in {*taste.ratings, *exclude} if m in catalogue]
    open_ = ~np.isin(known, asked)
    chance = _chance_seen(model, taste, known)
    variance = Variance(model.directions[position[known]], model.directions[position[asked]])
    questions: list[Question] = []
    for _ in range(min(n, int(open_.sum()))):
        worth = chance**_PATIENCE * variance.left
        best = int(np.where(open_, worth, -np.inf).argmax())
        movie = catalogue.by_row(int(known[best]))
        questions.append(Question(movie, float(chance[best]), float(variance.left[best])))
        variance.ask(best)
        open_[best] = False
    return questions


def _chance_seen(
    model: TrainedModel, taste: Taste, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    at = model.rated_position[rows]
    mine = model.rated_position[[model.catalogue.row(m) for m in taste.ratings]]
    mine = mine[mine >= 0]
    rated = model.als.user_vectors(CsrRows.single(mine, np.ones(len(mine), np.float32)))[0]
    shift = model.als.vectors[at] @ (rated - model.cold_start_vector)
    chance: npt.NDArray[np.float64] = np.clip(model.rated_share[at] + shift, _LEAST, 1)
    return chance


class Variance:
    r"""What answers leave open of m films: ``left`` [m], 1 before any.

    ``films`` [m, d] and those ``asked`` about before, [n, d], are unit vectors. In their terms the
    variance above is :math:`f^T A^{-1} f` with :math:`A = I + \sum_{asked} f f^T / \nu` (Woodbury).
    """

    def __init__(self, films: npt.NDArray[np.float32], asked: npt.NDArray[np.float32]) -> None:
        self._films = films.astype(np.float64)
        given = asked.astype(np.float64)
        self._covariance = np.linalg.inv(np.eye(films.shape[1]) + given.T @ given / _NOISE)
        self.left = ((self._films @ self._covariance) * self._films).sum(1)

    def ask(self, film: int) -> None:
        """Count one of the films as answered, in a rank-one step (Sherman & Morrison 1950)."""
        reach = self._covariance @ self._films[film]
        scale = _NOISE + self.left[film]
        self.left = self.left - (self._films @ reach) ** 2 / scale
        self._covariance -= np.outer(reach, reach) / scale
