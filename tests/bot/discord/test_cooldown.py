"""Whoever goes too fast, or comes when too much is going on, is asked to wait."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app.context import AppContext
from bot.app.limits import Limits
from bot.discord.client import ReeltwinBot
from bot.replies import Action, Reply
from tests.bot.discord.conftest import Gate
from tests.bot.discord.discord_helpers import Prepare, ask, by_slash, fill_in, make_bot, press
from tests.discord_server import BOB, Driver, connected

WAIT = re.compile(r"One after the other, please: I listen again in (\d+) s\.")


@pytest_asyncio.fixture
async def strict(chat: Driver, context: AppContext) -> AsyncIterator[ReeltwinBot]:
    """A bot that hears two commands of one person in ten seconds."""
    bot = make_bot(context, cooldown=(2, 10.0))
    async with connected(bot, chat):
        yield bot
    assert chat.refused == []


async def test_whoever_goes_too_fast_is_told_for_how_long_to_wait_and_can_go_on_then(
    strict: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply(text="done"))
    assert (await ask(chat)).text == "done"
    assert (await by_slash(chat, "help")).text == "done"
    for told in (await ask(chat), await by_slash(chat, "help"), await fill_in(chat, "Alien 5")):
        waits = WAIT.fullmatch(told.text)
        assert waits
        assert 1 <= int(waits[1]) <= 10
    chat.server.world.seconds_ahead = 11
    assert (await ask(chat)).text == "done"


async def test_one_persons_haste_slows_nobody_else(
    strict: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply(text="done"))
    for _ in range(3):
        last = await ask(chat)
    assert WAIT.fullmatch(last.text)
    assert (await ask(chat, user=BOB)).text == "done"


async def test_a_button_pressed_too_fast_says_so_to_the_asker_and_stays(
    strict: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    here = Action("Here", "help", in_place=True)
    prepare(Reply(text="list", buttons=(here,)))
    message = await ask(chat)
    await press(chat, message, "Here")
    told = await press(chat, message, "Here")
    assert WAIT.fullmatch(told.text)
    assert told.ephemeral
    chat.server.world.seconds_ahead = 11
    assert (await press(chat, message, "Here")).id == message.id


async def test_ten_taps_of_the_quiz_in_a_row_are_not_too_fast_for_the_usual_pace(
    chat: Driver, context: AppContext
) -> None:
    async with connected(ReeltwinBot(context, guild_ready_timeout=0.05), chat):
        for _ in range(12):
            assert not WAIT.fullmatch((await ask(chat)).text)
        assert WAIT.fullmatch((await ask(chat)).text)


@pytest.mark.parametrize("way", ["prefix", "slash"])
async def test_who_comes_when_too_many_are_asking_is_told_to_wait(
    chat: Driver, context: AppContext, gate: Gate, way: str
) -> None:
    full = AppContext(context.model, context.store, limits=Limits(commands=1))
    async with connected(make_bot(full), chat):
        first = await chat.say("!help")
        await gate.arrival()
        told = await (ask(chat, user=BOB) if way == "prefix" else by_slash(chat, "help", user=BOB))
        assert "ask me again in a few seconds" in told.text
        gate.opened.set()
        assert (await chat.reply()).replies_to == first.id
        assert "learns your taste" in (await ask(chat, user=BOB)).text
    full.close()
    assert chat.refused == []
