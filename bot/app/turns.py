"""Whose work is done next: each server's in turn, and in a server each person's in turn.

So who gives much to do waits for most of it alone: others wait for one piece of it at most.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Asker:
    """Who has something done: a person, and the server they speak in.

    Direct messages are a server of the person's own.
    """

    person: str = ""
    server: str = ""

    @classmethod
    def of(cls, user_id: str, guild_id: str | None) -> "Asker":
        """Return the asker that a user (id) is in a guild (id), or in direct messages (None)."""
        return cls(user_id, guild_id or user_id)


_asker: ContextVar[Asker] = ContextVar("asker", default=Asker())  # noqa: B039 - it is frozen


def current_asker() -> Asker:
    """Return for whom this task works; it is nobody where it works for the bot itself."""
    return _asker.get()


@contextmanager
def working_for(asker: Asker) -> Iterator[None]:
    """Let what the body has done be the asker's."""
    token = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(token)


class FairQueue(Generic[T]):
    """What waits, by who wants it."""

    def __init__(self) -> None:
        # Whose turn is next stands first.
        self._servers: OrderedDict[str, OrderedDict[str, deque[T]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._servers)

    def put(self, asker: Asker, wanted: T) -> None:
        """Add what an asker wants, behind what they wanted before."""
        people = self._servers.setdefault(asker.server, OrderedDict())
        people.setdefault(asker.person, deque()).append(wanted)

    def take(self) -> T:
        """Return what is next; raises `KeyError` where nothing waits."""
        server, people = self._servers.popitem(last=False)
        person, wishes = people.popitem(last=False)
        wanted = wishes.popleft()
        if wishes:
            people[person] = wishes
        if people:
            self._servers[server] = people
        return wanted


class Turns:
    """So many turns at a time, given in the order of a `FairQueue`."""

    def __init__(self, at_a_time: int) -> None:
        self._free = at_a_time
        self._waiting: FairQueue[asyncio.Future[None]] = FairQueue()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn of whom this task works for; it lasts as long as the body."""
        if self._free:
            self._free -= 1
        else:
            given = asyncio.get_running_loop().create_future()
            self._waiting.put(current_asker(), given)
            try:
                await given
            except asyncio.CancelledError:
                if given.done() and not given.cancelled():  # it came too late
                    self._pass_on()
                raise
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            given = self._waiting.take()
            if not given.done():
                given.set_result(None)
                return
        self._free += 1
