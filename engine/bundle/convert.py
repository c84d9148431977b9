"""Bundles of the format before this one: the same model beside a catalogue as gzipped CSV.

``python -m engine convert OLD NEW`` writes one as the bundle of today. Its scores stay as they are.
"""

import csv
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.bundle import catalogue_file
from engine.bundle.io import (
    CURVES,
    METRICS,
    OLD_CATALOGUE,
    OLD_FORMAT,
    TENSORS,
    Bundle,
    check,
    read_files,
    save_bundle,
)
from engine.data.catalogue import Catalogue, genre_matrix
from engine.errors import BundleError
from engine.linalg.parameters import Parameters

_MOST_BYTES = 256 * 2**20  # unpacked; all of MovieLens takes 7 MB
_MOST_MOVIES = 2_000_000

_HEADER = (
    "movie_id",
    "name",
    "year",
    "aliases",
    "genres",
    "imdb_id",
    "tmdb_id",
    "count",
    "mean",
    "bias",
    "tags",
)


def convert(old: Path, new: Path) -> None:
    """Write the bundle ``old`` of format 4 as ``new`` of the present format.

    Raises :class:`BundleError` if it is none or cannot be written.
    """
    files = read_files(old, OLD_FORMAT)
    catalogue = _catalogue(files.data[OLD_CATALOGUE])
    numbers = files.card.get("parameters")
    parameters = Parameters(files.tensors(), numbers if isinstance(numbers, dict) else {})
    catalogue_file.from_bytes(catalogue_file.to_bytes(catalogue))  # refuses one that makes no sense
    check(parameters, catalogue, old / TENSORS)
    card = {key: value for key, value in files.card.items() if key not in ("format", "sha256")}
    bundle = Bundle(catalogue, parameters, card, files.data[CURVES], files.json(METRICS))
    save_bundle(bundle, new)


def _catalogue(data: bytes) -> Catalogue:
    """Read a table with a row a movie, under the names of MovieLens."""
    try:
        rows = csv.reader(io.StringIO(_unpacked(data).decode(), newline=""))
        ids, names, years, aliases, genres, imdb, tmdb, counts, means, biases, tags = _columns(rows)
        return Catalogue(
            movie_ids=np.array(ids, dtype=np.int64),
            names=names,
            years=np.array(years, dtype=np.int16),
            aliases=[_split(field) for field in aliases],
            genres=genre_matrix(genres),
            imdb_ids=np.array(imdb, dtype=np.int64),
            tmdb_ids=np.array(tmdb, dtype=np.int64),
            counts=np.array(counts, dtype=np.int64),
            means=np.array(means, dtype=np.float64),
            biases=np.array(biases, dtype=np.float32),
            tags=[_split(field) for field in tags],
        )
    except (OSError, EOFError, ValueError, OverflowError, csv.Error, zlib.error) as error:
        raise BundleError(f"The catalogue cannot be read: {error!s:.200}.") from error


def _unpacked(data: bytes) -> bytes:
    """The contents of a gzip, given up as soon as they are too many."""
    gunzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    text = gunzip.decompress(data, _MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise ValueError(f"it unpacks to more than {_MOST_BYTES:,} bytes")
    if not gunzip.eof or gunzip.unused_data:
        raise ValueError("it does not end where it should")
    return text


def _columns(rows: Iterator[list[str]]) -> list[list[str]]:
    # A list of a million texts costs the garbage collector nothing, 86,537 lists of rows a lot.
    width = len(_HEADER)
    if next(rows, []) != list(_HEADER):
        raise ValueError(f"its columns are not {', '.join(_HEADER)}")
    fields: list[str] = []
    for row in rows:
        if len(row) != width:
            raise ValueError(f"a row of {len(row)} columns instead of {width}")
        fields += row
        if len(fields) > width * _MOST_MOVIES:
            raise ValueError(f"it has more than {_MOST_MOVIES:,} movies")
    if not fields:
        raise ValueError("it has no rows")
    return [fields[column::width] for column in range(width)]


def _split(field: str) -> tuple[str, ...]:
    return tuple(field.split("|")) if field else ()
