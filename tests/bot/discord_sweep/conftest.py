"""A bot that listens to people as fast as they can be made to type."""

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.discord_server import Driver, connected


@pytest_asyncio.fixture
async def bot(chat: Driver, context: AppContext) -> AsyncIterator[ReeltwinBot]:
    bot = ReeltwinBot(context, cooldown=(1_000_000, 1.0), guild_ready_timeout=0.05)
    async with connected(bot, chat):
        yield bot
