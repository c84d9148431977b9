"""Questions are settled by a menu, each once, and in place where there is but one."""

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.replies import Action, Choice, Picture, Reply
from tests.bot.discord.discord_helpers import (
    Prepare,
    ask,
    by_slash,
    choose,
    fill_in,
    offers,
    question,
    stars_of,
)
from tests.discord_server import Driver

THREE = "Alien 3\nSolaris 4\nHalloween 5"


async def test_a_film_of_many_is_chosen_in_place(bot: ReeltwinBot, chat: Driver) -> None:
    which = await ask(chat, "!similar solaris")
    assert "Which one?" in which.text
    assert len(offers(which)) == 2
    answer = await choose(chat, which, offers(which)[1])
    assert answer.id == which.id
    assert "Like Solaris" in answer.text
    assert answer.selects == []


async def test_a_line_that_may_mean_two_things_is_settled_in_place(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    which = await ask(chat, "!rate Alien 3")
    assert await stars_of(context) == {}
    rated = await choose(chat, which, "rate id:1214 3")
    assert rated.id == which.id
    assert await stars_of(context) == {"Alien (1979)": 3.0}


async def test_a_title_without_stars_is_asked_for_them_in_place(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    which = await ask(chat, "!rate Alien 3")
    stars = await choose(chat, which, "rate id:1320")
    rated = await choose(chat, stars, "rate id:1320 2.5")
    assert which.id == stars.id == rated.id
    assert await stars_of(context) == {"Alien³ (1992)": 2.5}


@pytest.mark.parametrize("way", ["prefix", "slash form"])
async def test_several_questions_are_answered_one_after_the_other(
    bot: ReeltwinBot, chat: Driver, context: AppContext, way: str
) -> None:
    asked = await (ask(chat, f"!rate {THREE}") if way == "prefix" else fill_in(chat, THREE))
    assert len(asked.selects) == 3
    for left in (2, 1, 0):
        option = asked.selects[0]["options"][0]
        question_line = f"**{asked.selects[0]['placeholder']}**"
        assert question_line in asked.text
        shorter = await choose(chat, asked, option["value"])
        assert shorter.id == asked.id
        assert f"{question_line} {option['label']}" in shorter.text  # not a question any more
        assert len(shorter.selects) == left
        answer = await chat.reply()
        assert answer.id != asked.id
        assert "Rated" in answer.text
        asked = shorter
    assert sorted((await stars_of(context)).values()) == [3.0, 4.0, 5.0]


async def test_questions_beside_ratings_leave_the_ratings_in_sight(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    asked = await ask(chat, "!rate Toy Story (1995) 4\nSolaris 5\nXyzzyqqq 3")
    assert await stars_of(context) == {"Toy Story (1995)": 4.0}
    shorter = await choose(chat, asked, offers(asked)[0])
    assert "Toy Story (1995)" in shorter.text
    assert "Xyzzyqqq" in shorter.text
    await chat.reply()
    assert len(await stars_of(context)) == 2


async def test_a_menu_that_is_all_of_its_message_is_answered_beside_it(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    alone = Choice("Go on?", (Action("Model", "model"),))
    prepare(Reply(choices=(alone,)))
    message = await ask(chat)
    assert message.text == ""
    prepare(Reply(text="done"))
    answer = await choose(chat, message, "model")
    assert answer.text == "done"
    assert answer.id != message.id


async def test_a_picture_beside_questions_stays_when_one_is_answered(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    png = b"\x89PNG" + b"0" * 500
    options = (Action("One", "rate Alien 5"), Action("Two", "rate Aliens 4"))
    choices = question(*options).choices * 2
    prepare(Reply("Map", choices=choices, picture=Picture("map.png", png, "All films")))
    asked = await ask(chat)
    shorter = await choose(chat, asked, "rate Alien 5")
    assert len(shorter.selects) == 1
    assert (shorter.picture, shorter.picture_description) == (png, "All films")


async def test_a_member_of_many_of_that_name_is_chosen_in_place(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    for user in ("discord:401", "discord:402"):
        await context.store.remember(user, "Robin", "200")
    await ask(chat, "!rate Alien 5")
    which = await ask(chat, "!compare robin")
    assert offers(which) == ["compare <@401>", "compare <@402>"]
    answer = await choose(chat, which, "compare <@402>")
    assert answer.id == which.id
    assert "Robin @carl has not rated anything yet" in answer.text


async def test_a_slash_command_that_asks_back_is_settled_too(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    which = await by_slash(chat, "rate", film="solaris", stars=4)
    await choose(chat, which, offers(which)[0])
    assert list((await stars_of(context)).values()) == [4.0]
