"""The table of quality, in Markdown: one row for each method and number of ratings given."""

from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks.common.bootstrap import interval, lead
from engine.training.evaluate import Rows, UserMetrics

OURS = "**Reeltwin**"
Measured = Mapping[tuple[str, int], UserMetrics]  # by method and number of ratings given


def table(measured: Measured, counts: Rows) -> Iterator[str]:
    """The lines of the table, in Markdown; ``counts`` [n_movies] as in the catalogue."""
    names = ("NDCG@10", "Recall@20", "RMSE", "MAE", "in 80 %", "in 95 %")
    columns = [cell for name in names[:3] for cell in (name, "our lead")]
    yield _row(["given", "method", *columns, *names[3:], "catalogue", "median count"])
    yield _row(["---"] * 13)
    for (method, k), outcomes in sorted(measured.items(), key=lambda item: item[0][1]):
        quality = outcomes.quality(counts)
        figures = _figures(outcomes)
        leads = [""] * 3 if method == OURS else _leads(measured[OURS, k], outcomes)
        pairs = [cell for pair in zip(figures[:3], leads, strict=True) for cell in pair]
        shown = "" if np.isnan(quality.catalogue) else f"{quality.catalogue:.2%}"
        count = "" if np.isnan(quality.median_count) else f"{quality.median_count:,.0f}"
        given = f"{k} ({len(outcomes.totals):,} users)"
        yield _row([given, method, *pairs, *figures[3:], shown, count])


def _figures(outcomes: UserMetrics) -> list[str]:
    """Return each figure with its interval; empty where nothing was predicted."""
    figures = outcomes.figures(np.ones(len(outcomes.totals)))
    return [
        "" if np.isnan(figure) else f"{_short(figure)} ({_short(low)}–{_short(high)})"
        for figure, low, high in zip(figures, *interval(outcomes), strict=True)
    ]


def _leads(ours: UserMetrics, theirs: UserMetrics) -> list[str]:
    """Our lead in the first three figures, in %, with its interval."""
    better, (low, high) = lead(ours, theirs)
    return [
        "" if np.isnan(g) else f"{g:+.1f} % ({lo:+.1f} to {hi:+.1f})"
        for g, lo, hi in 100 * np.stack([better, low, high], axis=1)[:3]
    ]


def _short(figure: float) -> str:
    return f"{figure:.3f}".removeprefix("0")


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
