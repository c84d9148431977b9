"""A card of a user's taste: affinities, scores on the dimensions, and the movies most like it."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from engine.heads.star_regression import NORMAL_80
from engine.insights.affinities import Affinity
from engine.insights.dimensions import DimensionScore, MovieLoading
from engine.plots.layout import (
    MARGIN,
    SMALL,
    TEXT,
    TOP,
    WIDTH,
    card,
    draw_bars,
    draw_upright,
    rows_panel,
    write,
    write_ticks,
)
from engine.plots.text import drawable_name
from engine.plots.theme import ACCENT, BACKGROUND, MUTED, ORANGE, PANEL, SKY, to_png

MIN_DIFFERENCE = 0.05  # stars of difference from which on an affinity is worth a line
_MORE, _LESS, _FILMS = 5, 3, 5
_ROW, _SCORE_ROW, _FILM_ROW = 0.34, 0.5, 0.31
_HEAD, _GAP = 0.26, 0.28


def draw_taste(
    name: str,
    n_ratings: int,
    affinities: Sequence[Affinity],
    dimension_scores: Sequence[DimensionScore],
    films: Sequence[MovieLoading],
) -> bytes | None:
    """Draw the card as a PNG; None where nothing can be said yet.

    Parameters
    ----------
    name
        Of the user; where the font cannot draw it, the card says "you".
    n_ratings
        That the card is based on.
    affinities
        :func:`engine.insights.affinities.affinities`, the highest first.
    dimension_scores
        The contrasts on which the user scores highest.
    films
        The movies most aligned with the user's taste.
    """
    figure = taste_figure(name, n_ratings, affinities, dimension_scores, films)
    return None if figure is None else to_png(figure)


def taste_figure(
    name: str,
    n_ratings: int,
    affinities: Sequence[Affinity],
    dimension_scores: Sequence[DimensionScore],
    films: Sequence[MovieLoading],
) -> Figure | None:
    """Return the figure of :func:`draw_taste`, with axes for the affinities and for the scores."""
    shown, films = shown_affinities(affinities), films[:_FILMS]
    heights = (
        _part(len(shown), _ROW, below=0.3),
        _part(len(dimension_scores), _SCORE_ROW),
        _part(len(films), _FILM_ROW),
    )
    if not any(heights):
        return None
    rated = f"From {n_ratings:,} rating{'s' if n_ratings != 1 else ''}"
    rated += ". Lines: where I am 80% sure" if shown else ""
    drawn = drawable_name(name)
    title = f"What {drawn} likes" if drawn else "What you like"
    figure = card(title, rated, TOP + sum(heights))
    if shown:
        _draw_affinities(figure, TOP, shown)
    if dimension_scores:
        _draw_scores(figure, TOP + heights[0], dimension_scores)
    if films:
        _write_films(figure, TOP + heights[0] + heights[1], films)
    return figure


def shown_affinities(affinities: Sequence[Affinity]) -> list[Affinity]:
    """Return the affinities that the card shows: the highest first, then those below 0."""
    more = [affinity for affinity in affinities if affinity.difference >= MIN_DIFFERENCE][:_MORE]
    less = [affinity for affinity in affinities if affinity.difference <= -MIN_DIFFERENCE][-_LESS:]
    return more + less


def _part(n: int, row: float, below: float = 0.0) -> float:
    return _HEAD + n * row + below + _GAP if n else 0.0


def _draw_affinities(figure: Figure, top: float, affinities: Sequence[Affinity]) -> None:
    write(figure, MARGIN, top, "Stars beside your other films", weight="bold")
    hint = "hollow: may be chance"
    write(figure, WIDTH - MARGIN, top, hint, size=SMALL, color=MUTED, ha="right", most=2.5)
    left, right = 1.6, 1.05
    first = top + _HEAD
    axes = rows_panel(figure, left, first, WIDTH - left - right, len(affinities), _ROW)
    draw_upright(axes, 0, MUTED, 1.5)
    reach = max(
        0.5, *(abs(affinity.difference) + NORMAL_80 * affinity.std for affinity in affinities)
    )
    axes.set_xlim(-1.05 * reach, 1.05 * reach)
    step = 0.5 if reach < 1.4 else 1.0
    last = int(1.05 * reach / step)
    ticks = [step * number for number in range(-last, last + 1)]
    write_ticks(axes, "x", {x: f"{x:+g}" if x else "0" for x in ticks}, grid=1.5)
    for row, affinity in enumerate(affinities):
        colour = SKY if affinity.difference > 0 else ORANGE
        sure = abs(affinity.difference) > NORMAL_80 * affinity.std
        ends = [affinity.difference + side * NORMAL_80 * affinity.std for side in (-1, 1)]
        axes.add_artist(Line2D(ends, [row, row], color=colour, lw=3, solid_capstyle="butt"))
        axes.add_artist(
            Line2D(
                [affinity.difference], [row], marker="o", ms=10, mew=2, color=colour,
                mfc=colour if sure else BACKGROUND,
            )
        )  # fmt: skip
        y = first + (row + 0.5) * _ROW
        write(figure, left - 0.12, y, affinity.name, ha="right")
        films = f"{affinity.count:,} film{'s' if affinity.count != 1 else ''}"
        write(figure, WIDTH - MARGIN, y, films, size=SMALL, color=MUTED, ha="right", most=0.9)


def _draw_scores(figure: Figure, top: float, dimension_scores: Sequence[DimensionScore]) -> None:
    """Draw each score as the name of its end, with a slim bar below."""
    write(figure, MARGIN, top, "You lean towards", weight="bold")
    write(figure, WIDTH - MARGIN, top, "2 is far out", size=SMALL, color=MUTED, ha="right", most=2)
    first = top + _HEAD - 0.05
    width = WIDTH - 2 * MARGIN - 0.55
    axes = rows_panel(figure, MARGIN, first, width, len(dimension_scores), _SCORE_ROW)
    axes.set_facecolor("none")
    far = [abs(one.score) for one in dimension_scores]
    reach = max(2.0, *far)
    axes.set_xlim(0, reach)
    rows = [row + 0.31 for row in range(len(far))]
    draw_bars(axes, rows, [reach] * len(far), 0.26, PANEL)
    draw_bars(axes, rows, far, 0.26, ACCENT)
    for row, one in enumerate(dimension_scores):
        y = first + row * _SCORE_ROW
        write(figure, MARGIN, y + 0.2, one.towards.label or "")
        place = f"{far[row]:.1f}"
        write(
            figure, WIDTH - MARGIN, y + 0.4, place, size=SMALL, color=ACCENT, ha="right", most=0.5
        )


def _write_films(figure: Figure, top: float, films: Sequence[MovieLoading]) -> None:
    write(figure, MARGIN, top, "Films most your kind", weight="bold")
    for row, film in enumerate(films):
        y = top + _HEAD + (row + 0.45) * _FILM_ROW
        write(figure, MARGIN, y, f"{film.loading:.0%}", color=ACCENT, most=0.7)
        write(figure, MARGIN + 0.68, y, film.movie.title, size=TEXT)
