"""What one process wrote is in the next answer of another: nothing said is kept in a process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.context import AppContext, RequestContext
from bot.commands.dispatch import dispatch
from bot.replies import Reply
from engine import TasteModel
from tests.bot.chat_helpers import TEN_RATINGS, serving, words

GROUP = "films"
ALICE = RequestContext("console:alice", "alice", GROUP, "70")
BOB = RequestContext("console:bob", "bob", GROUP, "70")


@pytest_asyncio.fixture
async def elsewhere(model: TasteModel, database: Path | str) -> AsyncIterator[AppContext]:
    """Another process of the same bot: a context of its own on the same database."""
    async with serving(model, database) as context:
        yield context


# Who says what in the other process, and who is answered otherwise than before in this one.
CHANGES = [
    ("rate Heat 1", ALICE, "ratings", ALICE),
    ("unrate Alien (1979)", ALICE, "ratings", ALICE),
    ("undo", ALICE, "ratings", ALICE),
    ("rate Toy Story (1995) 5\nAladdin (1992) 5\nUp 5", ALICE, "recommend", ALICE),
    ("rate Toy Story (1995) 5\nAladdin (1992) 5\nUp 5", ALICE, "predict Shrek", ALICE),
    ("rate Toy Story (1995) 5\nAladdin (1992) 5\nUp 5", ALICE, "taste", ALICE),
    ("rate Heat 1", ALICE, "seen Heat (1995)", BOB),
    ("rate Toy Story (1995) 5\nUp 5", ALICE, "compare alice", BOB),
    ("rate Toy Story (1995) 5\nUp 5", ALICE, "club", BOB),
    ("private on", ALICE, "ratings alice", BOB),
    ("quiz", ALICE, "privacy", ALICE),
    ("watchlist add Heat", ALICE, "watchlist", BOB),
    ("vote start 60 1214,541", ALICE, "vote", BOB),
    ("forget yes, everything", ALICE, "ratings", ALICE),
    ("forget yes, everything", ALICE, "ratings alice", BOB),
]


@pytest.mark.parametrize(
    ("said", "by", "asked", "of"),
    CHANGES,
    ids=[f"{said[:12]}: {asked}" for said, _, asked, _ in CHANGES],
)
async def test_an_answer_tells_what_was_said_to_another_process(
    context: AppContext,
    elsewhere: AppContext,
    said: str,
    by: RequestContext,
    asked: str,
    of: RequestContext,
) -> None:
    for who in (ALICE, BOB):
        await dispatch(context, who, TEN_RATINGS)
    before = await dispatch(context, of, asked)
    assert words(await dispatch(context, of, asked)) == words(before)
    await dispatch(elsewhere, by, said)
    after = await dispatch(context, of, asked)
    assert told(after) != told(before)
    assert told(after) == told(await dispatch(elsewhere, of, asked))


def told(reply: Reply) -> str:
    return f"{words(reply)}\n{[button.message for button in reply.buttons]}"
