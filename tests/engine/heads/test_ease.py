"""The item-item head: the closed form, what is kept of it, and whose part a score is."""

import numpy as np
import pytest

from engine.data.ratings import Ratings, preference
from engine.heads.ease import EaseHead
from engine.heads.items import UserRatings
from engine.linalg.csr import CsrRows
from engine.training import ease as ease_module
from engine.training.ease import train_ease
from engine.training.settings import EaseSettings
from tests.engine.heads.conformance import ScorerTests

N_USERS, N_MOVIES = 60, 12


@pytest.fixture
def ratings() -> Ratings:
    """Movies 0 to 5 are liked by some, 6 to 10 by the others; movie 11 has a single rating."""
    rng = np.random.default_rng(1)
    users, movies = np.nonzero(rng.random((N_USERS, N_MOVIES - 1)) < 0.6)
    liked = (users % 2 == 0) == (movies < 6)
    stars = np.where(liked, rng.integers(7, 11, len(users)), rng.integers(1, 6, len(users))) / 2
    return Ratings(
        np.append(users, 0), np.append(movies, N_MOVIES - 1), np.append(stars, 5).astype(np.float32)
    )


def trained(ratings: Ratings, **settings: float) -> EaseHead:
    chosen = {"ridge": 3.0, "least_ratings": 2, "sources": N_MOVIES} | settings
    return train_ease(ratings, N_MOVIES, EaseSettings(**chosen))  # type: ignore[arg-type]


def user(rated: list[int], preferences: list[float]) -> UserRatings:
    """Somebody with these preferences; every film is an item, and baselines are 0."""
    data = CsrRows.single(np.array(rated), np.array(preferences, np.float32))
    return UserRatings(data, data, np.ones(len(rated), bool), N_MOVIES)


def dense(head: EaseHead) -> np.ndarray:
    """The weights as a matrix: row = film scored, column = film rated."""
    return head.weights.dense(N_MOVIES)


def ease(ratings: Ratings, ridge: float) -> np.ndarray:
    """Each film on the others by ridge regression, one by one, as the weights are defined."""
    x = np.zeros((N_USERS, N_MOVIES))
    x[ratings.users, ratings.movies] = preference(ratings.stars)
    weights = np.zeros((N_MOVIES, N_MOVIES))
    for film in range(N_MOVIES - 1):
        others = [m for m in range(N_MOVIES - 1) if m != film]
        z = x[:, others]
        weights[film, others] = np.linalg.solve(
            z.T @ z + ridge * np.eye(len(others)), z.T @ x[:, film]
        )
    return weights


def test_the_weights_are_those_of_ridge_regression_on_the_other_films(ratings: Ratings) -> None:
    assert dense(trained(ratings)) == pytest.approx(ease(ratings, 3.0), abs=1e-3)


def test_users_in_batches_are_users_all_the_same(
    ratings: Ratings, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = dense(trained(ratings))
    monkeypatch.setattr(ease_module, "_USERS_TOGETHER", 7)
    assert dense(trained(ratings)) == pytest.approx(at_once, abs=1e-3)


def test_of_each_film_the_strongest_sources_are_kept(ratings: Ratings) -> None:
    everything, some = dense(trained(ratings)), dense(trained(ratings, sources=4))
    for film in range(N_MOVIES - 1):
        strongest = np.argsort(-np.abs(everything[film]))[:4]
        expected = np.zeros(N_MOVIES)
        expected[strongest] = everything[film, strongest]
        assert some[film] == pytest.approx(expected, abs=1e-6)


def test_films_with_few_ratings_take_no_part(ratings: Ratings) -> None:
    weights = dense(trained(ratings))
    assert not weights[-1].any()
    assert not weights[:, -1].any()
    few = dense(trained(ratings, most_films=3))
    assert (few.any(axis=1)).sum() == 3


def test_nothing_is_learned_of_too_little(ratings: Ratings) -> None:
    assert not dense(trained(ratings, least_ratings=1000)).any()
    assert not dense(trained(ratings, most_films=1)).any()


def test_films_liked_together_push_each_other_up_and_the_others_down(ratings: Ratings) -> None:
    (scores,) = trained(ratings).scores(user([0], [1.0]))
    assert scores[1:6].min() > scores[6:11].max()


def test_a_rating_contributes_its_weight_times_its_preference(ratings: Ratings) -> None:
    head = trained(ratings, sources=4)
    theirs = user([7, 0, 11, 3], [0.9, 0.2, 1.0, 0.4])
    items = np.array([5, 2, 11, 8])
    contributions = head.contributions(theirs, items)
    assert contributions.shape == (4, 4)
    assert contributions.sum(1).tolist() == pytest.approx(
        head.scores(theirs)[0, items].tolist(), abs=1e-6
    )
    assert contributions[0, 1] == pytest.approx(0.2 * dense(head)[5, 0], abs=1e-6)


def test_many_people_are_scored_as_each_alone(ratings: Ratings) -> None:
    head = trained(ratings)
    preferences = np.random.default_rng(1).random((5, N_MOVIES), np.float32)
    rated = np.argwhere(preferences < 0.6)
    data = CsrRows.from_triples(*rated.T, preferences[preferences < 0.6], 5)
    together = head.scores(UserRatings(data, data, np.ones(len(rated), bool), N_MOVIES))
    known = np.where(preferences < 0.6, preferences, 0)
    np.testing.assert_allclose(together, known @ dense(head).T, rtol=0, atol=1e-6)


class TestConformance(ScorerTests):
    head = EaseHead
