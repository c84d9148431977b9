import hashlib
import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.data import download as module
from engine.data.download import download
from engine.data.movielens import read_release
from engine.errors import DownloadError
from tests.engine.movielens_sets import write_release

NAME = "ml-latest-small"


@dataclass
class Mirror:
    """A loopback GroupLens: what it serves, how it misbehaves, and what it was asked for."""

    files: dict[str, bytes]
    url: str = ""
    etag: str = '"v1"'
    knows_range: bool = True
    cut_after: int | None = None  # bytes of a body after which the connection ends
    status: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def archives_asked(self) -> list[str | None]:
        return [wanted for path, wanted in self.asked if path.endswith(".zip")]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    mirror: Mirror

    def do_GET(self) -> None:
        mirror = self.mirror
        name = self.path.removeprefix("/data/")
        wanted = self.headers.get("Range")
        mirror.asked.append((name, wanted))
        if name in mirror.status:
            return self._answer(mirror.status[name], b"")
        if name not in mirror.files:
            return self._answer(404, b"no such file")
        body = mirror.files[name]
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if not wanted or not mirror.knows_range or self.headers.get("If-Range") != mirror.etag:
            return self._answer(200, body)
        if start >= len(body):
            return self._answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return self._answer(206, body[start:], {"Content-Range": span})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        sent = {"Content-Length": str(len(body)), "ETag": self.mirror.etag, **(headers or {})}
        for name, value in sent.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        cut = self.mirror.cut_after
        self.wfile.write(body if cut is None else body[:cut])
        if cut is not None and cut < len(body):
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Keep the test's output quiet."""


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def content(tmp_path: Path) -> dict[str, bytes]:
    """The files of a release, by their names in the archive."""
    known = write_release(tmp_path / "made", n_users=10, n_movies=30)
    files = {f"{NAME}/{path.name}": path.read_bytes() for path in known.folder.iterdir()}
    return files | {f"{NAME}/README.txt": b"the licence"}


