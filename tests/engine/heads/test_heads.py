"""The two heads, each trained on data drawn from the very model that it assumes."""

import numpy as np
import pytest
import torch

from engine.data.bias import movie_bias
from engine.data.ratings import Ratings
from engine.heads.als import (
    RankingHead,
    RankingSettings,
    fit_user_prior,
    one_more_sweep,
    preference,
    train_ranking,
)
from engine.heads.star_regression import Fold, StarHead, StarSettings, star_features, train_stars
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Prior, gather_means, solve_rows


def test_stars_become_a_graded_preference() -> None:
    stars = np.array([0.5, 1.5, 3.25, 5.0], dtype=np.float32)
    assert preference(stars).tolist() == [0.0, 0.0, 0.5, 1.0]


def random_ratings(n_users: int, n_movies: int, seed: int = 0) -> Ratings:
    """Every user has rated something, and everything has been rated."""
    rng = np.random.default_rng(seed)
    users, movies = np.nonzero(rng.random((n_users, n_movies)) < 0.5)
    return Ratings(users, movies, rng.choice(np.arange(1, 11) / 2, len(users)).astype(np.float32))


def film_kinds(n_movies: int) -> torch.Tensor:
    """Two kinds of films in turn."""
    return torch.eye(2).repeat(n_movies, 1)[:n_movies]


def test_the_reported_loss_is_the_weighted_error_over_all_pairs_and_falls() -> None:
    n_users, n_movies, settings = 30, 20, RankingSettings(factors=4, sweeps=6)
    ratings = random_ratings(n_users, n_movies)
    losses: list[float] = []
    heads: list[RankingHead] = []

    def keep(loss: float, head: RankingHead) -> None:
        losses.append(loss)
        heads.append(head)

    head = train_ranking(ratings, film_kinds(n_movies), settings, 1, keep)
    assert len(losses) == settings.sweeps
    assert head is heads[-1]
    assert losses[-1] < losses[0]

    # The users of the last sweep were solved from the films of the sweep before.
    preferences = preference(ratings.stars)
    by_user = CsrRows.from_triples(ratings.users, ratings.movies, preferences, n_users)
    strength = torch.from_numpy(settings.ridge * np.sqrt(by_user.counts).astype(np.float32))
    plain = Prior(torch.zeros(4), torch.eye(4))
    solved = solve_rows(by_user, heads[-2].vectors, plain, strength, head.background)
    tastes = gather_means(solved, n_users, 4).numpy()
    weight = np.tile(head.background.numpy(), (n_users, 1))
    weight[ratings.users, ratings.movies] = 1.0
    wanted = np.zeros((n_users, n_movies))
    wanted[ratings.users, ratings.movies] = preferences
    error = (weight * (wanted - tastes @ head.vectors.numpy().T) ** 2).sum() / len(ratings)
    assert losses[-1] == pytest.approx(error, rel=5e-4)  # training stops short of the solution


