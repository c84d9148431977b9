"""Taking back what was done last."""

from bot.app.context import AppContext
from tests.bot.chat_helpers import Say, column, rated


async def test_undo_goes_back_step_by_step_and_then_says_that_nothing_is_left(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 5\nUp 3")
    await say("rate Alien 2")
    await say("unrate Up")
    assert column((await say("undo")).tables[0], "Before and now") == ["not rated → ★★★"]
    assert await rated(context) == {"Alien (1979)": 2.0, "Up (2009)": 3.0}
    assert column((await say("undo")).tables[0], "Before and now") == ["★★ → ★★★★★"]
    assert len((await say("undo")).tables[0].rows) == 2
    assert await rated(context) == {}
    assert "nothing left to undo" in (await say("undo")).text


async def test_one_persons_undo_leaves_anothers_ratings_alone(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 5", name="bob")
    assert "nothing left" in (await say("undo")).text
    assert await rated(context, "bob") == {"Alien (1979)": 5.0}
