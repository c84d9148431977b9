"""Alive, ready and the metrics, asked for by HTTP on loopback."""

import logging
import math
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.app.health import Readiness, serve_health
from bot.app.metrics import Metrics
from bot.errors import UserError

UP = Readiness(ready=True, latency=0.042, guilds=3, shards=(1,), shard_count=2)
DOWN = Readiness(ready=False, latency=None, guilds=0)


class Bot:
    """Something that can be ready, served on a free port."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.now = UP
        self.port = 0

    async def get(self, path: str, method: str = "GET") -> tuple[int, str, str]:
        """The status, the content type and the text."""
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.request(method, url) as response:
            return response.status, response.headers["Content-Type"], await response.text()

    async def ready(self) -> tuple[int, Any]:
        async with aiohttp.request("GET", f"http://127.0.0.1:{self.port}/readyz") as response:
            return response.status, await response.json()

    async def samples(self) -> dict[str, float]:
        """The metrics without labels, by name."""
        _, _, text = await self.get("/metrics")
        families = text_string_to_metric_families(text)
        return {s.name: s.value for f in families for s in f.samples if not s.labels}


@pytest_asyncio.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    async with serve_health(0, bot.metrics, lambda: bot.now) as bot.port:
        yield bot


async def test_it_is_alive_even_where_it_is_not_ready(bot: Bot) -> None:
    bot.now = DOWN
    assert await bot.get("/healthz") == (200, "text/plain; charset=utf-8", "ok")


async def test_it_is_ready_with_its_figures(bot: Bot) -> None:
    bot.metrics.observe_lag(0.0126)
    figures = {"ready": True, "latency_ms": 42.0, "guilds": 3, "loop_lag_ms": 12.6}
    assert await bot.ready() == (200, figures | {"shards": [1], "shard_count": 2})


@pytest.mark.parametrize("latency", [None, math.nan, math.inf])
async def test_it_is_not_ready_and_what_is_unknown_is_null(bot: Bot, latency: float | None) -> None:
    bot.now = Readiness(ready=False, latency=latency, guilds=0)
    figures = {"ready": False, "latency_ms": None, "guilds": 0, "loop_lag_ms": None}
    assert await bot.ready() == (503, figures | {"shards": [], "shard_count": None})


async def test_prometheus_can_read_the_metrics(bot: Bot) -> None:
    for _ in range(2):
        with bot.metrics.command("rate", "discord:400"):
            pass
    status, content_type, text = await bot.get("/metrics")
    assert status == 200
    assert content_type.startswith("text/plain; version=")
    samples = [s for f in text_string_to_metric_families(text) for s in f.samples]
    (answered,) = [s for s in samples if s.name == "reeltwin_commands_total"]
    assert answered.labels == {"command": "rate", "outcome": "ok"}
    assert answered.value == 2
    assert "400" not in {value for s in samples for value in s.labels.values()}


async def test_the_gateway_is_in_the_metrics_as_it_is_now(bot: Bot) -> None:
    up = await bot.samples()
    assert up["reeltwin_ready"] == 1
    assert up["reeltwin_guilds"] == 3
    assert up["reeltwin_gateway_latency_seconds"] == 0.042
    bot.now = DOWN
    down = await bot.samples()
    assert (down["reeltwin_ready"], down["reeltwin_guilds"]) == (0, 0)
    assert "reeltwin_gateway_latency_seconds" not in down


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 404), ("POST", "/metrics", 405)]
)
async def test_nothing_else_is_served(bot: Bot, method: str, path: str, status: int) -> None:
    assert (await bot.get(path, method))[0] == status


async def test_only_this_machine_is_served(bot: Bot) -> None:
    # All of 127.0.0.0/8 would reach a server that listens on every address.
    with pytest.raises(aiohttp.ClientConnectionError):
        async with aiohttp.request("GET", f"http://127.0.0.2:{bot.port}/healthz"):
            pass


async def test_the_log_tells_the_port_that_was_picked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with serve_health(0, Metrics(), lambda: UP) as port:
        assert f"http://127.0.0.1:{port}/readyz" in caplog.text


async def test_requests_are_not_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await bot.get("/metrics")
    assert caplog.text == ""


async def test_a_port_in_use_is_one_line_that_names_the_setting(bot: Bot) -> None:
    wanted = rf"^HEALTH_PORT must be .* {bot.port} .*in use.*For example: HEALTH_PORT=\d+$"
    with pytest.raises(UserError, match=wanted):
        async with serve_health(bot.port, Metrics(), lambda: UP):
            pass


async def test_it_ends_with_its_body_and_can_be_served_again() -> None:
    bot = Bot()
    for _ in range(2):
        async with serve_health(0, bot.metrics, lambda: UP) as bot.port:
            assert (await bot.samples())["reeltwin_ready"] == 1
        with pytest.raises(aiohttp.ClientConnectionError):
            await bot.get("/healthz")
        assert b"reeltwin_ready" not in generate_latest(bot.metrics.registry)
