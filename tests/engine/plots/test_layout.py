"""Panels without Matplotlib's ticks look as with them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.plots.canvas import canvas_of
from engine.plots.layout import SMALL, TEXT, card, panel, panel_with_ticks, write_ticks
from engine.plots.theme import BACKGROUND, SKY

PLACE = (0.75, 1.1, 5.0, 3.0)
TICKS = {1: "one", 2: "two", 3.5: "more"}
TOLERANCE = 0.02  # mean difference of the colours, of 255


def pixels(figure: Figure) -> np.ndarray:
    canvas = canvas_of(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(float)


def fill(axes: Axes) -> None:
    axes.set_xlim(0.5, 4.5)
    axes.set_ylim(0, 4)
    axes.plot([1, 4], [1, 3], color=SKY, lw=3)
    axes.fill_between([2, 3], [1, 1], [2, 2], color="#343844", lw=0)


def test_ticks_stand_where_matplotlib_writes_them() -> None:
    ours, theirs = card("Title", "note", 4.6), card("Title", "note", 4.6)
    axes = panel(ours, *PLACE)
    fill(axes)
    write_ticks(axes, "x", TICKS, TEXT, grid=1)
    write_ticks(axes, "y", TICKS, SMALL, grid=1)
    axes = panel_with_ticks(theirs, *PLACE)
    fill(axes)
    axes.set_xticks(list(TICKS), list(TICKS.values()), fontsize=TEXT)
    axes.set_yticks(list(TICKS), list(TICKS.values()), fontsize=SMALL)
    axes.grid(color=BACKGROUND, lw=1)
    assert np.abs(pixels(ours) - pixels(theirs)).mean() < TOLERANCE


def test_a_panel_without_ticks_is_one_whose_ticks_are_taken_out() -> None:
    ours, theirs = card("Title", "note", 4.6), card("Title", "note", 4.6)
    fill(panel(ours, *PLACE))
    axes = panel_with_ticks(theirs, *PLACE)
    fill(axes)
    axes.set_xticks([])
    axes.set_yticks([])
    assert np.array_equal(pixels(ours), pixels(theirs))
