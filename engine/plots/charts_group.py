"""A picture of how far the members of a group agree."""

from collections.abc import Sequence
from itertools import combinations, product

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from engine.plots.layout import MARGIN, TOP, WIDTH, card, panel
from engine.plots.text import drawn_names, fit_width
from engine.plots.theme import BACKGROUND, INK, to_png

_NAME = 1.75  # inches for the last name, which stands beside the cells
_LARGEST = 1.1  # inches of a cell's side
_CUT = 0.5  # of the uppermost row, where there is only a name
_LEAST_REACH = 0.05  # of agreement, so that small differences do not shout


def draw_agreement_matrix(names: Sequence[str], agreement: npt.NDArray[np.float64]) -> bytes:
    """Draw a heat map of n users.

    Parameters
    ----------
    names
        Of the users, [n].
    agreement
        Share of movies that each two agree on, 0..1, 1 with oneself, [n, n].

    Returns
    -------
    bytes
        a PNG
    """
    return to_png(agreement_matrix_figure(names, agreement))


def agreement_matrix_figure(names: Sequence[str], agreement: npt.NDArray[np.float64]) -> Figure:
    """Return the figure of :func:`draw_agreement_matrix`, for 2 to 12 users.

    Each pair has one cell, left of the one's name and below the other's; users of similar taste
    stand next to each other.
    """
    n = len(names)
    side = min((WIDTH - 2 * MARGIN - _NAME) / (n - 1), _LARGEST)
    figure = card(
        "How far you agree",
        "Per cent of well-known films within one star",
        TOP + (n - _CUT) * side - 0.04,
    )
    left = MARGIN
    axes = panel(figure, left, TOP - 0.2, WIDTH - 2 * MARGIN, (n - _CUT) * side)
    axes.set_facecolor("none")
    axes.set_xlim(0, (WIDTH - 2 * MARGIN) / side)
    axes.set_ylim(n, _CUT)
    written = drawn_names(names)
    order = seriation_order(agreement)
    others = agreement[~np.eye(n, dtype=bool)]
    middle = (others.min() + others.max()) / 2
    reach = max(float(others.max() - middle), _LEAST_REACH)
    scale = Normalize(middle - reach, middle + reach)
    colours = matplotlib.colormaps["cividis"]
    figures, letters = (float(np.interp(n, (2, 12), sizes)) for sizes in ((20, 12), (17, 12.5)))
    for row, one in enumerate(order):
        for column, other in enumerate(order[:row]):
            share = float(agreement[one, other])
            corner = column + 0.03, row + 0.03
            axes.add_artist(Rectangle(corner, 0.94, 0.94, color=colours(scale(share)), lw=0))
            axes.text(
                column + 0.5, row + 0.5, f"{100 * share:.0f}", ha="center", va="center_baseline",
                fontsize=figures, color=INK if scale(share) < 0.6 else BACKGROUND,
            )  # fmt: skip
        name = axes.text(
            row + 0.1, row + (0.55 if row else 0.8), written[one],
            va="center", color=INK, fontsize=letters, parse_math=False,
        )  # fmt: skip
        fit_width(figure, name, WIDTH - 2 * MARGIN - (row + 0.1) * side)
    return figure


def seriation_order(agreement: npt.NDArray[np.float64]) -> list[int]:
    """Return an order of users [n, n] in which those who agree stand next to each other.

    The two groups closest on average are joined, most similar ends together, until one is left
    (average linkage, ordered as by Eisen et al. 1998). The first user stays in the first half.
    """
    groups = [[one] for one in range(len(agreement))]
    while len(groups) > 1:
        pair = max(combinations(groups, 2), key=lambda two: agreement[np.ix_(*two)].mean())
        groups = [group for group in groups if group not in pair]
        left, right = pair
        ways = product((left, left[::-1]), (right, right[::-1]))
        left, right = max(ways, key=lambda way: agreement[way[0][-1], way[1][0]])
        groups.append(left + right)
    (order,) = groups
    return order if order.index(0) < len(order) / 2 else order[::-1]
