"""The star head, trained on data drawn from the very model that it assumes."""

import numpy as np
import pytest

from engine.heads.star_head import StarHead
from engine.heads.star_regression import StarPopulation, star_features
from engine.linalg.csr import CsrRows
from engine.training.settings import StarSettings
from engine.training.star_regression import Fold, train_star_regression
from tests.engine.heads.conformance import ScorerTests


def test_the_direction_of_a_film_counts_the_more_the_more_have_rated_it() -> None:
    films = np.float32([[1.0, 0.2], [1.0, 0.3], [1.0, 0.4]])
    vectors, counts = np.float32([[3.0, 4.0], [0.0, 2.0]]), np.float32([10.0, 90.0])
    features = star_features(films, np.array([2, 0]), vectors, counts)
    expected = [[1, 0.2, 0, 0.9], [1, 0.3, 0, 0], [1, 0.4, 0.3, 0.4]]
    np.testing.assert_allclose(features, expected, rtol=1e-6)


MEAN, SPREAD, NOISE = np.array([0.5, -0.3, 0.0]), np.array([0.9, 0.4, 0.1]), 0.6


def drawn_from_the_model(n_users: int, each: int) -> Fold:
    """Users drawn from a known Gaussian, and their noisy residuals."""
    rng = np.random.default_rng(7)
    features = rng.normal(size=(200, 3)).astype(np.float32)
    tastes = MEAN + SPREAD * rng.normal(size=(n_users, 3))
    users = np.repeat(np.arange(n_users), each)
    movies = rng.integers(0, len(features), len(users))
    exact = (tastes[users] * features[movies]).sum(1)
    residuals = (exact + rng.normal(0, NOISE, len(users))).astype(np.float32)
    return Fold(CsrRows.from_triples(users, movies, residuals, n_users), features)


def test_the_star_head_recovers_the_noise_and_the_population_it_was_drawn_from() -> None:
    losses: list[float] = []
    heads: list[StarPopulation] = []

    def keep(loss: float, head: StarPopulation) -> None:
        losses.append(loss)
        heads.append(head)

    head = train_star_regression([drawn_from_the_model(400, 40)], StarSettings(rounds=15), keep)
    assert len(losses) == 15
    assert losses == sorted(losses, reverse=True)  # as expectation maximisation guarantees
    assert head is heads[-1]
    assert head.noise**0.5 == pytest.approx(NOISE, rel=0.03)
    assert head.prior.mean.tolist() == pytest.approx(MEAN.tolist(), abs=0.12)
    learned = np.sqrt(np.linalg.inv(head.prior.precision).diagonal())
    assert learned.tolist() == pytest.approx(SPREAD.tolist(), rel=0.25)


def test_the_loss_is_the_likelihood_of_the_ratings_under_the_first_head() -> None:
    fold = drawn_from_the_model(5, 4)
    losses: list[float] = []
    train_star_regression([fold], StarSettings(rounds=1), lambda loss, head: losses.append(loss))
    expected = 0.0
    for user in range(5):
        span = slice(fold.residuals.offsets[user], fold.residuals.offsets[user + 1])
        f = fold.features[fold.residuals.columns[span]].astype(np.float64)
        covariance, values = np.eye(len(f)) + f @ f.T, fold.residuals.values[span]
        log_determinant = np.linalg.slogdet(2 * np.pi * covariance).logabsdet
        expected += 0.5 * (log_determinant + values @ np.linalg.solve(covariance, values))
    assert losses == [pytest.approx(expected / 20, rel=1e-4)]


def test_folds_with_the_same_features_are_as_one() -> None:
    whole = drawn_from_the_model(90, 8)
    data = whole.residuals
    parts = []
    for first, last in ((0, 20), (20, 90)):
        span = slice(data.offsets[first], data.offsets[last])
        offsets = data.offsets[first : last + 1] - data.offsets[first]
        part = CsrRows(offsets, data.columns[span], data.values[span])
        parts.append(Fold(part, whole.features))
    settings = StarSettings(rounds=4)
    one, many = train_star_regression([whole], settings), train_star_regression(parts, settings)
    assert many.noise == pytest.approx(one.noise, rel=1e-4)
    np.testing.assert_allclose(many.prior.mean, one.prior.mean, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(many.prior.precision, one.prior.precision, rtol=1e-2, atol=1e-2)


def test_a_user_who_rates_by_mood_is_foretold_with_more_doubt() -> None:
    fold = drawn_from_the_model(400, 40)
    head = train_star_regression([fold], StarSettings(rounds=8))
    rng = np.random.default_rng(3)
    columns = rng.integers(0, len(fold.features), 30)
    exact = fold.features[columns] @ head.prior.mean
    level = np.full(5, 3.0, np.float32)
    doubts = []
    for mood in (0.0, NOISE, 3 * NOISE):
        values = (exact + mood * rng.normal(size=30)).astype(np.float32)
        fit = head.fit(CsrRows.single(columns, values), fold.features)
        doubts.append(fit.predict_with_std(fold.features[:5], level)[1].mean())
    steady, base_rate, moody = doubts
    assert steady < 0.7 * base_rate
    assert moody > 2 * base_rate
    nobody = CsrRows.single(np.empty(0, np.int64), np.empty(0, np.float32))
    assert head.fit(nobody, fold.features).noise == pytest.approx(head.noise)


class TestConformance(ScorerTests):
    head = StarHead
