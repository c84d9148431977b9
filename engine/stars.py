r"""The star head: how many stars? Hierarchical Bayesian regression on what is known of a film.

A rating is the film's own level plus what this user makes of its features, plus noise:

.. math::  r_{ui} = \mu + b_i + f_i \cdot x_u + \epsilon, \quad
           x_u \sim N(m, P^{-1}), \quad \epsilon \sim N(0, \sigma^2)

:math:`\mu + b_i` is shrunk from exact counts and means; :math:`f_i` (:func:`film_features`) holds a
constant, so that :math:`x_u` includes the user's own level, and the direction of the film's ranking
vector, its genres, age, fame and level. The prior :math:`N(m, P^{-1})` and :math:`\sigma^2` are
learned from all training users by expectation maximisation (Bishop 2006, sec. 9.4). The ranking
vectors are learned from the same users' ratings, so that a user's own would leak into the features
and the noise seem smaller than it is to a stranger; the users are therefore split into folds, each
with features made without it. A user is fitted in closed form, and the posterior covariance gives
each prediction its standard deviation.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.posterior import Batch, Prior, Ragged, solve_rows

STARS_LOW, STARS_HIGH = 0.5, 5.0


@dataclass(frozen=True)
class StarSettings:
    rounds: int = 12  # of expectation maximisation
    folds: int = 5  # of users, for features that know nothing of a user's own ratings
    bias_shrinkage: float = 5.0  # as many imaginary ratings at the global mean


@dataclass(frozen=True)
class StarHead:
    """The population's prior over users' coefficients [d] and the noise variance in stars²."""

    prior: Prior
    noise: float


def movie_bias(
    counts: npt.NDArray[np.int64], means: npt.NDArray[np.float64], shrinkage: float
) -> tuple[float, npt.NDArray[np.float32]]:
    """Global mean of all ratings, and each movie's bias [n] shrunk towards 0 by its count.

    ``means`` is ignored where ``counts`` is 0; the bias is 0 there.
    """
    total = np.where(counts > 0, means, 0.0) * counts
    mean = float(total.sum() / max(counts.sum(), 1))
    return mean, ((total - mean * counts) / (counts + shrinkage)).astype(np.float32)


def film_features(
    directions: Tensor,
    genres: npt.NDArray[np.bool_],
    years: npt.NDArray[np.int16],
    counts: npt.NDArray[np.int64],
    biases: npt.NDArray[np.float32],
) -> Tensor:
    """Features [n, 4 + n_genres + d] of films: constant, age, fame, level, genres, direction.

    ``directions`` [n, d] are unit vectors times how reliable they are, 0 for a film without one;
    ``years`` 0 = unknown.
    """
    n = len(years)
    age = np.where(years > 0, (years - 1990.0) / 30.0, 0.0)
    plain = np.column_stack([np.ones(n), age, np.log1p(counts) / 10.0, biases, genres])
    return torch.cat([torch.from_numpy(plain.astype(np.float32)), directions], dim=1)


@dataclass(frozen=True)
class Fold:
    """Some users' ratings less their films' levels; the columns are rows of ``features`` [n, f]."""

    residuals: Ragged
    features: Tensor


def train_stars(
    folds: Sequence[Fold],
    settings: StarSettings,
    on_round: Callable[[float, StarHead], None] = lambda loss, head: None,
) -> StarHead:
    """Learn the prior and the noise from all folds together.

    After each round ``on_round`` gets the loss and the head as it stands. The loss is the negative
    log-likelihood per rating, in nats, under the head that the round began with; it falls from
    round to round.
    """
    d = folds[0].features.shape[1]
    head = StarHead(Prior(torch.zeros(d), torch.eye(d)), noise=1.0)
    for _ in range(settings.rounds):
        loss, head = _expectation_maximisation(folds, head)
        on_round(loss, head)
    return head


def _expectation_maximisation(folds: Sequence[Fold], head: StarHead) -> tuple[float, StarHead]:
    d = len(head.prior.mean)
    means, spread = [], torch.zeros(d, d)
    surprise = squared = explained = 0.0
    for fold in folds:
        strength = torch.full((fold.residuals.n_rows,), head.noise)
        for batch in solve_rows(fold.residuals, fold.features, head.prior, strength):
            touched = fold.features[batch.columns] * batch.mask[..., None]
            error = batch.values - (touched @ batch.mean[..., None])[..., 0]
            covariance = head.noise * torch.cholesky_inverse(batch.factor)
            means.append(batch.mean)
            spread += covariance.sum(0)
            squared += float(error.square().sum())
            explained += float(((touched @ covariance) * touched).sum())
            surprise += _surprise(batch, error, head)
    tastes = torch.cat(means)
    covariance = torch.cov(tastes.T) + spread / len(tastes)
    prior = Prior(tastes.mean(0), torch.linalg.inv(covariance + 1e-6 * torch.eye(d)))
    n = sum(len(fold.residuals.values) for fold in folds)
    return surprise / n, StarHead(prior, (squared + explained) / n)


def _surprise(batch: Batch, error: Tensor, head: StarHead) -> float:
    r"""Negative log-likelihood of a batch of users' ratings, in nats.

    They are normal with covariance :math:`\sigma^2 I + F P^{-1} F^T`, whose determinant for n
    ratings is :math:`\sigma^{2(n - d)} |A| / |P|` with the :math:`A` of :mod:`engine.posterior`.
    """
    n, d = float(batch.mask.sum()), len(head.prior.mean)
    log_a = 2 * batch.factor.diagonal(dim1=1, dim2=2).log().sum()
    log_p = torch.logdet(head.prior.precision)
    shift = batch.mean - head.prior.mean
    distance = error.square().sum() / head.noise + ((shift @ head.prior.precision) * shift).sum()
    users = len(batch.rows)
    return 0.5 * float(
        n * math.log(2 * math.pi)
        + (n - users * d) * math.log(head.noise)
        + log_a
        - users * log_p
        + distance
    )
