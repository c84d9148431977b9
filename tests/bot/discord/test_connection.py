"""The connection: rate limits, dropped sockets, shards, and leaving."""

import asyncio

import pytest

from bot.app.context import AppContext
from bot.discord import message_targets
from bot.discord.client import ReeltwinBot
from tests.bot.discord.conftest import Gate
from tests.bot.discord.discord_helpers import MORE, ask, by_slash, make_bot, press, stars_of, until
from tests.discord_server import (
    BOB,
    CINEMA,
    FILMS,
    OTHER_GUILD_FILMS,
    Driver,
    connected,
    loopback_discord,
)
from tests.discord_server.world import CINEMA_FILMS, GUILDS

WAIT = 0.01  # seconds that Discord asks for


async def test_a_rate_limit_only_delays_the_answer(chat: Driver, context: AppContext) -> None:
    async with connected(make_bot(context), chat):
        chat.server.rest.limit("/messages", WAIT, times=2)
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
    assert [call.status for call in chat.refused] == [429, 429]
    assert chat.server.messages.shown.empty()


async def test_a_rate_limit_on_typing_holds_up_no_answer(
    chat: Driver, context: AppContext, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_targets, "TYPING_AFTER", 0.0)
    async with connected(make_bot(context), chat):
        chat.server.rest.limit("/typing", 60)
        await chat.say("!rate Alien 5")
        await gate.arrival()
        await until(lambda: chat.refused)
        gate.opened.set()
        assert "Rated" in (await chat.reply()).text
    assert [call.status for call in chat.refused] == [429]


async def test_a_rate_limit_on_a_follow_up_or_an_edit_only_delays_it(
    chat: Driver, context: AppContext, gate: Gate
) -> None:
    async with connected(make_bot(context), chat):
        interaction = await chat.slash("recommend", count=20)
        await gate.arrival()
        chat.server.rest.limit_once(interaction.token, WAIT)
        gate.opened.set()
        first = await chat.reply()
        chat.server.rest.limit("/messages/@original", WAIT, method="PATCH")
        assert "Page 2" in (await press(chat, first, MORE)).text
    assert [call.status for call in chat.refused] == [429, 429]


async def test_what_was_said_during_a_dropped_connection_is_answered_after_resuming(
    bot: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    films = await ask(chat, "!recommend 20")
    chat.server.gateway.drop()
    await chat.offline()
    assert "Rated" in (await ask(chat, "!rate Alien 5")).text
    assert chat.server.gateway.resumed == 1
    assert (await press(chat, films, MORE)).id == films.id
    assert "Rated" in (await by_slash(chat, "rate", film="Aliens", stars=4)).text
    assert await stars_of(context) == {"Alien (1979)": 5.0, "Aliens (1986)": 4.0}


async def test_a_session_that_is_lost_is_begun_anew(bot: ReeltwinBot, chat: Driver) -> None:
    chat.server.gateway.drop(resumable=False)
    await chat.offline()
    await chat.online()
    assert "Rated" in (await ask(chat, "!rate Alien 5")).text
    assert chat.server.gateway.resumed == 0


async def test_two_shards_serve_each_place_once_and_one_drops_alone(context: AppContext) -> None:
    async with loopback_discord(shards=2, guilds=(*GUILDS, CINEMA)) as chat:
        bot = make_bot(context)
        async with connected(bot, chat):
            await chat.online()
            assert bot.shard_count == 2
            for channel in (FILMS, OTHER_GUILD_FILMS, CINEMA_FILMS, chat.direct(BOB)):
                films = await ask(chat, "!recommend 20", channel=channel, user=BOB)
                assert films.channel == channel
                assert (await press(chat, films, MORE, user=BOB)).id == films.id
                filled = await by_slash(chat, "help", channel=channel, user=BOB)
                assert filled.channel == channel
            chat.server.gateway.drop(1)
            await chat.say("!help", channel=CINEMA_FILMS)
            assert (await ask(chat, channel=FILMS)).channel == FILMS
            assert (await chat.reply()).channel == CINEMA_FILMS
            assert sum(call.method == "PUT" for call in chat.journal) == 1
        assert chat.server.messages.shown.empty()
        assert chat.refused == []


@pytest.mark.parametrize("way", ["prefix", "slash"])
async def test_an_answer_under_way_is_finished_before_the_bot_leaves(
    chat: Driver, context: AppContext, gate: Gate, way: str
) -> None:
    bot = make_bot(context)
    async with connected(bot, chat):
        if way == "prefix":
            await chat.say("!rate Alien 5")
        else:
            await chat.slash("rate", film="Alien (1979)", stars=5)
        await gate.arrival()
        leaving = asyncio.create_task(bot.close())
        left, _ = await asyncio.wait({leaving}, timeout=0.1)
        assert not left
        gate.opened.set()
        assert "Rated" in (await chat.reply()).text
        await leaving
    assert await stars_of(context) == {"Alien (1979)": 5.0}
    assert chat.refused == []
    assert chat.server.gateway.closed_with == [1000]
