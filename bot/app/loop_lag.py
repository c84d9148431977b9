"""The event loop's lag: how late it wakes a task, because something else holds it up."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.app.background import in_background

INTERVAL = 0.05  # seconds


def measure_lag(observe: Callable[[float], None]) -> AbstractAsyncContextManager[None]:
    """Tell ``observe`` the lag in seconds, again and again while the body runs."""
    return in_background(_measure(observe), "measuring the event loop's lag")


async def _measure(observe: Callable[[float], None]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + INTERVAL
        await asyncio.sleep(INTERVAL)
        observe(max(0.0, loop.time() - due))  # the loop's clock is coarse: it may wake a bit early
