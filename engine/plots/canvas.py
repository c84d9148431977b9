"""What figures are drawn on: Matplotlib's canvas, but for texts, whose bitmaps are remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from engine.plots.text_bitmaps import TextBitmap, halo_bitmap, text_bitmap

_UPWARDS = 90.0


class Renderer(RendererAgg):
    """Draws texts at whole pixels, from bitmaps."""

    _halo: tuple[float, str] | None = None

    @contextmanager
    def halo(self, points: float, colour: str) -> Iterator[None]:
        """Surround the letters drawn meanwhile by so much of a colour."""
        self._halo = points * self.dpi / 72, colour
        try:
            yield
        finally:
            self._halo = None

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw a line whose base begins at x, y."""
        if ismath or angle not in (0, _UPWARDS):
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        line = s, prop.get_size_in_points(), prop.get_weight(), self.dpi
        if self._halo is not None:
            reach, colour = self._halo
            around = self.new_gc()
            around.copy_properties(gc)
            around.set_foreground(to_rgba(colour), isRGBA=True)
            self._draw_bitmap(around, x, y, halo_bitmap(*line, reach), angle)
        self._draw_bitmap(gc, x, y, text_bitmap(*line), angle)

    def _draw_bitmap(
        self, gc: GraphicsContextBase, x: float, y: float, line: TextBitmap, angle: float
    ) -> None:
        bitmap = line.turned() if angle else line
        if bitmap.opacity.size:
            self._renderer.draw_text_image(
                bitmap.opacity, round(x) + bitmap.left, round(y) + bitmap.below, 0, gc
            )

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return the sizes of a line in pixels."""
        if ismath:
            sizes: tuple[float, float, float] = super().get_text_width_height_descent(
                s, prop, ismath
            )  # type: ignore[no-untyped-call]
            return sizes
        line = text_bitmap(s, prop.get_size_in_points(), prop.get_weight(), self.dpi)
        return line.width, line.height, line.descent


class Canvas(FigureCanvasAgg):
    """A figure's canvas, to be asked for by :func:`canvas_of`."""

    def get_renderer(self) -> Renderer:
        """Return what draws the figure, and measures its texts.

        Figures of the same size share it: only one is drawn at a time, and each begins anew.
        """
        width, height = self.get_width_height(physical=True)
        self.renderer: Renderer = _renderer(width, height, self.figure.dpi)
        return self.renderer


@lru_cache(maxsize=2)  # of four megabytes each
def _renderer(width: int, height: int, dpi: float) -> Renderer:
    return Renderer(width, height, dpi)  # type: ignore[no-untyped-call]


def canvas_of(figure: Figure) -> Canvas:
    """Return what a figure is drawn on, and its texts are measured with."""
    canvas = figure.canvas
    return canvas if isinstance(canvas, Canvas) else Canvas(figure)
