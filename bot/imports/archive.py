"""From the bytes of an upload to the texts in it, within bounds, whatever the bytes are.

Nothing is unpacked to disk, and nothing that a zip says of itself is believed: what it declares is
checked first, and then no more is read than the bounds allow.
"""

import codecs
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.imports.errors import UnreadableFileError
from bot.text import shortened

MEGABYTE = 2**20
MAX_BYTES = 10 * MEGABYTE  # of an upload, and of each file in a zip
MAX_FILES = 1_000  # in a zip: one list on Letterboxd is one file
MAX_UNPACKED = 50 * MEGABYTE
MAX_RATIO = 100  # unpacked to packed; lists of ratings have about 5, a bomb up to 1,032

NO_ZIP = "The zip is damaged: it does not begin as a zip does."

_SMALL = MEGABYTE // 4  # what unpacks to less is no bomb, however well it is packed
_CHUNK = 2**16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ARCHIVES = (
    *(*_ZIP, b"\x1f\x8b", b"BZh", b"7z\xbc\xaf\x27\x1c", b"Rar!"),
    *(b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF"),
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError),
    *(NotImplementedError, RuntimeError, ValueError, LookupError),
)


@dataclass(frozen=True)
class TextFile:
    """A text with the path it has in its archive, or its name where it came alone."""

    path: str
    text: str
    packed: bool = False

    @property
    def name(self) -> str:
        """Return the file's name without its folders."""
        return self._path.name

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the folders of the archive that the file is in, the outermost first."""
        return self._path.parts[:-1]

    @property
    def _path(self) -> PurePosixPath:
        return PurePosixPath(self.path.replace("\\", "/"))


def texts_of(name: str, data: bytes) -> Iterator[TextFile]:
    """Yield the upload as a text, or the texts in the zip that it is, one at a time.

    Files in a zip that are no text are passed over.

    Parameters
    ----------
    name
        The file's name.
    data
        Its content.

    Raises
    ------
    UnreadableFileError
        Where the upload is empty, too large, no text, or a zip that is broken, locked, nested or
        larger inside than it should be.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(
            f"The file has {len(data) / MEGABYTE:,.1f} MB, and {MAX_BYTES // MEGABYTE} MB is the "
            "most I read."
        )
    if not data.strip(b"\x00\t\n\r "):
        raise UnreadableFileError("The file is empty.")
    if data.startswith(_ZIP):
        yield from _unpacked(data)
    elif data.startswith(_ARCHIVES):
        raise UnreadableFileError(
            "The file is an archive of a kind that I do not open: only zip will do."
        )
    else:
        yield TextFile(name, _decoded(data, is_zip=is_called_zip(name)))


def is_called_zip(name: str) -> bool:
    """Return whether a file is a zip by its name."""
    return name.casefold().endswith(".zip")


def _decoded(data: bytes, *, is_zip: bool) -> str:
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_zip:
            raise UnreadableFileError(NO_ZIP) from None
        if data.startswith(_UTF_16):
            raise UnreadableFileError(
                "The file begins as UTF-16 does and goes on otherwise."
            ) from None
        if b"\0" in data:
            raise UnreadableFileError(
                "The file is not a text: there are zero bytes in it."
            ) from None
        raise UnreadableFileError(
            f"The file is not written in UTF-8: byte {error.start + 1:,} belongs to no letter, as "
            "happens when a spreadsheet saves it."
        ) from None
    if "\0" in text:
        raise UnreadableFileError(
            NO_ZIP if is_zip else "The file is not a text: there are zero bytes in it."
        )
    return text


def _unpacked(data: bytes) -> Iterator[TextFile]:
    # Counted before zipfile makes an object of each.
    if data.count(_DIRECTORY_ENTRY) > MAX_FILES:
        raise UnreadableFileError(f"The zip holds more than {MAX_FILES:,} files.")
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            for entry in entries:
                content = _content(archive, entry, left)
                left -= len(content)
                if content.startswith(_ARCHIVES):
                    raise UnreadableFileError(
                        f"The zip holds another archive, {_shown(entry)}, and I do not open those."
                    )
                if (text := _text_or_none(content)) is not None:
                    yield TextFile(entry.filename, text, packed=True)
    except _BROKEN:
        raise UnreadableFileError("The zip is damaged: I cannot unpack it.") from None


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what the zip itself declares to be too much."""
    if not entries:
        raise UnreadableFileError("The zip is empty.")
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise UnreadableFileError(
            "The file is a spreadsheet or document: please save it as CSV in UTF-8."
        )
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise UnreadableFileError(f"The zip is locked with a password: {_shown(entry)}.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFileError(
                f"The zip packs {_shown(entry)} in a way that I do not unpack."
            )
        _check_size(entry, entry.file_size)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _too_much()


def _check_size(entry: zipfile.ZipInfo, size: int) -> None:
    if size > _SMALL and size > MAX_RATIO * max(entry.compress_size, 1):
        raise UnreadableFileError(
            f"The zip holds {_shown(entry)}, which unpacks to more than {MAX_RATIO} times its "
            "size, as no list of films does."
        )
    if size > MAX_BYTES:
        raise UnreadableFileError(
            f"The zip holds {_shown(entry)} of more than {MAX_BYTES // MEGABYTE} MB: please send "
            "the file with your ratings alone."
        )


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Return the unpacked bytes of an entry; give up as soon as they are too many."""
    content = bytearray()
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK):
            content += chunk
            _check_size(entry, len(content))
            if len(content) > left:
                raise _too_much()
    return bytes(content)


def _too_much() -> Exception:
    return UnreadableFileError(f"The zip unpacks to more than {MAX_UNPACKED // MEGABYTE} MB.")


def _text_or_none(content: bytes) -> str | None:
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _shown(entry: zipfile.ZipInfo) -> str:
    name = "".join(char if char.isprintable() else "?" for char in entry.filename)
    return f"“{shortened(name)}”"