def test_training_is_a_function_of_the_seed() -> None:
    settings = RankingSettings(factors=3, sweeps=2)
    one, same, other = (
        train_ranking(random_ratings(12, 5), film_kinds(5), settings, seed).vectors
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.allclose(one, other)


def test_one_more_sweep_goes_on_where_training_stopped() -> None:
    ratings, kinds = random_ratings(30, 20), film_kinds(20)
    three, four = (
        train_ranking(ratings, kinds, RankingSettings(factors=4, sweeps=n), 1).vectors
        for n in (3, 4)
    )
    settings = RankingSettings(factors=4)
    one_more = one_more_sweep(ratings, kinds, three, settings)
    torch.testing.assert_close(one_more, four, rtol=0, atol=2e-3)
    fewer = ratings.without(np.arange(10))
    assert not torch.allclose(one_more_sweep(fewer, kinds, three, settings), four, atol=2e-2)


def test_a_film_counts_more_where_it_was_not_rated_the_more_have_rated_it() -> None:
    users = np.concatenate([np.arange(30), np.arange(3)])
    ratings = Ratings(users, np.repeat([0, 1], [30, 3]), np.full(33, 4, np.float32))
    settings = RankingSettings(factors=2, sweeps=1)
    popular, rare = train_ranking(ratings, film_kinds(2), settings, 1).background.tolist()
    assert popular / rare == pytest.approx((31 / 4) ** settings.popularity)
    assert (30 * popular + 3 * rare) / 33 == pytest.approx(settings.background)


def test_a_film_with_few_ratings_has_the_taste_of_its_kind() -> None:
    # Half of the users like the films of even numbers, and the others those of odd numbers. The
    # last two films have each one rating, both by the same user.
    n_users, n_movies = 40, 22
    users, movies = np.nonzero(
        np.arange(n_users)[:, None] % 2 == np.arange(n_movies - 2)[None, :] % 2
    )
    users, movies = np.append(users, [0, 0]), np.append(movies, [20, 21])
    ratings = Ratings(users, movies, np.full(len(users), 5, np.float32))
    head = train_ranking(ratings, film_kinds(n_movies), RankingSettings(factors=4), 1)
    even, odd = (head.vectors[first:20:2].mean(0) for first in (0, 1))
    assert torch.cosine_similarity(head.vectors[20], even, 0) > 0.9
    assert torch.cosine_similarity(head.vectors[21], odd, 0) > 0.5


def test_the_population_is_the_gaussian_of_its_users() -> None:
    tastes = torch.randn(5000, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor(
        [1.0, 2.0, 0.5]
    )
    prior = fit_user_prior(tastes + 1)
    torch.testing.assert_close(prior.mean, torch.ones(3), rtol=0, atol=0.1)
    variances = torch.linalg.inv(prior.precision).diagonal()
    torch.testing.assert_close(variances, torch.tensor([1.0, 4.0, 0.25]), rtol=0.1, atol=0)


def test_the_population_of_few_users_can_be_inverted() -> None:
    for seed in range(20):
        prior = fit_user_prior(torch.randn(2, 64, generator=torch.Generator().manual_seed(seed)))
        assert torch.isfinite(torch.linalg.cholesky(prior.precision)).all()


def test_a_ranking_head_fits_one_user_or_many_alike(trained_head: RankingHead) -> None:
    columns, values = np.array([0, 3, 4]), np.array([1.0, 0.2, 0.7], dtype=np.float32)
    many = CsrRows(np.array([0, 3, 3, 6]), np.tile(columns, 2), np.tile(values, 2))
    first, nobody, last = trained_head.fit(many)
    (alone,) = trained_head.fit(CsrRows.single(columns, values))
    torch.testing.assert_close(first, alone)
    torch.testing.assert_close(last, alone)
    assert not torch.allclose(nobody, alone)


@pytest.fixture
def trained_head() -> RankingHead:
    settings = RankingSettings(factors=3, sweeps=3)
    return train_ranking(random_ratings(40, 12), film_kinds(12), settings, 1)


def test_the_bias_of_a_film_is_shrunk_by_its_count() -> None:
    counts = np.array([0, 5, 1000])
    mean, biases = movie_bias(counts, np.array([99.0, 5.0, 2.0]), shrinkage=5.0)
    assert mean == pytest.approx((5 * 5.0 + 1000 * 2.0) / 1005)
    assert biases.tolist() == pytest.approx(
        [0.0, 5 * (5.0 - mean) / 10, 1000 * (2.0 - mean) / 1005], abs=1e-6
    )


def test_nobody_having_rated_gives_no_bias() -> None:
    mean, biases = movie_bias(np.zeros(2, np.int64), np.zeros(2), shrinkage=5.0)
    assert mean == 0
    assert biases.tolist() == [0, 0]


def test_the_direction_of_a_film_counts_the_more_the_more_have_rated_it() -> None:
    films = torch.tensor([[1.0, 0.2], [1.0, 0.3], [1.0, 0.4]])
    vectors = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    features = star_features(films, torch.tensor([2, 0]), vectors, torch.tensor([10.0, 90.0]))
    expected = [[1, 0.2, 0, 0.9], [1, 0.3, 0, 0], [1, 0.4, 0.3, 0.4]]
    torch.testing.assert_close(features, torch.tensor(expected))


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
    return Fold(CsrRows.from_triples(users, movies, residuals, n_users), torch.from_numpy(features))


def test_the_star_head_recovers_the_noise_and_the_population_it_was_drawn_from() -> None:
    losses: list[float] = []
    heads: list[StarHead] = []

    def keep(loss: float, head: StarHead) -> None:
        losses.append(loss)
        heads.append(head)

    head = train_stars([drawn_from_the_model(400, 40)], StarSettings(rounds=15), keep)
    assert len(losses) == 15
    assert losses == sorted(losses, reverse=True)  # as expectation maximisation guarantees
    assert head is heads[-1]
    assert head.noise**0.5 == pytest.approx(NOISE, rel=0.03)
    assert head.prior.mean.tolist() == pytest.approx(MEAN.tolist(), abs=0.12)
    learned = torch.linalg.inv(head.prior.precision).diagonal().sqrt()
    assert learned.tolist() == pytest.approx(SPREAD.tolist(), rel=0.25)


def test_the_loss_is_the_likelihood_of_the_ratings_under_the_first_head() -> None:
    fold = drawn_from_the_model(5, 4)
    losses: list[float] = []
    train_stars([fold], StarSettings(rounds=1), lambda loss, head: losses.append(loss))
    expected = 0.0
    for user in range(5):
        span = slice(fold.residuals.offsets[user], fold.residuals.offsets[user + 1])
        f = fold.features[fold.residuals.columns[span]].double()
        normal = torch.distributions.MultivariateNormal(
            torch.zeros(len(f), dtype=torch.float64), torch.eye(len(f)) + f @ f.T
        )
        expected -= float(normal.log_prob(torch.from_numpy(fold.residuals.values[span]).double()))
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
    one, many = train_stars([whole], settings), train_stars(parts, settings)
    assert many.noise == pytest.approx(one.noise, rel=1e-4)
    torch.testing.assert_close(many.prior.mean, one.prior.mean, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(many.prior.precision, one.prior.precision, rtol=1e-2, atol=1e-2)


def test_a_user_who_rates_by_mood_is_foretold_with_more_doubt() -> None:
    fold = drawn_from_the_model(400, 40)
    head = train_stars([fold], StarSettings(rounds=8))
    rng = np.random.default_rng(3)
    columns = rng.integers(0, len(fold.features), 30)
    exact = (fold.features[columns] @ head.prior.mean).numpy()
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
