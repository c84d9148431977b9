"""The event loop's lag is seen when something blocks it."""

import asyncio
import logging
import time

import pytest

from bot.app.loop_lag import INTERVAL, measure_lag

BLOCKED = 0.4  # seconds
PATIENCE = 30.0  # seconds


async def test_the_lag_grows_with_what_blocks_the_loop() -> None:
    lags: asyncio.Queue[float] = asyncio.Queue()
    async with asyncio.timeout(PATIENCE), measure_lag(lags.put_nowait):
        calm = min([await lags.get() for _ in range(5)])
        time.sleep(BLOCKED)  # noqa: ASYNC251 - the loop is meant to hang
        blocked = await lags.get()
    assert 0 <= calm < blocked
    # The task was asleep for a part of the time, which is no lag.
    assert blocked > BLOCKED - 2 * INTERVAL


async def test_nothing_is_measured_any_more_afterwards() -> None:
    lags: asyncio.Queue[float] = asyncio.Queue()
    before = asyncio.all_tasks()
    async with asyncio.timeout(PATIENCE), measure_lag(lags.put_nowait):
        await lags.get()
        assert asyncio.all_tasks() > before
    assert asyncio.all_tasks() == before


async def test_what_the_body_raises_goes_on() -> None:
    with pytest.raises(ValueError, match="oops"):
        async with measure_lag(lambda lag: None):
            raise ValueError("oops")


async def test_a_failure_is_logged_at_once_and_the_body_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = asyncio.Event()

    def fail(lag: float) -> None:
        failed.set()
        raise ValueError("the registry is full")

    async with asyncio.timeout(PATIENCE), measure_lag(fail):
        await failed.wait()
        await asyncio.sleep(INTERVAL)
        (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "ValueError: the registry is full" in caplog.text
