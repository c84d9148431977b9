"""Several users on one map: where each stands, and the movies that each loves."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.data.ratings import LOVED
from engine.model import TasteModel
from engine.plots.labels import CERTAIN, Label, Labels
from engine.plots.map import draw_area, write_regions
from engine.plots.map_base import (
    coordinates_of,
    draw_legend,
    map_coordinates,
    mark,
    rated_on_map,
    short,
    short_names,
)
from engine.plots.map_ground import new_world
from engine.plots.map_location import map_location
from engine.plots.text import distinct, drawn_names
from engine.plots.theme import BACKGROUND, GREEN, INK, ORANGE, PURPLE, SKY, WHITE, YELLOW, to_png
from engine.recommend.taste import Taste

# Told apart by shape as well, and next to each other by lightness.
LOOKS = (
    (ORANGE, "o"),
    (SKY, "s"),
    (YELLOW, "^"),
    (PURPLE, "D"),
    (GREEN, "v"),
    (WHITE, "P"),
    ("#ff7a5c", "X"),
    ("#9db4ff", "h"),
)
MOST_MEMBERS = len(LOOKS)
_MOST_SHARED = 5  # films loved by several that are named
_LONGEST = 16  # characters of a name


def draw_members(model: TasteModel, members: Sequence[tuple[str, Taste]]) -> bytes:
    """Draw up to eight users, each in a colour and a shape of their own, as a PNG.

    A large mark is a user's location, the area around it holds four in five of the locations that
    their ratings allow; small marks are movies they gave four stars or more.

    Parameters
    ----------
    model
        The movies and their layout.
    members
        Name and taste of each.
    """
    return to_png(members_figure(model, members))


def members_figure(model: TasteModel, members: Sequence[tuple[str, Taste]]) -> Figure:
    """Return the figure of :func:`draw_members`; its one axes hold a text for each label."""
    rows = -(-len(members) // 2)
    strip = 0.02 + 0.05 * rows
    figure, axes = new_world(model, "Your tastes on the map", strip)
    labels = Labels(figure, axes, strip)
    named, looks = [], []
    whole = drawn_names([name for name, _ in members])
    names = distinct([short(name, _LONGEST) for name in whole])
    for name, (_, taste), (colour, shape) in zip(names, members, LOOKS, strict=False):
        x, y = _draw_member(axes, model, name, taste, colour, shape)
        labels.keep_free(x, y, reach=22)
        named.append(Label(x, y, name, colour, 15, bold=True, gap=22, steps=CERTAIN))
        looks.append((mark(axes, colour, shape, 130), name))
    labels.write(named)
    labels.write(_shared(model, [taste for _, taste in members]), _MOST_SHARED)
    write_regions(labels, model)
    draw_legend(axes, looks, columns=2)
    return figure


def _draw_member(
    axes: Axes, model: TasteModel, name: str, taste: Taste, colour: str, shape: str
) -> tuple[float, float]:
    """Draw a user's location, the area around it, and the films they love; return the location."""
    here = map_location(model, taste)
    draw_area(axes, here.possible, colour)
    at, stars = rated_on_map(model, taste.ratings)
    loved = map_coordinates(model)[at[stars >= LOVED]]
    shrink = float(np.clip((30 / max(len(loved), 1)) ** 0.5, 0.35, 1))
    axes.scatter(
        loved[:, 0], loved[:, 1], s=60 * shrink, marker=shape, color=colour,
        edgecolors=BACKGROUND, lw=0.6, zorder=5, label=f"loved by {name}",
    )  # fmt: skip
    axes.scatter(
        [here.x], [here.y], s=420, marker=shape, color=colour, edgecolors=INK, lw=2.2,
        zorder=7, label=name,
    )  # fmt: skip
    return here.x, here.y


def _shared(model: TasteModel, tastes: Sequence[Taste]) -> list[Label]:
    """Films that several love, those of most first."""
    loved = Counter(
        movie
        for taste in tastes
        for movie, stars in taste.ratings.items()
        if stars >= LOVED and model.rated_position[model.catalogue.row(movie)] >= 0
    )
    shared = [movie for movie, n in loved.most_common() if n > 1]
    at = [int(model.rated_position[model.catalogue.row(movie)]) for movie in shared]
    names = short_names(model, at)
    return [Label(*coordinates_of(model, i), name) for i, name in zip(at, names, strict=True)]
