"""Labels on a picture, none of which touches another: greedy, the most important first.

A label stands beside its point where there is room; one that must not be missed goes further off,
as far as it takes, at the end of a thin line (Christensen, Marks & Shieber 1995 compare this to
better but slower ways).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from engine.plots.canvas import Renderer
from engine.plots.text import shorten
from engine.plots.text_bitmaps import text_size
from engine.plots.theme import BACKGROUND, INK

_HALO = 1.75  # points around letters
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
        self._padding = padding
        frame = axes.bbox
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
        written = self._fitting(label)
        width, height = text_size(written, label.size, _weight(label), self._figure.dpi)
        half = (width / 2 + self._padding, height / 2 + self._padding)
        for dx, dy in _offsets(label, *half):
            middle = at[0] + dx, at[1] + dy
            box = (middle[0] - half[0], middle[1] - half[1],
                   middle[0] + half[0], middle[1] + half[1])  # fmt: skip
            if self._free(box):
                self._taken.append(box)
                self._axes.add_artist(LabelText(label, written, middle))
                self._line(label, at, box)
                return True
        return False

    def _free(self, box: Box) -> bool:
        x0, y0, x1, y1 = self._frame
        if box[0] < x0 or box[1] < y0 or box[2] > x1 or box[3] > y1:
            return False
        return not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in self._taken
        )

    def _fitting(self, label: Label) -> str:
        if label.widest is None:
            return label.text
        dpi, most = self._figure.dpi, label.widest * self._figure.dpi
        size = label.size, _weight(label), dpi
        return shorten(label.text, lambda text: text_size(text, *size)[0] <= most)

    def _line(self, label: Label, at: npt.NDArray[np.float64], box: Box) -> None:
        """From the point to the nearest spot of a box that is not right beside it."""
        end = np.clip(at, (box[0], box[1]), (box[2], box[3]))
        if np.abs(end - at).max() < max(_OFF, label.gap):
            return
        self._axes.add_artist(
            Line2D(
                [at[0], end[0]], [at[1], end[1]], color=label.colour, lw=1.2, zorder=3.5,
                solid_capstyle="round", transform=IdentityTransform(),
            )
        )  # fmt: skip

    def _pixels(self, x: float, y: float) -> npt.NDArray[np.float64]:
        at: npt.NDArray[np.float64] = self._axes.transData.transform((x, y))
        return at


class LabelText(Text):
    """The text of a label, which keeps what is around it at a distance; ``xy`` is its point.

    It stands at a place in pixels.
    """

    def __init__(self, label: Label, written: str, middle: Offset) -> None:
        super().__init__(
            *middle,
            written,
            ha="center",
            va="center",
            color=label.colour,
            fontsize=label.size,
            fontweight=_weight(label),
            linespacing=1.0,
            transform=IdentityTransform(),
            zorder=9,
            parse_math=False,
        )
        self.xy = label.x, label.y
        self._look = label.size, _weight(label), (label.colour, BACKGROUND), _HALO

    def set_clip_path(self, *args: Any, **kwargs: Any) -> None:
        """Cut nothing off, as labels stand within their axes."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw the text and its halo."""
        if isinstance(renderer, Renderer):
            renderer.draw_label(self.get_position(), self.get_text(), *self._look)
        else:
            super().draw(renderer)


def _weight(label: Label) -> str:
    return "bold" if label.bold else "normal"


def _offsets(label: Label, half_width: float, half_height: float) -> Iterator[Offset]:
    """Where the middle of a label may stand, in pixels from its point, the nearest first."""
    if label.over:
        yield 0.0, 0.0
    for step in range(label.steps + 1):
        gap = label.gap + step * _STEP
        for dx, dy in _AROUND:
            yield dx * (half_width + gap), dy * (half_height + gap)
