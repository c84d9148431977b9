"""What is made of a user's ratings, and whether the reasons given for it are true."""

import numpy as np
import pytest

from engine import TasteModel
from engine.data.ratings import preference
from engine.heads.ease import EaseHead
from engine.heads.star_regression import NORMAL_80, NORMAL_95
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
            expected = fitted.user_vectors[user]
            vector = fitted.fit(ratings_of(fitted, user)).vector
            assert np.linalg.norm(vector - expected) < 1e-3 * np.linalg.norm(expected)


def test_the_order_of_ratings_does_not_matter(model: TasteModel) -> None:
    turned = model.fit(dict(reversed(STUDY.items())))
    np.testing.assert_allclose(turned.vector, model.fit(STUDY).vector, rtol=1e-3, atol=1e-5)


def test_the_predicted_intervals_hold_on_ratings_that_were_not_given(model: TasteModel) -> None:
    errors, stds = [], []
    for user in users_with(model, 80, 120):
        ratings = list(ratings_of(model, user).items())
        asked = dict(ratings[1::2])
        stars, std = model.fit(dict(ratings[::2])).predict(list(asked))
        errors.append(np.abs(stars - np.array(list(asked.values()))))
        stds.append(std)
    z = np.concatenate(errors) / np.concatenate(stds)
    assert 0.76 < (z < NORMAL_80).mean() < 0.84
    assert 0.925 < (z < NORMAL_95).mean() < 0.975
    # They tell the easy from the hard: where they are wider, the errors are larger.
    parts = np.array_split(np.concatenate(errors)[np.argsort(np.concatenate(stds))], 4)
    means = [part.mean() for part in parts]
    assert means == sorted(means)
    assert means[-1] > 1.5 * means[0]


def test_the_more_is_rated_the_narrower_the_intervals(model: TasteModel) -> None:
    asked = model.movie_ids[model.well_known[:100]]
    users = [list(ratings_of(model, user).items()) for user in users_with(model, 120, 40)]
    stds = [
        np.mean([model.fit(dict(ratings[:n])).predict(asked)[1].mean() for ratings in users])
        for n in (0, 5, 20, 80)
    ]
    assert stds == sorted(stds, reverse=True)
    assert stds[-1] < 0.85 * stds[0]


def test_a_user_whose_stars_scatter_gets_wider_intervals(model: TasteModel) -> None:
    """By the user's own noise: the same films, rated as expected or far above and below that."""
    rows = model.well_known[:30]
    expected = np.round(model.item_baseline[rows] * 2) / 2
    away = np.clip(expected + 1.5 * (-1.0) ** np.arange(30), 0.5, 5)
    movies, asked = model.movie_ids[rows].tolist(), model.movie_ids[model.well_known[200:300]]
    steady = model.fit(dict(zip(movies, expected.tolist(), strict=True))).predict(asked)[1]
    erratic = model.fit(dict(zip(movies, away.tolist(), strict=True))).predict(asked)[1]
    assert (erratic > 2 * steady).all()


def test_the_score_is_the_weighted_sum_of_the_three_heads(model: TasteModel) -> None:
    taste, numbers = model.fit(STUDY), model.bundle.parameters.numbers
    movies = [SHAWSHANK, ALIEN, TOY_STORY, MATRIX]
    rows = [model.catalogue.row(m) for m in movies]
    at = model.rated_position[rows]
    als = model.als.vectors[at] @ taste.vector
    stars = taste.predict(movies)[0] - model.items.global_mean
    preferences = np.zeros(len(model.rated_rows))
    n = 0
    for movie_id, given in STUDY.items():
        if (place := model.rated_position[model.catalogue.row(movie_id)]) >= 0:
            preferences[place] = float(preference(np.array([given], np.float32))[0])
            n += 1
    ease = model.ensemble[EaseHead].weights.take(at).dense(len(preferences)) @ preferences
    expected = als + numbers["stars.weight"] * stars
    expected += numbers["ease.weight"] * n / (n + numbers["ease.half_weight_at"]) * ease
    assert taste.scores()[rows].tolist() == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_low_rating_lowers_what_is_predicted_for_its_like(model: TasteModel) -> None:
    def after(stars: float) -> float:
        return float(model.fit({ALIEN: stars}).predict([ALIENS])[0][0])

    assert after(1.0) < after(3.0) < after(5.0)


@pytest.mark.parametrize("n", [0, 1, 10, 200])
def test_the_reasons_add_up_to_the_score(model: TasteModel, n: int) -> None:
    (user,) = users_with(model, 300, 1)
    ratings = dict(list(ratings_of(model, user).items())[:n])
    ratings[without_vector(model)] = 4.0  # of which only the star head makes anything
    taste = model.fit(ratings)
    before, scores = model.fit({}).scores(), taste.scores()
    for movie_id in (TOY_STORY, SHAWSHANK, MATRIX, ALIEN):
        reasons = taste.reasons(movie_id)
        assert {r.movie.movie_id for r in reasons} == set(ratings)
        row = model.catalogue.row(movie_id)
        total = float(before[row]) + sum(r.contribution for r in reasons)
        assert total == pytest.approx(float(scores[row]), abs=1e-4)


def test_each_reason_belongs_to_its_own_rating(model: TasteModel) -> None:
    ratings = {TOY_STORY: 5.0, without_vector(model): 5.0, ALIEN: 5.0}
    taste = model.fit(ratings)
    assert taste.reasons(ALIENS)[0].movie.movie_id == ALIEN
    assert taste.reasons(TOY_STORY_2)[0].movie.movie_id == TOY_STORY


def test_reasons_come_strongest_first_and_no_more_than_asked_for(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    contributions = [abs(reason.contribution) for reason in taste.reasons(MATRIX)]
    assert contributions == sorted(contributions, reverse=True)
    assert len(contributions) == len(STUDY)
    assert taste.reasons(MATRIX, n=2) == taste.reasons(MATRIX)[:2]


def test_one_star_pushes_the_look_alikes_down(model: TasteModel) -> None:
    for disliked, like in ((TOY_STORY, TOY_STORY_2), (ALIEN, ALIENS)):
        taste = model.fit({disliked: 1.0})
        (reason,) = taste.reasons(like)
        assert reason.contribution < 0
        row = model.catalogue.row(like)
        assert taste.scores()[row] < model.fit({}).scores()[row]


def test_a_film_without_a_vector_has_no_reasons(model: TasteModel) -> None:
    assert model.fit(STUDY).reasons(without_vector(model)) == ()


class TestTheTenRatingsOfTheStudy:
    @pytest.fixture
    def titles(self, model: TasteModel) -> list[str]:
        return [model.catalogue.by_id(movie_id).title for movie_id in STUDY]

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
