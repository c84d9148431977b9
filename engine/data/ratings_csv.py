"""Read a user's ratings from a CSV file, as MovieLens and the bot export them."""

import csv
from pathlib import Path

from engine.errors import EngineError


def read_ratings(file: Path) -> dict[int, float]:
    """Return stars by movie id, from the columns movieId (or MovieLensID) and rating.

    Rows without either are left out: movies without an id there, or seen and not rated. Raises
    :class:`EngineError` with one readable line.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return _read(csv.DictReader(lines))
    except OSError as error:
        raise EngineError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, csv.Error) as error:
        raise EngineError(f"{file} is no table of ratings: {error}.") from error


def _read(table: "csv.DictReader[str]") -> dict[int, float]:
    columns = {column.strip().lower(): column for column in table.fieldnames or ()}
    film = columns.get("movieid") or columns.get("movielensid")
    stars = columns.get("rating")
    if film is None or stars is None:
        raise ValueError("it needs the columns movieId (or MovieLensID) and rating")
    return {int(row[film]): float(row[stars]) for row in table if row[film] and row[stars]}
