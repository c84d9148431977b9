"""Taking a rating back."""

from bot.app.context import AppContext
from bot.replies import Severity
from tests.bot.chat_helpers import Say, options, rated


async def test_a_rating_is_taken_back_and_the_stars_it_had_are_told(
    say: Say, context: AppContext
) -> None:
    await say("rate Alien 4.5\nUp 2")
    reply = await say("unrate alien")
    assert reply.text == "Alien (1979) had ★★★★½ from you."
    assert await rated(context) == {"Up (2009)": 2.0}
    await say(reply.hint.partition("!")[2])
    assert await rated(context) == {"Up (2009)": 2.0, "Alien (1979)": 4.5}


async def test_of_several_films_of_a_name_the_one_that_was_rated_is_taken_back(
    say: Say, context: AppContext
) -> None:
    await say("rate The Thing (1982) 4")
    assert "The Thing (1982)" in (await say("unrate the thing")).text
    assert await rated(context) == {}


async def test_where_both_films_of_a_name_were_rated_it_asks_which_to_take_back(
    say: Say, context: AppContext
) -> None:
    await say("rate The Thing (1982) 4\nThe Thing (2011) 2")
    reply = await say("unrate the thing")
    assert reply.severity is Severity.QUESTION
    chosen = next(option for option in options(reply) if option.label == "The Thing (2011)")
    await say(chosen.message)
    assert await rated(context) == {"The Thing (1982)": 4.0}


async def test_what_was_not_rated_cannot_be_taken_back(say: Say) -> None:
    await say("rate Alien 5", name="bob")
    reply = await say("unrate Alien")
    assert reply.severity is Severity.PROBLEM
    assert "You have not rated Alien (1979)" in reply.text


async def test_taking_nothing_back_is_answered_by_an_example(say: Say) -> None:
    assert "!unrate Toy Story (1995)" in (await say("unrate")).text
