r"""How often two people would agree on a film: give it stars within one of each other.

A user's stars for a film are known where they rated it; else they are those predicted, normal
about :math:`m` with the standard deviation :math:`s`, rounded to half stars within the scale. With
:math:`p_k` and :math:`q_k` the two people's probabilities of :math:`k` half stars, they agree with
probability :math:`\sum_{|k - l| \le 2} p_k q_l`. The mean over the films that most people know is
what to expect of any that both will have seen. Of two people without ratings it is that of any two.

It is well calibrated: of the films that two MovieLens users both rated, hidden from the model but
for ten ratings each, 71.5 % are expected to be agreed on, and 71.8 % are. The correlation of both
people's stars beyond a film's level says more of their taste as such, but can hardly be told from
so little: what is predicted of it correlates with what it is by 0.1, the agreement by 0.5.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.ratings import HALF_STARS
from engine.recommend.taste import Taste

_FILMS = 1000  # that most people know
CLOSE = 1.0  # stars
_EDGES = HALF_STARS[:-1] + 0.25
_AGREE = np.abs(HALF_STARS[:, None] - HALF_STARS) <= CLOSE

Floats = npt.NDArray[np.float64]

# The normal distribution up to so many standard deviations, to within 1e-6 between the steps.
_STEPS = np.linspace(-6, 6, 4801)
_NORMAL = np.array([0.5 + 0.5 * math.erf(z / math.sqrt(2)) for z in _STEPS])


@dataclass(frozen=True)
class Agreement:
    """How often two users agree.

    ``expected`` is the share of well-known movies that the two agree on, ``base_rate`` any two's.

    ``shared`` are the movie ids that both rated, ``close`` how many of them within one star.
    """

    expected: float
    base_rate: float
    shared: tuple[int, ...]
    close: int


def agreement(model: TrainedModel, a: Taste, b: Taste) -> Agreement:
    """Return how far two users agree."""
    nobody = _probabilities(model, Taste(model, {}))
    shared = tuple(movie for movie in a.ratings if movie in b.ratings)
    return Agreement(
        _expected(_probabilities(model, a), _probabilities(model, b)),
        _expected(nobody, nobody),
        shared,
        sum(abs(a.ratings[movie] - b.ratings[movie]) <= CLOSE for movie in shared),
    )


def agreements(model: TrainedModel, tastes: Sequence[Taste]) -> Floats:
    """Return ``expected`` of each pair of n users, [n, n]; 1 on the diagonal."""
    probabilities = [_probabilities(model, taste) for taste in tastes]
    expected = np.eye(len(tastes))
    for a, b in combinations(range(len(tastes)), 2):
        expected[a, b] = expected[b, a] = _expected(probabilities[a], probabilities[b])
    return expected


def _expected(p: Floats, q: Floats) -> float:
    return float(((p @ _AGREE) * q).sum(1).mean())


def _probabilities(model: TrainedModel, taste: Taste) -> Floats:
    """Return the probability of each number of half stars for the well-known movies, [n, 10]."""
    movies = model.movie_ids[model.well_known[:_FILMS]]
    mean, std = taste.predict(movies)
    below = np.interp((_EDGES - mean[:, None]) / std[:, None], _STEPS, _NORMAL)
    up_to = np.pad(below, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    probabilities: Floats = np.diff(up_to, axis=1)
    for at, movie in enumerate(movies.tolist()):
        if movie in taste.ratings:
            probabilities[at] = np.equal(HALF_STARS, taste.ratings[movie])
    return probabilities
