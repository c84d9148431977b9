"""Texts drawn from remembered bitmaps look like those that Matplotlib draws."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from engine.plots import text_bitmaps
from engine.plots.canvas import Renderer, canvas_of
from engine.plots.charts_group import agreement_matrix_figure
from engine.plots.labels import Label, LabelText
from engine.plots.text_bitmaps import text_bitmap, text_size
from engine.plots.theme import BACKGROUND

SIDE, DPI = 400, 150
LINES = ("Toy Story 3", "Alien (1979) gyp", "0.83", "שלום", "Amélie ☆ 7")


def opacity(renderer: RendererAgg) -> np.ndarray:
    return np.asarray(renderer.buffer_rgba())[..., 3].astype(float)


def drawn(kind: type[RendererAgg], line: str, weight: str, angle: float) -> np.ndarray:
    renderer = kind(SIDE, SIDE, DPI)
    gc = renderer.new_gc()
    font = FontProperties(size=14, weight=weight)
    renderer.draw_text(gc, 100.3, 299.6, line, font, angle)
    return opacity(renderer)


def middle(image: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(image.shape)
    return np.array([(rows * image).sum(), (columns * image).sum()]) / image.sum()


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("line", LINES)
def test_a_line_stands_where_matplotlib_writes_it_as_bold(
    line: str, weight: str, angle: float
) -> None:
    theirs, ours = (drawn(kind, line, weight, angle) for kind in (RendererAgg, Renderer))
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.05)
    assert middle(ours) == pytest.approx(middle(theirs), abs=1.2)  # pixels
    # What differs is on the edges of letters, which stand at whole pixels now.
    assert np.abs(ours - theirs).sum() < 0.45 * theirs.sum()


def test_texts_at_other_angles_are_left_to_matplotlib() -> None:
    theirs, ours = (drawn(kind, "Alien", "bold", 30) for kind in (RendererAgg, Renderer))
    assert np.array_equal(theirs, ours)


def test_a_halo_is_the_outline_that_matplotlib_would_stroke() -> None:
    label = Label(0, 0, "Star Wars:\nEpisode IV", BACKGROUND, 11.5, bold=True)
    ours = LabelText(label, label.text, (150.0, 75.0))
    theirs = Text(
        150, 75, label.text, color=label.colour, fontsize=label.size, weight="bold", ha="center",
        va="center", linespacing=1.0, transform=IdentityTransform(),
        path_effects=[withStroke(linewidth=3.5, foreground=BACKGROUND)],
    )  # fmt: skip
    images = []
    for text in (ours, theirs, None):
        figure = Figure((2, 1), dpi=DPI, facecolor="#b0a070")
        if text is not None:
            figure.add_artist(text)
        canvas = canvas_of(figure)
        canvas.draw()
        images.append(np.asarray(canvas.buffer_rgba())[..., :3].astype(float))
    with_ours, with_theirs, ground = images
    assert np.abs(with_ours - with_theirs).sum() < 0.2 * np.abs(with_theirs - ground).sum()


def test_a_text_is_as_large_as_matplotlib_measures_it() -> None:
    figure = Figure((2, 1), dpi=DPI)
    renderer = FigureCanvasAgg(figure).get_renderer()
    for words in ("Alien", "Star Wars:\nEpisode IV", "gyp\ngyp\ngyp"):
        text = figure.text(0.5, 0.5, words, fontsize=12, weight="bold", linespacing=1.0)
        box = text.get_window_extent(renderer)
        assert text_size(words, 12, "bold", DPI) == pytest.approx(box.size, abs=0.01)


def test_what_was_written_before_is_remembered() -> None:
    assert text_bitmap("Alien", 12, "bold", DPI) is text_bitmap("Alien", 12, "bold", DPI)
    assert text_bitmap("Alien", 12, "bold", DPI) is not text_bitmap("Alien", 13, "bold", DPI)


def test_a_chart_looks_as_on_matplotlibs_own_canvas() -> None:
    shares = np.linspace(0.5, 0.9, 64).reshape(8, 8)
    images = []
    for canvas in (FigureCanvasAgg, canvas_of):
        figure = agreement_matrix_figure([f"member {i}" for i in range(8)], (shares + shares.T) / 2)
        on = canvas(figure)
        on.draw()
        images.append(np.asarray(on.buffer_rgba()).astype(float))
    assert np.abs(images[0] - images[1]).mean() < 2  # of 255


@pytest.mark.parametrize(
    "line", ["Alien", "AVATAR: To Wong Foo", "office film flag", "Léon ÄÖ 7%", "A–B it’s…"]
)
def test_a_line_put_together_from_letters_is_the_one_laid_out_whole(line: str) -> None:
    ours, theirs = (make(line, 13, "bold", DPI) for make in (text_bitmap, text_bitmaps._shaped))
    for name in ("width", "height", "descent"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=0.02)
    assert ours.below == theirs.below
    assert ours.opacity.sum() == pytest.approx(theirs.opacity.sum(), rel=0.02)
    inked, others = (np.flatnonzero(line.opacity.any(0)) for line in (ours, theirs))
    assert np.ptp(inked) == pytest.approx(np.ptp(others), abs=1)
