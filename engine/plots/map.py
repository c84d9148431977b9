"""The map of all movies: with its regions, with a user on it, or close up around one movie."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from engine.data.catalogue import Movie
from engine.insights.regions import Region
from engine.model import TasteModel
from engine.plots.genre_colours import GROUPS, group_of
from engine.plots.labels import CERTAIN, Label, Labels
from engine.plots.map_base import (
    coordinates_of,
    draw_films,
    draw_legend,
    draw_stars,
    map_coordinates,
    mark,
    new_map,
    short,
    short_names,
    world_span,
    wrapped,
)
from engine.plots.map_ground import Pixels, new_world, pixels_of
from engine.plots.map_location import Floats, credible_region, map_location
from engine.plots.theme import BACKGROUND, INK, MUTED, to_png
from engine.recommend.taste import Taste

YOU, PICK = "#ffffff", "#5be7ff"
_STRIP = 0.12  # share of the map left free at the bottom for the legend
_LANDMARKS, _MOST_LANDMARKS = 60, 10
_MOST_REGIONS = 14  # on a map that has other things to say
_MOST_RATED = 6  # rated films that are named
_TELLING = 50  # ratings below which few know a film by its title
_MOST_NEAR = 24  # titles in a close-up
_KNOWN, _IN_VIEW = 4500, 30  # the films people know; so many of them are in a close-up


def draw_map(model: TasteModel, taste: Taste | None = None, picks: Sequence[Movie] = ()) -> bytes:
    """Draw the regions of the map, or a user's own map, as a PNG.

    A user's map has their ratings as stars, their location, and around it the area in which it lies
    for four in five of the tastes that the ratings allow (:mod:`engine.plots.map_location`).

    Parameters
    ----------
    model
        The movies and their layout.
    taste
        Whose map it is; None, or one without ratings, for the regions.
    picks
        Recommended movies to mark and name on a user's map.
    """
    if taste is None or not taste.ratings:
        return _everybodys_map(model)
    return to_png(map_figure(model, taste, picks))


@lru_cache(maxsize=1)  # the same for everybody
def _everybodys_map(model: TasteModel) -> bytes:
    return to_png(map_figure(model))


def map_figure(
    model: TasteModel, taste: Taste | None = None, picks: Sequence[Movie] = ()
) -> Figure:
    """Return the figure of :func:`draw_map`; its one axes hold a text for each label."""
    if taste is not None and taste.ratings:
        return _own_map(model, taste, picks)
    figure, axes = new_map("The map of films", *world_span(model), bottom=0.0)
    draw_films(axes, model)
    labels = Labels(figure, axes)
    labels.write(_region_label(model, region) for region in model.regions)
    labels.write(_landmarks(model), _MOST_LANDMARKS)
    return figure


def draw_neighbourhood(
    model: TasteModel, movie_id: int, taste: Taste | None = None
) -> bytes | None:
    """Draw one movie and the movies around it, as a PNG; None if the movie is not on the map.

    Parameters
    ----------
    model
        The movies and their layout.
    movie_id
        The movie in the middle; raises :class:`engine.errors.UnknownMovieError`.
    taste
        Whose ratings to mark as stars.
    """
    figure = neighbourhood_figure(model, movie_id, taste)
    return None if figure is None else to_png(figure)


def neighbourhood_figure(
    model: TasteModel, movie_id: int, taste: Taste | None = None
) -> Figure | None:
    """Return the figure of :func:`draw_neighbourhood`, made like that of :func:`map_figure`."""
    row = model.catalogue.row(movie_id)
    at = int(model.rated_position[row])
    if at < 0:
        return None
    points, rows = map_coordinates(model), model.rated_rows
    distance = np.abs(points - points[at]).max(1)
    counts = model.catalogue.counts[rows]
    known = np.sort(distance[np.argsort(-counts, kind="stable")[:_KNOWN]])
    reach = min(max(float(known[: _IN_VIEW + 1][-1]) * 1.15, 0.03), 1.0)
    title = f"Around {short(model.catalogue.by_id(movie_id).title, 34)}"
    figure, axes = new_map(title, points[at] - reach, points[at] + reach, _STRIP)
    draw_films(axes, model, magnify=9.0)
    if taste is not None:
        draw_stars(axes, model, taste.ratings)
    _draw_ring(axes, *coordinates_of(model, at))
    labels = Labels(figure, axes, _STRIP)
    labels.keep_free(*coordinates_of(model, at), 34)
    labels.write([_title(model, at, main=True)])
    near = np.flatnonzero((distance < reach) & (counts >= _TELLING))
    alike = model.item_similarity.scores(row, rows[near])
    near = near[np.argsort(-alike, kind="stable")]
    labels.write((_title(model, int(i)) for i in near if i != at), _MOST_NEAR)
    _genre_legend(axes, model, distance < reach)
    return figure


def _own_map(model: TasteModel, taste: Taste, picks: Sequence[Movie]) -> Figure:
    figure, axes = new_world(model, "Your map of films", _STRIP)
    here = map_location(model, taste)
    draw_area(axes, here.possible, YOU)
    rated = draw_stars(axes, model, taste.ratings)
    _draw_ring(axes, here.x, here.y)
    axes.scatter([here.x], [here.y], s=60, color=YOU, zorder=7, label="you")
    points = map_coordinates(model)
    at = [int(model.rated_position[model.catalogue.row(movie.movie_id)]) for movie in picks]
    at = [i for i in at if i >= 0]
    axes.scatter(
        points[at, 0], points[at, 1], s=150, marker="D", color=PICK, edgecolors=BACKGROUND, lw=1.2,
        zorder=6, label="picks",
    )  # fmt: skip
    labels = Labels(figure, axes, _STRIP)
    labels.keep_free(here.x, here.y, reach=30)
    for i in at:
        labels.keep_free(*coordinates_of(model, i), 14)
    labels.write([Label(here.x, here.y, "You", YOU, size=16, bold=True, gap=32, steps=CERTAIN)])
    labels.write(
        Label(*coordinates_of(model, i), wrapped(name), PICK, 11.5, True, steps=CERTAIN)
        for i, name in zip(at, short_names(model, at, most=32), strict=True)
    )
    labels.write([_title(model, i) for i in rated[:20]], _MOST_RATED)
    write_regions(labels, model)
    axes.add_artist(Pixels(_own_legend(), zorder=8))
    return figure


@lru_cache(maxsize=1)  # the same for everybody
def _own_legend() -> object:
    figure, axes = new_map("", np.zeros(2, np.float32), np.ones(2, np.float32), _STRIP)
    legend = draw_legend(
        axes,
        [
            (mark(axes, "#ff9a1f", "*", 200), "you loved"),
            (mark(axes, "#3f7fe0", "*", 90), "you did not"),
            (mark(axes, PICK, "D"), "next for you"),
            (mark(axes, "#5b5d66", "o", 220), "you may be here"),
        ],
        columns=2,
    )
    return pixels_of(figure, legend)


def write_regions(labels: Labels, model: TasteModel) -> None:
    """Write the names of the largest regions in grey, where nothing else is written."""
    labels.write(
        (
            Label(region.x, region.y, wrapped(region.name), MUTED, size=10.5, steps=-1, over=True)
            for region in model.regions
        ),
        _MOST_REGIONS,
    )


def draw_area(axes: Axes, possible: Floats, colour: str) -> None:
    """Draw the area in which four in five of the locations [n, 2] lie."""
    there = credible_region(possible)
    area = axes.contourf(
        there.x, there.y, there.density, levels=[there.level, np.inf], colors=[(colour, 0.16)],
        zorder=3,
    )  # fmt: skip
    area.set(edgecolor=(colour, 0.8), linewidth=1.6)


def _region_label(model: TasteModel, region: Region) -> Label:
    """In the colour of its films."""
    group = np.bincount(group_of(model.catalogue, region.rows)).argmax()
    colour = np.array(to_rgb(GROUPS[int(group)].colour))
    r, g, b = (1 - 0.55 * (1 - colour)).tolist()  # towards white, to be read on points of its own
    colour_text = f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"
    text = wrapped(region.name)
    return Label(region.x, region.y, text, colour_text, size=11.5, bold=True, steps=4, over=True)


def _landmarks(model: TasteModel) -> list[Label]:
    rows = model.rated_rows
    famous = np.argsort(-model.catalogue.counts[rows], kind="stable")[:_LANDMARKS]
    return [_title(model, int(i)) for i in famous]


def _title(model: TasteModel, at: int, *, main: bool = False) -> Label:
    x, y = coordinates_of(model, at)
    (name,) = short_names(model, [at])
    if main:
        return Label(x, y, name, YOU, size=15, bold=True, gap=30, steps=CERTAIN)
    return Label(x, y, name, INK, gap=5)


def _draw_ring(axes: Axes, x: float, y: float) -> None:
    for colour, width, zorder in ((BACKGROUND, 6, 6), (YOU, 3, 7)):
        axes.add_artist(
            Line2D(
                [x], [y], marker="o", ms=640**0.5, mfc="none", mec=colour, mew=width, zorder=zorder
            )
        )


def _genre_legend(axes: Axes, model: TasteModel, shown: npt.NDArray[np.bool_]) -> None:
    """The groups of the films in view, those of most films first."""
    counts = np.bincount(group_of(model.catalogue, model.rated_rows[shown]), minlength=len(GROUPS))
    most = [i for i in np.argsort(-counts, kind="stable")[:4].tolist() if counts[i]]
    entries = [(axes.scatter([], [], s=90, color=GROUPS[i].colour), GROUPS[i].name) for i in most]
    draw_legend(axes, entries, columns=2)
