"""The map as a picture on which every label can be read; not its pixels."""

import itertools
import struct

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from engine import Taste, TasteModel
from engine.data.catalogue import Movie
from engine.plots.map import draw_map, draw_neighbourhood, map_figure, neighbourhood_figure
from engine.plots.map_base import short, short_names, wrapped
from engine.plots.map_location import map_position
from engine.plots.map_members import LOOKS, MOST_MEMBERS, draw_members, members_figure
from engine.plots.theme import draw_curves
from tests.engine.conftest import Trained
from tests.engine.people import ALIEN, STUDY, TOY_STORY, TOY_STORY_2, ratings_of, users_with
from tests.marks import slow_but

KINDS = ("one rating", "the study", "500 ratings")
STAR_WARS, STAR_WARS_V, MISSION_IMPOSSIBLE = 260, 1196, 189333


def somebody(model: TasteModel, kind: str) -> Taste:
    (user,) = users_with(model, 600, 1)
    ratings = {
        "rated nothing": {},
        "one rating": {ALIEN: 5.0},
        "the study": STUDY,
        "500 ratings": dict(list(ratings_of(model, user).items())[:500]),
    }
    return model.fit(ratings[kind])


def picks_of(taste: Taste) -> list[Movie]:
    return [pick.movie for pick in taste.recommend(5)]


def people(model: TasteModel, n: int) -> list[tuple[str, Taste]]:
    return [
        (f"member {i}", model.fit(dict(list(ratings_of(model, user).items())[: 8 + 30 * i])))
        for i, user in enumerate(users_with(model, 250, n))
    ]


def at_of(model: TasteModel, movie_id: int) -> int:
    return int(model.rated_position[model.catalogue.row(movie_id)])


def point_of(model: TasteModel, movie_id: int) -> np.ndarray:
    return model.map_coordinates[at_of(model, movie_id)]


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
    if legend := axes.get_legend():
        boxes.append(("legend", legend.get_window_extent(renderer)))
    boxes += [("title", text.get_window_extent(renderer)) for text in figure.texts]
    assert len(boxes) > 8
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.overlaps(b), f"{one} and {other} overlap"
    for label, box in boxes:
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, label
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, label
    smallest = min(text.get_fontsize() for text in (*axes.texts, *figure.texts))
    # Letters of 9 pixels and more on a phone, where the picture is 400 wide.
    assert smallest * figure.dpi / 72 * 400 / figure.bbox.width >= 9


def labels(figure: Figure) -> list[str]:
    """Lines of a label joined."""
    return [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]


def marks(axes: Axes, label: str) -> PathCollection:
    (found,) = (one for one in axes.collections if one.get_label() == label)
    assert isinstance(found, PathCollection)
    return found


# Nobody's map.


@pytest.mark.parametrize("kind", [None, "rated nothing"])
def test_the_map_of_nobody_names_25_regions_or_more(model: TasteModel, kind: str | None) -> None:
    taste = None if kind is None else somebody(model, kind)
    assert_is_a_small_png(draw_map(model, taste))
    figure = map_figure(model, taste)
    assert_labels_can_be_read(figure)
    named = {region.name for region in model.regions} & set(labels(figure))
    assert 25 <= len(named) <= 60
    assert "You" not in labels(figure)


def test_a_region_is_written_near_its_films(model: TasteModel) -> None:
    figure = map_figure(model)
    (axes,) = figure.axes
    middle = {region.name: (region.x, region.y) for region in model.regions}
    renderer = FigureCanvasAgg(figure).get_renderer()
    for text in axes.texts:
        name = text.get_text().replace("\n", " ")
        if name in middle:
            box = text.get_window_extent(renderer)
            x, y = axes.transData.transform(middle[name])
            assert box.x0 - 100 <= x <= box.x1 + 100, name
            assert box.y0 - 100 <= y <= box.y1 + 100, name


# Somebody's map.


