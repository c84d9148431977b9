"""What a file in ``formats/`` defines: a service, and how its files are recognised and read."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.imports.archive import TextFile
from bot.imports.csv_reader import Record
from bot.imports.rows import ImportedRow

JsonItem = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of file.

    Attributes
    ----------
    scale
        How its ratings become stars, in words.
    rank
        Of two kinds in one zip, the stars of that of lower rank count.

    """

    scale: str
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class TableFormat(Format):
    """A table of CSV. Columns go by `bot.imports.csv_reader.key`, as ``"daterated"``.

    Attributes
    ----------
    required
        Alternatives of columns by which it is recognised.
    used
        The columns that are read, none of which may be there twice.
    read
        Return what a row says.
    refuse
        Return why a file with these columns is not taken all the same, "" where it is.

    """

    required: tuple[frozenset[str], ...]
    used: frozenset[str]
    read: Callable[[Record], ImportedRow]
    refuse: Callable[[TextFile], str] | None = None

    def fits(self, columns: Set[str]) -> bool:
        """Return whether a table with these columns is of this kind."""
        return any(columns >= alternative for alternative in self.required)


@dataclass(frozen=True, kw_only=True)
class JsonFormat(Format):
    """A list of JSON objects.

    Attributes
    ----------
    marker
        A text that every such file has in it, so that no others are parsed.
    fits
        Return whether a list of these items is of this kind.
    read
        Return what an item says, given its number from 1.

    """

    marker: str
    fits: Callable[[Sequence[JsonItem]], bool]
    read: Callable[[int, JsonItem], ImportedRow]


@dataclass(frozen=True, kw_only=True)
class ImportSource:
    """A service whose files can be imported.

    Attributes
    ----------
    name
        The service as people call it.
    formats
        The kinds of its files; a file is of the first that it fits.
    how_to_get
        Where the service gives its members the file and what of it to send, as the answer to
        ``import`` shows it; "" leaves the service out of that overview.
    order
        Place among the services, in the overview and where a file fits several.
    is_own
        Whether the files are this program's own: recognised first, named last.

    """

    name: str
    formats: tuple[Format, ...]
    how_to_get: str = ""
    order: int = 50
    is_own: bool = False
