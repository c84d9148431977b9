"""A picture of how close the members of a group are in taste."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.pictures import BACKGROUND, INK, MUTED, PANEL, new_figure, to_png

_LONGEST = 14  # characters of a name


def draw_closeness(names: Sequence[str], closeness: npt.NDArray[np.float64]) -> bytes:
    """A heat map of n people, as a PNG; ``closeness`` [n, n] is 0..1, 1 with oneself."""
    n = len(names)
    side = 3.2 + 0.42 * n
    figure = new_figure(side, side)
    axes = figure.subplots()
    axes.set_facecolor(PANEL)
    others = np.ma.masked_where(np.eye(n, dtype=bool), closeness)
    low, high = float(others.min()), float(others.max())
    middle = (low + high) / 2
    reach = max(high - middle, 0.05)  # so that small differences do not shout
    axes.imshow(others, cmap="cividis", vmin=middle - reach, vmax=middle + reach)
    size = float(np.interp(n, (2, 12), (15, 9)))
    for row in range(n):
        for column in range(n):
            if row == column:
                continue
            dark = others[row, column] < middle + reach / 3
            axes.text(
                column,
                row,
                f"{closeness[row, column]:.0%}",
                ha="center",
                va="center",
                fontsize=size,
                color=INK if dark else BACKGROUND,
            )
    labels = [name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…" for name in names]
    # A $ would begin a formula.
    labels = [label.replace("$", r"\$") for label in labels]
    axes.set_xticks(range(n), labels, rotation=45, ha="right", color=INK, fontsize=size)
    axes.set_yticks(range(n), labels, color=INK, fontsize=size)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("How far you agree", color=INK, fontsize=size + 2, pad=12)
    figure.text(
        0.98,
        0.015,
        "share of well-known films within one star",
        ha="right",
        color=MUTED,
        fontsize=8,
    )
    figure.tight_layout(pad=1.6)
    return to_png(figure)
