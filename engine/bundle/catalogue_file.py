"""The catalogue as a file: its columns as tensors, and the texts of a column as lines of UTF-8.

Reading it costs a fifth of what parsing a table takes, as nearly all of it is copying.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import safetensors.numpy
from safetensors import SafetensorError

from engine.bundle.validation import faults
from engine.data.catalogue import GENRES, Catalogue
from engine.errors import BundleError
from engine.linalg.parameters import Array, Parameters, Spec, TensorSpec
from engine.titles.overrides import with_popular_names

_LARGEST_ID = 2**31 - 1
_MOST_RATINGS = 10**9  # of a movie

SPEC: Spec = {
    "movie_ids": TensorSpec(("movies",), np.int32, low=1, high=_LARGEST_ID),
    "years": TensorSpec(("movies",), np.int16, low=0, high=2**15 - 1),
    "imdb_ids": TensorSpec(("movies",), np.int32, low=0, high=_LARGEST_ID),
    "tmdb_ids": TensorSpec(("movies",), np.int32, low=0, high=_LARGEST_ID),
    "counts": TensorSpec(("movies",), np.int32, low=0, high=_MOST_RATINGS),
    "means": TensorSpec(("movies",), np.float64, low=0, high=5),
    "biases": TensorSpec(("movies",), np.float32, low=-5, high=5),
    # Bit g is set for genre g of GENRES.
    "genres": TensorSpec(("movies",), np.uint32, low=0, high=2 ** len(GENRES) - 1),
    # A line a movie; in those of aliases and tags one follows the other after a bar.
    "names": TensorSpec(("bytes of names",), np.uint8, low=0, high=255),
    "aliases": TensorSpec(("bytes of aliases",), np.uint8, low=0, high=255),
    "tags": TensorSpec(("bytes of tags",), np.uint8, low=0, high=255),
}
_BITS = np.arange(len(GENRES), dtype=np.uint32)


def to_bytes(catalogue: Catalogue) -> bytes:
    """Return the contents of the file; equal catalogues give equal bytes.

    Raises :class:`BundleError` for a number that has no place in it.
    """
    genres = (catalogue.genres.astype(np.uint32) << _BITS).sum(1, dtype=np.uint32)
    return safetensors.numpy.save(
        {
            "movie_ids": _int32(catalogue.movie_ids),
            "years": catalogue.years,
            "imdb_ids": _int32(catalogue.imdb_ids),
            "tmdb_ids": _int32(catalogue.tmdb_ids),
            "counts": _int32(catalogue.counts),
            "means": catalogue.means,
            "biases": catalogue.biases,
            "genres": genres,
            "names": _as_lines(catalogue.names),
            "aliases": _as_lines(map(_listed, catalogue.aliases)),
            "tags": _as_lines(map(_listed, catalogue.tags)),
        }
    )


def from_bytes(data: bytes) -> Catalogue:
    """Return the catalogue of a file, with movies under the names that people know them by.

    Raises :class:`BundleError`.
    """
    try:
        columns: dict[str, Array] = safetensors.numpy.load(data)
    except (SafetensorError, KeyError) as error:  # the latter of a type that NumPy lacks
        raise BundleError(f"The catalogue cannot be read: {error!s:.200}.") from error
    for fault in faults(Parameters(columns), SPEC, {}):
        raise BundleError(f"The catalogue makes no sense: {fault}.")
    n = len(columns["movie_ids"])
    try:
        names, aliases, tags = (_lines(columns[name], n) for name in ("names", "aliases", "tags"))
    except ValueError as error:
        raise BundleError(f"The catalogue makes no sense: {error!s:.200}.") from error
    movie_ids = columns["movie_ids"].astype(np.int64)
    known_as, also_known_as = with_popular_names(movie_ids, names, _split(aliases))
    catalogue = Catalogue(
        movie_ids=movie_ids,
        names=known_as,
        years=columns["years"],
        aliases=also_known_as,
        genres=(columns["genres"][:, None] >> _BITS & 1).astype(np.bool_),
        imdb_ids=columns["imdb_ids"].astype(np.int64),
        tmdb_ids=columns["tmdb_ids"].astype(np.int64),
        counts=columns["counts"].astype(np.int64),
        means=columns["means"],
        biases=columns["biases"],
        tags=_split(tags),
    )
    for fault in catalogue.faults():
        raise BundleError(f"The catalogue makes no sense: {fault}.")
    return catalogue


def _int32(column: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    numbers = column.astype(np.int32)
    if (numbers != column).any():
        raise BundleError(f"The catalogue makes no sense: {column.max():,} is too large a number.")
    return numbers


def _as_lines(texts: Iterable[str]) -> npt.NDArray[np.uint8]:
    lines = "".join(text.replace("\n", " ") + "\n" for text in texts)
    return np.frombuffer(lines.encode(), np.uint8)


def _lines(column: npt.NDArray[np.uint8], n: int) -> list[str]:
    lines = column.tobytes().decode().split("\n")
    if len(lines) != n + 1 or lines.pop():
        raise ValueError(f"a column of texts has not a line for each of {n:,} movies")
    return lines


def _listed(texts: Sequence[str]) -> str:
    return "|".join(text.replace("|", "/") for text in texts)


def _split(lines: list[str]) -> list[tuple[str, ...]]:
    return [tuple(line.split("|")) if line else () for line in lines]
