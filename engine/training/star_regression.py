r"""Learning what the star head expects of people (:mod:`engine.heads.star_regression`).

The prior :math:`N(m, P^{-1})` of users' coefficients and the noise :math:`\sigma^2` are learned
from all training users by expectation maximisation (Bishop 2006, sec. 9.4). The ranking vectors are
learned from the same users' ratings, so that a user's own would leak into the features and the
noise seem smaller than it is to a stranger; the users are therefore split into folds, each with
features made without it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.heads.star_regression import StarPopulation
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats, Posterior, Prior, solve_rows
from engine.training.settings import StarSettings


@dataclass(frozen=True)
class Fold:
    """Some users' ratings less their films' levels; the columns are rows of ``features`` [n, f]."""

    residuals: CsrRows
    features: Floats


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
    population = StarPopulation(
        Prior(np.zeros(d, np.float32), np.eye(d, dtype=np.float32)), noise=1.0
    )
    for _ in range(settings.rounds):
        loss, population = _expectation_maximisation(folds, population)
        on_round(loss, population)
    return population


def _expectation_maximisation(
    folds: Sequence[Fold], population: StarPopulation
) -> tuple[float, StarPopulation]:
    d = len(population.prior.mean)
    means, covariances = [], np.zeros((d, d), np.float32)
    prior_residual = squared = 0.0
    for fold in folds:
        strength = np.full(fold.residuals.n_rows, population.noise, np.float32)
        for batch in solve_rows(fold.residuals, fold.features, population.prior, strength):
            error = batch.values - (batch.observed_features @ batch.mean[..., None])[..., 0]
            means.append(batch.mean)
            covariances += population.noise * np.linalg.inv(batch.system).sum(0)
            squared += float(np.square(error).sum())
            prior_residual += _negative_log_likelihood(batch, error, population)
    tastes = np.concatenate(means)
    # The sum of f^T C f over all ratings: with C = noise A^-1 and A = noise P + F^T F of a user,
    # F^T F C is noise (I - P C).
    explained = population.noise * (
        tastes.size - float((population.prior.precision * covariances).sum())
    )
    covariance = np.cov(tastes.T, dtype=np.float32) + covariances / len(tastes)
    prior = Prior(tastes.mean(0), np.linalg.inv(covariance + 1e-6 * np.eye(d)).astype(np.float32))
    n = sum(len(fold.residuals.values) for fold in folds)
    return prior_residual / n, StarPopulation(prior, (squared + explained) / n)


def _negative_log_likelihood(batch: Posterior, error: Floats, population: StarPopulation) -> float:
    r"""Negative log-likelihood of a batch of users' ratings, in nats.

    They are normal with covariance :math:`\sigma^2 I + F P^{-1} F^T`, whose determinant for n
    ratings is :math:`\sigma^{2(n - d)} |A| / |P|` with the :math:`A` of
    :mod:`engine.linalg.gaussian`.
    """
    n, d = float(batch.mask.sum()), len(population.prior.mean)
    log_a = np.linalg.slogdet(batch.system).logabsdet.sum()
    log_p = np.linalg.slogdet(population.prior.precision).logabsdet
    shift = batch.mean - population.prior.mean
    distance = (
        np.square(error).sum() / population.noise
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
