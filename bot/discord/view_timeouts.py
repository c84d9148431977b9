"""Controls that nobody has used for a while are greyed out, so that no one waits on them."""

import asyncio
import logging
from collections import OrderedDict

import discord

from bot.discord.components import disabled_view

log = logging.getLogger(__name__)

MAX_WATCHED = 2_000  # messages at a time; the oldest are let go as they are


class ViewTimeouts:
    """Switches off the controls of messages some time after they were last used.

    Parameters
    ----------
    seconds
        That time.

    Notes
    -----
    Discord lets an answer to an interaction be changed for 15 minutes. After a restart nobody
    watches the messages from before: their controls simply go on working.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timers: OrderedDict[int, asyncio.TimerHandle] = OrderedDict()
        self._closing: set[asyncio.Task[None]] = set()

    def watch(self, message: discord.Message) -> None:
        """Start the time of a message that was shown or used, from the beginning."""
        self.unwatch(message.id)
        if not message.components:
            return
        loop = asyncio.get_running_loop()
        self._timers[message.id] = loop.call_later(self._seconds, self._expire, message)
        if len(self._timers) > MAX_WATCHED:
            _, oldest = self._timers.popitem(last=False)
            oldest.cancel()

    def unwatch(self, message_id: int) -> None:
        """Leave the controls of a message on."""
        if timer := self._timers.pop(message_id, None):
            timer.cancel()

    def close(self) -> None:
        """Forget all; what is being switched off just now may be finished or not."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for task in self._closing:
            task.cancel()

    def _expire(self, message: discord.Message) -> None:
        self._timers.pop(message.id, None)
        task = asyncio.create_task(_switch_off(message))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _switch_off(message: discord.Message) -> None:
    view = disabled_view(message)
    if view is None:
        return
    try:
        await message.edit(view=view)
    except discord.HTTPException as refusal:
        # Deleted, or out of reach by now: then nobody can use them either.
        log.info("the controls of message %s stay on: %s", message.id, refusal)
