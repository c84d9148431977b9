"""Fetch a MovieLens release from GroupLens: with progress, resume, checksum and safe unpacking.

Own code, as pooch cannot resume a download, and pypdl, which can, limits no file's size.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import re
import shutil
import tempfile
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from engine.errors import DownloadError

GROUPLENS = "https://files.grouplens.org/datasets/movielens"
NAMES = ("ml-latest-small", "ml-latest", "ml-32m")

Progress = Callable[[int, int | None], None]

# Only these leave the archive, under these very names: nothing else in it can write anywhere.
_NEEDED = ("ratings.csv", "movies.csv")
_WANTED = (*_NEEDED, "links.csv", "tags.csv", "README.txt")
# ml-latest has about 340 MB, 1 GB unpacked; far more than this is no MovieLens release.
MAX_ARCHIVE = 4 * 2**30
MAX_UNPACKED = 16 * 2**30
_CHUNK = 2**18
_TIMEOUT = 30.0  # seconds without a byte


def download(
    name: str,
    folder: Path,
    *,
    base_url: str = GROUPLENS,
    progress: Progress | None = None,
) -> Path:
    """Fetch the release `name` and unpack it to ``folder/name``; return that path.

    A complete ``folder/name`` is used as it is. An interrupted download stays as
    ``folder/name.zip.part`` and continues there on the next call, if the server still has the same
    file. `progress` is called with the bytes so far and the total, None where the server does not
    tell. The archive's MD5 is checked where the server publishes one, its CRCs always.

    Raises
    ------
    DownloadError
        unknown name, no connection, HTTP status, wrong checksum, damaged archive, or a folder
        that cannot be written.

    """
    if name not in NAMES:
        raise DownloadError(f"{name} is not known: choose one of {', '.join(NAMES)}")
    if urlsplit(base_url).scheme not in ("http", "https"):
        raise DownloadError(f"{base_url} is not an http or https address")
    target = folder / name
    if all((target / file).is_file() for file in _NEEDED):
        return target
    if target.exists():
        raise DownloadError(f"{target} exists but is no complete release: move it away first")
    part = folder / f"{name}.zip.part"
    url = f"{base_url.rstrip('/')}/{name}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(url, part, progress or (lambda _done, _total: None))
        _verify(part, _published_md5(f"{url}.md5"), url)
        _unpack(part, name, target, url)
        _discard(part)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DownloadError(f"The disk is full: {name} does not fit in {folder}") from error
        reason = error.strerror or error
        raise DownloadError(f"{folder} cannot be written: {reason}") from error
    return target


def _fetch(url: str, part: Path, progress: Progress) -> None:
    """Bring `part` up to the whole of `url`, continuing where it ends if that is safe."""
    done = part.stat().st_size if part.exists() else 0
    validator_file = _validator_file(part)
    validator = validator_file.read_text("ascii") if validator_file.exists() else ""
    if not validator:
        done = 0  # without one, the old bytes and the new could belong to different files
    headers = {"Range": f"bytes={done}-", "If-Range": validator} if done else {}
    try:
        response = _open(url, headers)
    except HTTPError as error:
        if error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not done:
            raise _refused(url, error) from error
        if error.headers.get("Content-Range") == f"bytes */{done}":
            return  # it was whole already
        raise _unfit(url, part) from error
    with response:
        if response.status != HTTPStatus.PARTIAL_CONTENT:
            done = 0
        elif not response.headers.get("Content-Range", "").startswith(f"bytes {done}-"):
            raise _unfit(url, part)
        length = response.headers.get("Content-Length", "")
        total = done + int(length) if length.isdecimal() else None
        validator_file.write_text(_validator(response), "ascii")
        with part.open("ab" if done else "wb") as file:
            done = _copy(response, file, url, done, total, progress)
    if total is not None and done < total:
        raise _broken(url, f"it ended after {done:,} of {total:,} bytes")


def _copy(
    response: http.client.HTTPResponse,
    file: BinaryIO,
    url: str,
    done: int,
    total: int | None,
    progress: Progress,
) -> int:
    progress(done, total)
    for chunk in _chunks(response, url):
        done += len(chunk)
        if done > MAX_ARCHIVE:
            file.truncate(0)
            raise DownloadError(f"{url} is larger than {MAX_ARCHIVE:,} bytes: not the data set")
        file.write(chunk)
        progress(done, total)
    return done


def _chunks(response: http.client.HTTPResponse, url: str) -> Iterator[bytes]:
    try:
        while chunk := response.read(_CHUNK):
            yield chunk
    except (OSError, http.client.HTTPException) as error:
        raise _broken(url, str(error) or type(error).__name__) from error


def _open(url: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """Open `url` by http or https alone; HTTPError passes, no connection is a DownloadError."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": "Reeltwin", **headers})  # noqa: S310
    try:
        response: http.client.HTTPResponse = opener.open(request, timeout=_TIMEOUT)
    except HTTPError:
        raise
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise DownloadError(
            f"Could not reach {urlsplit(url).netloc} ({reason}): check the connection, "
            "or download the file by hand and pass --data DIR"
        ) from error
    return response