@pytest.mark.parametrize("kind", slow_but(["the study"], KINDS))
def test_the_own_map_is_drawn_for_everybody_and_can_be_read(model: TasteModel, kind: str) -> None:
    taste = somebody(model, kind)
    assert_is_a_small_png(draw_map(model, taste, picks_of(taste)))
    figure = map_figure(model, taste, picks_of(taste))
    assert_labels_can_be_read(figure)
    assert "You" in labels(figure)


@pytest.mark.parametrize("kind", slow_but(["the study"], KINDS))
def test_you_are_marked_where_you_stand(model: TasteModel, kind: str) -> None:
    taste = somebody(model, kind)
    (axes,) = map_figure(model, taste).axes
    (spot,) = np.asarray(marks(axes, "you").get_offsets()).tolist()
    assert spot == pytest.approx(map_position(model, taste))
    you = next(text for text in axes.texts if text.get_text() == "You")
    assert you.xy == pytest.approx(map_position(model, taste))


@pytest.mark.parametrize("kind", slow_but(["the study"], KINDS))
def test_the_next_five_are_marked_and_named(model: TasteModel, kind: str) -> None:
    taste = somebody(model, kind)
    picks = picks_of(taste)
    figure = map_figure(model, taste, picks)
    offsets = marks(figure.axes[0], "picks").get_offsets()
    expected = [point_of(model, movie.movie_id) for movie in picks]
    assert np.asarray(offsets) == pytest.approx(np.array(expected))
    names = short_names(model, [at_of(model, movie.movie_id) for movie in picks], most=32)
    assert len(set(names)) == 5
    assert set(names) <= set(labels(figure))


def test_ratings_are_stars_from_cold_and_small_to_warm_and_large(model: TasteModel) -> None:
    figure = map_figure(model, model.fit({TOY_STORY: 5.0, ALIEN: 0.5}))
    figure.draw(FigureCanvasAgg(figure).get_renderer())
    stars = marks(figure.axes[0], "ratings")
    points = [point_of(model, movie_id) for movie_id in (ALIEN, TOY_STORY)]
    assert np.asarray(stars.get_offsets()) == pytest.approx(np.array(points))
    hated, loved = stars.get_facecolors()[:, :3]
    assert hated[2] > hated[0] + 0.3  # blue
    assert loved[0] > loved[2] + 0.3  # orange
    small, large = stars.get_sizes()
    assert large > 2 * small


def test_rated_films_are_named_on_the_own_map(model: TasteModel) -> None:
    names = {short(model.catalogue.by_id(movie_id).name, 22) for movie_id in STUDY}
    assert len(names & set(labels(map_figure(model, model.fit(STUDY))))) >= 3


def test_a_film_without_ratings_is_not_on_the_map(model: TasteModel) -> None:
    movie_id = without_vector(model)
    assert draw_neighbourhood(model, movie_id) is None
    assert_is_a_small_png(draw_map(model, model.fit({movie_id: 5.0})))


def test_the_same_map_is_drawn_each_time(model: TasteModel) -> None:
    taste = somebody(model, "the study")
    assert draw_map(model, taste, picks_of(taste)) == draw_map(model, taste, picks_of(taste))


# Close up.


@pytest.mark.parametrize("movie_id", slow_but([STAR_WARS], [TOY_STORY, STAR_WARS, ALIEN]))
@pytest.mark.parametrize("kind", ["rated nothing", "500 ratings"])
def test_the_close_up_of_a_film_can_be_read(model: TasteModel, movie_id: int, kind: str) -> None:
    taste = somebody(model, kind)
    assert_is_a_small_png(draw_neighbourhood(model, movie_id, taste))
    figure = neighbourhood_figure(model, movie_id, taste)
    assert figure is not None
    assert_labels_can_be_read(figure)
    name = model.catalogue.by_id(movie_id).name
    assert labels(figure)[0] == short(name, 22)  # the film itself before all others
    assert name.split(":")[0] in figure.texts[0].get_text()
    assert len(labels(figure)) > 8


def test_a_sequel_is_named_close_up(model: TasteModel) -> None:
    figure = neighbourhood_figure(model, TOY_STORY)
    assert figure is not None
    assert "Toy Story 2" in labels(figure)


# Several people.


