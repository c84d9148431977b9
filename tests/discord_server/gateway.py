"""The gateway: hello, identify, events, heartbeats, and resuming after a dropped socket."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, web

from tests.discord_server.sessions import PRIVILEGED, Session, Socket
from tests.discord_server.world import APPLICATION_ID, BOT, VIEW_CHANNEL, Guild, Json, World

HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
REQUEST_MEMBERS = 8
GRANTS_MEMBERS = 1 << 15  # the flag of an application that may hear of its servers' members
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

WRONG_TOKEN, INVALID_SHARD, SHARDING_REQUIRED, DISALLOWED_INTENTS = 4004, 4010, 4011, 4014


@dataclass
class Gateway:
    """All sessions, one for each shard of a bot.

    ``online`` is set while a bot is connected with all its shards and has its guilds, ``offline``
    while no shard is. ``shards`` is how many Discord advises to open; one that had more guilds than
    ``most_guilds`` is refused. Of those that identify within ``identify_pause`` seconds (5 on
    Discord) only the first is let in; ``too_soon`` counts the others, which have to try again.
    Unless it ``names_members``, requests for members go unanswered, as on a Discord in trouble;
    so do heartbeats (one is due every ``heartbeat`` seconds) unless it ``acknowledges`` them. While
    it is ``away`` nobody can connect. ``tampers`` may change or replace what it says first of all.
    ``application_flags`` tell what is switched on in the portal, `GRANTS_MEMBERS` among them.
    ``closed_with`` are the codes with which clients said goodbye, ``presence`` the last one set,
    ``rolls`` the requests for members that were answered.
    """

    world: World
    token: str
    privileged_intents: int = PRIVILEGED
    shards: int = 1
    most_guilds: int = 2_500
    identify_pause: float = 0.0
    names_members: bool = True
    heartbeat: float = 41.25
    acknowledges: bool = True
    away: bool = False
    application_flags: int = 0
    tampers: Callable[[str, Json], Any] = lambda event, data: data
    presence: Json | None = None
    resumed: int = 0
    too_soon: int = 0
    closed_with: list[int | None] = field(default_factory=list)
    online: asyncio.Event = field(default_factory=asyncio.Event)
    offline: asyncio.Event = field(default_factory=asyncio.Event)
    sessions: dict[str, Session] = field(default_factory=dict)
    rolls: list[Json] = field(default_factory=list)
    _next_identify: float = 0.0

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it closes."""
        if self.away:
            raise web.HTTPServiceUnavailable
        response = web.WebSocketResponse()
        await response.prepare(request)
        socket = Socket(response, request)
        await socket.send(HELLO, {"heartbeat_interval": self.heartbeat * 1000})
        session: Session | None = None
        async for frame in response:
            packet = json.loads(frame.data)
            if packet["op"] == IDENTIFY:
                session = await self._identify(socket, packet["d"], str(request.host))
            elif packet["op"] == RESUME:
                session = await self._resume(socket, packet["d"])
            else:
                await self._hear(socket, session, packet)
        self._part(session, response)
        return response

    async def dispatch(self, event: str, data: Json) -> None:
        """Tell every session that it concerns; one whose socket is down hears it on resuming."""
        channel = self.world.channel(data.get("channel_id"))
        hidden = channel is not None and not channel.permissions & VIEW_CHANNEL
        if hidden and event.startswith("MESSAGE_"):
            return
        for session in [*self.sessions.values()]:
            if session.wants(event, data):
                await session.dispatch(event, data)

    def drop(self, shard: int | None = None, *, resumable: bool = True) -> None:
        """Cut one shard's connection, or every one, as a failing network would."""
        for session in [*self.sessions.values()]:
            if shard in (None, session.shard[0]) and session.socket is not None:
                session.socket.abort()
                if not resumable:
                    del self.sessions[session.id]

    async def close(self) -> None:
        self.sessions, leaving = {}, self.sessions
        for session in leaving.values():
            if session.socket is not None:
                await session.socket.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _identify(self, socket: Socket, hello: Json, host: str) -> Session | None:
        number, count = hello.get("shard", (0, 1))
        session = Session(self.world.snowflake(), hello["intents"], (number, count), socket)
        if refusal := self._refusal(hello["token"], session):
            await socket.socket.close(code=refusal[0], message=refusal[1])
            return None
        if self.world.clock() < self._next_identify:
            self.too_soon += 1
            await socket.send(INVALID_SESSION, data=False)
            return None
        self._next_identify = self.world.clock() + self.identify_pause
        self.sessions[session.id] = session
        self.presence = hello.get("presence")
        guilds = self._guilds(session)
        ready = {
            "v": 10,
            "user": BOT.payload(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{host}/gateway",
            "shard": [number, count],
            "application": {"id": APPLICATION_ID, "flags": self.application_flags},
        }
        await session.dispatch("READY", self.tampers("READY", ready))
        for guild in guilds:
            event = "GUILD_CREATE"
            await session.dispatch(event, self.tampers(event, guild.payload()))
        session.ready = True
        self._arrive()
        return session

    def _refusal(self, token: str, session: Session) -> tuple[int, bytes] | None:
        """The code and the words with which an identify is refused."""
        number, count = session.shard
        if token != self.token:
            return WRONG_TOKEN, b"Authentication failed."
        if session.intents & PRIVILEGED & ~self.privileged_intents:
            return DISALLOWED_INTENTS, b"Disallowed intent(s)."
        if not 0 <= number < count:
            return INVALID_SHARD, b"Invalid shard."
        if len(self._guilds(session)) > self.most_guilds:
            return SHARDING_REQUIRED, b"Sharding required."
        return None

    def _guilds(self, session: Session) -> list[Guild]:
        return [guild for guild in self.world.guilds if session.has_guild(guild.id)]

    async def _resume(self, socket: Socket, wish: Json) -> Session | None:
        session = self.sessions.get(wish["session_id"])
        if session is None:
            await socket.send(INVALID_SESSION, data=False)
            return None
        session.socket = socket
        await session.replay(wish["seq"])
        await session.dispatch("RESUMED", {})
        self.resumed += 1
        self._arrive()
        return session

    async def _hear(self, socket: Socket, session: Session | None, packet: Json) -> None:
        if packet["op"] == HEARTBEAT and self.acknowledges:
            await socket.send(HEARTBEAT_ACK, None)
        elif packet["op"] == PRESENCE:
            self.presence = packet["d"]
        elif packet["op"] == REQUEST_MEMBERS and session is not None and self.names_members:
            self.rolls.append(packet["d"])
            await session.dispatch("GUILD_MEMBERS_CHUNK", self._members(packet["d"]))

    def _members(self, wish: Json) -> Json:
        """Those members of a guild whose ids are asked for, or whose names begin like the query."""
        guild = self.world.guild(str(wish["guild_id"]))
        assert guild is not None
        ids = {str(user_id) for user_id in wish.get("user_ids") or []}
        query = (wish.get("query") or "").lower()
        members = [
            {**user.member(), "user": user.payload()}
            for user in guild.members
            if (user.id in ids if ids else user.name.lower().startswith(query))
        ]
        return {
            "guild_id": guild.id,
            "members": members[: wish.get("limit") or len(members)],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": wish.get("nonce"),
        }

    def _arrive(self) -> None:
        self.offline.clear()
        connected = {session.shard for session in self.sessions.values() if session.connected}
        counts = {count for _, count in connected}
        if any(all((number, count) in connected for number in range(count)) for count in counts):
            self.online.set()

    def _part(self, session: Session | None, response: web.WebSocketResponse) -> None:
        self.closed_with.append(response.close_code)
        if session is None or session.socket is None or session.socket.socket is not response:
            return  # never identified, or resumed on a newer socket already
        session.socket = None
        self.online.clear()
        if not any(other.connected for other in self.sessions.values()):
            self.offline.set()
        if response.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
            self.sessions.pop(session.id, None)
