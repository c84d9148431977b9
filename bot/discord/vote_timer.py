"""Votes that are closed at their time and shown closed, whatever goes wrong around it.

The store knows which votes are unfinished: to be closed, or closed and still shown open somewhere.
It is asked again and again, so that neither a restart nor a clock that was set makes a difference,
and each of them is tried until it is done. Doing it twice is no harm.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import aiohttp
import discord

from bot.app.context import AppContext
from bot.discord.components import EVERYBODY
from bot.discord.render import render
from bot.discord.sharding import serves
from bot.errors import UserError
from bot.services.common.vote_replies import vote_reply
from storage import StorageError, UnfinishedVote, VoteMessage

log = logging.getLogger(__name__)

LOOK_EVERY = 10.0  # seconds: by then a clock that was set is noticed
FIRST_WAIT = 1.0  # seconds after which a vote is tried again; they double
LONGEST_WAIT = 300.0
PATIENCE = 60.0  # seconds that one try may take
AT_ONCE = 20  # votes: after an outage of hours many may be due
MOST_SHOWN = 10  # messages of a vote in which its end is shown, the latest

TROUBLES = (StorageError, UserError, discord.DiscordException, aiohttp.ClientError, OSError)


@dataclass(frozen=True)
class _Failures:
    """How often a vote could not be finished, and when it is tried again (monotonic clock)."""

    number: int
    again_at: float


class VoteTimer:
    """Closes each open vote when its time is over, and shows the result in its messages.

    Parameters
    ----------
    client
        Changes the messages, and serves some shards.
    context
        Has the votes in its store.
    """

    def __init__(self, client: discord.AutoShardedClient, context: AppContext) -> None:
        self._client = client
        self._context = context
        self._open: dict[int, int] = {}  # votes by the messages that show them open
        self._to_note: dict[int, VoteMessage] = {}  # those of them that the store lacks yet
        self._tries: dict[int, asyncio.Task[None]] = {}  # under way, by vote
        self._failures: dict[int, _Failures] = {}  # by vote
        self._news = asyncio.Event()  # there may be something to do
        self._watch: asyncio.Task[None] | None = None

    async def resume(self) -> None:
        """Take over the votes as the store has them, of the servers that are served here."""
        for message in await self._context.store.vote_messages():
            self._open[int(message.message_id)] = message.vote_id
        self._watch = asyncio.create_task(self._look_again_and_again())

    async def shown(
        self, vote_id: int | None, closes_at: datetime | None, message: discord.Message
    ) -> None:
        """Note what a message shows now, as the end of a vote is to be shown where it is open.

        Parameters
        ----------
        vote_id
            The vote; None where the message shows none.
        closes_at
            When it closes; None where it is closed.
        message
            What shows it.
        """
        before = self._open.get(message.id)
        if vote_id is not None and closes_at is not None:
            if before != vote_id:
                self._open[message.id] = vote_id
                channel_id = str(message.channel.id)
                self._to_note[message.id] = VoteMessage(str(message.id), channel_id, vote_id)
                await self._note()
        elif before is not None:
            try:
                await self._shows_no_open_vote(message.id)
            except StorageError as error:  # its end will be shown there once more, which is no harm
                log.warning("that message %d shows no vote is not noted: %s", message.id, error)
        self._news.set()

    def is_open_in(self, message: discord.Message) -> bool:
        """Whether a message shows a vote as open."""
        return message.id in self._open

    async def close(self) -> None:
        """Stop; what is unfinished is taken over by the next start."""
        tasks = {*self._tries.values(), *filter(None, [self._watch])}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _look_again_and_again(self) -> None:
        await self._client.wait_until_ready()
        while True:
            self._news.clear()
            try:
                wait = await self._look()
            except Exception as error:  # noqa: BLE001 - or no vote would be closed any more
                wait = LOOK_EVERY
                _report("the votes cannot be looked up", wait, error)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._news.wait()

    async def _look(self) -> float:
        """Begin to finish the votes that are due; return the seconds until one may be."""
        await self._note()
        wait = LOOK_EVERY
        for vote in await self._context.store.unfinished_votes(within=LOOK_EVERY):
            if vote.vote_id in self._tries or not self._is_ours(vote):
                continue
            failures = self._failures.get(vote.vote_id)
            pause = failures.again_at - monotonic() if failures else 0.0
            left = max(vote.seconds_left, pause)
            if left > 0:
                wait = min(wait, left)
            elif len(self._tries) < AT_ONCE:  # else the end of a try brings us back
                self._tries[vote.vote_id] = asyncio.create_task(self._try(vote))
        return wait

    async def _note(self) -> None:
        """Tell the store which messages show votes; what it cannot take is tried again later."""
        for message_id, message in [*self._to_note.items()]:
            try:
                await self._context.store.add_vote_message(
                    message.vote_id, message.channel_id, message.message_id
                )
            except StorageError as error:
                words = "that message %d shows vote %d is not noted yet: %s"
                log.warning(words, message_id, message.vote_id, error)
            else:
                if self._to_note.get(message_id) is message:  # it may show another by now
                    del self._to_note[message_id]

    def _is_ours(self, vote: UnfinishedVote) -> bool:
        # Those of the terminal, whose group has no number, are the first shard's.
        return serves(self._client, int(vote.guild_id) if vote.guild_id.isdecimal() else None)

    async def _try(self, vote: UnfinishedVote) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._finish(vote)
            self._failures.pop(vote.vote_id, None)
        except Exception as error:  # noqa: BLE001 - it is logged, and tried again
            failed = self._failures.get(vote.vote_id)
            number = failed.number + 1 if failed else 1
            wait = pause_after(number)
            self._failures[vote.vote_id] = _Failures(number, monotonic() + wait)
            _report(f"vote {vote.vote_id} is not shown closed yet", wait, error)
        finally:
            del self._tries[vote.vote_id]
            self._news.set()

    async def _finish(self, vote: UnfinishedVote) -> None:
        """Close a vote, first of all, and show its end wherever it is shown open."""
        store = self._context.store
        await store.close_vote(vote.vote_id)
        for number, message in enumerate(await store.vote_messages(vote.vote_id)):
            if number < MOST_SHOWN:
                await self._show_end(vote, message)
            await self._shows_no_open_vote(int(message.message_id))

    async def _show_end(self, vote: UnfinishedVote, shown: VoteMessage) -> None:
        place = self._client.get_partial_messageable(int(shown.channel_id))
        message = place.get_partial_message(int(shown.message_id))
        try:
            if self._client.get_guild(int(vote.guild_id)) is None:
                await message.fetch()  # is the server out of sight, or the bot no longer in it?
            await self._context.members.sync(vote.guild_id)
            (rendered, *_) = render(await vote_reply(self._context, vote.vote_id), EVERYBODY)
            await message.edit(**rendered.edited())
        except discord.HTTPException as refusal:
            if not _is_final(refusal):
                raise
            words = "the end of vote %d cannot be shown in message %s: %s"
            log.info(words, vote.vote_id, shown.message_id, refusal)

    async def _shows_no_open_vote(self, message_id: int) -> None:
        self._open.pop(message_id, None)
        self._to_note.pop(message_id, None)
        await self._context.store.remove_vote_message(str(message_id))


def pause_after(failures: int) -> float:
    """Return the seconds until a vote is tried again that could not be finished so many times."""
    return min(FIRST_WAIT * 2.0 ** min(failures - 1, 30), LONGEST_WAIT)


def _is_final(refusal: discord.HTTPException) -> bool:
    """Whether it is no use to ask again: the message is gone, out of reach, or cannot change."""
    return refusal.status in {400, 403, 404}


def _report(what: str, wait: float, error: Exception) -> None:
    unforeseen = None if isinstance(error, TROUBLES) else error
    words = "%s, again in %.0f s: %s"
    log.warning(words, what, wait, error if str(error) else repr(error), exc_info=unforeseen)
