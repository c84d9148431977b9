"""How sure is a figure? Bootstrap over users (Efron & Tibshirani 1993, ch. 13).

The users are drawn anew with replacement many times; 95 % of the figures lie in the interval. Two
methods are compared on the same draws of the same users, so that what makes a user easy or hard for
both cancels out.
"""

import numpy as np
import numpy.typing as npt

from engine.training.evaluate import FIGURES, Doubles, UserMetrics

_DRAWS = 2000
_SEED = 1

_LESS_IS_BETTER = np.isin(FIGURES, ["rmse", "mae"])


def interval(outcomes: UserMetrics) -> Doubles:
    """Bounds of the 95 % intervals of the figures, [2, 6]."""
    return bounds(outcomes.figures(draws(len(outcomes.totals))))


def lead(ours: UserMetrics, theirs: UserMetrics) -> tuple[Doubles, Doubles]:
    """By how much ours is better relative to theirs, [6], and the bounds of its interval, [2, 6].

    0.05 is 5 % more, or 5 % less of an error.
    """
    once, times = np.ones(len(ours.totals)), draws(len(ours.totals))
    return (
        _relative(ours.figures(once), theirs.figures(once)),
        bounds(_relative(ours.figures(times), theirs.figures(times))),
    )


def _relative(ours: Doubles, theirs: Doubles) -> Doubles:
    gain = ours / theirs - 1
    return np.where(_LESS_IS_BETTER, -gain, gain)


def draws(n: int) -> Doubles:
    """How often each draw has each of n users, [n_draws, n]; the same for the same users."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(n, np.full(n, 1 / n), size=_DRAWS).astype(np.float64)


def bounds(drawn: npt.NDArray[np.float64]) -> Doubles:
    """Bounds of the 95 % interval, [2, ...], of a figure drawn many times, [n_draws, ...]."""
    quantiles: Doubles = np.quantile(drawn, [0.025, 0.975], axis=0)
    return quantiles
