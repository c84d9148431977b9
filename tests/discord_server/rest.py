"""The routes of the REST API, and what they answer."""

from aiohttp import web

from tests.discord_server.calls import API, Answer, Call, Calls, Handler
from tests.discord_server.command_limits import check_commands
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Callback, Interactions
from tests.discord_server.limits import Files
from tests.discord_server.message import EPHEMERAL, as_deletion, as_event
from tests.discord_server.messages import Message, Messages
from tests.discord_server.refusals import (
    CANNOT_DIRECT_MESSAGE,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_HISTORY_TO_REPLY,
    NO_SUCH_ROUTE,
    NOT_IN_DIRECT_MESSAGES,
    NOT_YOUR_MESSAGE,
    RefusedError,
    unknown,
)
from tests.discord_server.world import (
    ANN,
    APPLICATION_ID,
    ATTACH_FILES,
    BOT,
    EMBED_LINKS,
    READ_MESSAGE_HISTORY,
    VIEW_CHANNEL,
    Channel,
    Json,
    User,
    World,
)


class Rest(Calls):
    """The routes. Everything else answers 404."""

    def __init__(
        self,
        world: World,
        messages: Messages,
        gateway: Gateway,
        interactions: Interactions,
        token: str,
    ) -> None:
        super().__init__(token)
        self.world, self.messages = world, messages
        self.gateway, self.interactions = gateway, interactions
        self.commands: list[Json] = []
        self.typing: list[str] = []
        self.downloads: list[str] = []

    def register(self, app: web.Application) -> None:
        message = "/channels/{channel}/messages/{message}"
        original = f"/webhooks/{APPLICATION_ID}/{{token}}/messages/{{message}}"
        commands = f"/applications/{APPLICATION_ID}/commands"
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self.me),
            ("GET", "/users/{user}", self.get_user),
            ("GET", "/guilds/{guild}/members/{user}", self.get_member),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
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
            app.router.add_route(method, API + path, self.served(handler))
        app.router.add_get("/attachments/{message}/{name}", self.download)
        app.router.add_get("/ephemeral-attachments/{number}/{name}", self.download_upload)
        app.router.add_route("*", "/{tail:.*}", self.served(self.nothing_here))

    # who am I

    async def me(self, _: Call) -> Answer:
        return BOT.payload()

    async def get_user(self, call: Call) -> Answer:
        return self._user(call.where["user"]).payload()

    async def get_member(self, call: Call) -> Answer:
        guild, user = self.world.guild(call.where["guild"]), self._user(call.where["user"])
        if guild is None or user not in guild.members:
            raise unknown("Member", 10007)
        return {**user.member(), "user": user.payload()}

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
            "flags": self.gateway.application_flags,
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
        _require_reachable(channel)
        _require(channel, channel.to_send | _needed(call))
        if call.data.get("message_reference") and not channel.permissions & READ_MESSAGE_HISTORY:
            raise RefusedError(NO_HISTORY_TO_REPLY)
        message = self.messages.create(channel, BOT, _for_everybody(call.data), call.files)
        self.messages.show(message)
        return await self._tell(message)

    async def get_message(self, call: Call) -> Answer:
        return self._message(call).payload

    async def edit_message(self, call: Call) -> Answer:
        message = self._message(call)
        _require(message.channel, _needed(call))
        if message.author_id != BOT.id:
            raise RefusedError(NOT_YOUR_MESSAGE)
        self.messages.show(self.messages.edit(message, call.data, call.files))
        return await self._tell(message)

    async def delete_message(self, call: Call) -> Answer:
        message = self._message(call)
        if message.author_id != BOT.id and message.channel.recipient is not None:
            raise RefusedError(NOT_IN_DIRECT_MESSAGES)
        self.messages.delete(message)
        await self.gateway.dispatch("MESSAGE_DELETE", as_deletion(message))
        return None

    async def download(self, request: web.Request) -> web.Response:
        message = self.messages.find(request.match_info["message"])
        return self._file(message.files if message else {}, request.match_info["name"])

    async def download_upload(self, request: web.Request) -> web.Response:
        files = self.messages.uploads.get(request.match_info["number"], {})
        return self._file(files, request.match_info["name"])

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
        if call.data["type"] != Callback.DEFERRED_UPDATE:
            await self._tell(message)
        callback |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        resource = {"type": call.data["type"], "message": message.payload}
        return {"interaction": callback, "resource": resource}

    async def follow_up(self, call: Call) -> Answer:
        token = call.where["token"]
        return await self._tell(self.interactions.follow_up(token, call.data, call.files))

    async def get_follow_up(self, call: Call) -> Answer:
        return self.interactions.message(call.where["token"], call.where["message"]).payload

    async def edit_follow_up(self, call: Call) -> Answer:
        token, message = call.where["token"], call.where["message"]
        return await self._tell(self.interactions.edit(token, message, call.data, call.files))

    async def delete_follow_up(self, call: Call) -> Answer:
        message = self.interactions.delete(call.where["token"], call.where["message"])
        if not message.ephemeral:
            await self.gateway.dispatch("MESSAGE_DELETE", as_deletion(message))
        return None

    async def nothing_here(self, _: Call) -> Answer:
        raise RefusedError(NO_SUCH_ROUTE)

    def _file(self, files: Files, name: str) -> web.Response:
        if name not in files:
            raise web.HTTPNotFound
        self.downloads.append(name)
        return web.Response(body=files[name])

    def _user(self, user_id: str) -> User:
        user = self.world.user(user_id)
        if user is None:
            raise unknown("User", 10013)
        return user

    def _channel(self, call: Call) -> Channel:
        channel = self.world.channel(call.where["channel"])
        if channel is None:
            raise unknown("Channel", 10003)
        if not channel.permissions & VIEW_CHANNEL:
            raise RefusedError(MISSING_ACCESS)
        return channel

    def _message(self, call: Call) -> Message:
        """One that everybody sees; what only one person sees is within reach of its token alone."""
        message = self.messages.get(self._channel(call).id, call.where["message"])
        if message.ephemeral:
            raise unknown("Message", 10008)
        return message

    async def _tell(self, message: Message) -> Json:
        """Let the gateway tell of the bot's own message, unless it is for one person only."""
        event = "MESSAGE_UPDATE" if message.edited else "MESSAGE_CREATE"
        if not message.ephemeral:
            await self.gateway.dispatch(event, as_event(message, BOT.member()))
        return message.payload


def _for_everybody(form: Json) -> Json:
    """Outside of interactions Discord ignores that a message should be ephemeral."""
    return form | {"flags": (form.get("flags") or 0) & ~EPHEMERAL}


def _needed(call: Call) -> int:
    """The permission bits that the contents of this message take."""
    embeds = EMBED_LINKS if (call.data or {}).get("embeds") else 0
    return embeds | (ATTACH_FILES if call.files else 0)


def _require(channel: Channel, bits: int) -> None:
    if channel.permissions & bits != bits:
        raise RefusedError(MISSING_PERMISSIONS)


def _require_reachable(channel: Channel) -> None:
    """People may refuse direct messages, and bots never get any."""
    recipient = channel.recipient
    if recipient is not None and (recipient.refuses_dms or recipient.bot):
        raise RefusedError(CANNOT_DIRECT_MESSAGE)
