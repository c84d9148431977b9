"""Each rating predicted from the others, against fits that never saw it."""

import numpy as np
import pytest

from engine import TasteModel
from tests.engine.people import ALIEN, STUDY, ratings_of, users_with


def refitted(model: TasteModel, ratings: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
    predicted = [
        model.fit({m: s for m, s in ratings.items() if m != left_out}).predict([left_out])
        for left_out in ratings
    ]
    stars, std = (np.concatenate(column) for column in zip(*predicted, strict=True))
    return stars, std


@pytest.mark.parametrize("least", [20, 60, 200])
def test_left_out_is_as_refitting_without_each_rating(model: TasteModel, least: int) -> None:
    for user in users_with(model, least, 3):
        ratings = dict(list(ratings_of(model, user).items())[:150])
        check(model, ratings)


def test_left_out_of_ten_ratings_and_of_one(model: TasteModel) -> None:
    check(model, STUDY)
    check(model, {ALIEN: 0.5})


def test_films_that_nobody_rated_are_left_out_alike(model: TasteModel) -> None:
    unrated = model.movie_ids[model.rated_position < 0][:3].tolist()
    check(model, STUDY | dict(zip(unrated, (5.0, 0.5, 3.0), strict=True)))


def test_ids_that_are_unknown_have_no_place_in_it(model: TasteModel) -> None:
    stars, std = model.fit({-1: 3.0, ALIEN: 5.0}).leave_one_out()
    assert stars.shape == std.shape == (1,)


def test_nothing_rated_leaves_nothing_out(model: TasteModel) -> None:
    stars, std = model.fit({}).leave_one_out()
    assert stars.shape == std.shape == (0,)


def test_left_out_is_further_off_than_what_was_fitted(model: TasteModel) -> None:
    given = np.array(list(STUDY.values()))
    taste = model.fit(STUDY)
    fitted, _ = taste.predict(list(STUDY))
    left_out, _ = taste.leave_one_out()
    assert abs(left_out - given).mean() > abs(fitted - given).mean() + 0.1


def check(model: TasteModel, ratings: dict[int, float]) -> None:
    stars, std = model.fit(ratings).leave_one_out()
    expected_stars, expected_std = refitted(model, ratings)
    np.testing.assert_allclose(stars, expected_stars, atol=2e-3)
    np.testing.assert_allclose(std, expected_std, atol=2e-3)
