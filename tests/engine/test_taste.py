"""What is made of a person's ratings, and whether the reasons given for it are true."""

import numpy as np
import pytest
import torch

from engine import TasteModel
from tests.engine.conftest import Trained
from tests.engine.people import (
    ALIEN,
    ALIENS,
    MATRIX,
    SHAWSHANK,
    STUDY,
    TOY_STORY,
    TOY_STORY_2,
    ratings_of,
    users_with,
)


def without_vector(model: TasteModel) -> int:
    """The best-known film that the ranking head has no vector of."""
    rows = np.flatnonzero(model.rated_position < 0)
    return int(model.movie_ids[rows[np.argmax(model.catalogue.counts[rows])]])


def test_refit_of_a_known_user_gives_the_trained_vector(
    model: TasteModel, trained: Trained
) -> None:
    for fitted in (model, trained.model):
        for user in users_with(fitted, 1, 20):
            expected = fitted.bundle.tensors.user_vectors[user]
            vector = fitted.fit(ratings_of(fitted, user)).vector
            assert (vector - expected).norm() < 1e-3 * expected.norm()


def test_the_order_of_ratings_does_not_matter(model: TasteModel) -> None:
    turned = model.fit(dict(reversed(STUDY.items())))
    torch.testing.assert_close(turned.vector, model.fit(STUDY).vector, rtol=1e-3, atol=1e-5)


def test_the_predicted_spread_is_that_of_bayesian_regression(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    f = model.features.numpy().astype(float)
    rated = f[[model.catalogue.row(m) for m in STUDY]]
    noise = model.stars.noise
    precision = model.stars.prior.precision.numpy().astype(float)
    covariance = np.linalg.inv(precision + rated.T @ rated / noise)
    asked = [SHAWSHANK, ALIEN, TOY_STORY, without_vector(model)]
    rows = [model.catalogue.row(m) for m in asked]
    expected = np.sqrt(noise + np.einsum("md,de,me->m", f[rows], covariance, f[rows]))
    assert taste.predict(asked)[1].tolist() == pytest.approx(expected.tolist(), rel=1e-3)


def test_a_low_rating_lowers_what_is_predicted_for_its_like(model: TasteModel) -> None:
    def after(stars: float) -> float:
        return float(model.fit({ALIEN: stars}).predict([ALIENS])[0][0])

    assert after(1.0) < after(3.0) < after(5.0)


@pytest.mark.parametrize("n", [0, 1, 10, 200])
def test_the_reasons_add_up_to_the_score(model: TasteModel, n: int) -> None:
    (user,) = users_with(model, 300, 1)
    ratings = dict(list(ratings_of(model, user).items())[:n])
    ratings[without_vector(model)] = 4.0  # no reason for anything, and in nobody's way
    taste = model.fit(ratings)
    scores = taste.scores()
    for movie_id in (TOY_STORY, SHAWSHANK, MATRIX, ALIEN):
        reasons = taste.reasons(movie_id)
        assert {r.movie.movie_id for r in reasons} == set(ratings) - {without_vector(model)}
        row = model.catalogue.row(movie_id)
        before = model.ranking.vectors[model.rated_position[row]] @ model.newcomer
        total = float(before) + sum(r.push for r in reasons)
        assert total == pytest.approx(float(scores[row]), abs=1e-4)


def test_each_reason_belongs_to_its_own_rating(model: TasteModel) -> None:
    ratings = {TOY_STORY: 5.0, without_vector(model): 5.0, ALIEN: 5.0}
    taste = model.fit(ratings)
    assert taste.reasons(ALIENS)[0].movie.movie_id == ALIEN
    assert taste.reasons(TOY_STORY_2)[0].movie.movie_id == TOY_STORY


def test_reasons_come_strongest_first_and_no_more_than_asked_for(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    pushes = [abs(reason.push) for reason in taste.reasons(MATRIX)]
    assert pushes == sorted(pushes, reverse=True)
    assert len(pushes) == len(STUDY)
    assert taste.reasons(MATRIX, n=2) == taste.reasons(MATRIX)[:2]


def test_one_star_pushes_the_look_alikes_down(model: TasteModel) -> None:
    for disliked, like in ((TOY_STORY, TOY_STORY_2), (ALIEN, ALIENS)):
        taste = model.fit({disliked: 1.0})
        (reason,) = taste.reasons(like)
        assert reason.push < 0
        row = model.catalogue.row(like)
        assert taste.scores()[row] < model.fit({}).scores()[row]


def test_a_film_without_a_vector_has_no_reasons(model: TasteModel) -> None:
    assert model.fit(STUDY).reasons(without_vector(model)) == ()


class TestTheTenRatingsOfTheStudy:
    @pytest.fixture
    def titles(self, model: TasteModel) -> list[str]:
        return [model.catalogue.movie(movie_id).title for movie_id in STUDY]

    def test_they_are_of_the_films_meant(self, titles: list[str]) -> None:
        assert titles == [
            "Jumanji (1995)",
            "Alien (1979)",
            "Aliens (1986)",
            "Treasure Planet (2002)",
            "Dragon Ball Z Gaiden: The Plot to Destroy the Saiyans (1993)",
            "Doctor Who: The Waters of Mars (2009)",
            "Kubo and the Two Strings (2016)",
            "The Conjuring 2 (2016)",
            "Coco (2017)",
            "Mission: Impossible - Fallout (2018)",
        ]

    def test_they_lead_to_films_of_that_taste(self, model: TasteModel) -> None:
        films = [r.movie for r in model.fit(STUDY).recommend(20)]
        fitting = [f for f in films if {"Sci-Fi", "Horror", "Action"} & set(f.genres)]
        assert len(fitting) >= 6
        assert films[0].movie_id != SHAWSHANK
        assert len([f for f in films if f.year is not None and f.year >= 2000]) >= 3
        assert not {f.movie_id for f in films} & set(STUDY)
