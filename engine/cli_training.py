"""What ``python -m engine train`` and ``evaluate`` do; it needs the extra ``train``."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.cli_output import (
    TrainingBars,
    bundle_summary,
    console,
    download_release,
    print_quality,
)
from engine.data.dataset import prepare
from engine.data.movielens import Pool, pool, read_release
from engine.errors import EngineError
from engine.training.baseline_mf import BaselineSettings, Epoch, save_report, train_and_measure
from engine.training.collectives import join_process_group
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup
from engine.training.settings import AlsSettings, Settings
from engine.training.splits import hold_out
from engine.training.train import measure, train


def run_train(options: argparse.Namespace) -> None:
    """Train as the options say, and write the bundle."""
    if options.recipe == "classroom":
        _train_classroom(options)
        return
    if options.out is None:
        raise EngineError("Name a folder for the model: --out BUNDLE.")
    with _process_group() as group:
        data = _read_data(options, group)
        with TrainingBars() as bars:
            quality = train(data, options.out, _settings(options), bars.report, group)
    if group.rank == 0:
        print_quality(quality)
        written = f"Wrote [bold]{options.out}[/bold]: {bundle_summary(options.out)}"
        console.print(written, soft_wrap=True)


@contextmanager
def _process_group() -> Iterator[ProcessGroup]:
    """Join the processes that ``torchrun`` started, of which the first alone prints."""
    with join_process_group() as group:
        console.quiet = group.rank > 0
        yield group


def _train_classroom(options: argparse.Namespace) -> None:
    settings = BaselineSettings()
    with _process_group() as group:
        if group.size > 1:
            raise EngineError("The classroom recipe is for one process: start it without torchrun.")
    catalogue, ratings = prepare(_read_data(options))

    def report(epoch: Epoch) -> None:
        console.print(
            f"epoch {epoch.number:2}/{settings.epochs}   loss {epoch.loss:.4f}"
            f"   held-out ratings {epoch.held_out:.4f}"
        )

    baseline = train_and_measure(ratings, len(catalogue), settings, options.seed, report)
    console.print(
        f"Predicted within half a star: {baseline.training_accuracy:.3f} of the training ratings, "
        f"{baseline.held_out_accuracy:.3f} of the held-out ratings "
        f"(RMSE {baseline.held_out_rmse:.3f} stars).\n"
        "The model was trained on other ratings of the same users: this says little of new users.",
        soft_wrap=True,
    )
    if options.out is not None:
        save_report(baseline, options.out)
        console.print(f"Wrote [bold]{options.out}[/bold]", soft_wrap=True)


def run_evaluate(options: argparse.Namespace) -> None:
    """Measure the model on users held out of training."""
    settings = _settings(options)
    with _process_group() as group:
        data = _read_data(options, group)
        catalogue, ratings = prepare(data)
        held_out = hold_out(ratings, settings.held_out, settings.seed)
        if not len(held_out):
            raise EngineError("Nobody can be held out: at least 4 users need 40 ratings or more.")
        with TrainingBars() as bars:
            quality = measure(catalogue, ratings, held_out, settings, bars.report, group)
    print_quality(quality)


def _read_data(options: argparse.Namespace, group: ProcessGroup = SINGLE_PROCESS) -> Pool:
    folders = list(options.data)
    if options.download and group.size > 1:
        raise EngineError(
            f"Several processes cannot download the same data set: run python -m engine download "
            f"{options.download} on each machine first, then give --data data/{options.download}."
        )
    if options.download:
        folders.append(download_release(options.download, Path("data")))
    if not folders:
        raise EngineError(
            "Name a data set: --data DIR [DIR ...], or --download ml-latest-small to fetch one."
        )
    data = pool([read_release(folder) for folder in folders])
    dropped = data.dropped
    console.print(
        f"{len(data.ratings):,} ratings of {len(data.users):,} users, {len(data.movies):,} movies "
        f"from {', '.join(source.name for source in data.sources)} "
        f"(left out: {dropped.repeated:,} ratings that two sets share, "
        f"{dropped.gone_ratings:,} of movies gone from the catalogue)",
        soft_wrap=True,
    )
    return data


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        heads=(AlsSettings(factors=options.factors, sweeps=options.sweeps),),
        held_out=options.held_out,
        seed=options.seed,
    )
