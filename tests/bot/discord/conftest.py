"""A bot with the real services, connected to a loopback Discord."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.commands.command import Command
from bot.commands.registry import load
from bot.discord.client import ReeltwinBot
from bot.replies import Reply
from tests.bot.discord.discord_helpers import Prepare, make_bot
from tests.discord_server import Driver, connected


@pytest_asyncio.fixture
async def bot(chat: Driver, context: AppContext) -> AsyncIterator[ReeltwinBot]:
    """A bot whose every call Discord must accept."""
    bot = make_bot(context)
    async with connected(bot, chat):
        yield bot
    assert chat.refused == []


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch) -> Prepare:
    """Set what every command but rate replies or raises, for shapes that are rare in earnest."""
    load()  # no command can be made any more once its attribute is a property

    def prepare(outcome: Reply | Exception) -> None:
        def service_of(command: Command) -> Any:
            async def service(context: AppContext, request: RequestContext, **_: Any) -> Reply:
                if isinstance(outcome, Exception):
                    raise outcome
                return outcome

            rates = command.name == "rate" and not isinstance(outcome, Exception)
            return vars(command)["run"] if rates else service

        # A property goes before what an instance has of that name.
        monkeypatch.setattr(Command, "run", property(service_of), raising=False)

    return prepare


@dataclass
class Gate:
    """Where the work for every command stops: ``reached`` once it has begun, until ``opened``."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def arrival(self) -> None:
        """Wait until work has begun."""
        await asyncio.wait_for(self.reached.wait(), 10)


@pytest.fixture
def gate(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Stop the first thing that a command does: remembering who asks."""
    gate = Gate()
    remember = context.store.remember

    async def slowly(*who: Any) -> None:
        gate.reached.set()
        await gate.opened.wait()
        await remember(*who)

    monkeypatch.setattr(context.store, "remember", slowly)
    return gate
