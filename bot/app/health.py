"""How the bot is, by HTTP and from this machine only: alive, ready, and its metrics."""

import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from math import isfinite

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.app.http_server import Answer, Routes, serve_http
from bot.app.metrics import Metrics
from bot.errors import UserError

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Readiness:
    """Whether commands are heard and answered, and for which shards of how many.

    ``latency`` is that of Discord's gateway in seconds; None, or not finite, while it is unknown.
    """

    ready: bool
    latency: float | None
    guilds: int
    shards: Sequence[int] = ()
    shard_count: int | None = None

    @property
    def known_latency(self) -> float | None:
        return self.latency if self.latency is not None and isfinite(self.latency) else None


@asynccontextmanager
async def serve_health(
    port: int, metrics: Metrics, readiness: Callable[[], Readiness]
) -> AsyncIterator[int]:
    """Serve ``/healthz``, ``/readyz`` and ``/metrics`` while the body runs; gives the port.

    Parameters
    ----------
    port
        Of this machine; 0 picks a free one.
    metrics
        What ``/metrics`` shows, beside those of the gateway.
    readiness
        Tells how the bot is, each time it is asked.

    Raises
    ------
    UserError
        The port cannot be had.
    """

    def healthz() -> Answer:
        return Answer(b"ok")

    def readyz() -> Answer:
        now = readiness()
        body = {
            "ready": now.ready,
            "latency_ms": _milliseconds(now.known_latency),
            "guilds": now.guilds,
            "shards": list(now.shards),
            "shard_count": now.shard_count,
            "loop_lag_ms": _milliseconds(metrics.lag),
        }
        status = HTTPStatus.OK if now.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Answer(json.dumps(body).encode(), "application/json; charset=utf-8", status)

    def told_metrics() -> Answer:
        encode, content_type = choose_encoder("")  # the form that every Prometheus reads
        return Answer(encode(metrics.registry), content_type)

    routes = {"/healthz": healthz, "/readyz": readyz, "/metrics": told_metrics}
    with _registered(metrics, _Gateway(readiness)):
        async with _serving(port, routes) as bound:
            log.info("health at http://%s:%d/readyz, metrics at /metrics", LOOPBACK, bound)
            yield bound


class _Gateway(Collector):
    """Metrics of Discord's gateway, read when they are asked for; what is unknown is left out."""

    def __init__(self, readiness: Callable[[], Readiness]) -> None:
        self._readiness = readiness

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._readiness()
        yield GaugeMetricFamily("reeltwin_ready", "1 while commands are answered", now.ready)
        yield GaugeMetricFamily("reeltwin_guilds", "Servers that the bot is in", now.guilds)
        if now.known_latency is not None:
            about = "Time of a heartbeat to Discord's gateway and back"
            yield GaugeMetricFamily("reeltwin_gateway_latency_seconds", about, now.known_latency)


@contextmanager
def _registered(metrics: Metrics, collector: Collector) -> Iterator[None]:
    metrics.registry.register(collector)
    try:
        yield
    finally:
        metrics.registry.unregister(collector)


@asynccontextmanager
async def _serving(port: int, routes: Routes) -> AsyncIterator[int]:
    async with AsyncExitStack() as stack:
        try:
            bound = await stack.enter_async_context(serve_http(LOOPBACK, port, routes))
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise UserError(
                f"HEALTH_PORT must be a free port, and {port} cannot be had: {why}. "
                f"For example: HEALTH_PORT={8081 if port != 8081 else 8082}"
            ) from error
        yield bound


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
