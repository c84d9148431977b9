"""How training time grows with the number of ratings: the table and the picture."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from matplotlib.ticker import NullLocator

from engine.plots.theme import ACCENT, INK, MUTED, PANEL, SKY, new_figure, to_png

_COLUMNS = ("", ", processor", ", peak memory")


@dataclass(frozen=True)
class Run:
    """One training: wall-clock and processor time in seconds, peak memory of its process in bytes.

    The processor time is that of all threads: what else the machine does lengthens it less.
    """

    seconds: float
    processor: float
    memory: float


@dataclass(frozen=True)
class Size:
    """What both methods took for so many ratings."""

    n_ratings: int
    n_users: int
    ours: Run
    theirs: Run


def median_run(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(*np.median([astuple(run) for run in runs], axis=0).tolist())


def table(sizes: Sequence[Size]) -> list[str]:
    """The lines of the table, in Markdown."""
    columns = [f"{name}{of}" for name in ("Reeltwin", "implicit ALS") for of in _COLUMNS]
    rows = [["ratings", "users", *columns, "ours / theirs"]]
    rows.append(["---"] * len(rows[0]))
    for size in sizes:
        cells = [cell for run in (size.ours, size.theirs) for cell in _cells(run)]
        ratio = f"{size.ours.seconds / size.theirs.seconds:.2f}"
        rows.append([f"{size.n_ratings:,}", f"{size.n_users:,}", *cells, ratio])
    return [f"| {' | '.join(row)} |" for row in rows]


def _cells(run: Run) -> tuple[str, ...]:
    return f"{run.seconds:,.1f} s", f"{run.processor:,.1f} s", f"{run.memory / 1e9:.1f} GB"


def draw(sizes: Sequence[Size], title: str) -> bytes:
    """Time against the number of ratings, on logarithmic axes, as a PNG of 750 x 540."""
    figure = new_figure(5, 3.6)
    axes = figure.subplots()
    n = np.array([size.n_ratings for size in sizes])
    ours = [size.ours.seconds for size in sizes]
    theirs = [size.theirs.seconds for size in sizes]
    linear = ours[-1] * n / n[-1]
    axes.plot(n, linear, color=MUTED, ls="--", lw=1.5, label="linear in the ratings")
    axes.plot(n, theirs, color=SKY, marker="s", ms=7, lw=2, label="implicit ALS")
    axes.plot(n, ours, color=ACCENT, marker="o", ms=7, lw=2, label="Reeltwin")
    axes.set(xscale="log", yscale="log", facecolor=PANEL)
    axes.set_xticks(n, [f"{count / 1e6:.0f} M" for count in n])
    axes.xaxis.set_minor_locator(NullLocator())
    seconds = [at for at in (1, 10, 60, 600, 3600) if min(ours) / 3 < at < 3 * max(theirs)]
    axes.set_yticks(seconds, [f"{at} s" if at < 60 else f"{at // 60} min" for at in seconds])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_title(title, color=INK, fontsize=13)
    axes.set_xlabel("ratings", color=INK, fontsize=12)
    axes.tick_params(colors=INK, labelsize=11)
    axes.grid(color=MUTED, alpha=0.25)
    axes.spines[:].set_color(MUTED)
    axes.legend(facecolor=PANEL, edgecolor=MUTED, labelcolor=INK, fontsize=11)
    figure.tight_layout(pad=1.0)
    return to_png(figure)
