"""Where people stand on the map, and that few ratings leave much open."""

import numpy as np
import pytest

from engine import TasteModel
from engine.linalg.csr import CsrRows
from engine.plots.map_location import (
    credible_region,
    highest_columns,
    map_location,
    map_position,
    mean_shift_mode,
)
from tests.engine.conftest import Trained
from tests.engine.movielens_sets import CLUSTERS
from tests.engine.people import ALIEN, STUDY, ratings_of, users_with


def test_of_two_islands_the_heavier_is_taken_not_the_sea_between() -> None:
    rng = np.random.default_rng(0)
    west, east = rng.normal((-1, 0), 0.05, (20, 2)), rng.normal((1, 0.5), 0.05, (20, 2))
    points = np.concatenate([west, east]).astype(np.float32)
    for west_weight, expected in ((2.0, (-1, 0)), (0.5, (1, 0.5))):
        weights = np.repeat([west_weight, 1.0], 20).astype(np.float32)
        assert mean_shift_mode(points, weights) == pytest.approx(np.array(expected), abs=0.05)


def test_the_heaviest_island_is_taken_though_the_middle_lies_nearer_another() -> None:
    points = np.array([[-1, 0]] * 5 + [[0.3, 0]] * 4 + [[1.1, 0]] * 4, np.float32)
    assert mean_shift_mode(points, np.ones(13, np.float32)) == pytest.approx(
        np.array([-1, 0]), abs=0.01
    )


@pytest.mark.parametrize("columns", [40, 100, 64 * 40, 64 * 40 + 7, 9_999])
def test_the_highest_of_each_row_are_found_among_many(columns: int) -> None:
    values = np.random.default_rng(columns).normal(size=(30, columns)).astype(np.float32)
    values[:, -1] = 9  # beyond the last whole group
    found = np.sort(highest_columns(values, 40), 1)
    assert np.array_equal(found, np.sort(np.argsort(-values, 1)[:, :40], 1))
    equal = highest_columns(np.ones((2, columns), np.float32), 40)
    assert [len(set(row)) for row in equal.tolist()] == [40, 40]


def test_one_point_is_its_own_place() -> None:
    found = mean_shift_mode(np.array([[0.3, -0.7]], np.float32), np.ones(1, np.float32))
    assert found == pytest.approx(np.array([0.3, -0.7]))


def test_a_crowd_outweighs_one_heavy_film() -> None:
    points = np.array([[0, 0]] * 5 + [[3, 3]], np.float32)
    weights = np.array([1, 1, 1, 1, 1, 3], np.float32)
    assert mean_shift_mode(points, weights) == pytest.approx(np.zeros(2), abs=1e-3)


def test_many_are_placed_at_once_as_each_alone() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(7, 12, 2)).astype(np.float32)
    weights = rng.random((7, 12)).astype(np.float32)
    alone = [mean_shift_mode(*one) for one in zip(points, weights, strict=True)]
    assert mean_shift_mode(points, weights) == pytest.approx(np.array(alone))


def test_a_fan_stands_amid_the_films_of_the_cluster_they_love(trained: Trained) -> None:
    model = trained.model
    atlas = model.map_coordinates
    ids = model.movie_ids[model.rated_rows].tolist()
    for loved in CLUSTERS:
        taste = model.fit(dict.fromkeys(trained.cluster(loved)[:6], 5.0))
        distance = ((atlas - np.array(map_position(model, taste))) ** 2).sum(1)
        nearest = [trained.known.movies[ids[i]] for i in np.argsort(distance)[:10]]
        assert nearest.count(loved) >= 7


def test_draws_from_the_posterior_scatter_around_the_taste_as_it_says(model: TasteModel) -> None:
    taste = model.fit(STUDY)
    draws = taste.possible_vectors(4000).astype(np.float64)
    users = model.items.users(CsrRows.single(taste.rows, np.float32(list(taste.ratings.values()))))
    system = model.als.fit(users).posterior.system[0].astype(np.float64)
    expected = model.als.prior_strength * np.linalg.inv(system)
    std = np.sqrt(np.diag(expected))
    assert np.abs(draws.mean(0) - taste.vector).max() < 5 * std.max() / 4000**0.5
    correlation = np.cov(draws.T) / np.outer(std, std)
    assert correlation == pytest.approx(expected / np.outer(std, std), abs=0.1)


def test_the_same_ratings_give_the_same_place_and_area(model: TasteModel) -> None:
    one, other = (map_location(model, model.fit(STUDY)) for _ in range(2))
    assert (one.x, one.y) == (other.x, other.y) == map_position(model, model.fit(STUDY))
    assert np.array_equal(one.possible, other.possible)


def test_more_ratings_leave_a_smaller_area(model: TasteModel) -> None:
    def size(ratings: dict[int, float]) -> float:
        return credible_region(map_location(model, model.fit(ratings)).possible).size

    few, many = [], []
    for user in users_with(model, 200, 8):
        rated = list(ratings_of(model, user).items())
        few.append(size(dict(rated[:3])))
        many.append(size(dict(rated[:100])))
    assert np.mean(many) < 0.5 * np.mean(few)
    assert size({ALIEN: 5.0}) > np.mean(many)


def test_the_area_holds_four_in_five_of_the_places() -> None:
    rng = np.random.default_rng(3)
    places = np.concatenate([rng.normal((0, 0), 0.1, (150, 2)), rng.normal((1, 1), 0.05, (50, 2))])
    found = credible_region(places)
    column = np.abs(found.x[:, None] - places[:, 0]).argmin(0)
    row = np.abs(found.y[:, None] - places[:, 1]).argmin(0)
    inside = found.density[row, column] >= found.level
    assert 0.75 < inside.mean() < 0.85
    assert inside[150:].any()  # an island of its own is kept
    assert found.size < 1.0


def test_places_that_are_one_and_the_same_have_an_area_around_them() -> None:
    places = np.concatenate([np.zeros((180, 2)), np.full((20, 2), 3.9)])
    found = credible_region(places)
    row, column = np.nonzero(found.density >= found.level)
    assert len(row)
    assert np.abs(found.x[column]).max() < 0.2
    assert np.abs(found.y[row]).max() < 0.2
