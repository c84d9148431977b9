"""What figures are drawn on: Matplotlib's canvas, but for texts, whose bitmaps are remembered."""

from functools import lru_cache
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from engine.plots.text_bitmaps import TextBitmap, halo_bitmap, text_bitmap, text_size

_UPWARDS = 90.0


class Renderer(RendererAgg):
    """Draws texts at whole pixels, from bitmaps."""

    def draw_label(
        self,
        middle: tuple[float, float],
        text: str,
        size: float,
        weight: str,
        colours: tuple[str, str],
        reach: float,
    ) -> None:
        """Draw lines of text, one below the other, each in a halo.

        Parameters
        ----------
        middle
            Of the text, in pixels from the bottom left.
        text, size, weight
            What is written, and how; the size is in points.
        colours
            Of the text and of the halo.
        reach
            Of the halo, in points.
        """
        look, lines = (size, weight, self.dpi), text.split("\n")
        _, height = text_size("", *look)
        ink, around = map(self._in_colour, colours)
        for number, line in enumerate(lines):
            bitmap = text_bitmap(line, *look)
            halo = halo_bitmap(line, *look, reach * self.dpi / 72)
            above = middle[1] + (len(lines) / 2 - number - 0.5) * height
            base = self.height - above + bitmap.height / 2 - bitmap.descent
            for gc, part in ((around, halo), (ink, bitmap)):
                self._draw_bitmap(gc, middle[0] - bitmap.width / 2, base, part)

    def _in_colour(self, colour: str) -> GraphicsContextBase:
        gc = self.new_gc()
        gc.set_foreground(to_rgba(colour), isRGBA=True)
        return gc

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
        bitmap = text_bitmap(s, prop.get_size_in_points(), prop.get_weight(), self.dpi)
        self._draw_bitmap(gc, x, y, bitmap.turned() if angle else bitmap)

    def _draw_bitmap(self, gc: GraphicsContextBase, x: float, y: float, line: TextBitmap) -> None:
        if line.opacity.size:
            self._renderer.draw_text_image(
                line.opacity, round(x) + line.left, round(y) + line.below, 0, gc
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
