r"""Choosing a list: films that are relevant, of the wanted decades, and not all alike.

The list is built greedily. With the calibrated worth :math:`c_i` of a film after those already
chosen (:mod:`engine.recommend.calibration`), the next one is that of maximal marginal relevance
(Carbonell & Goldstein 1998),

.. math::  \arg\max_i \; (1 - \delta) \, c_i - \delta \sum_{j \in I} \cos(u_i, u_j)_+^4, \qquad
           c_i = (1 - \lambda) s_i + \lambda g_{decade(i)}

but for a sum in place of their maximum: a fourth film of a series is to cost more than a second.
The power leaves the sum to films that are much alike, however long the list. The direction
:math:`u` of a film is its whitened item vector: films whose audiences have in common what sets
them apart, above all those of one series, point the same way, and two films that everybody likes do
not.
"""

import numpy as np
import numpy.typing as npt

from engine.recommend.calibration import Decades


def select(
    relevance: npt.NDArray[np.float32],
    decades: Decades,
    directions: npt.NDArray[np.float32],
    n: int,
    calibration: float,
    diversity: float,
) -> list[int]:
    """Return the positions of the chosen among m candidates, best first; all if there are fewer.

    Parameters
    ----------
    relevance
        Falling from 1 at most, [m].
    decades
        The candidates' and the wanted ones.
    directions
        Unit vectors, or 0 where nothing is known, [m, d].
    n
        How many to choose.
    calibration, diversity
        Lambda and delta above; where both are 0 the first n are chosen.
    """
    n = min(n, len(relevance))
    if calibration == 0 and diversity == 0:
        return list(range(n))
    worth = (1 - diversity) * (1 - calibration) * relevance.astype(np.float64)
    counts = np.zeros(len(decades.wanted))
    redundancy = np.zeros(len(relevance), np.float32)
    chosen: list[int] = []
    for _ in range(n):
        pull = (1 - diversity) * calibration * decades.gains(counts)
        best = int((worth + pull[decades.of_films] - diversity * redundancy).argmax())
        chosen.append(best)
        worth[best] = -np.inf
        counts[decades.of_films[best]] += 1
        redundancy += alike(directions, best)
    return chosen


def alike(directions: npt.NDArray[np.float32], one: int) -> npt.NDArray[np.float32]:
    """Return how alike movies are to one of them: the power above, [m].

    Parameters
    ----------
    directions
        Of the movies, [m, d].
    one
        Its position among them.
    """
    fourth: npt.NDArray[np.float32] = np.square(
        np.square(np.maximum(directions @ directions[one], 0))
    )
    return fourth
