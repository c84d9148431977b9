"""Targets of speed and size beside what was measured, as a table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A target: of what, the figure measured, the goal, and whether it is kept."""

    what: str
    measured: str
    goal: str
    kept: bool
    ratio: str = ""

    @classmethod
    def below(cls, what: str, figure: float, goal: float, unit: str, also: str = "") -> "Target":
        """Return the target that a figure stays below a goal; ``also`` is added behind it."""
        measured = f"{short(figure)} {unit}" + (f" ({also})" if also else "")
        return cls(what, measured, f"under {goal:g} {unit}", figure < goal)


def table(targets: Iterable[Target]) -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    yield "| what | measured | goal | kept | ratio |"
    yield "| --- | --- | --- | --- | --- |"
    for one in targets:
        kept = "yes" if one.kept else "**no**"
        yield f"| {one.what} | {one.measured} | {one.goal} | {kept} | {one.ratio} |"


def short(figure: float) -> str:
    """Return a figure with three significant digits: 0.123, 1.23, 12.3, 1,234."""
    digits = 3 if figure < 1 else 2 if figure < 10 else 1 if figure < 100 else 0
    return f"{figure:,.{digits}f}"
