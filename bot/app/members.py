"""Who is in a group: those who speak join it, and those who left are let go."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from bot.errors import UserError
from storage import Store

log = logging.getLogger(__name__)

Names = tuple[str, ...]  # what a member goes by: the name shown there first, the account's last
# Return those of some users (ids) who are in a group (id), with their names there.
Presence = Callable[[str, set[str]], Awaitable[Mapping[str, Names]]]

PRESENCE_LASTS = 30.0  # seconds for which somebody who was there is taken to be there still
PRESENCE_LASTS_WHERE_TOLD = 600.0  # and where the frontend tells of each who leaves
ROLL_TIMEOUT = 3.0  # seconds in which the frontend has to say who is there
MEMBERS_AT_ONCE = 100  # that it is asked about in one request

NOBODY_SHOWN = (
    "Discord does not tell me just now who is still in this server, so I name nobody. "
    "Please ask me again in a few seconds."
)


class PresenceUnknownError(Exception):
    """The frontend cannot say who is in a group."""


@dataclass(frozen=True)
class _Seen:
    """Somebody who was in a group at a moment (of the monotonic clock, seconds)."""

    at: float
    names: Names


class Members:
    """The members of groups, as the store knows them and a frontend can tell who is still there.

    Nobody is shown whose presence is older than `PRESENCE_LASTS`. Where the frontend does not say
    who is there, nobody is shown at all.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._presence: Presence | None = None
        self._lasts = PRESENCE_LASTS
        self._seen: dict[str, dict[str, _Seen]] = {}  # by group and user
        self._rolls: dict[str, asyncio.Task[None]] = {}  # being called, by group

    def ask_presence_of(self, presence: Presence) -> None:
        """Let a frontend tell who is there; without one no member is ever let go."""
        self._presence = presence

    def is_told_of_leaving(self) -> None:
        """Rely on the frontend to call `left` for each who leaves."""
        self._lasts = PRESENCE_LASTS_WHERE_TOLD

    def forget_presence(self) -> None:
        """Ask about everybody anew: somebody may have left without a word of it coming here."""
        self._seen.clear()

    async def left(self, guild_id: str, user_id: str) -> None:
        """Let go of a user who has left a group, member of it or not."""
        self._seen.get(guild_id, {}).pop(user_id, None)
        await self._store.leave(guild_id, user_id)

    async def sync(self, guild_id: str) -> None:
        """Let go of the members who have left a group; ask about those not seen of late.

        Raises
        ------
        UserError
            The frontend does not say who is there.
        """
        if self._presence is None:
            return
        roll = self._rolls.get(guild_id)
        if roll is None:  # else who asks at the same time waits for the same answer
            roll = asyncio.create_task(self._call_roll(self._presence, guild_id))
            self._rolls[guild_id] = roll
            roll.add_done_callback(lambda _: self._rolls.pop(guild_id, None))
        await asyncio.shield(roll)

    def names(self, guild_id: str, user_id: str) -> Names:
        """Return what a member goes by in a group, as far as the frontend has told."""
        seen = self._seen.get(guild_id, {}).get(user_id)
        return seen.names if seen else ()

    async def find(self, guild_id: str, user_id: str) -> Names | None:
        """Return what any user goes by in a group, who need not be known here.

        Returns
        -------
        Names or None
            ``()`` where nobody can tell, None where no such user is there.
        """
        if self._presence is None:
            return ()
        try:
            async with asyncio.timeout(ROLL_TIMEOUT):
                return (await self._presence(guild_id, {user_id})).get(user_id)
        except (OSError, PresenceUnknownError):
            return ()

    async def _call_roll(self, presence: Presence, guild_id: str) -> None:
        members = await self._store.member_ids(guild_id)
        seen = self._seen.setdefault(guild_id, {})
        for user in seen.keys() - members:
            del seen[user]
        oldest = monotonic() - self._lasts
        due = [user for user in members if user not in seen or seen[user].at <= oldest]
        gone: set[str] = set()
        try:
            async with asyncio.timeout(ROLL_TIMEOUT):
                for some in _batches(sorted(due)):
                    asked_at = monotonic()
                    present = await presence(guild_id, some)
                    seen.update((user, _Seen(asked_at, present[user])) for user in present)
                    gone |= some - present.keys()
        except (OSError, PresenceUnknownError) as error:  # among them what takes too long
            log.warning("Discord does not say who is in server %s: %r", guild_id, error)
            raise UserError(NOBODY_SHOWN) from error
        finally:  # what was answered counts
            for user in gone:
                await self.left(guild_id, user)


def _batches(users: list[str]) -> Iterator[set[str]]:
    for start in range(0, len(users), MEMBERS_AT_ONCE):
        yield set(users[start : start + MEMBERS_AT_ONCE])
