"""Choices as select menus."""

from bot.discord.client import ReeltwinBot
from bot.replies import Option, Reply
from bot.services import Services
from tests.bot.discord.asking import Prepare, ask, choose, make_bot, question, stars_of
from tests.discord_server import (
    BOB,
    Driver,
    connected,
)

ALIEN, ALIENS = "rate Alien (1979) 5", "rate Aliens (1986) 4.5"
WHICH = question(Option("Alien (1979)", ALIEN, "Horror"), Option("Aliens (1986)", ALIENS))


async def test_choosing_is_as_good_as_typing(
    bot: ReeltwinBot, chat: Driver, services: Services, prepare: Prepare
) -> None:
    prepare(WHICH)
    message = await ask(chat)
    await choose(chat, message, ALIENS)
    emptied, answer = await chat.reply(), await chat.reply()
    assert (emptied.id, emptied.selects) == (message.id, [])
    assert "Aliens" in answer.text
    assert await stars_of(services) == {"Aliens (1986)": 4.5}


async def test_somebody_elses_choice_is_refused_in_private(
    bot: ReeltwinBot, chat: Driver, services: Services, prepare: Prepare
) -> None:
    prepare(WHICH)
    await choose(chat, await ask(chat), ALIENS, user=BOB)
    refusal = await chat.reply()
    assert refusal.ephemeral
    assert "somebody else" in refusal.text
    assert await stars_of(services) == await stars_of(services, "discord:401") == {}


async def test_a_menu_outlives_a_restart_of_the_bot(
    chat: Driver, services: Services, prepare: Prepare
) -> None:
    prepare(WHICH)
    async with connected(make_bot(services), chat):
        message = await ask(chat)
    await chat.offline()
    async with connected(make_bot(services), chat):
        await choose(chat, message, ALIEN)
        await chat.reply()
        await chat.reply()
    assert await stars_of(services) == {"Alien (1979)": 5.0}


async def test_each_of_several_choices_can_be_made(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply(choices=WHICH.choices * 7))
    await chat.say("!help")
    first, second = await chat.reply(), await chat.reply()
    assert [len(first.selects), len(second.selects)] == [5, 2]
    for left in (4, 3):
        await choose(chat, first, ALIEN)
        first = await chat.reply()
        assert len(first.selects) == left
        assert "Alien" in (await chat.reply()).text


async def test_options_that_are_too_long_or_too_many_are_all_offered(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    long_title = "L" * 200
    options = [Option(f"Film {n} {long_title}", f"similar {n}", long_title) for n in range(60)]
    odd = Option("one", f"similar {long_title}")
    prepare(question(*options, options[0], odd, prompt="p" * 200))
    message = await ask(chat)
    values = [item["value"] for menu in message.selects for item in menu["options"]]
    assert set(values) == {f"similar {n}" for n in range(60)}
    assert message.selects[0]["options"][0]["label"].endswith("L…")
    assert f"similar {long_title}" in message.text


async def test_a_real_question_is_settled_by_a_menu(
    bot: ReeltwinBot, chat: Driver, services: Services
) -> None:
    message = await ask(chat, "!rate Alien 3")
    assert await stars_of(services) == {}
    await choose(chat, message, message.selects[0]["options"][0]["value"])
    await chat.reply()
    await chat.reply()
    assert await stars_of(services) == {"Alien (1979)": 3.0}
