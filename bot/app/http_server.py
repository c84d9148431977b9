"""A small HTTP server: one answer a connection, and bounds on all that a client can make it do.

Whoever opens connections and says nothing takes no more files, memory or lines of the log than
these bounds allow, and those who ask are answered all the while.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 32  # at a time; the oldest gives way to the next
MOST_SECONDS = 5.0  # of a connection from its opening to its end
MOST_BYTES = 8192  # of a request's head
LOG_PAUSE = 60.0  # seconds between two lines in the log

_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Answer:
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK


Routes = Mapping[str, Callable[[], Answer]]


@asynccontextmanager
async def serve_http(host: str, port: int, routes: Routes) -> AsyncIterator[int]:
    """Answer on a port while the body runs; gives the port.

    Parameters
    ----------
    host
        The address to listen on.
    port
        Of it; 0 picks a free one.
    routes
        What answers, by path.

    Raises
    ------
    OSError
        The port cannot be had.
    """
    connections = _Connections(routes)
    server = await asyncio.start_server(connections.serve, host, port, limit=MOST_BYTES)
    try:
        bound: int = server.sockets[0].getsockname()[1]
        yield bound
    finally:
        server.close()
        await connections.close()


class _Connections:
    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}  # oldest first
        self._dropped = 0  # since the log said so last
        self._log_again_at = 0.0  # on the loop's clock

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, or drop it once it takes more than it may."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs it as one
        if len(self._open) >= MOST_CONNECTIONS:
            self._end(next(iter(self._open)))
            self._drop()
        self._open[task] = writer
        try:
            async with asyncio.timeout(MOST_SECONDS):
                writer.write(self._answer(await reader.readuntil(b"\r\n\r\n")))
                writer.close()
                await writer.wait_closed()
        except (TimeoutError, asyncio.LimitOverrunError):
            self._drop()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it has gone, as whoever only tries the port does
        finally:
            self._end(task)

    async def close(self) -> None:
        ending = [*self._open]
        for task in ending:
            self._end(task)
        if ending:
            await asyncio.wait(ending)

    def _end(self, task: asyncio.Task[None]) -> None:
        if writer := self._open.pop(task, None):
            writer.transport.abort()  # which ends what the task waits for

    def _drop(self) -> None:
        self._dropped += 1
        now = asyncio.get_running_loop().time()
        if now >= self._log_again_at:
            log.warning("dropped %d connections that asked for nothing in time", self._dropped)
            self._dropped, self._log_again_at = 0, now + LOG_PAUSE

    def _answer(self, request: bytes) -> bytes:
        """The answer to a request, both as they go over the wire."""
        method, _, rest = request.decode("latin-1").partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        if method not in _METHODS:
            answer = _error(HTTPStatus.METHOD_NOT_ALLOWED)
        elif path not in self._routes:
            answer = _error(HTTPStatus.NOT_FOUND)
        else:
            answer = self._routes[path]()
        lines = (
            f"HTTP/1.1 {answer.status.value} {answer.status.phrase}",
            f"Content-Type: {answer.content_type}",
            f"Content-Length: {len(answer.body)}",
            "Connection: close",
            *([f"Allow: {', '.join(_METHODS)}"] if method not in _METHODS else []),
        )
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        return head if method == "HEAD" else head + answer.body


def _error(status: HTTPStatus) -> Answer:
    return Answer(status.phrase.encode(), status=status)
