"""Who is forgotten is forgotten: nothing that was still under way for them comes after."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply, Severity
from bot.uploads import Upload
from engine import TasteModel
from tests.bot.chat_helpers import Say, rated, serving
from tests.bot.services.test_import_ratings import LETTERBOXD, send

ALICE = RequestContext("console:alice", "alice")
GONE = "Everything of yours was deleted while I was at this"
NO_FILE = "I have no file of yours that waits"


@pytest_asyncio.fixture
async def elsewhere(model: TasteModel, database: Path | str) -> AsyncIterator[AppContext]:
    """Another process of the same bot: a context of its own on the same database."""
    async with serving(model, database) as context:
        yield context


class SlowFile:
    """A file that is still on its way until it is let come."""

    def __init__(self, context: AppContext) -> None:
        self._begun, self._may_come = asyncio.Event(), asyncio.Event()
        upload = Upload("ratings.csv", len(LETTERBOXD), self._read)
        self._reply = asyncio.create_task(dispatch(context, ALICE, "import", lambda text: upload))

    async def _read(self) -> bytes:
        self._begun.set()
        await self._may_come.wait()
        return LETTERBOXD.encode()

    async def begun(self) -> None:
        await self._begun.wait()

    async def comes(self) -> Reply:
        self._may_come.set()
        return await self._reply


async def forget(context: AppContext) -> None:
    assert (await dispatch(context, ALICE, "forget yes, everything")).title == "Forgotten"


async def test_a_file_still_on_its_way_is_forgotten_too(context: AppContext, say: Say) -> None:
    file = SlowFile(context)
    await file.begun()
    await forget(context)
    reply = await file.comes()
    assert (reply.severity, reply.text[: len(GONE)]) == (Severity.PROBLEM, GONE)
    assert NO_FILE in (await say("import confirm")).text
    assert await rated(context) == {}


async def test_a_file_still_on_its_way_is_forgotten_by_another_process_too(
    context: AppContext, elsewhere: AppContext, say: Say
) -> None:
    file = SlowFile(context)
    await file.begun()
    await forget(elsewhere)
    await dispatch(elsewhere, ALICE, "help")  # they are remembered again
    assert GONE in (await file.comes()).text
    assert NO_FILE in (await say("import confirm")).text
    assert await rated(context) == {}


async def test_a_file_that_waits_is_forgotten_by_another_process_too(
    context: AppContext, elsewhere: AppContext, say: Say
) -> None:
    asked = await send(context, LETTERBOXD)
    await forget(elsewhere)
    assert NO_FILE in (await say(asked.buttons[0].message)).text
    assert await rated(context) == {}
    await say((await send(context, LETTERBOXD)).buttons[0].message)
    assert len(await rated(context)) == 2


async def test_it_is_said_how_long_backups_keep_what_was_forgotten(
    context: AppContext, say: Say
) -> None:
    for question in ("privacy", "forget yes, everything"):
        assert "Whoever runs me may keep backups" in (await say(question)).text
    context.backups_kept_hours = 7 * 24.0
    for question in ("privacy", "forget yes, everything"):
        assert "in older backups for 7 days more" in (await say(question)).text
    context.backups_kept_hours = 36.0
    assert "in older backups for 36 hours more" in (await say("privacy")).text