def _refused(url: str, error: HTTPError) -> DownloadError:
    error.close()
    return DownloadError(f"{url} answered {error.code} {error.reason}: try again later")


def _unfit(url: str, part: Path) -> DownloadError:
    _discard(part)
    return DownloadError(f"{url} does not continue what was here, now deleted: run it again")


def _broken(url: str, reason: str) -> DownloadError:
    return DownloadError(
        f"The download of {url} broke off ({reason}): run it again, it continues where it stopped"
    )


def _validator(response: http.client.HTTPResponse) -> str:
    """Return what If-Range may name: a strong ETag, else the date, else "" (RFC 9110, 13.1.5)."""
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return str(etag)
    return str(response.headers.get("Last-Modified", ""))


def _validator_file(part: Path) -> Path:
    return part.with_name(f"{part.name}.validator")


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _validator_file(part).unlink(missing_ok=True)


def _published_md5(url: str) -> str | None:
    """Return the MD5 that the server publishes, None if it publishes none (404)."""
    try:
        with _open(url, {}) as response:
            text = next(_chunks(response, url), b"").decode("ascii", "replace")
    except HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            error.close()
            return None
        raise _refused(url, error) from error
    found = re.search(r"\b[0-9a-fA-F]{32}\b", text)
    if not found:
        raise DownloadError(f"{url} holds no MD5 checksum")
    return found[0].lower()


def _verify(part: Path, md5: str | None, url: str) -> None:
    if md5 is None:
        return
    with part.open("rb") as file:
        actual = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if actual != md5:
        _discard(part)
        raise DownloadError(
            f"{url} arrived damaged (MD5 {actual}, published {md5}) and was deleted: run it again"
        )


def _unpack(part: Path, name: str, target: Path, url: str) -> None:
    """Unpack beside `target`, then rename: `target` is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{name}-") as scratch:
        whole = Path(scratch) / name
        whole.mkdir()
        try:
            with zipfile.ZipFile(part) as archive:
                _extract(archive, name, whole)
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
            _discard(part)
            reason = str(error.args[0]) if error.args else "it ends early"
            raise DownloadError(
                f"{url} is not a sound archive of {name} ({reason}) and was deleted: run it again"
            ) from error
        whole.rename(target)


def _extract(archive: zipfile.ZipFile, name: str, whole: Path) -> None:
    present = set(archive.namelist())
    members = [archive.getinfo(f"{name}/{file}") for file in _NEEDED]
    members += [
        archive.getinfo(f"{name}/{file}") for file in _WANTED[2:] if f"{name}/{file}" in present
    ]
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise zipfile.BadZipFile(f"it would unpack to {unpacked:,} bytes")
    for member in members:
        file = whole / member.filename.removeprefix(f"{name}/")
        with archive.open(member) as source, file.open("wb") as sink:
            shutil.copyfileobj(source, sink, _CHUNK)
