"""The engine's command line: ``python -m engine train|evaluate|download|atlas|convert|info``."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from engine import __version__
from engine.bundle.convert import convert
from engine.bundle.io import EMBEDDED, load_bundle
from engine.cli_output import bundle_summary, console, download_release
from engine.data.download import NAMES
from engine.data.ratings_csv import read_ratings
from engine.errors import EngineError
from engine.model import TasteModel, load_model
from engine.plots.map_html import render_map_page
from engine.recommend.taste import Taste
from engine.training.settings import AlsSettings, Settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0, 1 after an error in one line, 130 if stopped."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        options.run(options)
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    return 0


def _train(options: argparse.Namespace) -> None:
    _training().run_train(options)


def _evaluate(options: argparse.Namespace) -> None:
    _training().run_evaluate(options)


def _training() -> ModuleType:
    """What needs the packages of the extra ``train``, and takes seconds to import."""
    try:
        from engine import cli_training
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "pandas"):
            raise
        raise EngineError(
            f"Training needs {error.name}, which is not installed: pip install -e '.[train]'."
        ) from error
    return cli_training


def _download(options: argparse.Namespace) -> None:
    console.print(f"{options.name} lies in {download_release(options.name, options.into)}")


def _atlas(options: argparse.Namespace) -> None:
    model = load_model(options.bundle)
    page = render_map_page(model, _read_taste(options.ratings, model) if options.ratings else None)
    try:
        options.out.write_text(page, "utf-8")
    except OSError as error:
        raise EngineError(f"{options.out} cannot be written: {error.strerror}.") from error
    console.print(f"Wrote [bold]{options.out}[/bold]: open it in a browser.", soft_wrap=True)


def _read_taste(file: Path, model: TasteModel) -> Taste:
    try:
        taste = model.fit(read_ratings(file))
    except ValueError as error:
        raise EngineError(f"{file}: {error}.") from error
    if not taste.ratings:
        raise EngineError(f"{file} has no rating of a film that the model knows.")
    return taste


def _convert(options: argparse.Namespace) -> None:
    convert(options.old, options.new)
    console.print(
        f"Wrote [bold]{options.new}[/bold]: {bundle_summary(options.new)}", soft_wrap=True
    )


def _info(options: argparse.Namespace) -> None:
    console.print_json(data=load_bundle(options.bundle).card)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Train and measure the taste model."
    )
    parser.add_argument("--version", action="version", version=f"Reeltwin {__version__}")
    commands: Commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_train(commands)
    _add_evaluate(commands)
    _add_download(commands)
    _add_atlas(commands)
    _add_convert(commands)
    _add_info(commands)
    return parser


def _add_train(commands: Commands) -> None:
    command = _data_command(commands, "train", "train a model and write it as a bundle", _train)
    command.add_argument("--out", type=Path, metavar="BUNDLE", help="folder to write")
    command.add_argument(
        "--recipe",
        choices=("reeltwin", "classroom"),
        default="reeltwin",
        help="classroom: matrix factorisation of 200 factors by 35 epochs of gradient descent, "
        "to compare with; writes its curve if --out is given (%(default)s)",
    )


def _add_evaluate(commands: Commands) -> None:
    _data_command(
        commands, "evaluate", "measure the model on users held out of training", _evaluate
    )


def _add_download(commands: Commands) -> None:
    command = commands.add_parser("download", help="fetch a MovieLens data set from GroupLens")
    command.add_argument("name", choices=NAMES, help="release to fetch")
    command.add_argument("--into", type=Path, default=Path("data"), help="folder (%(default)s)")
    command.set_defaults(run=_download)


def _add_atlas(commands: Commands) -> None:
    command = commands.add_parser("atlas", help="write the map of films as a page to explore")
    command.add_argument(
        "--out",
        type=Path,
        default=Path("atlas.html"),
        metavar="FILE",
        help="page to write (%(default)s)",
    )
    command.add_argument(
        "--ratings",
        type=Path,
        metavar="FILE",
        help="a user's ratings to mark on it: CSV with the columns movieId and rating, as "
        "MovieLens and the bot export them",
    )
    command.add_argument("--bundle", type=Path, default=EMBEDDED, help="model (the embedded one)")
    command.set_defaults(run=_atlas)


def _add_convert(commands: Commands) -> None:
    command = commands.add_parser("convert", help="write a bundle of the format before this anew")
    command.add_argument("old", type=Path, metavar="OLD", help="bundle to read")
    command.add_argument("new", type=Path, metavar="NEW", help="folder to write")
    command.set_defaults(run=_convert)


def _add_info(commands: Commands) -> None:
    command = commands.add_parser("info", help="print the card of a bundle")
    command.add_argument(
        "bundle", type=Path, nargs="?", default=EMBEDDED, help="folder (the embedded model)"
    )
    command.set_defaults(run=_info)


def _data_command(
    commands: Commands,
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    als, settings = AlsSettings(), Settings()
    command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="MovieLens release directories; several are pooled",
    )
    command.add_argument("--download", choices=NAMES, help="fetch a data set into data/ first")
    for option, least, default, text in (
        ("--factors", 1, als.factors, "numbers in a movie's vector"),
        ("--sweeps", 1, als.sweeps, "sweeps of the ALS head's training"),
        ("--held-out", 0, settings.held_out, "users to measure on"),
        ("--seed", 0, settings.seed, "of all random draws"),
    ):
        command.add_argument(
            option, type=_from(least), default=default, metavar="N", help=f"{text} (%(default)s)"
        )
    command.set_defaults(run=run)
    return command


def _from(least: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} up")
        return int(text)

    return whole_number