@pytest.mark.parametrize("n", slow_but([2, MOST_MEMBERS], [2, 5, MOST_MEMBERS]))
def test_members_are_marked_where_they_stand_each_in_their_own_look(
    model: TasteModel, n: int
) -> None:
    members = people(model, n)
    assert_is_a_small_png(draw_members(model, members))
    figure = members_figure(model, members)
    assert_labels_can_be_read(figure)
    (axes,) = figure.axes
    looks = set()
    for (name, taste), (colour, _) in zip(members, LOOKS, strict=False):
        spot = marks(axes, name)
        assert np.asarray(spot.get_offsets())[0] == pytest.approx(map_position(model, taste))
        assert spot.get_facecolors()[0, :3] == pytest.approx(to_rgb(colour))
        looks.add((colour, spot.get_paths()[0].vertices.tobytes()))
        assert name in labels(figure)
    assert len(looks) == n
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [name for name, _ in members]


def test_films_that_members_love_are_marked_and_shared_ones_named(model: TasteModel) -> None:
    members = [
        ("ann", model.fit({ALIEN: 5.0, TOY_STORY: 4.0})),
        ("bob", model.fit({ALIEN: 4.5, TOY_STORY_2: 2.0})),
    ]
    figure = members_figure(model, members)
    ann, bob = (marks(figure.axes[0], f"loved by {name}").get_offsets() for name in ("ann", "bob"))
    assert len(ann) == 2
    assert np.asarray(bob) == pytest.approx(np.array([point_of(model, ALIEN)]))
    assert "Alien" in labels(figure)
    assert "Toy Story" not in labels(figure)


def test_odd_names_are_drawn_as_far_as_they_can_be(model: TasteModel) -> None:
    odd = ("$x^2$", "a" * 60, "_bob", "\U0001f3ac", "bob", "bob")
    members = [(name, model.fit(STUDY)) for name in odd]
    assert_is_a_small_png(draw_members(model, members))
    texts = labels(members_figure(model, members))
    assert {"$x^2$", "_bob", "member 4", "bob", "bob (6)"} <= set(texts)
    assert max(map(len, texts)) < 40


# Names.


def test_titles_are_cut_where_they_can_still_be_told(model: TasteModel) -> None:
    assert short("Mission: Impossible - Fallout", 22) == "Mission: Impossible"
    assert short("Alien", 22) == "Alien"
    assert short("One Flew Over the Cuckoo's Nest", 22) == "One Flew Over the…"
    assert len(short("x" * 60, 22)) <= 22
    both = short_names(model, [at_of(model, STAR_WARS), at_of(model, STAR_WARS_V)], most=12)
    assert both == ["A New Hope", "The Empire…"]


def test_long_names_stand_on_two_lines() -> None:
    assert wrapped("Sci-fi horror: Aliens") == "Sci-fi horror:\nAliens"
    assert wrapped("1990s romantic drama") == "1990s\nromantic drama"
    assert wrapped("Westerns") == "Westerns"


def test_look_alikes_are_near_each_other_on_the_real_map(model: TasteModel) -> None:
    atlas = model.map_coordinates
    distances = np.linalg.norm(atlas - point_of(model, TOY_STORY), axis=1)
    apart = np.linalg.norm(point_of(model, TOY_STORY_2) - point_of(model, TOY_STORY))
    assert apart < np.quantile(distances, 0.05)


def test_the_maps_of_a_small_data_set_can_be_drawn(trained: Trained) -> None:
    movie_id = trained.cluster("fear")[0]
    taste = trained.model.fit({movie_id: 5.0})
    assert_is_a_small_png(draw_map(trained.model))
    assert_is_a_small_png(draw_map(trained.model, taste, picks_of(taste)))
    assert_is_a_small_png(draw_neighbourhood(trained.model, movie_id, taste))
    assert_is_a_small_png(draw_members(trained.model, [("ann", taste), ("bob", taste)]))


def test_the_curves_are_drawn_where_nobody_was_held_out() -> None:
    data = draw_curves([(0.5, None), (0.3, None)], [(0.9, None)])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
