"""What goes wrong is logged, told in one sentence, and stops nothing."""

import asyncio
from dataclasses import replace

import pytest

from bot.commands import APOLOGY, BY_NAME
from bot.discord.client import ReeltwinBot
from bot.errors import UserError
from bot.replies import Option, Picture, Reply
from bot.services import Caller, Services
from tests.bot.discord.asking import Prepare, ask, by_slash, choose, make_bot, question, stars_of
from tests.discord_server import (
    FILMS,
    Channel,
    Driver,
    Message,
    connected,
    loopback_discord,
)
from tests.discord_server.world import NO_EMBEDS, NO_PICTURES, READ_ONLY

PNG = b"\x89PNG" + b"0" * 5_000


async def ask_by(kind: str, chat: Driver, outcome: Reply | Exception, prepare: Prepare) -> Message:
    """Ask in one of three ways what comes to `outcome`, and return the answer."""
    if kind == "prefix":
        prepare(outcome)
        return await ask(chat)
    if kind == "slash":
        prepare(outcome)
        return await by_slash(chat, "help")
    prepare(question(Option("Help", "help")))
    message = await ask(chat)
    prepare(outcome)
    await choose(chat, message, "help")
    await chat.reply()
    return await chat.reply()


KINDS = pytest.mark.parametrize("kind", ["prefix", "slash", "menu"])


@KINDS
async def test_bad_input_is_answered_with_its_sentence(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, kind: str
) -> None:
    sentence = "Stars go from 0.5 to 5, as in: !rate Alien 4.5"
    assert (await ask_by(kind, chat, UserError(sentence), prepare)).text == sentence


@KINDS
async def test_a_failing_service_is_apologised_for_and_logged(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = await ask_by(kind, chat, ZeroDivisionError("inner secret"), prepare)
    assert message.text == APOLOGY
    assert "inner secret" in caplog.text


@KINDS
async def test_what_discord_refuses_is_told_and_logged(
    chat: Driver,
    services: Services,
    prepare: Prepare,
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    too_large = Reply("Map", picture=Picture("big.png", bytes((10 << 20) + 1), "too large"))
    async with connected(make_bot(services), chat):
        message = await ask_by(kind, chat, too_large, prepare)
    assert message.text == APOLOGY
    assert "Request entity too large" in caplog.text


async def test_an_interaction_that_expired_is_told_in_the_channel_and_nothing_is_done(
    services: Services,
) -> None:
    async with (
        loopback_discord(seconds_to_acknowledge=0) as chat,
        connected(make_bot(services), chat),
    ):
        message = await by_slash(chat, "rate", film="Alien (1979)", stars=5)
    assert message.content == "<@400> I was too slow to pick that up. Please ask me again."
    assert message.pings == []
    assert await stars_of(services) == {}


@pytest.mark.parametrize(
    ("channel", "missing"),
    [(NO_EMBEDS, "I need “Embed Links”."), (NO_PICTURES, "I need “Attach Files”.")],
    ids=["embeds", "pictures"],
)
async def test_a_missing_permission_is_named_in_both_ways(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, channel: Channel, missing: str
) -> None:
    prepare(Reply("Map", picture=Picture("map.png", PNG, "map")))
    assert (await ask(chat, channel=channel)).content.endswith(missing)
    assert (await by_slash(chat, "help", channel=channel)).content.endswith(missing)


async def test_where_it_may_not_write_it_goes_on_elsewhere(
    chat: Driver, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(make_bot(services), chat):
        await chat.say("!help", channel=READ_ONLY)
        assert (await ask(chat, channel=FILMS)).channel == FILMS
    assert "Missing Permissions" in caplog.text
    assert {call.status for call in chat.refused} == {403}


async def test_a_question_deleted_in_the_meantime_is_answered_all_the_same(
    bot: ReeltwinBot, chat: Driver
) -> None:
    chat.server.messages.delete(await chat.say("!help"))
    message = await chat.reply()
    assert "!recommend" in message.text
    assert message.replies_to is None


# the connection


async def test_a_rate_limit_only_delays_the_answer(chat: Driver, services: Services) -> None:
    async with connected(make_bot(services), chat):
        chat.server.rest.limit_once("/messages", retry_after=0.01)
        assert "!recommend" in (await ask(chat)).text
    assert [call.status for call in chat.refused] == [429]


async def test_what_was_said_during_a_dropped_connection_is_answered(
    bot: ReeltwinBot, chat: Driver
) -> None:
    chat.server.gateway.drop()
    await chat.offline()
    assert "!recommend" in (await ask(chat)).text
    assert chat.server.gateway.resumed == 1


async def test_an_answer_under_way_is_finished_before_the_bot_leaves(
    chat: Driver, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, may_end = asyncio.Event(), asyncio.Event()

    async def run(services: Services, caller: Caller, text: str) -> Reply:
        started.set()
        await may_end.wait()
        return Reply(text="just in time")

    monkeypatch.setitem(BY_NAME, "help", replace(BY_NAME["help"], run=run))
    bot = make_bot(services)
    async with connected(bot, chat):
        await chat.say("!help")
        await started.wait()
        leaving = asyncio.create_task(bot.close())
        left, _ = await asyncio.wait({leaving}, timeout=0.2)
        assert not left
        may_end.set()
        assert (await chat.reply()).text == "just in time"
        await leaving
    assert chat.refused == []


async def test_its_status_says_how_to_begin(bot: ReeltwinBot, chat: Driver) -> None:
    presence = chat.server.gateway.presence
    assert presence is not None
    assert "!help" in str(presence)
