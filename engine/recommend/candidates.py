"""Which films a person wants to hear of: masks over the catalogue, from what callers write."""

import re
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from engine.core import TrainedModel
from engine.data.catalogue import GENRES, Catalogue

Mask = npt.NDArray[np.bool_]
Years = tuple[int | None, int | None]


def candidates(
    model: TrainedModel,
    rated: npt.NDArray[np.int64],
    *,
    genres: str | Collection[str],
    years: Years | None,
    hidden_gems: bool,
    exclude: Collection[int],
    min_count: int | None,
) -> npt.NDArray[np.int64]:
    """Return the catalogue rows of the movies that may be recommended.

    Parameters
    ----------
    model
        The model.
    rated
        Rows that are left out, having been rated.
    genres, years, hidden_gems, exclude, min_count
        As in :meth:`engine.recommend.taste.Taste.recommend`.

    Raises
    ------
    ValueError
        For a value that makes no sense; the message names the argument.
    """
    catalogue = model.catalogue
    least, most = model.gem_counts if hidden_gems else (model.least_count, None)
    if min_count is not None:
        check_count("min_count", min_count, example=200)
        least = min_count
    allowed = catalogue.counts >= least
    if most is not None:
        allowed &= catalogue.counts <= most
    if genres or years is not None:
        allowed &= suiting(catalogue, genres, years)
    allowed[rated] = False
    allowed[[catalogue.row(m) for m in exclude if m in catalogue]] = False
    return np.flatnonzero(allowed)


def highest(
    scores: npt.NDArray[np.float32], rows: npt.NDArray[np.int64], n: int
) -> npt.NDArray[np.int64]:
    """The ``n`` of the ``rows`` with the highest scores, or all, highest first."""
    if n < len(rows):
        among = scores[rows]
        # Several times as fast as argpartition.
        rows = rows[among >= np.partition(among, -n)[-n]] if n else rows[:0]
    return rows[np.argsort(-scores[rows], kind="stable")][:n]


def suiting(catalogue: Catalogue, genres: str | Collection[str], years: Years | None) -> Mask:
    """Return which movies [n_movies] are of any named genre, if any is named, and of some years.

    Raises
    ------
    ValueError
        As :func:`in_genres` and :func:`in_years` do.
    """
    mask = np.ones(len(catalogue.counts), dtype=bool)
    if genres:
        mask &= in_genres(catalogue, genres)
    if years is not None:
        mask &= in_years(catalogue, years)
    return mask


def in_genres(catalogue: Catalogue, genres: str | Collection[str]) -> Mask:
    """Return which movies [n_movies] are of any of the named genres.

    Parameters
    ----------
    catalogue
        The movies.
    genres
        A name or several, however they are written: "scifi", "Sci-Fi".

    Raises
    ------
    ValueError
        For a name that is no genre.
    """
    number = {_letters(genre): g for g, genre in enumerate(GENRES)}
    names = [genres] if isinstance(genres, str) else genres
    for name in names:
        if _letters(name) not in number:
            raise ValueError(
                f"genres must be among {', '.join(GENRES)}, such as ['Sci-Fi', 'Horror'], "
                f"but one is {name!r}"
            )
    wanted = [number[_letters(name)] for name in names]
    mask: Mask = np.any(catalogue.genres[:, wanted], axis=1)
    return mask


def in_years(catalogue: Catalogue, years: Years) -> Mask:
    """Return which movies [n_movies] are from a span of years; one of unknown year is in none.

    Parameters
    ----------
    catalogue
        The movies.
    years
        The first and the last, both included; None leaves an end open.

    Raises
    ------
    ValueError
        For a span that ends before it begins.
    """
    first, last = years
    if first is not None and last is not None and first > last:
        raise ValueError(
            "years must be (first, last) with the first no later than the last, "
            f"such as (1990, 1999), but are ({first}, {last})"
        )
    mask = np.asarray(catalogue.years > 0)
    if first is not None:
        mask &= catalogue.years >= first
    if last is not None:
        mask &= catalogue.years <= last
    return mask


def check_share(name: str, value: float, example: float) -> None:
    """Raise ``ValueError`` unless an argument is from 0 to 1."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be from 0 to 1, such as {example}, but is {value}")


def check_count(name: str, value: int, example: int) -> None:
    """Raise ``ValueError`` if an argument is negative."""
    if value < 0:
        raise ValueError(f"{name} must be 0 or more, such as {example}, but is {value}")


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
