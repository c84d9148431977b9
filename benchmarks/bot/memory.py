"""The memory of the bot under load, second by second: watched, fitted with a line and drawn."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np

from benchmarks.bot.bot_process import Bot
from benchmarks.common.targets import Target
from bot.app.background import in_background
from engine.plots.theme import ACCENT, GREEN, INK, MUTED, PANEL, SKY, new_figure, to_png

_TELL = 60  # samples from one line of progress to the next
_WITHIN = 0.03  # by which memory may differ between the second quarter and the last
_WARM = 0.25  # share of the commands after which caches and pools are full
_PER = 10_000  # commands that the growth is told of
_BLOCKS = 20  # averages that the line is fitted to: neighbouring samples tell the same twice
_STUDENT_95 = 2.10  # 97.5 % quantile of Student's t with _BLOCKS - 2 degrees of freedom


@dataclass(frozen=True)
class Sample:
    """After so many ``commands``: megabytes of the bot and of the process that draws for it."""

    commands: int
    bot: float
    drawing: float

    def __str__(self) -> str:
        return f"{self.commands:,} commands: {self.bot:.0f} and {self.drawing:.0f} MB"

    @property
    def total(self) -> float:
        return self.bot + self.drawing


Samples = list[Sample]


@asynccontextmanager
async def watching(
    bot: Bot, commands: Callable[[], int], samples: Samples, every: float
) -> AsyncIterator[None]:
    """Add a sample ``every`` so many seconds while the body runs.

    ``commands`` tells how many were given so far.
    """

    async def watch() -> None:
        while True:
            own, drawing = await asyncio.to_thread(bot.usage)
            samples.append(Sample(commands(), own.memory / 1e6, drawing.memory / 1e6))
            if len(samples) % _TELL == 0:
                print(samples[-1], file=sys.stderr, flush=True)
            await asyncio.sleep(every)

    async with in_background(watch(), "watching the memory"):
        yield


def growth(samples: Sequence[Sample]) -> tuple[float, float]:
    """Megabytes for each 10,000 commands once all is warm, and half its 95 % interval.

    Least squares over the averages of 20 blocks of samples, without the first quarter.
    """
    warm = _warm(samples)
    blocks = np.array_split(np.array([(s.commands / _PER, s.total) for s in warm]), _BLOCKS)
    x, y = np.array([block.mean(0) for block in blocks]).T
    spread = x - x.mean()
    slope = spread @ y / (spread @ spread)
    rest = y - y.mean() - slope * spread
    error = np.sqrt(rest @ rest / (_BLOCKS - 2) / (spread @ spread))
    return float(slope), float(_STUDENT_95 * error)


def flatness(samples: Sequence[Sample]) -> Iterator[Target]:
    """That memory does not grow: the last quarter of the commands beside the second."""
    quarters = np.array_split(np.array([sample.total for sample in samples]), 4)
    second, last = float(np.median(quarters[1])), float(np.median(quarters[3]))
    slope, half = growth(samples)
    yield Target(
        "memory in the last quarter beside the second, medians",
        f"{last:.0f} beside {second:.0f} MB ({last / second - 1:+.1%})",
        f"within {_WITHIN:.0%}",
        abs(last / second - 1) < _WITHIN,
    )
    interval = f"{slope - half:+.2f} to {slope + half:+.2f}"
    yield Target(
        f"growth for each {_PER:,} commands, after the first quarter",
        f"{slope:+.2f} MB ({interval})",
        "",
        True,
    )
    yield Target(
        "the most memory of bot and drawing",
        f"{max(s.bot for s in samples):.0f} and {max(s.drawing for s in samples):.0f} MB",
        "",
        True,
    )


def draw_soak(samples: Sequence[Sample]) -> bytes:
    """Memory over commands, with the line that the growth is told of; a PNG of 900 x 600."""
    figure = new_figure(6, 4)
    axes = figure.subplots()
    axes.set_facecolor(PANEL)
    x = [sample.commands / 1e3 for sample in samples]
    series = (
        ("bot and drawing", ACCENT, [sample.total for sample in samples]),
        ("bot", SKY, [sample.bot for sample in samples]),
        ("drawing", GREEN, [sample.drawing for sample in samples]),
    )
    for name, colour, y in series:
        axes.plot(x, y, color=colour, lw=1.5, label=name)
    warm, (slope, _) = _warm(samples), growth(samples)
    ends = np.array([warm[0].commands, warm[-1].commands])
    middle = np.mean([s.total for s in warm])
    line = middle + slope * (ends - np.mean([s.commands for s in warm])) / _PER
    axes.plot(ends / 1e3, line, color=INK, lw=1, ls="--", label=f"{slope:+.2f} MB per {_PER:,}")
    axes.set_ylim(0, 1.25 * max(s.total for s in samples))
    axes.set_title("Memory under load", color=INK, fontsize=12)
    axes.set_xlabel("thousands of commands", color=INK)
    axes.set_ylabel("MB", color=INK)
    axes.tick_params(colors=MUTED)
    axes.spines[:].set_color(MUTED)
    axes.legend(facecolor=PANEL, edgecolor=MUTED, labelcolor=INK, ncols=2, fontsize=8)
    figure.tight_layout(pad=1.4)
    return to_png(figure)


def _warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    return samples[round(_WARM * len(samples)) :]
