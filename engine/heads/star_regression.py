r"""The star head: how many stars? Hierarchical Bayesian regression on what is known of a film.

A rating is the film's own level plus what this user makes of its features, plus noise:

.. math::  r_{ui} = \mu + b_i + f_i \cdot x_u + \epsilon, \quad
           x_u \sim N(m, P^{-1}), \quad \epsilon \sim N(0, \sigma^2)

:math:`\mu + b_i` is shrunk from exact counts and means; :math:`f_i` holds a constant, so that
:math:`x_u` includes the user's own level, the film's age, fame, level and genres and the direction
of its ranking vector (:func:`star_features`). The prior :math:`N(m, P^{-1})` and :math:`\sigma^2`
are learned from all training users (:mod:`engine.training.star_regression`). A user is fitted in
closed form, and the posterior covariance gives each prediction its standard deviation, by way of
the user's own noise (:class:`StarFit`).
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.data.ratings import HALF_STARS, STARS_HIGH, STARS_LOW
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats, Posterior, Prior, solve_rows
from engine.linalg.rows import unit_rows

NORMAL_80 = 1.2816  # 80 % of a normal distribution lie within so many standard deviations
NORMAL_95 = 1.9600
_RELIABLE = 10.0  # ratings at which a film's direction has half its weight
_STEADINESS = 5.0  # ratings that the population's noise is worth beside a user's own


@dataclass(frozen=True)
class StarPopulation:
    """The population's prior over users' coefficients [f] and the noise variance in stars².

    ``std_scale`` [10] multiplies the standard deviation of a prediction of 0.5, 1 .. 5 stars
    (:mod:`engine.training.prediction_intervals`).
    """

    prior: Prior
    noise: float
    std_scale: Floats = field(default_factory=lambda: np.ones(len(HALF_STARS), np.float32))

    def fit(self, residuals: CsrRows, features: Floats) -> "StarFit":
        """Return the fit of one user.

        Parameters
        ----------
        residuals
            The user's ratings less their movies' levels, a single row.
        features
            Of all movies, [n_movies, f].
        """
        (batch,) = solve_rows(residuals, features, self.prior, np.array([self.noise], np.float32))
        return StarFit(self, batch)


@dataclass(frozen=True)
class StarFit:
    """A user's coefficients given their ratings.

    Some people rate steadily and some by mood. The user's noise variance has an inverse gamma
    prior, conjugate to the rest, which leaves the coefficients as they are (Gelman et al. 2013,
    *Bayesian Data Analysis*, sec. 14.2).
    """

    population: StarPopulation
    posterior: Posterior

    @property
    def coefficients(self) -> Floats:
        """What this user makes of a film's features, [f]."""
        coefficients: Floats = self.posterior.mean[0]
        return coefficients

    @property
    def prior_residual(self) -> Floats:
        """How far each rating exceeds what the prior expected of it, in stars, [n]."""
        n = int(self.posterior.mask.sum())
        expected = self.posterior.observed_features[0, :n] @ self.population.prior.mean
        residual: Floats = self.posterior.values[0, :n] - expected
        return residual

    @cached_property
    def noise(self) -> float:
        """Variance of this user's ratings about what is predicted of them, in stars²."""
        population, mean = self.population, self.coefficients
        error = self.posterior.values[0] - self.posterior.observed_features[0] @ mean
        shift = mean - population.prior.mean
        prior_residual = np.square(error).sum() + population.noise * (
            shift @ population.prior.precision @ shift
        )
        n = float(self.posterior.mask.sum())
        return (_STEADINESS * population.noise + float(prior_residual)) / (_STEADINESS + n)

    def stars(self, features: Floats, item_baseline: Floats) -> Floats:
        """Return the predicted stars [m] in 0.5..5 of some movies.

        Parameters
        ----------
        features
            Of the movies, [m, f].
        item_baseline
            Their levels in stars, [m].
        """
        stars = features @ self.coefficients + item_baseline
        return stars.clip(STARS_LOW, STARS_HIGH).astype(np.float32)

    def leave_one_out(self, item_baseline: Floats) -> tuple[Floats, Floats]:
        """Return what is predicted of each rating from the others: stars [n] and their std [n].

        ``item_baseline`` [n] is that of the movies rated. Exactly what a fit without the rating
        would :meth:`predict_with_std`, but at once: with :math:`h_j = f_j^T A^{-1} f_j` the error
        is :math:`e_j / (1 - h_j)` (Cook & Weisberg 1982, *Residuals and Influence in Regression*,
        sec. 2.2.1), and the sum of squares behind the user's noise falls by :math:`e_j^2 / (1 -
        h_j)`.
        """
        n = int(self.posterior.mask.sum())
        observed_features, values, system = (
            part[0].astype(np.float64)
            for part in (
                self.posterior.observed_features[:, :n],
                self.posterior.values[:, :n],
                self.posterior.system,
            )
        )
        reach = np.linalg.solve(system, observed_features.T).T
        rest = 1 - (observed_features * reach).sum(1)
        error = values - observed_features @ self.coefficients.astype(np.float64)
        stars = np.clip(values - error / rest + item_baseline, STARS_LOW, STARS_HIGH)
        prior_residual = self.noise * (_STEADINESS + n) - error**2 / rest
        std = np.sqrt(prior_residual / (_STEADINESS + n - 1) / rest)
        std *= np.interp(stars, HALF_STARS, self.population.std_scale)
        return stars.astype(np.float32), std.astype(np.float32)

    def predict_with_std(self, features: Floats, item_baseline: Floats) -> tuple[Floats, Floats]:
        """Return the :meth:`stars` [m] and their standard deviations [m], noise included."""
        stars = self.stars(features, item_baseline)
        reach = np.linalg.solve(self.posterior.system[0], features.T).T
        std = np.sqrt(self.noise * (1 + (features * reach).sum(1)))
        std *= np.interp(stars, HALF_STARS, self.population.std_scale)
        return stars, std.astype(np.float32)


def star_features(
    films: Floats, rated_rows: npt.NDArray[np.int64], vectors: Floats, n_ratings: Floats
) -> Floats:
    """Return movie features beside the directions of the items' vectors, [n_movies, g + d].

    The direction of a vector that was trained on few ratings says little, and counts for little.

    Parameters
    ----------
    films
        The movie features, [n_movies, g].
    rated_rows
        Rows of the items among them, [n_items].
    vectors
        Of the items, [n_items, d].
    n_ratings
        What each was trained on, [n_items].
    """
    directions = np.zeros((len(films), vectors.shape[1]), np.float32)
    reliability = n_ratings / (n_ratings + np.float32(_RELIABLE))
    directions[rated_rows] = unit_rows(vectors) * reliability[:, None]
    return np.hstack([films, directions])
