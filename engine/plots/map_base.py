"""The ground of every map: its frame, the movies as points, a user's ratings as stars."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from engine.model import TasteModel
from engine.plots.bare_axes import BareAxes
from engine.plots.genre_colours import GROUPS, group_of
from engine.plots.text import drawable, shorten
from engine.plots.theme import BACKGROUND, INK, RATING_COLOURS, new_figure

Points = npt.NDArray[np.float32]

_RATING_COLOURS = LinearSegmentedColormap.from_list("liking", RATING_COLOURS)
_BREAKS = re.compile(": | - ")  # between a series and what film of it
_LINE = 15  # characters of a name on a line
_EDGE = 0.03  # share of the map that half of the largest point takes, and more
_MUTED = 0.62  # how far the points go towards the background where other things matter more


def map_coordinates(model: TasteModel) -> Points:
    """Return the coordinates [n_rated, 2] of the movies with vectors."""
    return model.map_coordinates


def coordinates_of(model: TasteModel, at: int) -> tuple[float, float]:
    """Return the coordinates of one movie, by its row among those with vectors."""
    x, y = map_coordinates(model)[at].tolist()
    return x, y


def new_map(title: str, low: Points, high: Points, bottom: float) -> tuple[Figure, Axes]:
    """Return a figure and its one axes.

    Parameters
    ----------
    title
        Above the map.
    low, high
        Corners of what is shown, in the map's coordinates, [2].
    bottom
        Share of the axes that is left free below.
    """
    figure = new_figure(6.4, 6.9)
    axes = figure.add_axes((0.0, 0.0, 1.0, 0.94), axes_class=BareAxes)
    axes.set_axis_off()
    figure.text(
        0.03, 0.965, drawable(title), color=INK, fontsize=17, fontweight="bold", va="center",
        parse_math=False,
    )  # fmt: skip
    margin = (high - low) * 0.03
    height = high[1] - low[1] + 2 * margin[1]
    axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
    axes.set_ylim(low[1] - margin[1] - height * bottom / (1 - bottom), high[1] + margin[1])
    axes.set_autoscale_on(False)
    return figure, axes


@lru_cache(maxsize=1)
def world_span(model: TasteModel) -> tuple[Points, Points]:
    """Return the corners of the whole map, but for a few movies far out."""
    low, high = np.percentile(map_coordinates(model), [0.3, 99.7], axis=0).astype(np.float32)
    return low, high


def draw_films(axes: Axes, model: TasteModel, *, magnify: float = 1.0, muted: bool = False) -> None:
    """Draw the movies in view as points coloured by genre, the larger the better known.

    Parameters
    ----------
    axes
        Those of :func:`new_map`.
    model
        The movies and their layout.
    magnify
        Factor on the size of the points.
    muted
        Whether other things on the map matter more.
    """
    points = map_coordinates(model)
    seen = _in_view(axes, points, _EDGE)
    points, rows = points[seen], model.rated_rows[seen]
    fame = np.log10(1 + model.catalogue.counts[rows])
    ground = np.array(to_rgb(BACKGROUND))
    colours = np.array([to_rgb(group.colour) for group in GROUPS])
    # Blended rather than transparent: twice as fast, and crowds do not shout.
    strength = (1 - _MUTED) if muted else 0.62
    colours = (ground + strength * (colours - ground))[group_of(model.catalogue, rows)]
    sizes = magnify * (0.6 + fame**2 / 2.2)
    axes.scatter(points[:, 0], points[:, 1], s=sizes, c=colours, lw=0)


def _in_view(axes: Axes, points: Points, edge: float = 0.0) -> npt.NDArray[np.bool_]:
    """Return which points [n, 2] the axes show, or lie within a share of them beyond."""
    share = axes.transAxes.inverted().transform(axes.transData.transform(points))
    inside: npt.NDArray[np.bool_] = np.abs(share - 0.5) < 0.5 + edge
    return inside[:, 0] & inside[:, 1]


def draw_stars(axes: Axes, model: TasteModel, ratings: Mapping[int, float]) -> list[int]:
    """Draw rated movies as stars, the larger and warmer the higher the rating.

    Returns their rows among the movies with vectors, those of the strongest opinion first.
    """
    at, stars = rated_on_map(model, ratings)
    if not len(at):
        return []
    points = map_coordinates(model)
    n_in_view = int(_in_view(axes, points[at]).sum())
    shrink = float(np.clip((30 / max(n_in_view, 1)) ** 0.5, 0.3, 1))
    order = np.argsort(stars, kind="stable")  # the best on top
    axes.scatter(
        points[at[order], 0], points[at[order], 1], s=shrink * (60 + 50 * stars[order]), marker="*",
        c=stars[order], cmap=_RATING_COLOURS, norm=Normalize(0.5, 5), edgecolors=BACKGROUND, lw=0.9,
        zorder=5, label="ratings",
    )  # fmt: skip
    strongest: list[int] = at[np.argsort(-np.abs(stars - 3), kind="stable")].tolist()
    return strongest


def rated_on_map(
    model: TasteModel, ratings: Mapping[int, float]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the rated movies on the map: rows among the movies with vectors, and stars."""
    found = {
        int(at): stars
        for movie_id, stars in ratings.items()
        if (at := model.rated_position[model.catalogue.row(movie_id)]) >= 0
    }
    return np.array(list(found), dtype=np.int64), np.array(list(found.values()), dtype=np.float64)


def short_names(model: TasteModel, at: Sequence[int], most: int = 22) -> list[str]:
    """Return short names of movies by their rows among those with vectors.

    Of two that would be cut to the same, each is the part that distinguishes it.

    Parameters
    ----------
    model
        The movies.
    at
        Rows among the movies with vectors.
    most
        Characters at most.
    """
    names = [drawable(model.catalogue.names[int(model.rated_rows[i])]) for i in at]
    cut = Counter(short(name, most) for name in names)
    return [short(_tail(name) if cut[short(name, most)] > 1 else name, most) for name in names]


def short(text: str, most: int) -> str:
    """Return a title of at most ``most`` characters, cut at a colon or dash, else after a word."""
    heads = [text[: cut.start()] for cut in _BREAKS.finditer(text)]
    for head in (text, *reversed(heads)):
        if len(head) <= most:
            return head
    return shorten(text, lambda cut: len(cut) <= most, at_words=True)


def _tail(text: str) -> str:
    return _BREAKS.split(text)[-1]


def wrapped(name: str) -> str:
    """Return a name on two lines where it is long: behind its colon, or as equal as may be."""
    words = name.split()
    if len(name) <= _LINE or len(words) == 1:
        return name
    if ": " in name:
        return name.replace(": ", ":\n", 1)
    cuts = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return "\n".join(min(cuts, key=lambda lines: max(map(len, lines))))


def draw_legend(axes: Axes, entries: list[tuple[PathCollection, str]], columns: int) -> Legend:
    """Draw what the marks mean on the strip that is free at the bottom, and return it."""
    legend = axes.legend(
        [handle for handle, _ in entries], [text for _, text in entries],
        loc="lower center", ncols=columns, framealpha=0.9,
        facecolor=BACKGROUND, edgecolor="none", labelcolor=INK, fontsize=12,
        handletextpad=0.1, columnspacing=1.0, labelspacing=0.35, borderaxespad=0.15,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    return legend


def mark(axes: Axes, colour: str, marker: str, size: float = 90) -> PathCollection:
    """Return a mark for the legend, off the map; ``size`` is in points²."""
    return axes.scatter([], [], s=size, color=colour, marker=marker, edgecolors=INK, lw=0.8)
