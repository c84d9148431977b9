"""The MovieLens releases to measure on: ``--data DIR`` of every benchmark that reads any."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

# The published figures are of these four, pooled in this order.
RELEASES = ("ml-latest-small", "ml-latest-2023", "ml-small-2016-10", "ml-small-2015-04")
DEFAULT = Path("data")
_RATING_FILES = ("ratings.csv", "ratings.dat")


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--data DIR [DIR ...]``; :func:`release_folders` reads what it gives."""
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        default=[DEFAULT],
        metavar="DIR",
        help=f"a folder that holds {', '.join(RELEASES[:-1])} and {RELEASES[-1]}, or releases of "
        f"MovieLens themselves ({DEFAULT})",
    )


def release_folders(named: Sequence[Path]) -> list[Path]:
    """Return the releases among the named folders, or those of ``RELEASES`` inside a named one.

    Where a folder lacks some of ``RELEASES``, a line on standard error says so: the figures then
    differ from the published ones. Raises :class:`SystemExit` where a folder holds no release.
    """
    return [folder for one in named for folder in _releases_in(one)]


def _releases_in(folder: Path) -> list[Path]:
    if _is_release(folder):
        return [folder]
    found = [folder / name for name in RELEASES if _is_release(folder / name)]
    if not found:
        raise SystemExit(
            f"error: {folder} holds none of {', '.join(RELEASES)}: name a MovieLens release, such "
            "as --data data/ml-latest-small (python -m engine download ml-latest-small gets it)."
        )
    if missing := [name for name in RELEASES if folder / name not in found]:
        print(f"{folder} lacks {', '.join(missing)}: measured without.", file=sys.stderr)
    return found


def _is_release(folder: Path) -> bool:
    return any((folder / file).is_file() for file in _RATING_FILES)
