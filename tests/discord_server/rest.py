"""The REST API: which routes there are, what they answer, and a journal of every call."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_server.command_limits import check_commands
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Interactions
from tests.discord_server.limits import Files
from tests.discord_server.messages import Message, Messages
from tests.discord_server.refusals import (
    MISSING_PERMISSIONS,
    NO_SUCH_ROUTE,
    NOT_YOUR_MESSAGE,
    UNAUTHORIZED,
    RefusedError,
    unknown,
)
from tests.discord_server.world import (
    ANN,
    APPLICATION_ID,
    ATTACH_FILES,
    BOT,
    EMBED_LINKS,
    Channel,
    Json,
    User,
    World,
)

API = "/api/v10"


@dataclass(frozen=True)
class Call:
    """A REST call as it arrived, and in the journal how it was answered."""

    method: str
    path: str
    where: dict[str, str]
    data: Any
    files: Files
    host: str
    status: int = 0
    answer: Any = None


Answer = Json | list[Json] | None
Handler = Callable[[Call], Awaitable[Answer]]


class Rest:
    """The routes. Everything else answers 404, a wrong token 401, and each call is written down."""

    def __init__(
        self,
        world: World,
        messages: Messages,
        gateway: Gateway,
        interactions: Interactions,
        token: str,
    ) -> None:
        self.world, self.messages = world, messages
        self.gateway, self.interactions, self.token = gateway, interactions, token
        self.commands: list[Json] = []
        self.typing: list[str] = []
        self.journal: list[Call] = []
        self._limited: list[tuple[str, float]] = []

    def limit_once(self, ending: str, retry_after: float) -> None:
        """Answer the next POST whose path ends with `ending` by 429."""
        self._limited.append((ending, retry_after))

    def register(self, app: web.Application) -> None:
        message = "/channels/{channel}/messages/{message}"
        original = f"/webhooks/{APPLICATION_ID}/{{token}}/messages/{{message}}"
        commands = f"/applications/{APPLICATION_ID}/commands"
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self.me),
            ("GET", "/users/{user}", self.get_user),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/gateway/bot", self.gateway_url),
            ("POST", "/users/@me/channels", self.open_direct),
            ("GET", "/channels/{channel}", self.get_channel),
            ("POST", "/channels/{channel}/typing", self.start_typing),
            ("POST", "/channels/{channel}/messages", self.create_message),
            ("GET", message, self.get_message),
            ("PATCH", message, self.edit_message),
            ("DELETE", message, self.delete_message),
            ("GET", commands, self.get_commands),
            ("PUT", commands, self.put_commands),
            ("POST", "/interactions/{id}/{token}/callback", self.acknowledge),
            ("POST", f"/webhooks/{APPLICATION_ID}/{{token}}", self.follow_up),
            ("GET", original, self.get_follow_up),
            ("PATCH", original, self.edit_follow_up),
            ("DELETE", original, self.delete_follow_up),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, API + path, self._served(handler))
        app.router.add_get("/attachments/{message}/{name}", self.download)
        app.router.add_route("*", "/{tail:.*}", self._served(self.nothing_here))

    # who am I

    async def me(self, _: Call) -> Answer:
        return BOT.payload()

    async def get_user(self, call: Call) -> Answer:
        return self._user(call.where["user"]).payload()

    async def application(self, _: Call) -> Answer:
        return {
            "id": APPLICATION_ID,
            "name": BOT.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": ANN.payload(),
            "verify_key": "",
            "flags": 0,
            "summary": "",
        }

    async def gateway_url(self, call: Call) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url, shards = f"ws://{call.host}/gateway", self.gateway.shards
        return {"url": url, "shards": shards, "session_start_limit": limit}

    # channels and messages

    async def open_direct(self, call: Call) -> Answer:
        return self.world.direct(self._user(str(call.data["recipient_id"]))).payload()

    async def get_channel(self, call: Call) -> Answer:
        return self._channel(call).payload()

    async def start_typing(self, call: Call) -> Answer:
        channel = self._channel(call)
        _require(channel, channel.to_send)
        self.typing.append(channel.id)
        return None

    async def create_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        _require(channel, channel.to_send | _needed(call))
        message = self.messages.create(channel, BOT, call.data, call.files)
        await self._publish("MESSAGE_CREATE", message)
        return message.payload

    async def get_message(self, call: Call) -> Answer:
        return self.messages.get(call.where["channel"], call.where["message"]).payload

    async def edit_message(self, call: Call) -> Answer:
        message = self.messages.get(call.where["channel"], call.where["message"])
        if message.author_id != BOT.id:
            raise RefusedError(NOT_YOUR_MESSAGE)
        self.messages.edit(message, call.data, call.files)
        await self._publish("MESSAGE_UPDATE", message)
        return message.payload

    async def delete_message(self, call: Call) -> Answer:
        message = self.messages.get(call.where["channel"], call.where["message"])
        self.messages.delete(message)
        await self.gateway.dispatch("MESSAGE_DELETE", as_deletion(message))
        return None

    async def download(self, request: web.Request) -> web.Response:
        message = self.messages.find(request.match_info["message"])
        name = request.match_info["name"]
        if message is None or name not in message.files:
            raise web.HTTPNotFound
        return web.Response(body=message.files[name])

    # commands and interactions

    async def get_commands(self, _: Call) -> Answer:
        return self.commands

    async def put_commands(self, call: Call) -> Answer:
        check_commands(call.data)
        self.commands = [
            {
                "type": 1,
                "default_member_permissions": None,
                **command,
                "id": self.world.snowflake(),
                "application_id": APPLICATION_ID,
                "version": "1",
            }
            for command in call.data
        ]
        return self.commands

    async def acknowledge(self, call: Call) -> Answer:
        number, token = call.where["id"], call.where["token"]
        message = self.interactions.acknowledge(number, token, call.data, call.files)
        callback: Json = {"id": number, "type": call.data["type"]}
        if message is None:
            return {"interaction": callback}
        callback |= {
            "response_message_id": message.id,
            "response_message_loading": False,
            "response_message_ephemeral": message.ephemeral,
        }
        resource = {"type": call.data["type"], "message": message.payload}
        return {"interaction": callback, "resource": resource}

    async def follow_up(self, call: Call) -> Answer:
        token = call.where["token"]
        return self.interactions.follow_up(token, call.data, call.files).payload

    async def get_follow_up(self, call: Call) -> Answer:
        return self.interactions.message(call.where["token"], call.where["message"]).payload

    async def edit_follow_up(self, call: Call) -> Answer:
        token, message = call.where["token"], call.where["message"]
        return self.interactions.edit(token, message, call.data, call.files).payload

    async def delete_follow_up(self, call: Call) -> Answer:
        self.interactions.delete(call.where["token"], call.where["message"])
        return None

    async def nothing_here(self, _: Call) -> Answer:
        raise RefusedError(NO_SUCH_ROUTE)

    # how every route is served

    def _served(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            call = await _read(request)
            headers: dict[str, str] = {}
            try:
                answer, status = await self._answer(request, handler, call), 200
            except _RateLimitedError as limit:
                answer, status, headers = limit.body(), 429, limit.headers()
            except RefusedError as refusal:
                answer, status = refusal.reason.body(), refusal.reason.status
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
        for limited in self._limited:
            ending, retry_after = limited
            if call.method == "POST" and call.path.endswith(ending):
                self._limited.remove(limited)
                raise _RateLimitedError(retry_after)
        return await handler(call)

    def _user(self, user_id: str) -> User:
        user = self.world.user(user_id)
        if user is None:
            raise unknown("User", 10013)
        return user

    def _channel(self, call: Call) -> Channel:
        channel = self.world.channel(call.where["channel"])
        if channel is None:
            raise unknown("Channel", 10003)
        return channel

    async def _publish(self, event: str, message: Message) -> None:
        self.messages.show(message)
        await self.gateway.dispatch(event, as_event(message, BOT.member()))


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


def as_event(message: Message, member: Json) -> Json:
    """The message as the gateway tells it: in guilds with the guild's id and a member."""
    if message.channel.guild_id is None:
        return dict(message.payload)
    return {**message.payload, "guild_id": message.channel.guild_id, "member": member}


def as_deletion(message: Message) -> Json:
    where = {"id": message.id, "channel_id": message.channel.id}
    guild_id = message.channel.guild_id
    return where if guild_id is None else {**where, "guild_id": guild_id}


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
    path = request.path.removeprefix(API)
    return Call(request.method, path, dict(request.match_info), data, files, str(request.host))


def _needed(call: Call) -> int:
    """The permission bits that the contents of this message take."""
    embeds = EMBED_LINKS if (call.data or {}).get("embeds") else 0
    return embeds | (ATTACH_FILES if call.files else 0)


def _require(channel: Channel, bits: int) -> None:
    if channel.permissions & bits != bits:
        raise RefusedError(MISSING_PERMISSIONS)
