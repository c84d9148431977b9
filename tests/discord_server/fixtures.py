"""The loopback Discord as a fixture: ``pytest_plugins = ["tests.discord_server.fixtures"]``."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.discord_server.driver import Driver, loopback_discord


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[Driver]:
    """A fresh Discord with nobody connected yet; discord.py points at it while the test runs."""
    async with loopback_discord() as driver:
        yield driver
