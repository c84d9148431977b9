"""What is kept of a user, and how it is deleted."""

from bot.app.context import AppContext
from bot.replies import Severity
from tests.bot.chat_helpers import Say, rated, words


async def test_what_is_kept_is_counted(say: Say) -> None:
    await say("rate Alien 5\nUp 4", guild_id="films")
    text = words(await say("privacy"))
    assert "ratings\n2 entries" in text
    assert "servers\n1 entry" in text


async def test_everything_is_deleted_only_once_it_is_confirmed(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 5\nUp 4", guild_id="films")
    asked = await say("forget", guild_id="films")
    assert asked.severity is Severity.QUESTION
    assert len(await rated(context)) == 2
    keep = next(b for b in asked.buttons if b.label == "Keep it")
    await say(keep.message)
    assert len(await rated(context)) == 2
    done = await say(asked.buttons[0].message, guild_id="films")
    assert "2 ratings" in done.text
    assert await rated(context) == {}
    assert (await say("undo")).severity is Severity.PROBLEM
    assert "alice" not in words(await say("seen Alien", name="bob", guild_id="films"))
