"""What was rated a moment ago counts at once: nothing that is kept outlives it.

Several processes may share a database, so each change is made by one bot and asked of another,
which has given the answer before. What it says then is what a bot says that has just begun.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply
from bot.uploads import Upload
from engine import TasteModel
from tests.bot.chat_helpers import TEN_RATINGS, serving
from tests.marks import slow_but

ALICE = RequestContext("console:alice", "alice", "films")
BOB = RequestContext("console:bob", "bob", "films")
ELSEWHERE = b"Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Cube,1997,https://boxd.it/1,5\n"
QUESTIONS = ("recommend", "taste", "map", "twin", "movienight @bob", "compare @bob")
CHANGES = {
    "a rating": "rate Cube 5",
    "another rating of the same film": "rate Alien 0.5",
    "a rating taken away": "unrate Alien",
    "undo": "undo",
    "an import": "import",
    "an import taken back": "import undo",
    "all forgotten": "forget",
}


async def say(context: AppContext, message: str, request: RequestContext = ALICE) -> Reply:
    async def read() -> bytes:
        return ELSEWHERE

    def file(text: str) -> Upload | None:
        return Upload("ratings.csv", len(ELSEWHERE), read) if message == "import" else None

    return await dispatch(context, request, message, file)


async def change(context: AppContext, typed: str) -> None:
    """Say it, and yes where it is asked whether that is meant."""
    reply = await say(context, typed)
    if reply.buttons and typed in ("import", "forget"):
        await say(context, reply.buttons[0].message)


@pytest_asyncio.fixture
async def other(model: TasteModel, database: Path | str) -> AsyncIterator[AppContext]:
    """Another process's services on the same database: its own connection, its own memory."""
    async with serving(model, database) as context:
        yield context


@pytest.mark.parametrize("name", slow_but(["a rating", "undo"], CHANGES))
async def test_a_change_made_by_one_bot_is_in_the_next_answer_of_another(
    name: str, context: AppContext, other: AppContext, model: TasteModel, database: Path | str
) -> None:
    typed = CHANGES[name]
    await say(context, TEN_RATINGS)
    await say(context, "rate\nToy Story 5\nUp 4\nHeat 2", BOB)
    if typed == "import undo":
        await change(context, "import")
    before = [await say(other, question) for question in QUESTIONS]
    await change(context, typed)
    after = [await say(other, question) for question in QUESTIONS]
    async with serving(model, database) as new:
        assert after == [await say(new, question) for question in QUESTIONS]
    same = {q for q, old, now in zip(QUESTIONS, before, after, strict=True) if old == now}
    assert same <= {"twin"}  # the nearest of all may be so still
