"""What is left out of a map, or drawn only once, is missing from no picture."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from engine import TasteModel
from engine.plots import map_base
from engine.plots.canvas import canvas_of
from engine.plots.map import draw_map, map_figure, neighbourhood_figure
from engine.plots.map_base import draw_films, new_map, world_span
from engine.plots.map_ground import new_world
from tests.engine.people import ALIEN, STUDY, TOY_STORY

TOLERANCE = 0.02  # mean difference of the colours, of 255


def pixels(figure: Figure | None) -> np.ndarray:
    assert figure is not None
    canvas = canvas_of(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


@pytest.mark.parametrize("bottom", [0.07, 0.12, 0.22])
def test_a_map_on_its_remembered_ground_is_the_one_drawn_whole(
    model: TasteModel, bottom: float
) -> None:
    whole, axes = new_map("Your map", *world_span(model), bottom)
    draw_films(axes, model, muted=True)
    for _ in range(2):  # drawn, and remembered
        composed, _ = new_world(model, "Your map", bottom)
        assert np.abs(pixels(composed) - pixels(whole)).mean() < TOLERANCE


def test_the_films_of_the_whole_map_are_not_drawn_again(model: TasteModel) -> None:
    (axes,) = map_figure(model, model.fit(STUDY)).axes
    marks = [one for one in axes.collections if isinstance(one, PathCollection)]
    assert max(len(np.asarray(one.get_offsets())) for one in marks) <= len(STUDY)


@pytest.mark.parametrize("movie", [ALIEN, TOY_STORY])
def test_what_a_close_up_leaves_out_is_out_of_view(
    model: TasteModel, movie: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = pixels(neighbourhood_figure(model, movie))
    monkeypatch.setattr(map_base, "_EDGE", 1e9)
    assert np.array_equal(pixels(neighbourhood_figure(model, movie)), seen)


def test_the_map_of_nobody_is_drawn_once(model: TasteModel) -> None:
    assert draw_map(model) is draw_map(model, model.fit({}))


def test_what_the_marks_of_ones_own_map_mean_is_said_below_it(model: TasteModel) -> None:
    with_legend = pixels(map_figure(model, model.fit(STUDY)))
    without, _ = new_world(model, "Your map of films", 0.12)
    strip = slice(-90, None)  # rows
    changed = np.abs(with_legend - pixels(without)).max(2)[strip] > 64
    assert 0.02 < changed.mean() < 0.3
