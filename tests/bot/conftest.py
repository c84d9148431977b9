"""The real services on a fresh store, and the loopback Discord, for whatever test wants them."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply
from engine import TasteModel
from tests.bot.chat_helpers import Say, serving
from tests.discord_server import Driver, loopback_discord
from tests.postgresql import PostgresServer


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[Driver]:
    """A fresh Discord with nobody connected yet; discord.py points at it while the test runs."""
    async with loopback_discord() as driver:
        yield driver


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """An empty database: an SQLite file, or on the server with TEST_STORE=postgresql."""
    if os.environ.get("TEST_STORE") == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        return server.database()
    return tmp_path / "reeltwin.sqlite3"


@pytest_asyncio.fixture
async def context(model: TasteModel, database: Path | str) -> AsyncIterator[AppContext]:
    async with serving(model, database) as context:
        yield context


@pytest.fixture
def say(context: AppContext) -> Say:
    """Type a message without its prefix, as alice unless told otherwise."""

    async def say(message: str, name: str = "alice", guild_id: str | None = None) -> Reply:
        return await dispatch(context, RequestContext(f"console:{name}", name, guild_id), message)

    return say
