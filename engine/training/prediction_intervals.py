"""Intervals that hold: as wide as it takes for the stated share of ratings to fall inside.

Ratings are not normal: they come in steps, and where 5 stars are predicted there is little room to
err. How far the standard deviations have to be stretched is therefore read off the errors on users
whose ratings the features do not know, separately for each level of predicted stars (split
conformal prediction by category; Vovk et al. 2005, sec. 4.5).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.data.ratings import STARS_HIGH
from engine.heads.star_regression import NORMAL_80, StarPopulation
from engine.linalg.csr import CsrRows
from engine.training.star_regression import Fold

_GIVEN = (5, 10, 20, 50)  # ratings that a user is fitted on, in turn
_ENOUGH = 60  # ratings of a user to be measured on
_ENOUGH_ERRORS = 500  # at one level of predicted stars


def calibrate_std(
    population: StarPopulation,
    folds: Sequence[Fold],
    item_baseline: npt.NDArray[np.float32],
    seed: int,
) -> StarPopulation:
    """Return the population with its ``std_scale`` learned.

    80 % of the errors then lie within 1.28 standard deviations: a part of each user's ratings is
    given and the others are predicted.

    Parameters
    ----------
    population
        Without.
    folds
        Users, beside features that do not know their ratings.
    item_baseline
        What was taken from the ratings for their residuals, [n_movies].
    seed
        Of which ratings are given.
    """
    rng = np.random.default_rng(seed)
    parts = [
        _errors(population, fold, int(user), item_baseline, _GIVEN[i % len(_GIVEN)], rng)
        for fold in folds
        for i, user in enumerate(np.flatnonzero(fold.residuals.counts >= _ENOUGH))
    ]
    if not parts:
        return population
    stars, ratio = np.concatenate(parts, axis=1)
    nearest = np.rint(stars * 2)
    overall = np.quantile(ratio, 0.8) / NORMAL_80
    std_scale = [
        np.quantile(ratio[at], 0.8) / NORMAL_80 if at.sum() >= _ENOUGH_ERRORS else overall
        for half_stars in range(1, int(STARS_HIGH * 2) + 1)
        for at in [nearest == half_stars]
    ]
    return replace(population, std_scale=np.array(std_scale, np.float32))


def _errors(
    population: StarPopulation,
    fold: Fold,
    user: int,
    item_baseline: npt.NDArray[np.float32],
    k: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.float32]:
    """Return predicted stars and errors in standard deviations, [2, n], given k ratings."""
    offsets = fold.residuals.offsets
    span = rng.permutation(np.arange(offsets[user], offsets[user + 1]))
    given, hidden = span[:k], span[k:]
    columns, values = fold.residuals.columns, fold.residuals.values
    fit = population.fit(CsrRows.single(columns[given], values[given]), fold.features)
    at = columns[hidden]
    stars, std = fit.predict_with_std(fold.features[at], item_baseline[at])
    return np.stack([stars, np.abs(stars - item_baseline[at] - values[hidden]) / std])
