"""The map of all films, with a person's ratings and place on it, or close up around one film."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import matplotlib.patheffects as effects
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from engine.atlas import place
from engine.genre_groups import GROUPS, group_of
from engine.model import TasteModel
from engine.pictures import ACCENT, BACKGROUND, INK, LIKING, new_figure, to_png
from engine.taste import Taste

_LIKING = LinearSegmentedColormap.from_list("liking", LIKING)
_HALO = [effects.withStroke(linewidth=3, foreground=BACKGROUND)]
_LANDMARKS, _MOST_LABELS = 400, 16
_TELLING = 50  # ratings below which a film's title tells nobody anything
_RING_PIXELS = 36  # half the side of what the ring around the main spot covers
_NEAREST = 40  # films whose places tell where a person is
_KNOWN, _IN_VIEW = 4500, 30  # the films people know; so many of them are in a close-up


@dataclass(frozen=True)
class Spot:
    """A place on the map and its label; the main one stands out."""

    x: float
    y: float
    label: str
    main: bool = False


def draw_map(model: TasteModel, taste: Taste | None = None) -> bytes:
    """All films coloured by genre; with a taste its ratings as stars and its place. PNG."""
    return to_png(map_figure(model, taste))


def map_figure(model: TasteModel, taste: Taste | None = None) -> Figure:
    """The figure of :func:`draw_map`; its one axes hold a text for each label."""
    known = taste is not None and bool(taste.ratings)
    figure, axes = _frame("Your map of films" if known else "The map of films")
    atlas = _atlas(model)
    _draw_films(axes, model, atlas)
    labels = []
    if taste is not None and known:
        you = Spot(*position(model, taste), "You", main=True)
        _draw_ring(axes, you)
        axes.scatter([you.x], [you.y], s=60, color=ACCENT, zorder=6)
        labels = [you, *_draw_ratings(axes, model, atlas, taste.ratings)]
    span = np.percentile(atlas, [0.3, 99.7], axis=0)
    _zoom(axes, span[0], span[1])
    _legend(axes)
    _label(figure, axes, labels + _landmarks(model, atlas), _MOST_LABELS + 2)
    return figure


def draw_neighbourhood(
    model: TasteModel, movie_id: int, taste: Taste | None = None
) -> bytes | None:
    """Close up on one film and the films around it; None if the film is not on the map."""
    figure = neighbourhood_figure(model, movie_id, taste)
    return None if figure is None else to_png(figure)


def neighbourhood_figure(
    model: TasteModel, movie_id: int, taste: Taste | None = None
) -> Figure | None:
    """The figure of :func:`draw_neighbourhood`, made like that of :func:`map_figure`."""
    row = model.catalogue.row(movie_id)
    at = int(model.rated_position[row])
    if at < 0:
        return None
    atlas = _atlas(model)
    figure, axes = _frame(f"Around {_short(model.catalogue.movie(movie_id).title, 34)}")
    centre = atlas[at]
    distance = np.abs(atlas - centre).max(1)
    counts = model.catalogue.counts[model.rated_rows.numpy()]
    known = np.sort(distance[np.argsort(-counts, kind="stable")[:_KNOWN]])
    reach = min(max(float(known[: _IN_VIEW + 1][-1]) * 1.15, 0.03), 1.0)
    _draw_films(axes, model, atlas, magnify=3.0)
    if taste is not None:
        _draw_ratings(axes, model, atlas, taste.ratings)
    here = replace(_spot(model, atlas, at), main=True)
    _draw_ring(axes, here)
    _zoom(axes, centre - reach, centre + reach)
    near = np.flatnonzero((distance < reach) & (counts >= _TELLING))
    alike = model.look_alikes.likeness(row, model.rated_rows.numpy()[near])
    near = near[np.argsort(-alike, kind="stable")]
    _legend(axes)
    _label(
        figure, axes, [here] + [_spot(model, atlas, int(i)) for i in near if i != at], _MOST_LABELS
    )
    return figure


def position(model: TasteModel, taste: Taste) -> tuple[float, float]:
    """Where a person stands: amid the films that their ratings speak for most."""
    gain = model.ranking.vectors @ (taste.vector - model.newcomer)
    best = gain.topk(min(_NEAREST, len(gain)))
    weights = best.values.clamp_min(1e-6).numpy()
    return place(_atlas(model)[best.indices.numpy()], weights)


def _atlas(model: TasteModel) -> npt.NDArray[np.float32]:
    points: npt.NDArray[np.float32] = model.bundle.tensors.atlas.numpy()
    return points


def _frame(title: str) -> tuple[Figure, Axes]:
    figure = new_figure(6.4, 6.9)
    axes = figure.add_axes((0.0, 0.0, 1.0, 0.94))
    axes.set_axis_off()
    figure.text(0.03, 0.965, title, color=INK, fontsize=17, fontweight="bold", va="center")
    return figure, axes


def _zoom(axes: Axes, low: npt.NDArray[np.float32], high: npt.NDArray[np.float32]) -> None:
    margin = (high - low) * 0.02
    axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
    # The legend stands on the strip left free below.
    axes.set_ylim(low[1] - 0.16 * (high[1] - low[1]), high[1] + margin[1])


def _draw_films(
    axes: Axes, model: TasteModel, atlas: npt.NDArray[np.float32], magnify: float = 1.0
) -> None:
    rows = model.rated_rows.numpy()
    fame = np.log10(1 + model.catalogue.counts[rows])
    colours = np.array([group.colour for group in GROUPS])[group_of(model.catalogue, rows)]
    axes.scatter(
        atlas[:, 0], atlas[:, 1], s=magnify * (0.6 + fame**2 / 2.2), c=colours, alpha=0.5, lw=0
    )


def _draw_ring(axes: Axes, spot: Spot) -> None:
    axes.scatter(
        [spot.x], [spot.y], s=700, marker="o", facecolors="none", edgecolors=ACCENT, lw=3, zorder=6
    )


def _draw_ratings(
    axes: Axes,
    model: TasteModel,
    atlas: npt.NDArray[np.float32],
    ratings: Mapping[int, float],
) -> list[Spot]:
    """Rated films as stars from disliked to loved; their labels, those of most feeling first."""
    placed = {
        int(position): stars
        for movie_id, stars in ratings.items()
        if (position := model.rated_position[model.catalogue.row(movie_id)]) >= 0
    }
    if not placed:
        return []
    at, stars = np.array(list(placed)), np.array(list(placed.values()))
    axes.scatter(
        atlas[at, 0], atlas[at, 1], s=190, marker="*", c=stars, cmap=_LIKING,
        norm=Normalize(0.5, 5), edgecolors=BACKGROUND, lw=0.8, zorder=5,
    )  # fmt: skip
    strongest = at[np.argsort(-np.abs(stars - 3), kind="stable")][:8]
    return [_spot(model, atlas, int(i)) for i in strongest]


def _landmarks(model: TasteModel, atlas: npt.NDArray[np.float32]) -> list[Spot]:
    rows = model.rated_rows.numpy()
    famous = np.argsort(-model.catalogue.counts[rows], kind="stable")[:_LANDMARKS]
    return [_spot(model, atlas, int(i)) for i in famous]


def _spot(model: TasteModel, atlas: npt.NDArray[np.float32], at: int) -> Spot:
    name = model.catalogue.names[int(model.rated_rows[at])]
    return Spot(float(atlas[at, 0]), float(atlas[at, 1]), _short(name, 22))


def _short(text: str, most: int) -> str:
    text = text.split(": ")[0] if len(text) > most else text
    return textwrap.shorten(text, most, placeholder="…") if len(text) > most else text


def _label(figure: Figure, axes: Axes, spots: Sequence[Spot], most: int) -> None:
    """Write labels in order of importance, leaving out those that would touch another."""
    canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    frame = axes.get_window_extent(renderer)
    taken: list[Bbox] = []
    written: set[str] = set()
    for spot in spots:
        if len(taken) >= most:
            break
        if spot.label in written:
            continue
        text = _text(axes, spot)
        box = text.get_window_extent(renderer).padded(7)
        if spot.main:
            centre = axes.transData.transform((spot.x, spot.y))
            box = Bbox.union([box, Bbox([centre, centre]).padded(_RING_PIXELS)])
        inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and box.y1 <= frame.y1
        above_legend = box.y0 >= frame.y0 + 0.135 * frame.height
        if inside and above_legend and not any(box.overlaps(other) for other in taken):
            taken.append(box)
            written.add(spot.label)
        else:
            text.remove()


def _text(axes: Axes, spot: Spot) -> Text:
    above = (0, 19 if spot.main else 7)
    return axes.annotate(
        spot.label, (spot.x, spot.y), xytext=above, textcoords="offset points",
        ha="center", va="bottom", color=ACCENT if spot.main else INK,
        fontsize=15 if spot.main else 11, fontweight="bold" if spot.main else "normal",
        path_effects=_HALO, zorder=8,
    )  # fmt: skip


def _legend(axes: Axes) -> None:
    handles = [axes.scatter([], [], s=70, color=group.colour, label=group.name) for group in GROUPS]
    axes.legend(
        handles=handles, loc="lower center", ncols=3, mode="expand", framealpha=0.9,
        facecolor=BACKGROUND, edgecolor="none", labelcolor=INK, fontsize=11,
        handletextpad=0.1, columnspacing=1.0, labelspacing=0.35, borderaxespad=0.0,
    )  # fmt: skip
