"""The event loop's lag: how late it wakes a task, because something else holds it up."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.app.background import in_background

EVERY = 0.05  # seconds


def measure_lag(saw: Callable[[float], None]) -> AbstractAsyncContextManager[None]:
    """Tell ``saw`` the lag in seconds, again and again while the body runs."""
    return in_background(_measure(saw), "measuring the event loop's lag")


async def _measure(saw: Callable[[float], None]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        saw(max(0.0, loop.time() - due))  # the loop's clock is coarse: it may wake a bit early
