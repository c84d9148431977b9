"""How the model learned, step by step, and whether its intervals hold what they promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from engine.plots.layout import MARGIN, SMALL, TOP, WIDTH, card, panel_with_ticks, write
from engine.plots.theme import ACCENT, BACKGROUND, INK, SKY, to_png

Series = Sequence[tuple[float, float | None]]
Quality = Mapping[str, Mapping[str, float]]

_PROMISED = (("covered_95", 0.95, ACCENT, "s"), ("covered_80", 0.80, SKY, "o"))
_SIDE = 0.8  # room for the figures beside a panel
_HEAD, _CURVE, _CALIBRATION, _BELOW = 0.34, 1.3, 1.75, 0.75


@dataclass(frozen=True)
class Training:
    """The loss and the held-out figure, or None, after each step of both heads."""

    ranking: Series
    stars: Series


def recorded_training(metrics: Mapping[str, Any]) -> Training | None:
    """Return what a bundle recorded of its training; None where one head has no steps."""

    def series(head: str) -> Series:
        steps = metrics.get("steps", ())
        return [(s["loss"], s["held_out"]) for s in steps if s["head"] == head]

    training = Training(series("als"), series("stars"))
    return training if training.ranking and training.stars else None


def draw_model(quality: Quality, training: Training) -> bytes:
    """Draw the curves of both heads' training, and how well the intervals hold, as a PNG."""
    return to_png(model_figure(quality, training))


def model_figure(quality: Quality, training: Training) -> Figure:
    """Return the figure of :func:`draw_model`: two axes for each head, then the calibration.

    ``quality`` has the figures of :class:`engine.training.evaluate.Quality` by the ratings given.
    """
    part = _HEAD + _CURVE + _BELOW
    top = TOP
    figure = card(
        "How I learned, how well I know",
        "Measured on people whom I had never seen",
        top + 2 * part + _HEAD + _CALIBRATION + _BELOW,
    )
    _draw_curves(figure, top, training.ranking, "Ranking", "loss", "NDCG@10", "sweep of training")
    _draw_curves(
        figure, top + part, training.stars, "Stars", "loss", "RMSE", "round of training"
    )  # fmt: skip
    _draw_calibration(figure, top + 2 * part, quality)
    return figure


def _draw_curves(
    figure: Figure, top: float, series: Series, name: str, loss: str, held_out: str, step: str
) -> None:
    write(figure, MARGIN, top, name, weight="bold", most=1.2)
    write(figure, 1.5, top, f"● {loss} in training", size=SMALL, color=SKY, most=2)
    write(
        figure, WIDTH - MARGIN, top, f"■ {held_out}, held out", size=SMALL, color=ACCENT, ha="right"
    )  # fmt: skip
    axes = panel_with_ticks(figure, _SIDE, top + _HEAD, WIDTH - 2 * _SIDE, _CURVE)
    steps = range(1, len(series) + 1)
    axes.grid(color=BACKGROUND, lw=1.2)
    axes.plot(steps, [one for one, _ in series], color=SKY, marker="o", ms=7, lw=2.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    _few_ticks(axes, SKY)
    write(figure, WIDTH / 2, top + _HEAD + _CURVE + 0.36, step, size=SMALL, ha="center", most=3)
    measured = [(x, y) for x, (_, y) in zip(steps, series, strict=True) if y is not None]
    if measured:
        other = axes.twinx()
        other.plot(*zip(*measured, strict=True), color=ACCENT, marker="s", ms=7, lw=2.5)
        other.spines[:].set_visible(False)
        other.tick_params(length=0, labelsize=SMALL, pad=5)
        _few_ticks(other, ACCENT)


def _few_ticks(axes: Axes, colour: str) -> None:
    axes.margins(y=0.12)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.tick_params(axis="y", labelcolor=colour)


def _draw_calibration(figure: Figure, top: float, quality: Quality) -> None:
    """The share of ratings inside the intervals, beside what is promised of these."""
    write(figure, MARGIN, top, "Do my intervals hold?", weight="bold", most=2.6)
    legend = "━ promised   ●■ came true"
    write(figure, WIDTH - MARGIN, top, legend, size=SMALL, ha="right", most=3)
    axes = panel_with_ticks(figure, _SIDE, top + _HEAD, WIDTH - 2 * _SIDE, _CALIBRATION)
    at = range(len(quality))
    axes.set_xlim(-0.5, len(quality) - 0.5)
    shares = [one[name] for one in quality.values() for name, *_ in _PROMISED]
    axes.set_ylim(min(0.7, *(share - 0.12 for share in shares)), 1.02)
    axes.set_xticks(at, list(quality), color=INK)
    axes.set_yticks([promised for _, promised, *_ in _PROMISED], ["95%", "80%"])
    for name, promised, colour, marker in _PROMISED:
        axes.axhline(promised, color=colour, lw=2, alpha=0.6)
        true = [one[name] for one in quality.values()]
        axes.plot(at, true, color=colour, marker=marker, ms=11, lw=0, mec=BACKGROUND, mew=1.5)
        for x, share in enumerate(true):
            axes.annotate(
                f"{share:.0%}", (x, share), xytext=(0, -16), textcoords="offset points",
                ha="center", va="center", color=INK, fontsize=SMALL,
            )  # fmt: skip
    below = top + _HEAD + _CALIBRATION + 0.36
    write(figure, WIDTH / 2, below, "ratings given", size=SMALL, ha="center", most=3)
