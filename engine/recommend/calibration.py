r"""Calibrated lists: as much of each decade as the person's own taste has.

Most ratings of the data are of older films, and so are most of the highest scores, whatever
a user watches. A list :math:`I` is therefore chosen so that its decades follow those of the films
the person liked (Steck 2018, *Calibrated Recommendations*, eq. 4-6):

.. math::  \max_I \; (1 - \lambda) \sum_{i \in I} s_i - \lambda |I| \, KL(p \,\|\, q_I)

where :math:`s_i` is a film's relevance, :math:`p` the share of each decade among liked films,
smoothed by what relevance alone would give, and :math:`q_I` its share in the list, kept off zero by
a little of :math:`p`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_SMOOTHING = 5.0  # liked films at which a person's own decades weigh as much as relevance's
_FIRST = 189  # the decade in which film began
_ALPHA = 0.05  # of p in q, so that the divergence stays finite
_TINY = 1e-12


@dataclass(frozen=True)
class Decades:
    """The decade of each candidate, int [m] from 0, and the ``wanted`` share p of each, [n]."""

    of_films: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.float64]

    @classmethod
    def of(cls, years: npt.NDArray[np.int16], liked: npt.NDArray[np.int16], n: int) -> "Decades":
        """Return the decades of candidates, and what is wanted of each.

        Parameters
        ----------
        years
            Of the candidates, by falling relevance, [m]; those of unknown year (0) count among the
            first ones.
        liked
            Of the movies that the user liked.
        n
            Movies that are to be chosen.
        """
        candidates, loved = (np.maximum(some // 10 - _FIRST, 0) for some in (years, liked))
        size = int(max(candidates.max(initial=0), loved.max(initial=0))) + 1
        expected = np.bincount(candidates[:n], minlength=size) / max(min(n, len(candidates)), 1)
        share = np.bincount(loved, minlength=size) + _SMOOTHING * expected
        return cls(candidates.astype(np.int64), share / (len(loved) + _SMOOTHING))

    def gains(self, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return what one more movie of each decade takes off |I| KL(p || q), [n].

        A movie of a decade that nobody wants takes off nothing; what any movie at all adds to the
        divergence is left out.

        Parameters
        ----------
        counts
            Movies of each decade in the list so far, [n].
        """
        size = counts.sum() + 1
        before = (1 - _ALPHA) * counts + _ALPHA * size * self.wanted
        gains: npt.NDArray[np.float64] = (
            size * self.wanted * np.log1p((1 - _ALPHA) / np.maximum(before, _TINY))
        )
        return gains
