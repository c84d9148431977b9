"""Putting a film aside."""

from bot.app.context import AppContext
from bot.replies import Severity
from tests.bot.chat_helpers import Say, rated


async def test_what_was_put_aside_is_said_once_and_taken_back(
    say: Say, context: AppContext
) -> None:
    first = await say("skip The Notebook")
    assert "I will never recommend" in first.text
    assert "already" in (await say("skip The Notebook")).text
    await say(first.buttons[0].message)
    assert await context.store.skipped("console:alice") == set()


async def test_a_rated_film_cannot_be_put_aside(say: Say, context: AppContext) -> None:
    await say("rate Alien 5")
    reply = await say("skip Alien")
    assert reply.severity is Severity.PROBLEM
    assert "!unrate Alien (1979)" in reply.text
    assert await rated(context) == {"Alien (1979)": 5.0}
