"""Axes without ticks, which half of the time of making axes goes into."""

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.text import Text
from matplotlib.ticker import NullLocator


class _Tickless(Axis):
    """Makes no tick when it is set up, and shows nothing."""

    def set_tick_params(self, *args: Any, **kwargs: Any) -> None:
        """Set nothing."""

    def grid(self, *args: Any, **kwargs: Any) -> None:
        """Set nothing."""

    def get_ticklabels(self, *args: Any, **kwargs: Any) -> list[Text]:
        """Return none."""
        return []

    def set_clip_path(self, *args: Any, **kwargs: Any) -> None:
        """Clip no ticks."""
        Artist.set_clip_path(self, *args, **kwargs)


class _TicklessX(_Tickless, XAxis):
    pass


class _TicklessY(_Tickless, YAxis):
    pass


class BareAxes(Axes):
    """Coordinates and a ground, without ticks, labels, grid or lines around them.

    To be made by ``figure.add_axes(place, axes_class=BareAxes)``.
    """

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _TicklessX(self, clear=False), _TicklessY(self, clear=False)

    def _gen_axes_spines(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {}

    def clear(self) -> None:
        """Clear the axes, and hide them."""
        super().clear()
        for axis in (self.xaxis, self.yaxis):
            axis.set_visible(False)
            axis.set_major_locator(NullLocator())
