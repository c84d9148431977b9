r"""The star head: how many stars? Hierarchical Bayesian regression on what is known of a film.

A rating is the film's own level plus what this user makes of its features, plus noise:

.. math::  r_{ui} = \mu + b_i + f_i \cdot x_u + \epsilon, \quad
           x_u \sim N(m, P^{-1}), \quad \epsilon \sim N(0, \sigma^2)

:math:`\mu + b_i` is shrunk from exact counts and means; :math:`f_i` holds a constant, so that
:math:`x_u` includes the user's own level, the film's age, fame, level and genres and the direction
of its ranking vector (:func:`star_features`). The prior :math:`N(m, P^{-1})` and :math:`\sigma^2`
are learned from all training users by expectation maximisation (Bishop 2006, sec. 9.4). The ranking
vectors are learned from the same users' ratings, so that a user's own would leak into the features
and the noise seem smaller than it is to a stranger; the users are therefore split into folds, each
with features made without it. A user is fitted in closed form, and the posterior covariance gives
each prediction its standard deviation, by way of the user's own noise (:class:`StarFit`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.ratings import HALF_STARS, STARS_HIGH, STARS_LOW
from engine.heads.base import HeadSettings
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Posterior, Prior, solve_rows


@dataclass(frozen=True, kw_only=True)
class StarSettings(HeadSettings):
    """Tuned on validation users."""

    weight: float = 0.04  # in preference per star
    rounds: int = 12  # of expectation maximisation
    folds: int = 5  # of users, for features that know nothing of a user's own ratings


_RELIABLE = 10.0  # ratings at which a film's direction has half its weight
_STEADINESS = 5.0  # ratings that the population's noise is worth beside a user's own


@dataclass(frozen=True)
class StarPopulation:
    """The population's prior over users' coefficients [f] and the noise variance in stars².

    ``std_scale`` [10] multiplies the standard deviation of a prediction of 0.5, 1 .. 5 stars
    (:mod:`engine.heads.prediction_intervals`).
    """

    prior: Prior
    noise: float
    std_scale: npt.NDArray[np.float32] = field(
        default_factory=lambda: np.ones(len(HALF_STARS), np.float32)
    )

    def fit(self, residuals: CsrRows, features: Tensor) -> "StarFit":
        """Return the fit of one user.

        Parameters
        ----------
        residuals
            The user's ratings less their movies' levels, a single row.
        features
            Of all movies, [n_movies, f].
        """
        (batch,) = solve_rows(residuals, features, self.prior, torch.tensor([self.noise]))
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
    def coefficients(self) -> Tensor:
        """What this user makes of a film's features, [f]."""
        return self.posterior.mean[0]

    @property
    def prior_residual(self) -> Tensor:
        """How far each rating exceeds what the prior expected of it, in stars, [n]."""
        n = int(self.posterior.mask.sum())
        expected = self.posterior.observed_features[0, :n] @ self.population.prior.mean
        return self.posterior.values[0, :n] - expected

    @cached_property
    def noise(self) -> float:
        """Variance of this user's ratings about what is predicted of them, in stars²."""
        population, mean = self.population, self.coefficients
        error = self.posterior.values[0] - self.posterior.observed_features[0] @ mean
        shift = mean - population.prior.mean
        prior_residual = error.square().sum() + population.noise * (
            shift @ population.prior.precision @ shift
        )
        n = float(self.posterior.mask.sum())
        return (_STEADINESS * population.noise + float(prior_residual)) / (_STEADINESS + n)

    def stars(
        self, features: Tensor, item_baseline: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Return the predicted stars [m] in 0.5..5 of some movies.

        Parameters
        ----------
        features
            Of the movies, [m, f].
        item_baseline
            Their levels in stars, [m].
        """
        stars = (features @ self.coefficients).numpy() + item_baseline
        return np.clip(stars, STARS_LOW, STARS_HIGH).astype(np.float32)

    def leave_one_out(
        self, item_baseline: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return what is predicted of each rating from the others: stars [n] and their std [n].

        ``item_baseline`` [n] is that of the movies rated. Exactly what a fit without the rating
        would :meth:`predict_with_std`, but at once: with :math:`h_j = f_j^T A^{-1} f_j` the error
        is :math:`e_j / (1 - h_j)` (Cook & Weisberg 1982, *Residuals and Influence in Regression*,
        sec. 2.2.1), and the sum of squares behind the user's noise falls by :math:`e_j^2 / (1 -
        h_j)`.
        """
        n = int(self.posterior.mask.sum())
        observed_features, values = (
            self.posterior.observed_features[0, :n].double(),
            self.posterior.values[0, :n].double(),
        )
        factor = self.posterior.factor[0].double()
        influence = (
            torch.linalg.solve_triangular(factor, observed_features.T, upper=False).square().sum(0)
        )
        error = values - observed_features @ self.coefficients.double()
        rest = 1 - influence
        stars = np.clip((values - error / rest).numpy() + item_baseline, STARS_LOW, STARS_HIGH)
        prior_residual = self.noise * (_STEADINESS + n) - error.square() / rest
        std = (prior_residual / (_STEADINESS + n - 1) / rest).sqrt().numpy()
        std *= np.interp(stars, HALF_STARS, self.population.std_scale)
        return stars.astype(np.float32), std.astype(np.float32)

    def predict_with_std(
        self, features: Tensor, item_baseline: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the :meth:`stars` [m] and their standard deviations [m], noise included."""
        stars = self.stars(features, item_baseline)
        # With A = L L^T, f^T A^-1 f is the squared length of L^-1 f.
        reach = torch.linalg.solve_triangular(self.posterior.factor[0], features.T, upper=False)
        std = np.sqrt(self.noise * (1 + reach.square().sum(0).numpy()))
        return stars, std * np.interp(stars, HALF_STARS, self.population.std_scale).astype(
            np.float32
        )


def star_features(films: Tensor, rated_rows: Tensor, vectors: Tensor, n_ratings: Tensor) -> Tensor:
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
    directions = torch.zeros(len(films), vectors.shape[1])
    unit = torch.nn.functional.normalize(vectors, dim=1)
    directions[rated_rows] = unit * (n_ratings / (n_ratings + _RELIABLE))[:, None]
    return torch.cat([films, directions], dim=1)


@dataclass(frozen=True)
class Fold:
    """Some users' ratings less their films' levels; the columns are rows of ``features`` [n, f]."""

    residuals: CsrRows
    features: Tensor


def train_star_regression(
    folds: Sequence[Fold],
    settings: StarSettings,
    on_round: Callable[[float, StarPopulation], None] = lambda loss, population: None,
) -> StarPopulation:
    """Return the population's prior and noise, learned from all folds together.

    Parameters
    ----------
    folds
        The users.
    settings
        The head's.
    on_round
        Gets, after each round, the loss and the population as it stands. The loss is the negative
        log-likelihood per rating, in nats, under the population that the round began with; it falls
        from round to round.
    """
    d = folds[0].features.shape[1]
    population = StarPopulation(Prior(torch.zeros(d), torch.eye(d)), noise=1.0)
    for _ in range(settings.rounds):
        loss, population = _expectation_maximisation(folds, population)
        on_round(loss, population)
    return population


def _expectation_maximisation(
    folds: Sequence[Fold], population: StarPopulation
) -> tuple[float, StarPopulation]:
    d = len(population.prior.mean)
    means, covariances = [], torch.zeros(d, d)
    prior_residual = squared = 0.0
    for fold in folds:
        strength = torch.full((fold.residuals.n_rows,), population.noise)
        for batch in solve_rows(fold.residuals, fold.features, population.prior, strength):
            error = batch.values - (batch.observed_features @ batch.mean[..., None])[..., 0]
            means.append(batch.mean)
            covariances += population.noise * torch.cholesky_inverse(batch.factor).sum(0)
            squared += float(error.square().sum())
            prior_residual += _negative_log_likelihood(batch, error, population)
    tastes = torch.cat(means)
    # The sum of f^T C f over all ratings: with C = noise A^-1 and A = noise P + F^T F of a user,
    # F^T F C is noise (I - P C).
    explained = population.noise * (
        tastes.numel() - float((population.prior.precision * covariances).sum())
    )
    covariance = torch.cov(tastes.T) + covariances / len(tastes)
    prior = Prior(tastes.mean(0), torch.linalg.inv(covariance + 1e-6 * torch.eye(d)))
    n = sum(len(fold.residuals.values) for fold in folds)
    return prior_residual / n, StarPopulation(prior, (squared + explained) / n)


def _negative_log_likelihood(batch: Posterior, error: Tensor, population: StarPopulation) -> float:
    r"""Negative log-likelihood of a batch of users' ratings, in nats.

    They are normal with covariance :math:`\sigma^2 I + F P^{-1} F^T`, whose determinant for n
    ratings is :math:`\sigma^{2(n - d)} |A| / |P|` with the :math:`A` of
    :mod:`engine.linalg.gaussian`.
    """
    n, d = float(batch.mask.sum()), len(population.prior.mean)
    log_a = 2 * batch.factor.diagonal(dim1=1, dim2=2).log().sum()
    log_p = torch.logdet(population.prior.precision)
    shift = batch.mean - population.prior.mean
    distance = (
        error.square().sum() / population.noise
        + ((shift @ population.prior.precision) * shift).sum()
    )
    users = len(batch.rows)
    return 0.5 * float(
        n * math.log(2 * math.pi)
        + (n - users * d) * math.log(population.noise)
        + log_a
        - users * log_p
        + distance
    )