@pytest.fixture
def mirror(content: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("no_proxy", "*")
    archive = zipped(content)
    checksum = f"MD5 ({NAME}.zip) = {hashlib.md5(archive).hexdigest()}\n".encode()
    mirror = Mirror({f"{NAME}.zip": archive, f"{NAME}.zip.md5": checksum})
    handler = type("BoundHandler", (Handler,), {"mirror": mirror})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mirror.url = f"http://127.0.0.1:{server.server_address[1]}/data"
        yield mirror
        server.shutdown()
        thread.join()


def only_the_release_is_in(folder: Path) -> bool:
    return [path.name for path in folder.iterdir()] == [NAME]


def test_a_release_is_fetched_checked_and_unpacked(
    tmp_path: Path, mirror: Mirror, content: dict[str, bytes]
) -> None:
    seen: list[tuple[int, int | None]] = []
    folder = tmp_path / "new" / "data"
    target = download(NAME, folder, base_url=mirror.url, progress=lambda *at: seen.append(at))
    assert target == folder / NAME
    assert {f"{NAME}/{path.name}": path.read_bytes() for path in target.iterdir()} == content
    assert only_the_release_is_in(folder)
    size = len(mirror.files[f"{NAME}.zip"])
    assert seen[0] == (0, size)
    assert seen[-1] == (size, size)
    assert len(read_release(target).movies) == 30


def test_a_complete_folder_is_used_without_asking_the_server(
    tmp_path: Path, mirror: Mirror
) -> None:
    first = download(NAME, tmp_path / "data", base_url=mirror.url)
    mirror.asked.clear()
    assert download(NAME, tmp_path / "data", base_url=mirror.url) == first
    assert mirror.asked == []


def test_an_interrupted_download_continues_where_it_broke_off(
    tmp_path: Path, mirror: Mirror
) -> None:
    folder = tmp_path / "data"
    mirror.cut_after = 1000
    with pytest.raises(DownloadError, match=r"broke off .*run it again, it continues"):
        download(NAME, folder, base_url=mirror.url)
    assert not (folder / NAME).exists()
    assert (folder / f"{NAME}.zip.part").stat().st_size == 1000
    mirror.cut_after = None
    seen: list[tuple[int, int | None]] = []
    download(NAME, folder, base_url=mirror.url, progress=lambda *at: seen.append(at))
    assert mirror.archives_asked() == [None, "bytes=1000-"]
    size = len(mirror.files[f"{NAME}.zip"])
    assert seen[0] == (1000, size)
    assert seen[-1] == (size, size)
    assert only_the_release_is_in(folder)


@pytest.mark.parametrize("change", ["no Range", "new ETag", "no ETag"])
def test_a_download_that_cannot_continue_safely_starts_again(
    tmp_path: Path, mirror: Mirror, change: str
) -> None:
    folder = tmp_path / "data"
    mirror.cut_after = 1000
    if change == "no ETag":
        mirror.etag = ""
    with pytest.raises(DownloadError):
        download(NAME, folder, base_url=mirror.url)
    mirror.cut_after = None
    if change == "no Range":
        mirror.knows_range = False
    if change == "new ETag":
        mirror.etag = '"v2"'
    target = download(NAME, folder, base_url=mirror.url)
    assert len(read_release(target).movies) == 30
    wanted = None if change == "no ETag" else "bytes=1000-"
    assert mirror.archives_asked() == [None, wanted]


def test_a_part_that_was_already_whole_is_not_fetched_again(tmp_path: Path, mirror: Mirror) -> None:
    folder = tmp_path / "data"
    mirror.status[f"{NAME}.zip.md5"] = 500
    with pytest.raises(DownloadError, match="answered 500"):
        download(NAME, folder, base_url=mirror.url)
    mirror.status.clear()
    target = download(NAME, folder, base_url=mirror.url)
    size = len(mirror.files[f"{NAME}.zip"])
    assert mirror.archives_asked() == [None, f"bytes={size}-"]
    assert len(read_release(target).movies) == 30


def test_a_wrong_checksum_deletes_what_came(tmp_path: Path, mirror: Mirror) -> None:
    folder = tmp_path / "data"
    mirror.files[f"{NAME}.zip.md5"] = b"0" * 32 + f"  {NAME}.zip\n".encode()
    with pytest.raises(DownloadError, match=r"arrived damaged \(MD5 \w+, published 0+\)"):
        download(NAME, folder, base_url=mirror.url)
    assert list(folder.iterdir()) == []


def test_a_checksum_file_without_a_checksum_is_an_error(tmp_path: Path, mirror: Mirror) -> None:
    mirror.files[f"{NAME}.zip.md5"] = b"<html>hello</html>"
    with pytest.raises(DownloadError, match="holds no MD5 checksum"):
        download(NAME, tmp_path / "data", base_url=mirror.url)


def test_without_a_published_checksum_the_archive_checks_itself(
    tmp_path: Path, mirror: Mirror
) -> None:
    del mirror.files[f"{NAME}.zip.md5"]
    sound = mirror.files[f"{NAME}.zip"]
    middle = len(sound) // 2
    for damaged in (sound[:middle], sound[:200] + b"damage" + sound[206:], b"<html>"):
        mirror.files[f"{NAME}.zip"] = damaged
        with pytest.raises(DownloadError, match="is not a sound archive of ml-latest-small"):
            download(NAME, tmp_path / "data", base_url=mirror.url)
        assert list((tmp_path / "data").iterdir()) == []
    mirror.files[f"{NAME}.zip"] = sound
    assert len(read_release(download(NAME, tmp_path / "data", base_url=mirror.url)).movies) == 30


def test_nothing_but_the_expected_files_leaves_the_archive(
    tmp_path: Path, mirror: Mirror, content: dict[str, bytes]
) -> None:
    del mirror.files[f"{NAME}.zip.md5"]
    evil = {"../../evil.txt": b"x", "/evil.txt": b"x", f"{NAME}/../evil.txt": b"x"}
    extra = {f"{NAME}/genome-scores.csv": b"x", "other/ratings.csv": b"x"}
    mirror.files[f"{NAME}.zip"] = zipped({**evil, **content, **extra})
    folder = tmp_path / "deep" / "data"
    target = download(NAME, folder, base_url=mirror.url)
    assert {f"{NAME}/{path.name}" for path in target.iterdir()} == set(content)
    assert only_the_release_is_in(folder)
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_archive_of_something_else_or_far_too_large_is_refused(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    del mirror.files[f"{NAME}.zip.md5"]
    sound = mirror.files[f"{NAME}.zip"]
    mirror.files[f"{NAME}.zip"] = zipped({"cat.jpg": b"x"})
    with pytest.raises(DownloadError, match=r"no item named 'ml-latest-small/ratings\.csv'"):
        download(NAME, tmp_path / "data", base_url=mirror.url)
    mirror.files[f"{NAME}.zip"] = sound
    monkeypatch.setattr(module, "MAX_UNPACKED", 100)
    with pytest.raises(DownloadError, match=r"would unpack to [\d,]+ bytes"):
        download(NAME, tmp_path / "data", base_url=mirror.url)
    monkeypatch.setattr(module, "MAX_ARCHIVE", 100)
    with pytest.raises(DownloadError, match="is larger than 100 bytes"):
        download(NAME, tmp_path / "data", base_url=mirror.url)
    assert (tmp_path / "data" / f"{NAME}.zip.part").stat().st_size == 0
    assert not (tmp_path / "data" / NAME).exists()


@pytest.mark.parametrize(("status", "text"), [(404, "404 Not Found"), (500, "500 Internal")])
def test_a_refusal_is_told_with_its_status(
    tmp_path: Path, mirror: Mirror, status: int, text: str
) -> None:
    mirror.status[f"{NAME}.zip"] = status
    with pytest.raises(DownloadError, match=f"{NAME}.zip answered {text}"):
        download(NAME, tmp_path / "data", base_url=mirror.url)


def test_without_a_connection_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as bound:  # bound but not listening: connecting is refused
        bound.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(DownloadError) as caught:
            download(NAME, tmp_path / "data", base_url=f"http://{host}")
    message = str(caught.value)
    assert message.startswith(f"Could not reach {host} (")
    assert "check the connection, or download the file by hand and pass --data DIR" in message


def test_a_full_disk_is_told_in_one_line(tmp_path: Path, mirror: Mirror) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / f"{NAME}.zip.part").symlink_to(full)
    with pytest.raises(DownloadError, match="The disk is full"):
        download(NAME, tmp_path / "data", base_url=mirror.url)


def test_a_folder_in_the_way_is_neither_used_nor_touched(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "ratings.csv").write_text("mine")
    with pytest.raises(DownloadError, match="exists but is no complete release"):
        download(NAME, tmp_path, base_url=mirror.url)
    assert (tmp_path / NAME / "ratings.csv").read_text() == "mine"


def test_unknown_names_and_foreign_schemes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="choose one of ml-latest-small, ml-latest, ml-32m"):
        download("ml-1b", tmp_path)
    with pytest.raises(DownloadError, match="is not an http or https address"):
        download(NAME, tmp_path, base_url=tmp_path.as_uri())
    assert list(tmp_path.iterdir()) == []
