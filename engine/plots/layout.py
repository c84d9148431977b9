"""What all charts are made of: a card with a title, panels on it, and texts that fit.

Charts are 960 dots wide and are mostly read 400 wide, on a phone: nothing is set smaller than
``SMALL``. Lengths are in inches from the top left corner of the card.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from engine.plots.theme import BACKGROUND, INK, MUTED, PANEL, new_figure

WIDTH, MARGIN = 6.4, 0.22
TOP = 1.06  # where the first panel begins, below the title and the note
TITLE, TEXT, SMALL = 17.0, 13.0, 11.5  # points
HALO = [effects.withStroke(linewidth=3, foreground=BACKGROUND)]

_Anchor = Literal["center", "left", "right"]


@dataclass(frozen=True)
class Label:
    """What is to be written beside a point of a panel, in the panel's coordinates."""

    x: float
    y: float
    text: str


def card(title: str, note: str, height: float) -> Figure:
    """A card with a title and a line in small print below it."""
    figure = new_figure(WIDTH, height)
    write(figure, MARGIN, 0.34, title, size=TITLE, weight="bold")
    write(figure, MARGIN, 0.66, note, size=SMALL, color=MUTED)
    return figure


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes without ticks or lines."""
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
    """Axes for ``n`` rows of the height ``row``; row i, from 0 at the top, is around y = i."""
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
    """A text at a place on the card, no wider than ``most``: by default up to the margin."""
    how = {"ha": "left", "va": "center", "color": INK, "fontsize": size, **how}
    place = (x / WIDTH, 1 - y / figure.get_figheight())
    written = figure.text(*place, drawable(text), parse_math=False, **how)
    left = how["ha"] == "left"
    return shortened(figure, written, most or (WIDTH - MARGIN - x if left else x - MARGIN))


def drawable(text: str, otherwise: str = "?") -> str:
    """A text as far as the font can draw it; ``otherwise`` where nothing is left.

    Letters in disguise, as in names like 𝓐𝓵𝓲𝓬𝓮, are drawn as what they stand for.
    """
    glyphs = _glyphs()
    plain = "".join(c if ord(c) in glyphs else unicodedata.normalize("NFKC", c) for c in text)
    kept = (c for c in plain if c.isspace() or (c.isprintable() and ord(c) in glyphs))
    return " ".join("".join(kept).split()) or otherwise


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font has in both its weights."""
    regular, bold = (
        set(get_font(findfont(FontProperties(weight=weight))).get_charmap())
        for weight in ("normal", "bold")
    )
    return frozenset(regular & bold)


def shortened(figure: Figure, text: Text, most: float) -> Text:
    """The text, cut short where it is longer than ``most`` inches."""
    whole = text.get_text()
    keep, renderer = len(whole), renderer_of(figure)
    while (length := max(text.get_window_extent(renderer).size) / figure.dpi) > most and keep > 1:
        keep = min(keep - 1, int(keep * most / length) + 1)
        text.set_text(whole[:keep].rstrip(" -–:,.&") + "…")
    return text


def renderer_of(figure: Figure) -> RendererBase:
    """What measures the figure's texts."""
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    return canvas.get_renderer()  # type: ignore[no-any-return, no-untyped-call]


def label_points(
    figure: Figure,
    axes: Axes,
    labels: Iterable[Label],
    taken: Sequence[Bbox],
    *,
    most: int,
    widest: float = 2.2,
) -> list[Text]:
    """Write up to ``most`` labels, the first first, each where it touches nothing.

    ``taken`` are the places, in dots, that must stay free. A label that finds no place around its
    point is left out.
    """
    boxes = np.array([box.extents for box in taken]).reshape(-1, 4)
    written, renderer = list[Text](), renderer_of(figure)
    frame = axes.get_window_extent(renderer).extents
    for label in labels:
        if len(written) == most:
            break
        text = axes.annotate(
            drawable(label.text), (label.x, label.y), xytext=(0, 0), textcoords="offset points",
            va="center", color=INK, fontsize=SMALL, path_effects=HALO, zorder=8, parse_math=False,
        )  # fmt: skip
        shortened(figure, text, widest)
        for across, up, anchor in _around():
            text.set_position((across, up))
            text.set_horizontalalignment(anchor)
            box = text.get_window_extent(renderer).padded(3).extents
            inside = np.all(frame[:2] <= box[:2]) and np.all(box[2:] <= frame[2:])
            apart = (boxes[:, :2] > box[2:]) | (boxes[:, 2:] < box[:2])
            if inside and apart.any(1).all():
                boxes = np.vstack([boxes, box])
                written.append(text)
                break
        else:
            text.remove()
    return written


def _around() -> Iterator[tuple[float, float, _Anchor]]:
    """Places around a point, in points from it, the nearest first, with how a text is aligned."""
    for far in (15, 22, 30):
        yield from ((0, far, "center"), (0, -far, "center"), (far, 0, "left"), (-far, 0, "right"))
        for up in (0.7 * far, -0.7 * far):
            yield from ((0.7 * far, up, "left"), (-0.7 * far, up, "right"))


def point_boxes(axes: Axes, xs: Sequence[float], ys: Sequence[float], radius: float) -> list[Bbox]:
    """The squares, in dots, that round points cover; ``radius`` in points."""
    dots = radius * axes.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    centres = axes.transData.transform(list(zip(xs, ys, strict=True)))
    return [Bbox([(x - dots, y - dots), (x + dots, y + dots)]) for x, y in centres]
