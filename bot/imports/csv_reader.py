"""CSV as the services write it: a header, then rows whose cells go by the column's name."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.imports.errors import UnreadableFileError

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_LINES = 1_000_000  # a review has many
MAX_LINE_LENGTH = 2**17  # characters; csv allows a cell as many

_DELIMITERS = ",;\t"
_NOT_IN_KEYS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand, by :func:`key`; ``repeated`` are those that are there twice."""

    columns: dict[str, int]
    repeated: frozenset[str]
    width: int


@dataclass(frozen=True, slots=True)
class Record:
    """A row: ``record["daterated"]`` is its cell, "" where the row or the file has none.

    ``line`` is the line of the file on which it begins, from 1.
    """

    line: int
    cells: list[str]
    header: Header

    def __getitem__(self, column: str) -> str:
        position = self.header.columns.get(column, -1)
        return self.cells[position].strip() if 0 <= position < len(self.cells) else ""

    @property
    def overflows(self) -> bool:
        """Return whether more is in it than the header has columns, so that cells have moved."""
        return any(self.cells[self.header.width :])


def key(column: str) -> str:
    """Return a column's name without what services write differently, as ``"daterated"``."""
    return _NOT_IN_KEYS.sub("", column.casefold())


def columns_at_first_sight(text: str) -> frozenset[str]:
    """Return the names in the first line, where it is the header of a table."""
    line = _first_line(text)
    return frozenset(map(key, line.split(_delimiter(text)))) - {""}


def read_table(text: str) -> tuple[Header, Iterator[Record]]:
    """Return the header of a table, and its rows but for blank ones, read as they are asked for.

    Raises
    ------
    UnreadableFileError
        Here, or while the rows are read, where lines or rows are too many or too long or quotation
        marks do not match.
    """
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise UnreadableFileError(f"The file has more than {MAX_LINES:,} lines.")
    rows = _rows(text)
    _, cells = next(rows, (0, []))
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFileError(
            f"The file has {len(cells):,} columns, and {MAX_COLUMNS} are the most."
        )
    names = [key(cell) for cell in cells]
    columns = {name: position for position, name in enumerate(names) if name}
    repeated = frozenset(name for name in columns if names.count(name) > 1)
    header = Header(columns, repeated, len(cells))
    return header, (Record(line, cells, header) for line, cells in rows)


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=_first_line(text).count)


def _first_line(text: str) -> str:
    return next(iter(text[:MAX_LINE_LENGTH].lstrip().splitlines()), "")


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAX_LINE_LENGTH:
            raise UnreadableFileError(
                f"Line {number:,} has more than {MAX_LINE_LENGTH:,} characters."
            )
        yield line


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    # A quotation mark that nothing closes would swallow the rows behind it: strict says so.
    rows = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    line, count = 1, 0
    try:
        for cells in rows:
            if any(map(str.strip, cells)):
                count += 1
                if count > MAX_ROWS + 1:  # the header is one of them
                    raise UnreadableFileError(f"The file has more than {MAX_ROWS:,} rows.")
                yield line, cells
            line = rows.line_num + 1
    except csv.Error:
        raise UnreadableFileError(
            f"The table breaks off at line {line:,}: its quotation marks do not match."
        ) from None
