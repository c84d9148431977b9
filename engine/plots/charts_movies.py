"""Movies as bars: at both ends of a dimension of taste, and the most and the least loved."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from engine.insights.biases import BiasTable, MovieBias
from engine.insights.dimensions import Dimension, Pole
from engine.plots.layout import (
    MARGIN,
    SMALL,
    TEXT,
    TOP,
    WIDTH,
    card,
    draw_bars,
    draw_upright,
    panel,
    rows_panel,
    write,
    write_ticks,
)
from engine.plots.text import drawable, fit_width, renderer_of
from engine.plots.theme import ACCENT, BACKGROUND, INK, MUTED, ORANGE, PANEL, SKY, to_png

_ENDS, _LOVED = 6, 7  # films at either end of a dimension, and of the biases
_ROW, _HEAD = 0.35, 0.42
_STRIP = 1.45  # height of where people lie
_FURTHEST = 3.2  # standard deviations at the edge of the strip
_DARK_SKY, _DARK_ORANGE = "#2c5f80", "#7d5610"  # behind white letters


def draw_dimension(dimension: Dimension, score: float | None = None) -> bytes:
    """Draw the movies at both ends of a dimension, and a user's score if known, as a PNG."""
    return to_png(dimension_figure(dimension, score))


def dimension_figure(dimension: Dimension, score: float | None = None) -> Figure:
    """Return the figure of :func:`draw_dimension`: axes for each end, and for the score.

    ``score`` is that of :class:`engine.insights.dimensions.DimensionScore`.
    """
    height = _HEAD + _ENDS * _ROW
    strip = 0.0 if score is None else _STRIP
    figure = card(
        f"Dimension {dimension.number}",
        f"{dimension.variance:.1%} of what sets tastes apart. How far out films lie, from -1 to 1",
        TOP + 2 * height + 0.25 + strip,
    )
    _draw_pole(figure, TOP, dimension.high, "+", SKY)
    _draw_pole(figure, TOP + height + 0.08, dimension.low, "-", ORANGE)
    if score is not None:
        _draw_score(figure, TOP + 2 * height + 0.3, score)
    return figure


def _draw_pole(figure: Figure, top: float, end: Pole, sign: str, colour: str) -> None:
    side = 1 if sign == "+" else -1
    x, ha = (WIDTH - MARGIN, "right") if side > 0 else (MARGIN, "left")
    heading = f"{sign} {end.label or 'no name fits'}"
    write(figure, x, top + 0.1, heading, color=colour, weight="bold", ha=ha)
    films = end.movies[:_ENDS]
    width = WIDTH - 2 * MARGIN
    axes = rows_panel(figure, MARGIN, top + _HEAD - 0.08, width, max(len(films), 1), _ROW)
    axes.set_xlim(-1.22, 1.22)
    draw_upright(axes, 0, MUTED, 1.5)
    loadings = [film.loading for film in films]
    draw_bars(axes, range(len(films)), loadings, 0.62, colour)
    for row, film in enumerate(films):
        out = 1 if film.loading >= 0 else -1
        beside: dict[str, Any] = {"va": "center", "color": INK, "parse_math": False}
        name = axes.text(
            -0.03 * out, row, drawable(film.movie.name), fontsize=TEXT,
            ha="right" if out > 0 else "left", **beside,
        )  # fmt: skip
        fit_width(figure, name, width / 2 - 0.15)
        axes.text(
            film.loading + 0.02 * out, row, f"{abs(film.loading):.2f}".lstrip("0"),
            fontsize=SMALL, ha="left" if out > 0 else "right", **beside,
        )  # fmt: skip


def _draw_score(figure: Figure, top: float, score: float) -> None:
    """Mark a user's score among those of MovieLens users, which are normal about 0."""
    axes = panel(figure, MARGIN, top + 0.28, WIDTH - 2 * MARGIN, 0.72)
    x = np.linspace(-_FURTHEST, _FURTHEST, 100)
    bell = [(-_FURTHEST, 0), *zip(x, np.exp(-(x**2) / 2), strict=True), (_FURTHEST, 0)]
    axes.add_artist(Polygon(bell, color="#4a4d57", lw=0))
    axes.set_xlim(-_FURTHEST, _FURTHEST)
    axes.set_ylim(0, 1.1)
    write_ticks(axes, "x", {-2: "- 2 far out", 0: "most people", 2: "far out 2 +"})
    here = min(max(score, -_FURTHEST + 0.08), _FURTHEST - 0.08)
    draw_upright(axes, here, ACCENT, 4)
    edge = 0.35  # inches that half of the word takes
    inches = MARGIN + (here / _FURTHEST + 1) / 2 * (WIDTH - 2 * MARGIN)
    at = min(max(inches, MARGIN + edge), WIDTH - MARGIN - edge)
    write(figure, at, top + 0.13, "You", color=ACCENT, weight="bold", ha="center", most=1)


@lru_cache(maxsize=16)  # the same for everybody
def draw_biases(table: BiasTable) -> bytes:
    """Draw the most and the least loved movies with how often they were rated, as a PNG."""
    return to_png(bias_figure(table))


def bias_figure(table: BiasTable) -> Figure:
    """Return the figure of :func:`draw_biases`, with axes for the loved and for the unloved."""
    loved, unloved = table.most_loved[:_LOVED], table.least_loved[:_LOVED]
    reach = max((abs(film.bias) for film in loved + unloved), default=1.0)
    heights = [_HEAD + len(films) * _ROW for films in (loved, unloved)]
    figure = card(
        "Most and least loved",
        f"Stars beside the average film. Films with {table.min_count:,} ratings or more",
        TOP + sum(heights) + 0.5,
    )
    _draw_loved(figure, TOP, "Most loved", loved, reach, SKY, _DARK_SKY)
    _draw_loved(
        figure, TOP + heights[0] + 0.18, "Least loved", unloved, reach, ORANGE, _DARK_ORANGE
    )
    return figure


def _draw_loved(
    figure: Figure,
    top: float,
    heading: str,
    films: Sequence[MovieBias],
    reach: float,
    colour: str,
    ground: str,
) -> None:
    """Names and figures written upon the bars."""
    write(figure, MARGIN, top + 0.1, heading, color=colour, weight="bold")
    write(figure, WIDTH - MARGIN, top + 0.1, "ratings", size=SMALL, color=MUTED, ha="right")
    first = top + _HEAD - 0.08
    axes = rows_panel(figure, MARGIN, first, WIDTH - 2 * MARGIN, max(len(films), 1), _ROW)
    axes.set_facecolor(BACKGROUND)
    axes.set_xlim(0, reach)
    rows = range(len(films))
    draw_bars(axes, rows, [reach] * len(films), 0.86, PANEL)
    draw_bars(axes, rows, [abs(film.bias) for film in films], 0.86, ground)
    for row, film in enumerate(films):
        y = first + (row + 0.5) * _ROW
        stars = f"{film.bias:+.2f}"
        write(figure, MARGIN + 0.08, y, stars, weight="bold", most=0.8)
        count = write(figure, WIDTH - MARGIN - 0.08, y, f"{film.count:,}", size=SMALL, ha="right")
        room = WIDTH - 2 * MARGIN - 0.9 - 0.25
        room -= count.get_window_extent(renderer_of(figure)).width / figure.dpi
        write(figure, MARGIN + 0.82, y, film.movie.name, most=room)
