"""The ALS head: training, and how users are fitted."""

import numpy as np
import pytest
import torch

from engine.data.ratings import Ratings, preference
from engine.heads.als import AlsHead
from engine.linalg.csr import CsrRows
from engine.linalg.gaussian import Floats, Prior, gather_means, solve_rows
from engine.training.als import one_more_sweep, train_als
from engine.training.als_problem import fit_user_prior
from engine.training.settings import AlsSettings
from tests.engine.heads.conformance import ScorerTests


def random_ratings(n_users: int, n_movies: int, seed: int = 0) -> Ratings:
    """Every user has rated something, and everything has been rated."""
    rng = np.random.default_rng(seed)
    users, movies = np.nonzero(rng.random((n_users, n_movies)) < 0.5)
    return Ratings(users, movies, rng.choice(np.arange(1, 11) / 2, len(users)).astype(np.float32))


def film_kinds(n_movies: int) -> Floats:
    """Two kinds of films in turn."""
    return np.tile(np.eye(2, dtype=np.float32), (n_movies, 1))[:n_movies]


def test_the_reported_loss_is_the_weighted_error_over_all_pairs_and_falls() -> None:
    n_users, n_movies, settings = 30, 20, AlsSettings(factors=4, sweeps=6)
    ratings = random_ratings(n_users, n_movies)
    losses: list[float] = []
    heads: list[AlsHead] = []

    def keep(loss: float, head: AlsHead) -> None:
        losses.append(loss)
        heads.append(head)

    head = train_als(ratings, film_kinds(n_movies), settings, 1, keep)
    assert len(losses) == settings.sweeps
    assert head is heads[-1]
    assert losses[-1] < losses[0]

    # The users of the last sweep were solved from the films of the sweep before.
    preferences = preference(ratings.stars)
    by_user = CsrRows.from_triples(ratings.users, ratings.movies, preferences, n_users)
    strength = settings.ridge * np.sqrt(by_user.counts).astype(np.float32)
    plain = Prior(np.zeros(4, np.float32), np.eye(4, dtype=np.float32))
    solved = solve_rows(by_user, heads[-2].vectors, plain, strength, head.background)
    tastes = gather_means(solved, n_users, 4)
    weight = np.tile(head.background, (n_users, 1))
    weight[ratings.users, ratings.movies] = 1.0
    wanted = np.zeros((n_users, n_movies))
    wanted[ratings.users, ratings.movies] = preferences
    error = (weight * (wanted - tastes @ head.vectors.T) ** 2).sum() / len(ratings)
    assert losses[-1] == pytest.approx(error, rel=5e-4)  # training stops short of the solution


def test_training_is_a_function_of_the_seed() -> None:
    settings = AlsSettings(factors=3, sweeps=2)
    one, same, other = (
        train_als(random_ratings(12, 5), film_kinds(5), settings, seed).vectors
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.allclose(one, other)


def test_one_more_sweep_goes_on_where_training_stopped() -> None:
    ratings, kinds = random_ratings(30, 20), film_kinds(20)
    three, four = (
        train_als(ratings, kinds, AlsSettings(factors=4, sweeps=n), 1).vectors for n in (3, 4)
    )
    settings = AlsSettings(factors=4)
    one_more = one_more_sweep(ratings, kinds, three, settings)
    np.testing.assert_allclose(one_more, four, rtol=0, atol=2e-3)
    fewer = ratings.without(np.arange(10))
    assert not np.allclose(one_more_sweep(fewer, kinds, three, settings), four, atol=2e-2)


def test_a_film_counts_more_where_it_was_not_rated_the_more_have_rated_it() -> None:
    users = np.concatenate([np.arange(30), np.arange(3)])
    ratings = Ratings(users, np.repeat([0, 1], [30, 3]), np.full(33, 4, np.float32))
    settings = AlsSettings(factors=2, sweeps=1)
    popular, rare = train_als(ratings, film_kinds(2), settings, 1).background.tolist()
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
    head = train_als(ratings, film_kinds(n_movies), AlsSettings(factors=4), 1)
    even, odd = (head.vectors[first:20:2].mean(0) for first in (0, 1))
    assert cosine(head.vectors[20], even) > 0.9
    assert cosine(head.vectors[21], odd) > 0.5


def cosine(a: Floats, b: Floats) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_the_population_is_the_gaussian_of_its_users() -> None:
    tastes = torch.randn(5000, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor(
        [1.0, 2.0, 0.5]
    )
    prior = fit_user_prior(tastes + 1)
    np.testing.assert_allclose(prior.mean, np.ones(3), rtol=0, atol=0.1)
    variances = np.linalg.inv(prior.precision).diagonal()
    np.testing.assert_allclose(variances, [1.0, 4.0, 0.25], rtol=0.1)


def test_the_population_of_few_users_can_be_inverted() -> None:
    for seed in range(20):
        prior = fit_user_prior(torch.randn(2, 64, generator=torch.Generator().manual_seed(seed)))
        assert np.isfinite(np.linalg.cholesky(prior.precision)).all()


def test_an_als_head_fits_one_user_or_many_alike(trained_head: AlsHead) -> None:
    columns, values = np.array([0, 3, 4]), np.array([1.0, 0.2, 0.7], dtype=np.float32)
    many = CsrRows(np.array([0, 3, 3, 6]), np.tile(columns, 2), np.tile(values, 2))
    first, nobody, last = trained_head.user_vectors(many)
    (alone,) = trained_head.user_vectors(CsrRows.single(columns, values))
    np.testing.assert_allclose(first, alone, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(last, alone, rtol=1e-5, atol=1e-6)
    assert not np.allclose(nobody, alone)


@pytest.fixture
def trained_head() -> AlsHead:
    settings = AlsSettings(factors=3, sweeps=3)
    return train_als(random_ratings(40, 12), film_kinds(12), settings, 1)


class TestConformance(ScorerTests):
    head = AlsHead
