"""The quiz by its buttons, from beginning to end."""

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import ask, by_slash, labels, make_bot, press, stars_of
from tests.discord_server import BOB, Driver, connected


async def test_ten_films_are_rated_by_ten_taps_in_one_message(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    first = question = await by_slash(chat, "quiz")
    assert labels(question) == ["1★", "2★", "3★", "4★", "5★", "Not seen", "Stop"]
    for n in range(10):
        assert f"{n} of 10" in question.text
        question = await press(chat, question, f"{n % 5 + 1}★")
        assert question.id == first.id
    assert "That was the quiz" in question.text
    assert labels(question) == ["Recommend", "My taste", "Another round"]
    assert sorted((await stars_of(context)).values()) == sorted([1.0, 2.0, 3.0, 4.0, 5.0] * 2)


async def test_a_film_not_seen_is_not_rated_does_not_count_and_does_not_come_again(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    question = await ask(chat, "!quiz")
    titles = set()
    for _ in range(3):
        titles.add(title(question.text))
        question = await press(chat, question, "Not seen")
        assert "not seen" in question.text
        assert "0 of 10" in question.text
    assert len(titles | {title(question.text)}) == 4
    assert await stars_of(context) == {}


async def test_stop_ends_it_and_another_round_begins_anew(bot: ReeltwinBot, chat: Driver) -> None:
    question = await press(chat, await ask(chat, "!quiz"), "5★")
    stopped = await press(chat, question, "Stop")
    assert stopped.id == question.id
    assert "1 film rated" in stopped.text
    again = await press(chat, stopped, "Another round")
    assert again.id == question.id
    assert "0 of 10" in again.text


async def test_where_it_was_left_it_goes_on_even_after_a_restart(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        question = await press(chat, await ask(chat, "!quiz"), "4★")
    await chat.offline()
    async with connected(make_bot(context), chat):
        again = await ask(chat, "!quiz")
        assert title(again.text) == title(question.text)
        assert "1 of 10" in again.text
        assert "2 of 10" in (await press(chat, again, "4★")).text
    assert chat.refused == []


@pytest.mark.parametrize("button", ["1★", "Not seen"])
async def test_a_button_of_an_earlier_question_changes_nothing_and_shows_the_present_one(
    bot: ReeltwinBot, chat: Driver, context: AppContext, button: str
) -> None:
    old = await ask(chat, "!quiz")
    present = await press(chat, await ask(chat, "!quiz"), "5★")
    before = await stars_of(context)
    shown = await press(chat, old, button)
    assert shown.id == old.id
    assert title(shown.text) == title(present.text)
    assert await stars_of(context) == before


async def test_a_film_rated_by_typing_counts_and_the_next_is_asked(
    bot: ReeltwinBot, chat: Driver
) -> None:
    question = await ask(chat, "!quiz")
    await ask(chat, f"!rate {title(question.text)} 3.5")
    following = await ask(chat, "!quiz")
    assert title(following.text) != title(question.text)
    assert "1 of 10" in following.text


async def test_two_people_have_a_quiz_each(bot: ReeltwinBot, chat: Driver) -> None:
    await press(chat, await ask(chat, "!quiz"), "5★")
    assert "0 of 10" in (await ask(chat, "!quiz", user=BOB)).text


def title(text: str) -> str:
    """The film of a question: ``### [1. Alien (1979)](https://…)``."""
    return text.split(". ", 1)[1].split("](", 1)[0].replace("\\", "")
