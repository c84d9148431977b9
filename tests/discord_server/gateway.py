"""The gateway: hello, identify, events, heartbeats, and resuming after a dropped socket."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, web

from tests.discord_server.sessions import PRIVILEGED, Session, Socket, seen_by
from tests.discord_server.world import APPLICATION_ID, BOT, Json, World

HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
REQUEST_MEMBERS = 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

WRONG_TOKEN, INVALID_SHARD, DISALLOWED_INTENTS = 4004, 4010, 4014


@dataclass
class Gateway:
    """All sessions, one for each shard of a bot.

    ``online`` is set while a bot is connected with all its shards and has its guilds, ``offline``
    while no shard is. ``shards`` is how many Discord advises to open.
    ``closed_with`` are the codes with which clients said goodbye, ``presence`` the last one set.
    """

    world: World
    token: str
    privileged_intents: bool = True
    shards: int = 1
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
        """Tell every session that it concerns; one whose socket is down hears it on resuming."""
        if not self._sessions:
            raise AssertionError(f"no bot is connected to hear {event}")
        for session in [*self._sessions.values()]:
            if session.wants(event, data):
                await session.dispatch(event, seen_by(session, event, data))

    def drop(self, shard: int | None = None) -> None:
        """Cut one shard's connection, or every one, as a failing network would.

        The sessions can be resumed.
        """
        for session in self._sessions.values():
            if shard in (None, session.shard[0]) and session.socket is not None:
                session.socket.abort()

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
        number, count = hello.get("shard", (0, 1))
        if not 0 <= number < count:
            await socket.socket.close(code=INVALID_SHARD, message=b"Invalid shard.")
            return None
        session = Session(self.world.snowflake(), hello["intents"], (number, count), socket)
        self._sessions[session.id] = session
        self.presence = hello.get("presence")
        guilds = [guild for guild in self.world.guilds if session.has_guild(guild.id)]
        ready = {
            "v": 10,
            "user": BOT.payload(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{host}/gateway",
            "shard": [number, count],
            "application": {"id": APPLICATION_ID, "flags": 0},
        }
        await session.dispatch("READY", ready)
        for guild in guilds:
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
        connected = {session.shard for session in self._sessions.values() if session.connected}
        counts = {count for _, count in connected}
        if any(all((number, count) in connected for number in range(count)) for count in counts):
            self.online.set()

    def _part(self, session: Session | None, response: web.WebSocketResponse) -> None:
        self.closed_with.append(response.close_code)
        if session is None or session.socket is None or session.socket.socket is not response:
            return  # never identified, or resumed on a newer socket already
        session.socket = None
        self.online.clear()
        if not any(other.connected for other in self._sessions.values()):
            self.offline.set()
        if response.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
            self._sessions.pop(session.id, None)
