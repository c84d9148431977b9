"""Controls that nobody has used for a while are greyed out, so that no one waits on them."""

import asyncio
import logging
from collections import OrderedDict

import discord

from bot.discord.components import switch_off

log = logging.getLogger(__name__)

_MOST = 2_000  # messages watched at a time; the oldest are let go as they are


class ViewTimeouts:
    """Switches off the controls of messages ``seconds`` after they were last used.

    Discord lets an answer to an interaction be changed for 15 minutes. After a restart nobody
    watches the messages from before: their controls simply go on working.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._clocks: OrderedDict[int, asyncio.TimerHandle] = OrderedDict()
        self._closing: set[asyncio.Task[None]] = set()

    def watch(self, message: discord.Message) -> None:
        """Start the clock of a message that was shown or used, from the beginning."""
        self.let_go(message.id)
        if not message.components:
            return
        loop = asyncio.get_running_loop()
        self._clocks[message.id] = loop.call_later(self._seconds, self._put_to_bed, message)
        if len(self._clocks) > _MOST:
            _, oldest = self._clocks.popitem(last=False)
            oldest.cancel()

    def let_go(self, message_id: int) -> None:
        if clock := self._clocks.pop(message_id, None):
            clock.cancel()

    def close(self) -> None:
        """Forget all; what is being switched off just now may be finished or not."""
        for clock in self._clocks.values():
            clock.cancel()
        self._clocks.clear()
        for task in self._closing:
            task.cancel()

    def _put_to_bed(self, message: discord.Message) -> None:
        self._clocks.pop(message.id, None)
        task = asyncio.create_task(_switch_off(message))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _switch_off(message: discord.Message) -> None:
    view = switch_off(message)
    if view is None:
        return
    try:
        await message.edit(view=view)
    except discord.HTTPException as refusal:
        # Deleted, or out of reach by now: then nobody can use them either.
        log.info("the controls of message %s stay on: %s", message.id, refusal)
