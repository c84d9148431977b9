"""The real services on a fresh store, and the loopback Discord, for whatever test wants them."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.imports.movie_matching import MovieIndex
from bot.replies import Reply
from engine import TasteModel
from engine.data.catalogue import Catalogue
from tests.bot.chat_helpers import Say, serving
from tests.discord_server import Driver, loopback_discord
from tests.postgresql import PostgresServer


@pytest.fixture(scope="session", autouse=True)
def _one_index_of_a_catalogue() -> Iterator[None]:
    """Let all contexts share the index that each makes for its first import, in a second."""
    made: dict[int, MovieIndex] = {}  # by the catalogue, which the index keeps alive

    def index(catalogue: Catalogue) -> MovieIndex:
        return made.get(id(catalogue)) or made.setdefault(id(catalogue), MovieIndex(catalogue))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.app.context.MovieIndex", index)
        yield


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
