"""What the engine's command line prints: progress, and the table of quality."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from engine.bundle.io import load_bundle
from engine.data.download import download
from engine.heads.star_head import StarHead
from engine.training.evaluate import FIGURES, Quality

if TYPE_CHECKING:
    from engine.training.train import Step

console = Console()


class TrainingBars:
    """A progress bar for each head, and a line with the figures of each step above the bars."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "TrainingBars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, step: "Step") -> None:
        """Print a training step's loss, and its held-out figure where it was measured."""
        if step.head not in self._tasks:
            self._tasks[step.head] = self._progress.add_task(step.head, total=step.of)
        self._progress.update(self._tasks[step.head], completed=step.number)
        measure = "RMSE" if step.head == StarHead.name else "NDCG@10"
        held_out = "" if step.held_out is None else f"   held out {measure} {step.held_out:.4f}"
        self._progress.console.print(
            f"{step.head:8} {step.number:3}/{step.of}   loss {step.loss:.4f}{held_out}"
        )


def print_quality(quality: dict[int, Quality]) -> None:
    """Print the figures as a table, one row for each number of ratings given."""
    if not quality:
        console.print("Too few users to hold any out: nothing was measured.")
        return
    table = Table(title="Users held out of training", padding=0)
    names = ["given", "NDCG@10", "Recall@20", "RMSE", "MAE", "in 80 %", "in 95 %"]
    for name in (*names, "catalogue", "median count"):
        table.add_column(name, justify="right")
    for k, q in quality.items():
        figures = [f"{getattr(q, name):.3f}" for name in FIGURES]
        table.add_row(str(k), *figures, f"{q.catalogue:.2%}", f"{q.median_count:,.0f}")
    console.print(table)


def download_release(name: str, into: Path) -> Path:
    """Download a release of MovieLens behind a bar; return its folder."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"Downloading {name}", total=None)
        return download(
            name, into, progress=lambda done, of: progress.update(task, completed=done, total=of)
        )


def bundle_summary(folder: Path) -> str:
    """How much a bundle holds, in a line."""
    card = load_bundle(folder).card
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    return f"{card['movies']:,} movies, {card['users']:,} users, {size:.1f} MB"
