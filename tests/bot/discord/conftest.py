"""A bot with the real services, connected to a loopback Discord."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.commands import BY_NAME
from bot.discord.client import ReeltwinBot
from bot.replies import Reply
from bot.services import Caller, Services
from engine import TasteModel, load_model
from storage import open_store
from tests.bot.discord.asking import Prepare, make_bot
from tests.discord_server import Driver, connected
from tests.discord_server.fixtures import chat

__all__ = ["chat"]


@pytest.fixture(scope="session")
def model() -> TasteModel:
    return load_model()


@pytest_asyncio.fixture
async def services(model: TasteModel, tmp_path: Path) -> AsyncIterator[Services]:
    async with open_store(tmp_path / "reeltwin.sqlite3") as store:
        services = Services(model, store)
        yield services
        services.close()


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
