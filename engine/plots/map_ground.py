"""The films of the whole map, drawn once and laid under what each map shows of somebody."""

from functools import lru_cache

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from engine.model import TasteModel
from engine.plots.canvas import canvas_of
from engine.plots.map_base import draw_films, new_map, world_span

_REMEMBERED = 2  # of four megabytes each


class Pixels(Artist):
    """What was drawn before, on a figure of the same size, and is put where it was.

    Parameters
    ----------
    region
        Of :func:`pixels_of`.
    zorder
        Of what lies below.
    """

    def __init__(self, region: object, zorder: float = 0) -> None:
        super().__init__()
        self._region = region
        self.set_zorder(zorder)

    def draw(self, renderer: RendererBase) -> None:
        """Put the pixels over all that was drawn so far."""
        renderer.restore_region(self._region)  # type: ignore[attr-defined]


def pixels_of(figure: Figure, part: Artist) -> object:
    """Draw a figure and return the pixels of a part, as Matplotlib keeps them for blitting."""
    canvas = canvas_of(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    return canvas.copy_from_bbox(part.get_window_extent(canvas.get_renderer()))  # type: ignore[no-untyped-call]


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
    axes.add_artist(Pixels(_films(model, bottom)))
    return figure, axes


@lru_cache(_REMEMBERED)
def _films(model: TasteModel, bottom: float) -> object:
    figure, axes = new_map("", *world_span(model), bottom)
    draw_films(axes, model, muted=True)
    return pixels_of(figure, axes)
