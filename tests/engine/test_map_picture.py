"""The map: where people stand on it, and a picture on which every label can be read."""

import itertools
import struct

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from engine import Taste, TasteModel
from engine.atlas import place
from engine.map_picture import (
    draw_map,
    draw_neighbourhood,
    map_figure,
    neighbourhood_figure,
    position,
)
from engine.pictures import draw_curves
from tests.engine.conftest import Trained
from tests.engine.movielens_sets import CLUSTERS
from tests.engine.people import ALIEN, STUDY, TOY_STORY, TOY_STORY_2, ratings_of, users_with

KINDS = ("stranger", "rated nothing", "one rating", "the study", "500 ratings")
STAR_WARS = 260


def somebody(model: TasteModel, kind: str) -> Taste | None:
    if kind == "stranger":
        return None
    (user,) = users_with(model, 600, 1)
    ratings = {
        "rated nothing": {},
        "one rating": {ALIEN: 5.0},
        "the study": STUDY,
        "500 ratings": dict(list(ratings_of(model, user).items())[:500]),
    }
    return model.fit(ratings[kind])


def without_vector(model: TasteModel) -> int:
    return int(model.movie_ids[np.flatnonzero(model.rated_position < 0)[0]])


def assert_is_a_small_png(data: bytes | None) -> None:
    assert data is not None
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) < 1_000_000
    width, height = struct.unpack(">II", data[16:24])
    assert 600 <= width <= 2000
    assert 600 <= height <= 2000


def assert_labels_can_be_read(figure: Figure) -> None:
    renderer = FigureCanvasAgg(figure).get_renderer()
    (axes,) = figure.axes
    figure.draw(renderer)
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in axes.texts]
    legend = axes.get_legend()
    assert legend is not None
    boxes.append(("legend", legend.get_window_extent(renderer)))
    boxes += [("title", text.get_window_extent(renderer)) for text in figure.texts]
    assert len(boxes) > 8
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.overlaps(b), f"{one} and {other} overlap"
    for label, box in boxes:
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, label
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, label


def labels(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


# Where a person stands.


def test_of_two_islands_the_heavier_is_taken_not_the_sea_between() -> None:
    rng = np.random.default_rng(0)
    west, east = rng.normal((-1, 0), 0.05, (20, 2)), rng.normal((1, 0.5), 0.05, (20, 2))
    points = np.concatenate([west, east]).astype(np.float32)
    for west_weight, expected in ((2.0, (-1, 0)), (0.5, (1, 0.5))):
        weights = np.repeat([west_weight, 1.0], 20).astype(np.float32)
        assert place(points, weights) == pytest.approx(expected, abs=0.05)


def test_the_heaviest_island_is_taken_though_the_middle_lies_nearer_another() -> None:
    points = np.array([[-1, 0]] * 5 + [[0.3, 0]] * 4 + [[1.1, 0]] * 4, np.float32)
    assert place(points, np.ones(13, np.float32)) == pytest.approx((-1, 0), abs=0.01)


def test_one_point_is_its_own_place() -> None:
    x, y = place(np.array([[0.3, -0.7]], np.float32), np.ones(1, np.float32))
    assert (x, y) == pytest.approx((0.3, -0.7))


def test_a_crowd_outweighs_one_heavy_film() -> None:
    points = np.array([[0, 0]] * 5 + [[3, 3]], np.float32)
    weights = np.array([1, 1, 1, 1, 1, 3], np.float32)
    assert place(points, weights) == pytest.approx((0, 0), abs=1e-3)


def test_a_fan_stands_amid_the_films_of_the_cluster_they_love(trained: Trained) -> None:
    model = trained.model
    atlas = model.bundle.tensors.atlas.numpy()
    ids = model.movie_ids[model.rated_rows.numpy()].tolist()
    for loved in CLUSTERS:
        taste = model.fit(dict.fromkeys(trained.cluster(loved)[:6], 5.0))
        distance = ((atlas - np.array(position(model, taste))) ** 2).sum(1)
        nearest = [trained.known.movies[ids[i]] for i in np.argsort(distance)[:10]]
        assert nearest.count(loved) >= 7


def test_look_alikes_are_near_each_other_on_the_real_map(model: TasteModel) -> None:
    atlas = model.bundle.tensors.atlas.numpy()
    at = {m: atlas[model.rated_position[model.catalogue.row(m)]] for m in (TOY_STORY, TOY_STORY_2)}
    distances = np.linalg.norm(atlas - at[TOY_STORY], axis=1)
    apart = np.linalg.norm(at[TOY_STORY_2] - at[TOY_STORY])
    assert apart < np.quantile(distances, 0.05)


# The pictures.


@pytest.mark.parametrize("kind", KINDS)
def test_the_map_is_drawn_for_everybody_and_can_be_read(model: TasteModel, kind: str) -> None:
    taste = somebody(model, kind)
    assert_is_a_small_png(draw_map(model, taste))
    figure = map_figure(model, taste)
    assert_labels_can_be_read(figure)
    has_a_place = taste is not None and bool(taste.ratings)
    assert ("You" in labels(figure)) == has_a_place


def test_rated_films_are_named_on_the_own_map(model: TasteModel) -> None:
    names = {model.catalogue.movie(movie_id).name.split(":")[0] for movie_id in STUDY}
    assert len(names & set(labels(map_figure(model, model.fit(STUDY))))) >= 3
    assert not names & set(labels(map_figure(model)))


@pytest.mark.parametrize("movie_id", [TOY_STORY, STAR_WARS, ALIEN])
@pytest.mark.parametrize("kind", ["stranger", "500 ratings"])
def test_the_close_up_of_a_film_can_be_read(model: TasteModel, movie_id: int, kind: str) -> None:
    taste = somebody(model, kind)
    assert_is_a_small_png(draw_neighbourhood(model, movie_id, taste))
    figure = neighbourhood_figure(model, movie_id, taste)
    assert figure is not None
    assert_labels_can_be_read(figure)
    name = model.catalogue.movie(movie_id).name.split(":")[0]
    assert labels(figure)[0] == name  # the film itself before all others
    assert name in figure.texts[0].get_text()


def test_a_film_without_ratings_is_not_on_the_map(model: TasteModel) -> None:
    movie_id = without_vector(model)
    assert draw_neighbourhood(model, movie_id) is None
    assert_is_a_small_png(draw_map(model, model.fit({movie_id: 5.0})))


def test_the_map_of_a_small_data_set_can_be_drawn(trained: Trained) -> None:
    movie_id = trained.cluster("fear")[0]
    taste = trained.model.fit({movie_id: 5.0})
    assert_is_a_small_png(draw_map(trained.model, taste))
    assert_is_a_small_png(draw_neighbourhood(trained.model, movie_id, taste))


def test_the_curves_are_drawn_where_nobody_was_held_out() -> None:
    data = draw_curves([(0.5, None), (0.3, None)], [(0.9, None)])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
