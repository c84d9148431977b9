"""The connection to Discord's gateway: what it survives, how soon it is back, and whether it lives.

discord.py ends the process at an event that it cannot read, and lets its waits between attempts to
connect grow to a quarter of an hour over all outages of half an hour.
"""

import json
import logging
import time
from typing import Any

import aiohttp
import discord
import yarl
from discord.backoff import ExponentialBackoff
from discord.ext import commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.state import AutoShardedConnectionState

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0  # seconds between attempts to connect
HEARTBEAT_PATIENCE = 10.0  # seconds that an acknowledgement may be late
# With these a session begins or goes on: without them there is none.
BEGINNINGS = ("READY", "RESUMED")
# What discord.py itself answers by connecting anew.
CONNECTION_ERRORS = (
    ReconnectWebSocket,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    OSError,
)


class GatewayBot(commands.AutoShardedBot):
    """A bot that whatever comes over its gateway neither ends nor leaves deaf."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_session: set[int] = set()  # the shards

    @property
    def is_live(self) -> bool:
        """Whether the bot hears everything: a live session on each of its shards."""
        shards = self.shards
        return self.is_ready() and all(
            shard_id in self._in_session and _is_answered(shard._parent.ws)
            for shard_id, shard in shards.items()
        )

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        await super().launch_shard(gateway, shard_id, initial=initial)
        self._forget_waits(shard_id)

    async def on_shard_connect(self, shard_id: int) -> None:
        self._in_session.add(shard_id)
        self._forget_waits(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        await self.on_shard_connect(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._in_session.discard(shard_id)

    def _forget_waits(self, shard_id: int) -> None:
        self.shards[shard_id]._parent._backoff = Backoff()

    def _get_state(self, **options: Any) -> "_State":
        return _State(
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )


class Backoff(ExponentialBackoff[Any]):
    """Random waits that double from attempt to attempt, up to half a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._max = 5  # doublings

    def delay(self) -> float:  # type: ignore[override] # the others are for whole seconds
        return min(float(super().delay()), LONGEST_WAIT)


class _State(AutoShardedConnectionState[Any]):
    def _update_references(self, ws: DiscordWebSocket) -> None:
        """Take each new connection in hand before its first message."""
        super()._update_references(ws)
        ws.__class__ = GuardedWebSocket  # discord.py has no setting for the class


class GuardedWebSocket(DiscordWebSocket):
    """A connection that drops events it cannot read, and only those."""

    _text: str | bytes | None = None  # of the message in hand, once it is unpacked

    def log_receive(self, message: Any, /) -> None:
        self._text = message

    async def received_message(self, msg: Any, /) -> None:
        """Handle a message of the gateway.

        Raises
        ------
        ConnectionError
            It cannot be read, and is no event that the bot can do without: discord.py connects
            anew after a wait.
        """
        self._text = None
        try:
            await super().received_message(msg)
        except CONNECTION_ERRORS:
            raise
        except Exception as error:
            event = _event_of(self._text)
            if event is None or event in BEGINNINGS:
                await self.close()
                what = f"an unreadable {event or 'message'} came over the gateway: {error!r:.200}"
                raise ConnectionError(what) from error
            log.warning("dropped an unreadable %.40s of Discord: %.200r", event, error)


def _event_of(text: str | bytes | None) -> str | None:
    """The name of the event that a message of the gateway is; None where it is something else."""
    try:
        message = json.loads(text or "")
    except ValueError:
        return None
    is_event = isinstance(message, dict) and message.get("op") == DiscordWebSocket.DISPATCH
    return str(message.get("t")) if is_event else None


def _is_answered(ws: DiscordWebSocket) -> bool:
    """Whether a connection is open, and its heartbeats are acknowledged."""
    pulse = ws._keep_alive
    if pulse is None or not ws.open:
        return False
    most = (pulse.interval or 0.0) + HEARTBEAT_PATIENCE
    return time.perf_counter() - pulse._last_ack < most
