"""The films of the whole map, drawn once and laid under what each map shows of somebody."""

from functools import lru_cache
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from engine.model import TasteModel
from engine.plots.canvas import canvas_of
from engine.plots.map_base import draw_films, new_map, world_span

_REMEMBERED = 2  # of four megabytes each


class Ground(Artist):
    """Pixels of the axes of a figure of the same size, kept as Matplotlib does for blitting."""

    def __init__(self, pixels: Any) -> None:
        super().__init__()
        self._pixels = pixels
        self.set_zorder(0)

    def draw(self, renderer: RendererBase) -> None:
        """Put the pixels where they were, over all that was drawn so far."""
        renderer.restore_region(self._pixels)  # type: ignore[attr-defined]


def new_world(model: TasteModel, title: str, bottom: float) -> tuple[Figure, Axes]:
    """Return a figure and its one axes with all films, muted for what is to be drawn on them.

    Parameters
    ----------
    model
        The movies and their layout.
    title
        Above the map.
    bottom
        Share of the axes that is left free below.
    """
    bottom = round(bottom, 3)
    figure, axes = new_map(title, *world_span(model), bottom)
    axes.add_artist(Ground(_films(model, bottom)))
    return figure, axes


@lru_cache(_REMEMBERED)
def _films(model: TasteModel, bottom: float) -> Any:
    figure, axes = new_map("", *world_span(model), bottom)
    draw_films(axes, model, muted=True)
    canvas = canvas_of(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    return canvas.copy_from_bbox(axes.bbox)  # type: ignore[no-untyped-call]
