"""The one way of every answer on Discord, however it was asked for.

A question is acknowledged, waits for its turn, is kept to the pace, worked on, shown, and its
controls are watched. What fails on the way is reported under one policy. Where an answer goes and
how is the target's concern: a typed message (:mod:`bot.discord.message_targets`), a slash command
or form (:mod:`bot.discord.interaction_targets`), a control (:mod:`bot.discord.component_handlers`).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from math import ceil
from typing import Any
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.app.context import AppContext, RequestContext
from bot.discord.view_timeouts import ViewTimeouts
from bot.discord.vote_timer import VoteTimer
from bot.replies import Reply, Severity

Work = Callable[[], Awaitable[Reply]]

SHUTDOWN_GRACE = 5.0  # seconds that answers in progress have when the bot is told to stop


class ReplyTarget(ABC):
    """Where the answer to one question goes, and how.

    Attributes
    ----------
    request
        Who asks, and where.
    asked_at
        When, in seconds since 1970.
    """

    request: RequestContext
    asked_at: float

    @property
    def turn_key(self) -> int | None:
        """Id of a message whose answers are given one after the other, as each sees the last."""
        return None

    @property
    def used_messages(self) -> Iterable[discord.Message]:
        """Messages that were used to ask, whose controls stay on for longer therefore."""
        return ()

    async def acknowledge(self) -> Reply | None:
        """Tell Discord that an answer will come.

        Returns
        -------
        Reply or None
            What is said instead of doing the work, where the work cannot be done here.
        """
        return None

    def show_progress(self) -> AbstractAsyncContextManager[None]:
        """Let people see, for the body, that the answer is being worked on."""
        return nullcontext()

    @abstractmethod
    async def show(self, reply: Reply) -> list[discord.Message]:
        """Show a reply, and return the messages whose use this process will hear of."""

    @abstractmethod
    async def report(self, error: Exception) -> None:
        """Log an error, and tell the user what it means for them."""


class Responder:
    """Answers questions, and keeps what outlives an answer: timers, turns, the pace of each user.

    Parameters
    ----------
    context
        What the services stand on.
    votes
        Closes the votes that are shown.
    cooldown
        At most so many questions (first) of one user in so many seconds (second).
    view_timeout
        Seconds without use after which the controls of a message are switched off.
    """

    def __init__(
        self,
        context: AppContext,
        votes: VoteTimer,
        *,
        cooldown: tuple[int, float],
        view_timeout: float,
    ) -> None:
        self.context = context
        self._votes = votes
        self._view_timeouts = ViewTimeouts(view_timeout)
        self._cooldowns = commands.CooldownMapping[RequestContext].from_cooldown(
            *cooldown, _user_id
        )
        # Of messages that several people use at once: each sees what the one before did.
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._in_progress: set[asyncio.Task[Any]] = set()

    async def respond(self, target: ReplyTarget, work: Work) -> None:
        """Answer a question with what the work results in, unless the user asks too often.

        Parameters
        ----------
        target
            Where the answer goes.
        work
            What makes the answer; not begun before Discord has its acknowledgement.
        """
        with self._counted_in():
            try:
                reply = await target.acknowledge()
                self.watch(target.used_messages)
                async with self._turn(target):
                    if reply is None:
                        async with target.show_progress():
                            reply = self._slow_down(target) or await work()
                    await self.send(target, reply)
            except Exception as error:  # noqa: BLE001 - those of controls reach no other handler
                await target.report(error)

    async def send(self, target: ReplyTarget, reply: Reply) -> None:
        """Show a reply and watch over its controls; a vote is closed at its own time."""
        shown = await target.show(reply)
        if reply.vote_id is None or not shown:
            for message in filter(self._votes.is_open_in, shown):
                await self._votes.shown(None, None, message)
            self.watch(shown)
            return
        await self._votes.shown(reply.vote_id, reply.closes_at, shown[0])
        self._view_timeouts.unwatch(shown[0].id)

    def watch(self, messages: Iterable[discord.Message]) -> None:
        """Start the time of messages that were shown or used just now; a vote has its own."""
        for message in messages:
            if not self._votes.is_open_in(message):
                self._view_timeouts.watch(message)

    async def close(self) -> None:
        """Finish what is in progress, as what was saved is also confirmed; then stop the timers."""
        if self._in_progress:
            await asyncio.wait(self._in_progress, timeout=SHUTDOWN_GRACE)
        self._view_timeouts.close()
        await self._votes.close()

    def _slow_down(self, target: ReplyTarget) -> Reply | None:
        """Count the question, and return what is said to a user who asks too often."""
        wait = self._cooldowns.update_rate_limit(target.request, target.asked_at)
        if not wait:
            return None
        words = f"One after the other, please: I listen again in {ceil(wait)} s."
        return Reply(text=words, severity=Severity.PROBLEM)

    def _turn(self, target: ReplyTarget) -> AbstractAsyncContextManager[Any]:
        if target.turn_key is None:
            return nullcontext()
        # Held by the answers that wait for it, and gone with the last of them.
        lock: asyncio.Lock = self._turns.setdefault(target.turn_key, asyncio.Lock())
        return lock

    @contextmanager
    def _counted_in(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - every caller is a coroutine
        self._in_progress.add(task)
        try:
            yield
        finally:
            self._in_progress.discard(task)


def _user_id(request: RequestContext) -> str:
    return request.user_id
