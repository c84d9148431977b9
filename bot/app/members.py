"""Who is in a group: those who speak join it, and those who left are let go."""

from collections.abc import Awaitable, Callable
from math import inf
from time import monotonic

from storage import Store

# Return those of some users (ids) who are in a group (id).
Presence = Callable[[str, set[str]], Awaitable[set[str]]]

SYNC_INTERVAL = 600.0  # seconds for which it is known who is in a group


class Members:
    """The members of groups, as the store knows them and a frontend can tell who is still there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._presence: Presence | None = None
        self._synced_at: dict[str, float] = {}

    def ask_presence_of(self, presence: Presence) -> None:
        """Let a frontend tell who is there; without one no member is ever let go."""
        self._presence = presence

    async def sync(self, guild_id: str) -> None:
        """Let go of the members who have left a group, at most once in `SYNC_INTERVAL`."""
        synced_at = self._synced_at.get(guild_id, -inf)
        if self._presence is None or synced_at + SYNC_INTERVAL > monotonic():
            return
        members = await self._store.member_ids(guild_id)
        for gone in members - await self._presence(guild_id, members):
            await self._store.leave(guild_id, gone)
        self._synced_at[guild_id] = monotonic()
