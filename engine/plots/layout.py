"""What all charts are made of: a card with a title, panels on it, and texts that fit.

Charts are 960 dots wide and are mostly read 400 wide, on a phone: nothing is set smaller than
``SMALL``. Lengths are in inches from the top left corner of the card.
"""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from engine.plots.text import drawable, fit_width
from engine.plots.theme import INK, MUTED, PANEL, new_figure

WIDTH, MARGIN = 6.4, 0.22
TOP = 1.06  # where the first panel begins, below the title and the note
TITLE, TEXT, SMALL = 17.0, 13.0, 11.5  # points


def card(title: str, note: str, height: float) -> Figure:
    """Return a card with a title and a line in small print below it; ``height`` is in inches."""
    figure = new_figure(WIDTH, height)
    write(figure, MARGIN, 0.34, title, size=TITLE, weight="bold")
    write(figure, MARGIN, 0.66, note, size=SMALL, color=MUTED)
    return figure


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes without ticks or lines, at a place and of a size in inches."""
    whole = figure.get_figheight()
    axes = figure.add_axes(
        (left / WIDTH, 1 - (top + height) / whole, width / WIDTH, height / whole)
    )
    axes.set_facecolor(PANEL)
    axes.tick_params(length=0, colors=MUTED, labelsize=SMALL, pad=5)
    axes.spines[:].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def rows_panel(figure: Figure, left: float, top: float, width: float, n: int, row: float) -> Axes:
    """Return axes for ``n`` rows, each ``row`` high; row i, from 0 at the top, is around y = i."""
    axes = panel(figure, left, top, width, n * row)
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_yticks([])
    return axes


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
