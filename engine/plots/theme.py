"""The look that all pictures share, and the training curves.

Figures are made without pyplot, which keeps global state and is not for servers.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from engine.plots.canvas import canvas_of
from engine.plots.png import encode_png

BACKGROUND, PANEL, INK, MUTED = "#1e1f24", "#26282f", "#f2f3f5", "#9a9ca5"
ACCENT = "#f0b232"
# Okabe & Ito's palette, safe for colour blindness, lightened where a dark ground asks for it.
ORANGE, SKY, GREEN, YELLOW = "#e69f00", "#56b4e9", "#00b386", "#f0e442"
BLUE, VERMILION, PURPLE, WHITE = "#4f8fdc", "#e8643c", "#d58fbb", "#e8e8e8"
# From 0.5 stars to 5, safe for colour blindness: blue, white, orange.
RATING_COLOURS = ("#3f7fe0", "#f6ead2", "#ff9a1f")
_DPI = 150


def new_figure(width: float, height: float) -> Figure:
    """Return a figure in the shared theme, of a size in inches, at 150 dots each."""
    return Figure(figsize=(width, height), dpi=_DPI, facecolor=BACKGROUND)


def to_png(figure: Figure) -> bytes:
    """Return a figure as a PNG."""
    canvas = canvas_of(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    return encode_png(np.asarray(canvas.buffer_rgba())[..., :3])  # type: ignore[no-untyped-call]


def draw_curves(
    ranking: Sequence[tuple[float, float | None]], stars: Sequence[tuple[float, float | None]]
) -> bytes:
    """Draw training loss and held-out figure of both heads, step by step, as a PNG of 1200 x 675.

    Each series holds (loss, held-out figure or None) in the order of the steps.
    """
    figure = new_figure(8, 4.5)
    left, right = figure.subplots(1, 2)
    _curve(
        left,
        ranking,
        "Ranking: sweeps of ALS",
        "loss (squared error per rating)",
        "NDCG@10, held out",
    )
    _curve(right, stars, "Stars: rounds of EM", "loss (nats per rating)", "RMSE in stars, held out")
    figure.tight_layout(pad=1.4, w_pad=2.5)
    return to_png(figure)


def draw_losses(training: Sequence[float], held_out: Sequence[float]) -> bytes:
    """Draw mean squared errors in stars², epoch by epoch, as a PNG of 900 x 675."""
    figure = new_figure(6, 4.5)
    axes = figure.subplots()
    _style(axes, "Classroom recipe: epochs of Adam")
    epochs = range(1, len(training) + 1)
    axes.plot(epochs, training, color=SKY, marker="o", ms=4, label="training")
    axes.plot(epochs, held_out, color=ACCENT, marker="s", ms=4, label="held-out ratings")
    axes.set_ylabel("mean squared error (stars²)", color=INK)
    axes.set_ylim(bottom=0)
    axes.legend(facecolor=PANEL, edgecolor=MUTED, labelcolor=INK)
    figure.tight_layout(pad=1.4)
    return to_png(figure)


def _style(axes: Axes, title: str) -> None:
    axes.set_facecolor(PANEL)
    axes.set_title(title, color=INK, fontsize=12)
    axes.tick_params(colors=MUTED)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[:].set_color(MUTED)


def _curve(
    axes: Axes, series: Sequence[tuple[float, float | None]], title: str, loss: str, held_out: str
) -> None:
    _style(axes, title)
    steps = range(1, len(series) + 1)
    lines = axes.plot(steps, [s[0] for s in series], color=SKY, marker="o", ms=4, label=loss)
    measured = [(x, s[1]) for x, s in zip(steps, series, strict=True) if s[1] is not None]
    axes.set_ylabel(loss, color=SKY)
    if measured:
        other = axes.twinx()
        lines += other.plot(*zip(*measured, strict=True), color=ACCENT, marker="s", ms=4)
        other.set_ylabel(held_out, color=ACCENT)
        other.tick_params(colors=MUTED)
        other.spines[:].set_visible(False)
