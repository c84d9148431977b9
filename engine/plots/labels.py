"""Labels on a picture, none of which touches another: greedy, the most important first.

A label stands beside its point where there is room; one that must not be missed goes further off,
as far as it takes, at the end of a thin line (Christensen, Marks & Shieber 1995 compare this to
better but slower ways).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from engine.plots.text import fit_width, renderer_of
from engine.plots.theme import BACKGROUND, INK

_HALO = [withStroke(linewidth=3.5, foreground=BACKGROUND)]
_PADDING = 5.0  # pixels around a label that are left free, where nothing else is said
_STEP = 14  # pixels further off each time
CERTAIN = 40  # steps that reach past any cluster of points
_OFF = 22  # pixels between point and text from which on a line joins them

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels
Offset = tuple[float, float]
# Above, below, beside, and then what lies between: where people look first.
_AROUND: tuple[Offset, ...] = (
    *((0, 1), (0, -1), (1, 0), (-1, 0)),
    *((0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1)),
    *((1, 1), (-1, 1), (1, -1), (-1, -1)),
)


@dataclass(frozen=True)
class Label:
    """A text at a point of the axes.

    Attributes
    ----------
    x, y
        The point, in the coordinates of the axes.
    text
        What is written; :func:`engine.plots.text.drawable` where it is no text of ours.
    colour
        Of the text and of the line to the point.
    size
        Of the letters, in points.
    gap
        Pixels from the point to the text.
    steps
        How many times 14 pixels further off it may stand; 0 is right beside the point.
    over
        Whether it may stand on the point itself.
    widest
        Inches beyond which it is cut short, or None.

    """

    x: float
    y: float
    text: str
    colour: str = INK
    size: float = 11
    bold: bool = False
    gap: float = 12
    steps: int = 0
    over: bool = False
    widest: float | None = None


class Labels:
    """Writes labels on axes whose limits are set.

    ``bottom`` is the share of the axes left free below, ``padding`` the pixels around each label.
    """

    def __init__(
        self, figure: Figure, axes: Axes, bottom: float = 0.0, padding: float = _PADDING
    ) -> None:
        self._figure, self._axes = figure, axes
        self._point = 72 / figure.dpi
        self._renderer, self._padding = renderer_of(figure), padding
        frame = axes.get_window_extent(self._renderer)
        self._frame = (
            frame.x0 + padding,
            frame.y0 + bottom * frame.height + padding,
            frame.x1 - padding,
            frame.y1 - padding,
        )
        self._taken: list[Box] = []
        self._written: set[str] = set()

    def keep_free(self, x: float, y: float, reach: float) -> None:
        """Let no label stand within ``reach`` pixels of a point."""
        left, top = self._pixels(x, y)
        self._taken.append((left - reach, top - reach, left + reach, top + reach))

    def write(self, labels: Iterable[Label], most: int | None = None) -> list[Label]:
        """Write those of the labels for which there is room, and return them.

        The first come first, at most ``most``, and no text twice.
        """
        written: list[Label] = []
        for label in labels:
            if len(written) == most:
                break
            if label.text not in self._written and self._write(label):
                self._written.add(label.text)
                written.append(label)
        return written

    def _write(self, label: Label) -> bool:
        at = self._pixels(label.x, label.y)
        x0, y0, x1, y1 = self._frame
        if not (x0 <= at[0] <= x1 and y0 <= at[1] <= y1):
            return False
        text = self._text(label)
        extent = text.get_window_extent(self._renderer)
        half = (extent.width / 2 + self._padding, extent.height / 2 + self._padding)
        for dx, dy in _offsets(label, *half):
            box = (at[0] + dx - half[0], at[1] + dy - half[1],
                   at[0] + dx + half[0], at[1] + dy + half[1])  # fmt: skip
            if self._free(box):
                self._taken.append(box)
                text.set_position((dx * self._point, dy * self._point))
                self._line(label, at, box)
                return True
        text.remove()
        return False

    def _free(self, box: Box) -> bool:
        x0, y0, x1, y1 = self._frame
        if box[0] < x0 or box[1] < y0 or box[2] > x1 or box[3] > y1:
            return False
        return not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in self._taken
        )

    def _text(self, label: Label) -> Text:
        text: Text = self._axes.annotate(
            label.text,
            (label.x, label.y),
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            color=label.colour,
            fontsize=label.size,
            fontweight="bold" if label.bold else "normal",
            linespacing=1.0,
            path_effects=_HALO,
            zorder=9,
            parse_math=False,
        )
        return text if label.widest is None else fit_width(self._figure, text, label.widest)

    def _line(self, label: Label, at: npt.NDArray[np.float64], box: Box) -> None:
        """From the point to the nearest spot of a box that is not right beside it."""
        end = np.clip(at, (box[0], box[1]), (box[2], box[3]))
        if np.abs(end - at).max() < max(_OFF, label.gap):
            return
        there = self._axes.transData.inverted().transform(end)
        self._axes.plot(
            [label.x, there[0]], [label.y, there[1]],
            color=label.colour, lw=1.2, zorder=3.5, solid_capstyle="round",
        )  # fmt: skip

    def _pixels(self, x: float, y: float) -> npt.NDArray[np.float64]:
        at: npt.NDArray[np.float64] = self._axes.transData.transform((x, y))
        return at


def _offsets(label: Label, half_width: float, half_height: float) -> Iterator[Offset]:
    """Where the middle of a label may stand, in pixels from its point, the nearest first."""
    if label.over:
        yield 0.0, 0.0
    for step in range(label.steps + 1):
        gap = label.gap + step * _STEP
        for dx, dy in _AROUND:
            yield dx * (half_width + gap), dy * (half_height + gap)
