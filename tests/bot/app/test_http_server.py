"""Whoever opens connections and asks for nothing takes little, and keeps nobody from an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.app import http_server
from bot.app.health import Readiness, serve_health
from bot.app.metrics import Metrics

UP = Readiness(ready=True, latency=0.042, guilds=3)


@pytest_asyncio.fixture
async def port() -> AsyncIterator[int]:
    async with serve_health(0, Metrics(), lambda: UP) as port:
        yield port


class Silent:
    """Connections that say nothing, or only the beginning of a request."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.opened: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def open(self, number: int, says: bytes = b"") -> None:
        for _ in range(number):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(says)
            self.opened.append((reader, writer))

    async def ended(self) -> list[bytes]:
        """What the server said to each until it closed it."""
        return [await _rest(reader) for reader, _ in self.opened]

    def close(self) -> None:
        for _, writer in self.opened:
            writer.transport.abort()


@pytest_asyncio.fixture
async def silent(port: int) -> AsyncIterator[Silent]:
    silent = Silent(port)
    yield silent
    silent.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""


async def status(port: int, path: str = "/readyz", method: str = "GET") -> int:
    async with aiohttp.request(method, f"http://127.0.0.1:{port}{path}") as response:
        return response.status


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.mark.parametrize("says", [b"", b"GET /readyz HTTP/1.1\r\nHost: "], ids=["nothing", "half"])
async def test_hundreds_of_half_open_connections_take_few_files_and_the_next_is_answered(
    port: int, silent: Silent, says: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    before = open_files()
    await silent.open(300, says)
    assert await status(port) == 200
    theirs = len(silent.opened)
    assert open_files() - before - theirs <= http_server.MOST_CONNECTIONS + 10
    assert len(caplog.records) == 1
    assert "dropped" in caplog.text


async def test_what_takes_too_long_is_dropped_with_one_line_a_minute(
    monkeypatch: pytest.MonkeyPatch, port: int, silent: Silent, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(http_server, "MOST_SECONDS", 0.05)
    await silent.open(5)
    assert await silent.ended() == [b""] * 5
    assert len(caplog.records) == 1
    monkeypatch.setattr(http_server, "LOG_PAUSE", 0.0)
    assert await status(port) == 200


async def test_a_head_without_end_is_dropped(port: int, silent: Silent) -> None:
    await silent.open(1, b"GET /readyz HTTP/1.1\r\n" + b"X: y\r\n" * http_server.MOST_BYTES)
    assert await silent.ended() == [b""]
    assert await status(port) == 200


async def test_who_never_reads_the_answer_is_dropped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(http_server, "MOST_SECONDS", 0.2)
    large = http_server.Answer(bytes(32 << 20))
    async with http_server.serve_http("127.0.0.1", 0, {"/": lambda: large}) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await asyncio.sleep(0.5)
        assert "dropped 1" in caplog.text
        writer.transport.abort()


@pytest.mark.parametrize(
    "request_", [b"\r\n\r\n", b"\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET  /\r\n\r\n"]
)
async def test_what_is_no_request_is_answered_with_an_error(
    port: int, silent: Silent, request_: bytes
) -> None:
    await silent.open(1, request_)
    (said,) = await silent.ended()
    assert said.startswith(b"HTTP/1.1 40")


async def test_head_tells_all_but_the_body(port: int) -> None:
    url = f"http://127.0.0.1:{port}/healthz"
    async with aiohttp.request("HEAD", url) as response:
        assert (response.status, response.headers["Content-Length"]) == (200, "2")
        assert await response.read() == b""


async def test_it_ends_at_once_whatever_is_open() -> None:
    async with serve_health(0, Metrics(), lambda: UP) as port:
        silent = Silent(port)
        await silent.open(3)
        assert await status(port) == 200
    assert await silent.ended() == [b""] * 3
    silent.close()


async def test_who_only_tries_the_port_is_not_logged(
    port: int, silent: Silent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await silent.open(3)
    silent.close()
    assert await status(port) == 200
    assert caplog.text == ""
