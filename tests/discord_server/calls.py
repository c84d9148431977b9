"""How every call is served: the token, rate limits and refusals, and a journal of it all."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_server.limits import Files
from tests.discord_server.refusals import CUT_OFF, UNAUTHORIZED, Reason, RefusedError
from tests.discord_server.world import Json

API = "/api/v10"


@dataclass(frozen=True)
class Call:
    """A REST call as it arrived, and in the journal how it was answered.

    ``at`` is when it had arrived whole, on the clock of `time.monotonic`.
    """

    method: str
    path: str
    where: dict[str, str]
    data: Any
    files: Files
    host: str
    at: float = 0.0
    status: int = 0
    answer: Any = None


Answer = Json | list[Json] | None
Handler = Callable[[Call], Awaitable[Answer]]


class Calls:
    """Serves handlers: a wrong token is answered 401, a refusal by its reason, nothing by 204.

    ``journal`` are all calls so far, the refused ones too.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.journal: list[Call] = []
        self._limited: list[_Limit] = []
        self._refused: dict[tuple[str, str], Reason] = {}

    def refuse(self, ending: str, reason: Reason | None, *, method: str = "POST") -> None:
        """Refuse every call whose path ends with `ending` for a reason; None: no longer."""
        if reason is None:
            del self._refused[method, ending]
        else:
            self._refused[method, ending] = reason

    def limit(
        self, ending: str, retry_after: float, *, times: int = 1, method: str = "POST"
    ) -> None:
        """Answer the next `times` calls whose path ends with `ending` by 429."""
        self._limited += [_Limit(method, ending, retry_after)] * times

    def limit_once(self, ending: str, retry_after: float) -> None:
        """Answer the next POST whose path ends with `ending` by 429."""
        self.limit(ending, retry_after)

    def served(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            call = await _read(request)
            headers: dict[str, str] = {}
            try:
                answer, status = await self._answer(request, handler, call), 200
            except _RateLimitedError as limited:
                answer, status, headers = limited.body(), 429, limited.headers()
            except RefusedError as refusal:
                answer, status = refusal.reason.body(), refusal.reason.status
                if refusal.reason is CUT_OFF and request.transport is not None:
                    request.transport.close()
            status = 204 if answer is None else status
            self.journal.append(replace(call, status=status, answer=answer))
            if answer is None:
                return web.Response(status=204)
            # Exactly this type: discord.py reads "application/json; charset=utf-8" as text.
            headers["Content-Type"] = "application/json"
            return web.Response(body=json.dumps(answer).encode(), status=status, headers=headers)

        return serve

    async def _answer(self, request: web.Request, handler: Handler, call: Call) -> Answer:
        # Interactions are answered with their own token in the path, without the bot's.
        own_token = call.path.startswith(("/interactions/", "/webhooks/"))
        if not own_token and request.headers.get("Authorization") != f"Bot {self.token}":
            raise RefusedError(UNAUTHORIZED)
        for limit in self._limited:
            if call.method == limit.method and call.path.endswith(limit.ending):
                self._limited.remove(limit)
                raise _RateLimitedError(limit.retry_after)
        for (method, ending), reason in self._refused.items():
            if call.method == method and call.path.endswith(ending):
                raise RefusedError(reason)
        return await handler(call)


@dataclass(frozen=True)
class _Limit:
    method: str
    ending: str
    retry_after: float


class _RateLimitedError(Exception):
    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    def body(self) -> Json:
        words = "You are being rate limited."
        return {"message": words, "retry_after": self.retry_after, "global": False}

    def headers(self) -> dict[str, str]:
        # Without "Via" discord.py takes the answer for a ban by Cloudflare and gives up.
        return {"Via": "1.1 google", "Retry-After": "1", "X-RateLimit-Scope": "user"}


async def _read(request: web.Request) -> Call:
    files: Files = {}
    data: Any = None
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            body = bytes(await part.read())
            if part.name == "payload_json":
                data = json.loads(body)
            elif part.filename:
                files[part.filename] = body
    elif request.can_read_body:
        data = await request.json()
    path, now = request.path.removeprefix(API), time.monotonic()
    return Call(request.method, path, dict(request.match_info), data, files, str(request.host), now)
