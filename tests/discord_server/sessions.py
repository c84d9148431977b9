"""What one client is told over its connection: which events, and how much of each."""

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.discord_server.world import BOT, Json

DISPATCH = 0

GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12


class Socket:
    """One connection, compressed when the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.transport = request.transport
        compressed = request.query.get("compress") == "zlib-stream"
        self._deflate = zlib.compressobj() if compressed else None
        self._turn = asyncio.Lock()  # a compressed stream must be sent in the order it was made

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    async def send(
        self, op: int, data: Any, event: str | None = None, seq: int | None = None
    ) -> None:
        raw = json.dumps({"op": op, "d": data, "t": event, "s": seq})
        async with self._turn:
            if self.socket.closed or self.transport is None or self.transport.is_closing():
                return  # what a dead socket misses is replayed when the session resumes
            if self._deflate is None:
                await self.socket.send_str(raw)
            else:
                packed = self._deflate.compress(raw.encode())
                await self.socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))


@dataclass
class Session:
    """What one identified client was told; it outlives its socket so that it can be resumed.

    ``shard`` is its number and how many there are. It hears of the guilds whose
    ``(id >> 22) % count`` is that number; the first shard also hears what concerns no guild.
    ``events`` are those that can be replayed, after as many as were ``forgotten``.
    """

    id: str
    intents: int
    shard: tuple[int, int]
    socket: Socket | None
    ready: bool = False
    events: list[tuple[str, Any]] = field(default_factory=list)
    forgotten: int = 0

    @property
    def connected(self) -> bool:
        return self.socket is not None and self.ready

    def has_guild(self, guild_id: str) -> bool:
        number, count = self.shard
        return (int(guild_id) >> 22) % count == number

    def wants(self, event: str, data: Json) -> bool:
        """Whether the event is for this shard and its intents."""
        guild_id = data["id"] if event == "GUILD_CREATE" else data.get("guild_id")
        mine = self.shard[0] == 0 if guild_id is None else self.has_guild(guild_id)
        if event.startswith("GUILD_MEMBER_"):
            return mine and bool(self.intents & GUILD_MEMBERS)
        if not event.startswith("MESSAGE_"):
            return mine
        intent = DIRECT_MESSAGES if guild_id is None else GUILD_MESSAGES
        return mine and bool(self.intents & intent)

    async def dispatch(self, event: str, data: Json) -> None:
        """Tell as much of the event as the intents let this client see."""
        await self.tell(event, _seen_by(self, event, data))

    async def tell(self, event: str, data: Any) -> None:
        """Tell an event as it is, whatever that may be."""
        self.events.append((event, data))
        if self.socket is not None:
            await self.socket.send(DISPATCH, data, event, self.forgotten + len(self.events))

    async def replay(self, after: int) -> None:
        """Send again what came after event number `after`."""
        if self.socket is None:
            return
        missed = self.events[after - self.forgotten :]
        for number, (event, data) in enumerate(missed, start=after + 1):
            await self.socket.send(DISPATCH, data, event, number)

    def forget(self) -> None:
        """Let go of what was told so far, which a client that resumes is not told again."""
        self.forgotten += len(self.events)
        self.events.clear()


def _seen_by(session: Session, event: str, data: Json) -> Json:
    """The event as this session may see it.

    Foreign words only with the message-content intent, members of a guild only with the one for
    members; the bot itself it always sees.
    """
    if event == "GUILD_CREATE" and not session.intents & GUILD_MEMBERS:
        return {**data, "members": [m for m in data["members"] if m["user"]["id"] == BOT.id]}
    if event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or "guild_id" not in data:
        return data
    if session.intents & MESSAGE_CONTENT:
        return data
    referred = data.get("referenced_message")
    return _without_words(data) | (
        {"referenced_message": _without_words(referred)} if referred else {}
    )


def _without_words(message: Json) -> Json:
    """The message without what it says, unless the bot wrote it or is mentioned in it."""
    mine = message["author"]["id"] == BOT.id
    if mine or any(user["id"] == BOT.id for user in message["mentions"]):
        return message
    return message | {"content": "", "embeds": [], "components": [], "attachments": []}
