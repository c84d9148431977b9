r"""Calibrated lists: as much of each decade as the person's own taste has.

Most ratings of the data are of older films, and so are most of the highest scores, whatever
somebody watches. The list is therefore built greedily so that its decades follow those of the
films the person liked (Steck 2018, *Calibrated Recommendations*, eq. 4-6):

.. math::  \max_I \; (1 - \lambda) \sum_{i \in I} s_i / s_{max} - \lambda |I| \, KL(p \,\|\, q_I)

where :math:`p` is the share of each decade among liked films, smoothed by what the scores alone
would give, and :math:`q_I` its share in the list, kept off zero by a little of :math:`p`.
"""

import numpy as np
import numpy.typing as npt

_SMOOTHING = 5.0  # liked films at which a person's own decades weigh as much as the scores'
_FIRST = 189  # the decade in which film began
_ALPHA = 0.05  # of p in q, so that the divergence stays finite


def calibrated(
    rows: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float32],
    years: npt.NDArray[np.int16],
    liked: npt.NDArray[np.int64],
    n: int,
    weight: float,
) -> npt.NDArray[np.int64]:
    """Choose ``n`` of the candidate ``rows``, which are ordered by falling score; all if fewer.

    ``scores`` and ``years`` are of the whole catalogue, ``liked`` the rows of liked films. With
    ``weight`` 0 these are the first n; with 1 nothing but the decades counts.
    """
    n = min(n, len(rows))
    if n == 0 or weight == 0 or not len(liked):
        return rows[:n]
    # A film of unknown year counts among the first ones.
    decades, wanted = (np.maximum(years[films] // 10 - _FIRST, 0) for films in (rows, liked))
    size = int(max(decades.max(), wanted.max())) + 1
    share = np.bincount(wanted, minlength=size)
    expected = np.bincount(decades[:n], minlength=size) / n
    p = (share + _SMOOTHING * expected) / (len(liked) + _SMOOTHING)
    gain = (1 - weight) * np.maximum(scores[rows], 0) / max(float(scores[rows[0]]), 1e-9)

    # Within a decade the films come in order of score: only the first left of each is a candidate.
    queues = [np.flatnonzero(decades == d).tolist()[::-1] for d in range(size)]
    counts = np.zeros(size)
    chosen: list[int] = []
    while len(chosen) < n:
        gains = np.array([gain[queue[-1]] if queue else -np.inf for queue in queues])
        best = int((gains - weight * _costs(p, counts)).argmax())
        chosen.append(queues[best].pop())
        counts[best] += 1
    return rows[chosen]


def _costs(p: npt.NDArray[np.float64], counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """|I| KL(p || q) of the list with one more film, for each decade that this film may be of."""
    some = p > 0
    size = counts.sum() + 1
    q = (1 - _ALPHA) * (counts + np.eye(len(p))) / size + _ALPHA * p
    costs: npt.NDArray[np.float64] = size * (p[some] * np.log(p[some] / q[:, some])).sum(1)
    return costs
