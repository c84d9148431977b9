"""What all charts are made of: a card with a title, panels on it, and texts that fit.

Charts are 960 dots wide and are mostly read 400 wide, on a phone: nothing is set smaller than
``SMALL``. Lengths are in inches from the top left corner of the card.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from engine.plots.bare_axes import BareAxes
from engine.plots.text import drawable, fit_width
from engine.plots.theme import BACKGROUND, INK, MUTED, PANEL, new_figure

WIDTH, MARGIN = 6.4, 0.22
TOP = 1.06  # where the first panel begins, below the title and the note
TITLE, TEXT, SMALL = 17.0, 13.0, 11.5  # points
_PAD = 5.0  # points between a panel and the labels of its ticks


def card(title: str, note: str, height: float) -> Figure:
    """Return a card with a title and a line in small print below it; ``height`` is in inches."""
    figure = new_figure(WIDTH, height)
    write(figure, MARGIN, 0.34, title, size=TITLE, weight="bold")
    write(figure, MARGIN, 0.66, note, size=SMALL, color=MUTED)
    return figure


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes without ticks or lines, at a place and of a size in inches."""
    axes = figure.add_axes(_place(figure, left, top, width, height), axes_class=BareAxes)
    axes.set_facecolor(PANEL)
    return axes


def panel_with_ticks(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes as of :func:`panel` that find ticks by themselves, and take longer for it."""
    axes = figure.add_axes(_place(figure, left, top, width, height))
    axes.set_facecolor(PANEL)
    axes.tick_params(length=0, colors=MUTED, labelsize=SMALL, pad=_PAD)
    axes.spines[:].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def rows_panel(figure: Figure, left: float, top: float, width: float, n: int, row: float) -> Axes:
    """Return axes for ``n`` rows, each ``row`` high; row i, from 0 at the top, is around y = i."""
    axes = panel(figure, left, top, width, n * row)
    axes.set_ylim(n - 0.5, -0.5)
    return axes


def draw_bars(
    axes: Axes, rows: Iterable[float], lengths: Iterable[float], height: float, colour: str
) -> None:
    """Draw bars from 0 on, around rows, on axes whose limits are set."""
    for row, length in zip(rows, lengths, strict=True):
        axes.add_artist(Rectangle((0, row - height / 2), length, height, color=colour, lw=0))


def draw_upright(axes: Axes, x: float, colour: str, width: float) -> None:
    """Draw a line of a width in points from the bottom of the axes to their top."""
    axes.add_artist(
        Line2D([x, x], [0, 1], color=colour, lw=width, transform=axes.get_xaxis_transform())
    )


def write_ticks(
    axes: Axes,
    direction: Literal["x", "y"],
    labels: Mapping[float, str],
    size: float = SMALL,
    grid: float = 0.0,
) -> None:
    """Write what values mean below a panel ("x") or left of it ("y"), once its limits are set.

    Parameters
    ----------
    axes
        Those of :func:`panel`.
    direction
        In which the values are.
    labels
        By values.
    size
        Of the letters, in points.
    grid
        Width of the lines across the panel at these values, in points.
    """
    x = direction == "x"
    place = axes.get_xaxis_transform() if x else axes.get_yaxis_transform()
    left, below = (0.0, -_PAD / 72) if x else (-_PAD / 72, 0.0)
    beside = place + ScaledTranslation(left, below, axes.figure.dpi_scale_trans)
    for at, label in labels.items():
        axes.figure.text(
            at if x else 0, 0 if x else at, label, transform=beside, color=MUTED, fontsize=size,
            ha="center" if x else "right", va="top" if x else "center_baseline",
        )  # fmt: skip
    if grid:
        lines = [((at, 0), (at, 1)) if x else ((0, at), (1, at)) for at in labels]
        axes.add_artist(
            LineCollection(lines, colors=BACKGROUND, lw=grid, zorder=0.5, transform=place)
        )


def _place(
    figure: Figure, left: float, top: float, width: float, height: float
) -> tuple[float, float, float, float]:
    whole = figure.get_figheight()
    return left / WIDTH, 1 - (top + height) / whole, width / WIDTH, height / whole


def write(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    *,
    size: float = TEXT,
    most: float = 0,
    **how: Any,
) -> Text:
    """Write a text on a card, cut short where it is too long, and return it.

    Parameters
    ----------
    figure
        The card.
    x, y
        Inches from the card's top left corner.
    text
        What is written, as far as the font can draw it.
    size
        Of the letters, in points.
    most
        Inches that the text may be long; 0 for up to the margin.
    how
        More for :meth:`matplotlib.figure.Figure.text`.
    """
    how = {"ha": "left", "va": "center", "color": INK, "fontsize": size, **how}
    place = (x / WIDTH, 1 - y / figure.get_figheight())
    written = figure.text(*place, drawable(text), parse_math=False, **how)
    left = how["ha"] == "left"
    return fit_width(figure, written, most or (WIDTH - MARGIN - x if left else x - MARGIN))
