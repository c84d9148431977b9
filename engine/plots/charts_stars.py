"""Stars against stars: two users' ratings, or predictions and ratings."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from engine.data.catalogue import Movie
from engine.plots.labels import Label, Labels
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
    write,
    write_ticks,
)
from engine.plots.text import drawable, drawn_names
from engine.plots.theme import ACCENT, BACKGROUND, MUTED, SKY, VERMILION, to_png
from engine.recommend.agreement import CLOSE, Agreement

_BAND, _LINE = "#343844", "#5a5d68"
_LEFT, _BELOW = 0.75, 0.75  # room for what stands beside the plane
_SIDE = WIDTH - _LEFT - MARGIN
_GAUGE = 0.72
_NAMED = 7
_GAP = 18  # pixels from a point to a name above it: a name beside the next point fits between
_STEPS, _WIDEST = 3, 2.2  # how far off and, in inches, how wide a name may be
_LOW, _HIGH = 0.2, 5.3


@dataclass(frozen=True)
class CommonRating:
    """A movie that two users rated, with the stars of each."""

    movie: Movie
    yours: float
    theirs: float

    @property
    def apart(self) -> float:
        """Return how many stars lie between the two ratings."""
        return abs(self.yours - self.theirs)


def draw_agreement(you: str, they: str, films: Sequence[CommonRating], found: Agreement) -> bytes:
    """Draw the movies that two users rated, by the stars of each, and how far they agree.

    Parameters
    ----------
    you, they
        Names of the two.
    films
        What both rated.
    found
        The agreement to expect of them.

    Returns
    -------
    bytes
        a PNG
    """
    return to_png(agreement_figure(you, they, films, found))


def agreement_figure(
    you: str, they: str, films: Sequence[CommonRating], found: Agreement
) -> Figure:
    """Return the figure of :func:`draw_agreement`: axes for the expected agreement, and the plane.

    On the plane is one circle for each pair of stars, as large as the movies there are many.
    """
    height = TOP + _GAUGE + _SIDE * 0.86 + _BELOW
    n = len(films)
    you, they = drawn_names([you, they])
    figure = card(
        f"{you} and {they}",
        f"{n:,} film{'s' if n != 1 else ''} that both rated; in the band you agree within one star",
        height,
    )
    _draw_gauge(figure, TOP, found)
    axes = _plane(figure, TOP + _GAUGE, _SIDE * 0.86, f"stars from {you}", f"stars from {they}")
    piles: dict[tuple[float, float], list[CommonRating]] = defaultdict(list)
    for film in films:
        piles[film.yours, film.theirs].append(film)
    labels = Labels(figure, axes, padding=3)
    marks: dict[str, list[tuple[float, float, float, str]]] = defaultdict(list)
    for (x, y), pile in piles.items():
        radius = min(6.0 + 2.2 * np.sqrt(len(pile) - 1), 15.0)
        close = abs(x - y) <= CLOSE
        shape = "o" if close or len(pile) > 1 else "D"
        marks[shape].append((x, y, (2 * radius) ** 2, SKY if close else VERMILION))
        labels.keep_free(x, y, radius / 72 * figure.dpi)
        if len(pile) > 1:
            axes.text(
                x, y, str(len(pile)), ha="center", va="center_baseline", color=BACKGROUND,
                fontsize=SMALL if radius > 9 else SMALL - 2, fontweight="bold", zorder=5,
            )  # fmt: skip
    for shape, some in marks.items():
        across, up, sizes, colours = zip(*some, strict=True)
        axes.scatter(
            across, up, s=sizes, color=colours, marker=shape, edgecolors=BACKGROUND, zorder=4
        )
    labels.write(
        (_label(film.yours, film.theirs, film.movie.name) for film in _worth_naming(films)), _NAMED
    )
    return figure


def _worth_naming(films: Sequence[CommonRating]) -> Iterator[CommonRating]:
    """One film of each pair of stars: by turns the furthest apart and the most loved by both."""
    apart = [film for film in sorted(films, key=lambda one: -one.apart) if film.apart > CLOSE]
    loved = [
        film
        for film in sorted(films, key=lambda one: -one.yours - one.theirs)
        if film.apart <= CLOSE
    ]
    seen = set()
    for number in range(max(len(apart), len(loved))):
        for film in apart[number : number + 1] + loved[number : number + 1]:
            if (film.yours, film.theirs) not in seen:
                seen.add((film.yours, film.theirs))
                yield film


def _draw_gauge(figure: Figure, top: float, found: Agreement) -> None:
    """Draw the agreement to expect, beside that of any two users."""
    write(figure, MARGIN, top, f"Expected to agree on {found.expected:.0%}", size=TEXT, color=SKY)
    axes = panel(figure, MARGIN, top + 0.2, WIDTH - 2 * MARGIN, 0.16)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    draw_bars(axes, [0.5], [found.expected], 1, SKY)
    draw_upright(axes, found.base_rate, ACCENT, 4)
    base_rate = f"any two people {found.base_rate:.0%}"
    write(figure, WIDTH - MARGIN, top, base_rate, size=SMALL, color=ACCENT, ha="right", most=2.6)


def draw_fit(
    names: Sequence[str], guesses: npt.NDArray[np.float32], given: npt.NDArray[np.float64]
) -> bytes:
    """Draw predictions that never saw the rating against the stars given; the biggest misses named.

    Parameters
    ----------
    names
        Of the movies, [n].
    guesses
        Leave-one-out predictions, in stars, [n].
    given
        The user's stars, [n].

    Returns
    -------
    bytes
        a PNG
    """
    return to_png(fit_figure(names, guesses, given))


def fit_figure(
    names: Sequence[str], guesses: npt.NDArray[np.float32], given: npt.NDArray[np.float64]
) -> Figure:
    """Return the figure of :func:`draw_fit`, with a point for each of the n ``names``."""
    miss = np.abs(guesses.astype(np.float64) - given)
    close = miss <= CLOSE
    figure = card(
        "My guesses and your stars",
        f"{close.sum():,} of {len(given):,} guesses within one star (the band)",
        TOP + _SIDE + _BELOW - 0.05,
    )
    axes = _plane(figure, TOP - 0.1, _SIDE, "my guess, without that rating", "your stars")
    heights = given + _spread(len(given))
    size = float(np.interp(len(given), (20, 400), (110, 30)))
    for mask, colour, marker in ((close, SKY, "o"), (~close, VERMILION, "D")):
        axes.scatter(
            guesses[mask], heights[mask], s=size, color=colour, marker=marker, alpha=0.8,
            edgecolors=BACKGROUND, lw=0.8, zorder=4,
        )  # fmt: skip
    biggest = np.argsort(-miss, kind="stable")[:_NAMED].tolist()
    labels = Labels(figure, axes, padding=3)
    for x, y in zip(guesses.tolist(), heights.tolist(), strict=True):
        labels.keep_free(x, y, np.sqrt(size) / 2 / 72 * figure.dpi)
    labels.write((_label(float(guesses[i]), float(heights[i]), names[i]) for i in biggest), _NAMED)
    return figure


def _label(x: float, y: float, name: str) -> Label:
    return Label(x, y, drawable(name), size=SMALL, gap=_GAP, steps=_STEPS, widest=_WIDEST)


def _spread(n: int) -> npt.NDArray[np.float64]:
    """What many points are moved up or down by, so that those of equal stars can be told apart."""
    most = float(np.interp(n, (20, 100), (0, 0.14)))
    # Multiples of the golden ratio fill an interval evenly.
    return np.array([most * (2 * (i * 0.618034 % 1) - 1) for i in range(n)])


def _plane(figure: Figure, top: float, height: float, across: str, up: str) -> Axes:
    """Stars across and up, with the band in which they are within one of each other."""
    axes = panel(figure, _LEFT, top, _SIDE, height)
    axes.set_xlim(_LOW, _HIGH)
    axes.set_ylim(_LOW, _HIGH)
    low, high = _LOW - 1, _HIGH + 1
    band = [(low, low - CLOSE), (high, high - CLOSE), (high, high + CLOSE), (low, low + CLOSE)]
    axes.add_artist(Polygon(band, color=_BAND, lw=0))
    axes.add_artist(Line2D([low, high], [low, high], color=_LINE, lw=2, ls=(0, (4, 3))))
    stars = {float(s): str(s) for s in range(1, 6)}
    write_ticks(axes, "x", stars, TEXT, grid=1)
    write_ticks(axes, "y", stars, TEXT, grid=1)
    centre = _LEFT + _SIDE / 2
    write(figure, centre, top + height + 0.5, across, color=MUTED, ha="center", most=_SIDE)
    write(
        figure, 0.24, top + height / 2, up, color=MUTED, rotation=90, ha="center", most=height
    )  # fmt: skip
    return axes
