"""Read one file of a MovieLens release fast, and name the line at fault when that fails.

The C parser of pandas reads and checks whole columns. Only where it refuses, or where a column
holds something out of bounds, a second and slow pass in plain Python walks the rows to say which
line is at fault and why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.errors import DataError

_BOM = b"\xef\xbb\xbf"
# Stands for "::" while pandas reads, which knows separators of one character only.
_UNIT = "\x1f"
_INT64 = (-(2.0**63), 2.0**63 - 1024)
_LIMITS = {
    "rating": (0.5, 5.0),
    "mean": (0.5, 5.0),
    "timestamp": (0.0, _INT64[1]),
    "count": (1.0, _INT64[1]),
}
_NEVER_EMPTY = frozenset({"title", "genres"})


@dataclass(frozen=True)
class CsvSchema:
    """What one file of a release holds.

    Attributes
    ----------
    columns
        Needed columns to "int64", "Int64" (may be empty), "float64" or "str", in the order in which
        the ``::`` files, which have no header, hold them.
    unique
        The column whose values may not repeat, or None.
    optional
        Whether the file may be without rows.
    """

    columns: dict[str, str]
    unique: str | None = None
    optional: bool = False


def read_columns(path: Path, table: CsvSchema) -> pd.DataFrame:
    """Read a ``.csv`` with a header or a ``::`` separated ``.dat``.

    Parameters
    ----------
    path
        The file.
    table
        The columns to return, and what they must hold.

    Raises
    ------
    DataError
        names the file and, where one is at fault, the line
    """
    try:
        if path.stat().st_size == 0:
            raise DataError(f"{path} is empty")
        try:
            frame = _parse(path, table)
        except (ValueError, TypeError, OverflowError) as error:
            raise fault(path, table, because=str(error)) from error
        if not _is_sound(frame, table):
            raise fault(path, table)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    if frame.empty and not table.optional:
        raise DataError(f"{path} has no rows")
    return frame[list(table.columns)].astype(table.columns)


def fault(
    path: Path,
    table: CsvSchema,
    *,
    known_movies: Container[int] | None = None,
    because: str = "its columns do not fit together",
) -> DataError:
    """Return the error that names the first line of a file that breaks its rules.

    It walks the rows one by one, which is slow.

    Parameters
    ----------
    path, table
        The file and its rules.
    known_movies
        Ids that a movieId must be among, where that is asked for.
    because
        The reason given where each line on its own is sound.
    """
    rows = _rows(path)
    header = list(table.columns)
    if path.suffix == ".csv":
        _, header = next(rows, (1, []))
        missing = [column for column in table.columns if column not in header]
        if missing:
            return DataError(
                f"{path}, line 1: no column {', '.join(missing)} (found: {', '.join(header)})"
            )
    seen: dict[str, int] = {}
    for line, fields in rows:
        reason = _row_fault(fields, header, table, known_movies)
        if reason is None and table.unique:
            key = fields[header.index(table.unique)]
            if key in seen:
                reason = f"{table.unique} {key} stands already in line {seen[key]}"
            seen[key] = line
        if reason is not None:
            return DataError(f"{path}, line {line}: {reason}")
    return DataError(f"{path} cannot be read: {because}")


def _parse(path: Path, table: CsvSchema) -> pd.DataFrame:
    # An empty link reads as NaN, and pandas makes whole numbers of that only by way of floats.
    kinds = {c: "float64" if kind == "Int64" else kind for c, kind in table.columns.items()}
    gaps = {column: [""] for column, kind in table.columns.items() if kind == "Int64"}
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=kinds, na_values=gaps, keep_default_na=False)
    data = path.read_bytes().removeprefix(_BOM)
    return pd.read_csv(
        io.BytesIO(data.replace(b"::", _UNIT.encode())),
        sep=_UNIT,
        header=None,
        names=list(kinds),
        dtype=kinds,
        na_values=gaps,
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
        encoding=_encoding(path, data),
    )


def _encoding(path: Path, data: bytes) -> str:
    """Every release is UTF-8 but ml-1m, which is Latin-1 and cannot fail to decode."""
    if path.suffix == ".csv":
        return "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _is_sound(frame: pd.DataFrame, table: CsvSchema) -> bool:
    """Tell whether whole columns keep the rules, without saying where one does not."""
    if not set(table.columns) <= set(frame.columns):
        return False
    # Rows longer than the header make pandas take their first field for an index.
    if not isinstance(frame.index, pd.RangeIndex):
        return False
    for column, kind in table.columns.items():
        if column in _LIMITS and not frame[column].between(*_LIMITS[column]).all():
            return False
        if column in _NEVER_EMPTY and (frame[column] == "").any():
            return False
        if kind == "Int64" and (frame[column].dropna() % 1 != 0).any():
            return False
    return table.unique is None or not frame[table.unique].duplicated().any()


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of every row that is not blank, with the line that the row starts on."""
    lines = _lines(path)
    if path.suffix == ".dat":
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line.rstrip("\r\n").split("::")
        return
    reader = csv.reader(lines)
    start = 1
    try:
        for fields in reader:
            if len(fields) > 1 or "".join(fields).strip():
                yield start, fields
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{path}, line {start}: {error}") from error


def _lines(path: Path) -> Iterator[str]:
    encoding = _encoding(path, path.read_bytes())
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                line = raw.decode(encoding)
            except UnicodeDecodeError as error:
                byte = raw[error.start]
                raise DataError(
                    f"{path}, line {number}: not UTF-8 text (byte 0x{byte:02x})"
                ) from error
            yield line.removeprefix("\ufeff") if number == 1 else line


def _row_fault(
    fields: list[str], header: list[str], table: CsvSchema, known_movies: Container[int] | None
) -> str | None:
    if len(fields) != len(header):
        return f"{len(fields)} fields where {len(header)} are expected"
    row = dict(zip(header, fields, strict=True))
    for column, kind in table.columns.items():
        reason = _field_fault(column, kind, row[column])
        if reason is not None:
            return reason
    if known_movies is not None and int(row["movieId"]) not in known_movies:
        return f"movieId {row['movieId']} is not in the release's movies file"
    return None


def _field_fault(column: str, kind: str, text: str) -> str | None:
    if kind == "str":
        return f"{column} is empty" if column in _NEVER_EMPTY and not text else None
    if kind == "Int64" and not text:
        return None
    try:
        value = float(text) if kind == "float64" else int(text)
    except ValueError:
        return f"{column} {text!r} is not a {'' if kind == 'float64' else 'whole '}number"
    low, high = _LIMITS.get(column, _INT64)
    if not low <= value <= high:
        bound = (
            f"below {low:g}" if high == _INT64[1] and value < low else f"outside {low:g}..{high:g}"
        )
        return f"{column} {text} is {bound}"
    return None
