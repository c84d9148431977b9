"""What it takes for a command, and what it keeps out of."""

from dataclasses import replace

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import (
    ask,
    assert_silent,
    by_slash,
    labels,
    make_bot,
    stars_of,
)
from tests.discord_server import (
    FILMS,
    FILMS_THREAD,
    OTHER_BOT,
    Channel,
    Driver,
    connected,
)


@pytest.mark.parametrize("mention", ["<@100>", "<@!100>", "  <@100>  "])
async def test_a_mention_alone_gives_help(bot: ReeltwinBot, chat: Driver, mention: str) -> None:
    assert "learns your taste" in (await ask(chat, mention)).text


@pytest.mark.parametrize(
    "typed",
    [
        "<@100> recommend 2",
        "<@!100>   RECOMMEND 2",
        "<@100>\nrecommend 2",
        "<@100>recommend 2",
        "! recommend 2",
    ],
)
async def test_a_mention_is_a_prefix_too_and_blanks_do_no_harm(
    bot: ReeltwinBot, chat: Driver, typed: str
) -> None:
    assert labels(await ask(chat, typed)).count("Open") == 2


@pytest.mark.parametrize("word", ["hello", "recomend", "5", "<@400>"])
async def test_whoever_mentions_it_with_an_unknown_word_gets_an_answer(
    bot: ReeltwinBot, chat: Driver, word: str
) -> None:
    answer = await ask(chat, f"<@100> {word}")
    assert "There is no command" in answer.text
    assert "!help" in answer.text
    assert answer.pings == []


@pytest.mark.parametrize(
    "noise", ["!play song", "!date", "! 5", "hello", "!", "!!rate", "rate", "x <@100>", "!?"]
)
async def test_what_is_not_meant_for_it_is_passed_over(
    bot: ReeltwinBot, chat: Driver, noise: str
) -> None:
    await chat.say(noise)
    await assert_silent(chat)


@pytest.mark.parametrize("text", ["!help", "<@100>", "<@100> rate Alien 5", "!recomend"])
async def test_other_bots_are_ignored(bot: ReeltwinBot, chat: Driver, text: str) -> None:
    said = await chat.say(text, user=OTHER_BOT)
    await assert_silent(chat)
    await chat.edit(said, f"{text} 2", user=OTHER_BOT)
    await assert_silent(chat)


@pytest.mark.parametrize(
    ("typed", "meant"), [("!recomend", "recommend"), ("!rat Alien", "rate"), ("!Simlar", "similar")]
)
async def test_a_slip_is_answered_by_what_was_meant(
    bot: ReeltwinBot, chat: Driver, typed: str, meant: str
) -> None:
    assert f"Did you mean !{meant}?" in (await ask(chat, typed)).text


async def test_in_threads_both_ways_work(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    assert (await ask(chat, "!rate Alien 5", channel=FILMS_THREAD)).channel == FILMS_THREAD
    filled = await by_slash(chat, "rate", film="Aliens", stars=4, channel=FILMS_THREAD)
    assert filled.channel == FILMS_THREAD
    assert await stars_of(context) == {"Alien (1979)": 5.0, "Aliens (1986)": 4.0}
    members = await context.store.members(FILMS.guild_id or "")
    assert [member.name for member in members] == ["Ann"]


async def test_in_a_thread_it_was_not_told_of_it_answers_all_the_same(
    bot: ReeltwinBot, chat: Driver
) -> None:
    thread = Channel("399", "new", "200", parent=FILMS)
    club, *others = chat.server.world.guilds
    chat.server.world.guilds = (replace(club, threads=(*club.threads, thread)), *others)
    answer = await ask(chat, "!model", channel=thread)
    assert answer.channel == thread
    assert answer.picture is not None


async def test_a_question_deleted_in_the_meantime_is_answered_all_the_same(
    bot: ReeltwinBot, chat: Driver
) -> None:
    chat.server.messages.delete(await chat.say("!help"))
    message = await chat.reply()
    assert "!recommend" in message.text
    assert message.replies_to is None


async def test_a_long_prefix_of_ones_own_serves_as_well(context: AppContext, chat: Driver) -> None:
    context.prefix = "film?"
    async with connected(make_bot(context), chat):
        await chat.say("!help")
        answer = await ask(chat, "film?help")
    assert "film?recommend" in answer.text
    assert chat.refused == []
