"""The gateway: hello, identify, events, heartbeats, and resuming after a dropped socket."""

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, web

from tests.discord_server.world import APPLICATION_ID, BOT, Json, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
REQUEST_MEMBERS = 8

GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12

WRONG_TOKEN, DISALLOWED_INTENTS = 4004, 4014


class Socket:
    """One connection, compressed when the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.transport = request.transport
        compressed = request.query.get("compress") == "zlib-stream"
        self._deflate = zlib.compressobj() if compressed else None
        self._turn = asyncio.Lock()  # a compressed stream must be sent in the order it was made

    async def send(
        self, op: int, data: Any, event: str | None = None, seq: int | None = None
    ) -> None:
        raw = json.dumps({"op": op, "d": data, "t": event, "s": seq})
        async with self._turn:
            if self.socket.closed:
                return
            if self._deflate is None:
                await self.socket.send_str(raw)
            else:
                packed = self._deflate.compress(raw.encode())
                await self.socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))


@dataclass
class Session:
    """What one identified client was told; it outlives its socket so that it can be resumed."""

    id: str
    intents: int
    socket: Socket | None
    events: list[tuple[str, Json]] = field(default_factory=list)

    async def dispatch(self, event: str, data: Json) -> None:
        self.events.append((event, data))
        if self.socket is not None:
            await self.socket.send(DISPATCH, data, event, len(self.events))

    async def replay(self, after: int) -> None:
        """Send again what came after event number `after`."""
        if self.socket is None:
            return
        for number, (event, data) in enumerate(self.events[after:], start=after + 1):
            await self.socket.send(DISPATCH, data, event, number)


@dataclass
class Gateway:
    """All sessions.

    ``online`` is set while a bot is connected and has its guilds, ``offline`` while none is.
    ``closed_with`` are the codes with which clients said goodbye, ``presence`` the last one set.
    """

    world: World
    token: str
    privileged_intents: bool = True
    presence: Json | None = None
    resumed: int = 0
    closed_with: list[int | None] = field(default_factory=list)
    online: asyncio.Event = field(default_factory=asyncio.Event)
    offline: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: dict[str, Session] = field(default_factory=dict)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it closes."""
        response = web.WebSocketResponse()
        await response.prepare(request)
        socket = Socket(response, request)
        await socket.send(HELLO, {"heartbeat_interval": 41_250})
        session: Session | None = None
        async for frame in response:
            packet = json.loads(frame.data)
            if packet["op"] == IDENTIFY:
                session = await self._identify(socket, packet["d"], str(request.host))
            elif packet["op"] == RESUME:
                session = await self._resume(socket, packet["d"])
            else:
                await self._hear(socket, packet)
        self._part(session, response)
        return response

    async def dispatch(self, event: str, data: Json) -> None:
        """Tell every session; one whose socket is down hears it when it resumes."""
        if not self._sessions:
            raise AssertionError(f"no bot is connected to hear {event}")
        for session in [*self._sessions.values()]:
            if _wants(session, event, data):
                await session.dispatch(event, _seen_by(session, event, data))

    def drop(self) -> None:
        """Cut every connection as a failing network would; the sessions can be resumed."""
        for session in self._sessions.values():
            if session.socket is not None and session.socket.transport is not None:
                session.socket.transport.abort()

    async def close(self) -> None:
        self._sessions, leaving = {}, self._sessions
        for session in leaving.values():
            if session.socket is not None:
                await session.socket.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _identify(self, socket: Socket, hello: Json, host: str) -> Session | None:
        if hello["token"] != self.token:
            await socket.socket.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return None
        if hello["intents"] & PRIVILEGED and not self.privileged_intents:
            await socket.socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        session = Session(self.world.snowflake(), hello["intents"], socket)
        self._sessions[session.id] = session
        self.presence = hello.get("presence")
        ready = {
            "v": 10,
            "user": BOT.payload(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in self.world.guilds],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{host}/gateway",
            "shard": hello.get("shard", [0, 1]),
            "application": {"id": APPLICATION_ID, "flags": 0},
        }
        await session.dispatch("READY", ready)
        for guild in self.world.guilds:
            await session.dispatch("GUILD_CREATE", guild.payload())
        self._arrive()
        return session

    async def _resume(self, socket: Socket, wish: Json) -> Session | None:
        session = self._sessions.get(wish["session_id"])
        if session is None:
            await socket.send(INVALID_SESSION, data=False)
            return None
        session.socket = socket
        await session.replay(wish["seq"])
        await session.dispatch("RESUMED", {})
        self.resumed += 1
        self._arrive()
        return session

    async def _hear(self, socket: Socket, packet: Json) -> None:
        if packet["op"] == HEARTBEAT:
            await socket.send(HEARTBEAT_ACK, None)
        elif packet["op"] == PRESENCE:
            self.presence = packet["d"]
        elif packet["op"] == REQUEST_MEMBERS:
            await self._members(packet["d"])

    async def _members(self, wish: Json) -> None:
        guild = next(guild for guild in self.world.guilds if guild.id == str(wish["guild_id"]))
        chunk = {
            "guild_id": guild.id,
            "members": guild.payload()["members"],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": wish.get("nonce"),
        }
        await self.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _arrive(self) -> None:
        self.offline.clear()
        self.online.set()

    def _part(self, session: Session | None, response: web.WebSocketResponse) -> None:
        self.closed_with.append(response.close_code)
        if session is None or session.socket is None or session.socket.socket is not response:
            return  # never identified, or resumed on a newer socket already
        session.socket = None
        self.online.clear()
        self.offline.set()
        if response.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
            self._sessions.pop(session.id, None)


def _wants(session: Session, event: str, data: Json) -> bool:
    if not event.startswith("MESSAGE_"):
        return True
    return bool(session.intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES))


def _seen_by(session: Session, event: str, data: Json) -> Json:
    """The event as this session may see it: foreign words only with the message-content intent."""
    free = (
        session.intents & MESSAGE_CONTENT
        or event != "MESSAGE_CREATE"
        or "guild_id" not in data
        or data["author"]["id"] == BOT.id
        or any(user["id"] == BOT.id for user in data["mentions"])
    )
    hidden = {"content": "", "embeds": [], "components": [], "attachments": []}
    return data if free else {**data, **hidden}
