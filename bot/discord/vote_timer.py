"""Votes that close at their time, also when the bot was started anew in between."""

import asyncio
import logging
from datetime import UTC, datetime

import discord

from bot.app.context import AppContext
from bot.discord.components import EVERYBODY
from bot.discord.render import render
from bot.discord.sharding import serves
from bot.services.vote import vote_reply

log = logging.getLogger(__name__)


class VoteTimer:
    """Closes each open vote when its time is over, and shows the result in its message.

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
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._open: dict[int, int] = {}  # open votes by the messages that show them

    async def resume(self) -> None:
        """Wait for the votes that were open when the bot was last here, where it serves them."""
        for vote in await self._context.store.open_votes():
            # Those of the terminal, whose group has no number, are the first shard's.
            guild = int(vote.guild_id) if vote.guild_id.isdecimal() else None
            if not serves(self._client, guild):
                continue
            if vote.message_id is not None:
                self._open[int(vote.message_id)] = vote.vote_id
            if vote.closes_at is not None:
                self._schedule(vote.vote_id, vote.closes_at)

    async def shown(
        self, vote_id: int, closes_at: datetime | None, message: discord.Message
    ) -> None:
        """Note a message that shows a vote, so that it is closed there at its time.

        Parameters
        ----------
        vote_id
            The vote.
        closes_at
            When it closes; None where it is closed.
        message
            What shows it.
        """
        if closes_at is None:
            self._forget(vote_id)
            if task := self._tasks.pop(vote_id, None):
                task.cancel()
            return
        self._open[message.id] = vote_id
        store = self._context.store
        vote = await store.get_vote(vote_id)
        # In another channel the timer would not find it again.
        if vote is not None and vote.channel_id == str(message.channel.id):
            await store.set_message(vote_id, str(message.id))
        # Also where the timer was just faster: the message shows what was so before.
        self._schedule(vote_id, closes_at)

    def is_open_in(self, message: discord.Message) -> bool:
        """Whether a message shows a vote that is still open."""
        return message.id in self._open

    def _schedule(self, vote_id: int, closes_at: datetime) -> None:
        if vote_id not in self._tasks:
            task = asyncio.create_task(self._close_in_time(vote_id, closes_at))
            self._tasks[vote_id] = task
            task.add_done_callback(_report)

    def close(self) -> None:
        """Stop waiting; the votes stay open, and the next start waits for them again."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def _close_in_time(self, vote_id: int, closes_at: datetime) -> None:
        await asyncio.sleep(max(0.0, (closes_at - datetime.now(UTC)).total_seconds()))
        context = self._context
        reply = await vote_reply(context, vote_id)
        self._tasks.pop(vote_id, None)
        self._forget(vote_id)
        vote = await context.store.get_vote(vote_id)
        if vote is None or vote.message_id is None:
            return
        (rendered, *_) = render(reply, EVERYBODY)
        place = self._client.get_partial_messageable(int(vote.channel_id))
        try:
            await place.get_partial_message(int(vote.message_id)).edit(**rendered.edited())
        except discord.HTTPException as refusal:
            log.info("the result of vote %d cannot be shown: %s", vote_id, refusal)

    def _forget(self, vote_id: int) -> None:
        self._open = {message: vote for message, vote in self._open.items() if vote != vote_id}


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("a vote could not be closed at its time", exc_info=error)
