"""The event loop's lag: how late it wakes a task, because something else holds it up."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)

EVERY = 0.05  # seconds


@asynccontextmanager
async def measure_lag(saw: Callable[[float], None]) -> AsyncIterator[None]:
    """Tell ``saw`` the lag in seconds, again and again while the body runs.

    Should measuring fail, the log says so at once and the body goes on.
    """
    task = asyncio.create_task(_measure(saw), name="loop lag")
    task.add_done_callback(_report)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _measure(saw: Callable[[float], None]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        saw(max(0.0, loop.time() - due))  # the loop's clock is coarse: it may wake a bit early


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("the event loop's lag is measured no longer", exc_info=error)
