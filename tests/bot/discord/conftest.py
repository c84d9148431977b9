"""A bot with the real services, connected to a loopback Discord."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.commands import BY_NAME
from bot.discord.client import ReeltwinBot
from bot.replies import Reply
from bot.services import Caller, Services
from tests.bot.discord.asking import Prepare, make_bot
from tests.discord_server import Driver, connected


@pytest_asyncio.fixture
async def bot(chat: Driver, services: Services) -> AsyncIterator[ReeltwinBot]:
    """A bot whose every call Discord must accept."""
    bot = make_bot(services, pace=(50, 10.0))
    async with connected(bot, chat):
        yield bot
    assert chat.refused == []


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch) -> Prepare:
    """Set what the help command replies or raises, for shapes that real commands rarely have."""

    def prepare(outcome: Reply | Exception) -> None:
        async def run(services: Services, caller: Caller, text: str) -> Reply:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setitem(BY_NAME, "help", replace(BY_NAME["help"], run=run))

    return prepare
