"""What goes wrong is logged once in full, told in one sentence, and stops nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import discord
import pytest

from bot.app.context import AppContext
from bot.commands.dispatch import APOLOGY
from bot.discord import errors, sending
from bot.discord.client import ReeltwinBot
from bot.errors import UserError
from bot.replies import Action, Picture, Reply
from storage import StorageError
from tests.bot.discord.discord_helpers import (
    Prepare,
    ask,
    by_slash,
    choose,
    fill_in,
    make_bot,
    press,
    question,
    stars_of,
)
from tests.discord_server import BOB, Driver, Message, connected

Ask = Callable[[Driver, Prepare, Any], Awaitable[Message]]

WAYS = (Action("Model", "model"), Action("Here", "model", in_place=True))


async def by_prefix(chat: Driver, prepare: Prepare, outcome: Any) -> Message:
    prepare(outcome)
    return await ask(chat, "!model")


async def slash(chat: Driver, prepare: Prepare, outcome: Any) -> Message:
    prepare(outcome)
    return await by_slash(chat, "model")


async def by_button(chat: Driver, prepare: Prepare, outcome: Any) -> Message:
    prepare(Reply(buttons=WAYS))
    message = await ask(chat)
    prepare(outcome)
    return await press(chat, message, "Model")


async def by_button_in_place(chat: Driver, prepare: Prepare, outcome: Any) -> Message:
    prepare(Reply(buttons=WAYS))
    message = await ask(chat)
    prepare(outcome)
    return await press(chat, message, "Here")


async def by_menu(chat: Driver, prepare: Prepare, outcome: Any) -> Message:
    prepare(question(Action("Model", "model"), in_place=True))
    message = await ask(chat)
    prepare(outcome)
    return await choose(chat, message, "model")


async def by_form(chat: Driver, prepare: Prepare, outcome: Any) -> Message:
    prepare(outcome)
    return await fill_in(chat, "Alien 5")


EVERY_WAY = pytest.mark.parametrize(
    "way", [by_prefix, slash, by_button, by_button_in_place, by_menu, by_form]
)


def traces(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """The records with a traceback."""
    return [record for record in caplog.records if record.exc_info]


@EVERY_WAY
async def test_bad_input_is_answered_with_its_sentence_and_no_error(
    bot: ReeltwinBot,
    chat: Driver,
    prepare: Prepare,
    way: Ask,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sentence = "Stars go from 0.5 to 5, as in: !rate Alien 4.5"
    answer = await way(chat, prepare, UserError(sentence))
    assert answer.text == sentence
    assert answer.ephemeral is (way in (by_button, by_button_in_place, by_menu))
    assert traces(caplog) == []


@EVERY_WAY
async def test_a_failing_service_is_apologised_for_and_logged_once_with_all_that_helps(
    bot: ReeltwinBot,
    chat: Driver,
    prepare: Prepare,
    way: Ask,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await way(chat, prepare, ZeroDivisionError("inner secret"))
    assert answer.text == APOLOGY
    (record,) = traces(caplog)
    assert record.exc_info is not None
    assert "inner secret" in str(record.exc_info[1])
    told = vars(record)
    assert told["command"] == ("rate" if way is by_form else "model")
    assert (told["user"], told["guild"], told["outcome"]) == ("discord:400", "200", "failed")
    assert told["latency_ms"] >= 0
    assert "inner secret" not in "".join(str(shown.message.payload) for shown in chat.record)


@EVERY_WAY
async def test_a_failing_database_is_named_and_nothing_else_stops(
    bot: ReeltwinBot,
    chat: Driver,
    context: AppContext,
    prepare: Prepare,
    way: Ask,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await way(chat, prepare, StorageError("The database x.sqlite3 cannot grow."))
    assert answer.text == f"{APOLOGY} (The database x.sqlite3 cannot grow.)"
    assert len(traces(caplog)) == 1
    prepare(Reply(text="well again"))
    assert (await ask(chat)).text == "well again"


@EVERY_WAY
async def test_a_failure_in_showing_the_answer_is_told_and_logged_too(
    bot: ReeltwinBot,
    chat: Driver,
    prepare: Prepare,
    way: Ask,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    render = sending.render

    def fail(reply: Reply, asker: str) -> Any:
        if reply.text in ("unshowable", "") and not reply.buttons and not reply.choices:
            raise ZeroDivisionError("inner secret")
        if reply.title == "Rated":
            raise ZeroDivisionError("inner secret")
        return render(reply, asker)

    monkeypatch.setattr(sending, "render", fail)
    answer = await way(chat, prepare, Reply(text="unshowable"))
    assert answer.content == APOLOGY
    (record,) = traces(caplog)
    assert "of user 400 in guild 200 failed" in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


@pytest.mark.parametrize("way", [by_prefix, slash, by_button, by_button_in_place, by_menu])
async def test_what_discord_refuses_is_told_and_logged(
    chat: Driver,
    context: AppContext,
    prepare: Prepare,
    way: Ask,
    caplog: pytest.LogCaptureFixture,
) -> None:
    too_large = Reply("Map", picture=Picture("big.png", bytes((10 << 20) + 1), "too large"))
    async with connected(make_bot(context), chat):
        answer = await way(chat, prepare, too_large)
    assert answer.content == APOLOGY
    (record,) = traces(caplog)
    assert "Request entity too large" in record.getMessage()
    assert [call.status for call in chat.refused] == [413]


async def test_a_control_that_fails_leaves_its_message_to_be_used_again(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply(text="list", buttons=WAYS))
    message = await ask(chat)
    prepare(ZeroDivisionError())
    sorry = await press(chat, message, "Here")
    assert (sorry.text, sorry.ephemeral) == (APOLOGY, True)
    prepare(Reply(text="done"))
    done = await press(chat, message, "Here")
    assert (done.id, done.text) == (message.id, "done")


async def test_a_command_that_the_bot_knows_no_longer_is_told(
    bot: ReeltwinBot, chat: Driver
) -> None:
    bot.tree.remove_command("model")
    answer = await by_slash(chat, "model")
    assert answer.ephemeral
    assert "That command has changed since" in answer.content


async def test_one_failure_does_not_hold_up_the_others(
    bot: ReeltwinBot, chat: Driver, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, stuck, may_go = context.store.remember, asyncio.Event(), asyncio.Event()

    async def remember(user_id: str, *rest: Any) -> None:
        if user_id == "discord:400" and not may_go.is_set():
            stuck.set()
            await may_go.wait()
            raise ZeroDivisionError
        await real(user_id, *rest)

    monkeypatch.setattr(context.store, "remember", remember)
    hers = await chat.say("!rate Alien 5")
    await asyncio.wait_for(stuck.wait(), 10)
    assert "Rated" in (await ask(chat, "!rate Alien 4", user=BOB)).text
    may_go.set()
    sorry = await chat.reply()
    assert (sorry.replies_to, sorry.text) == (hers.id, APOLOGY)
    assert await stars_of(context) == {}


async def never() -> None:
    await asyncio.Event().wait()


async def fail(trouble: Exception) -> None:
    raise trouble


@pytest.mark.parametrize(
    "telling",
    [
        never,
        partial(fail, aiohttp.ClientConnectionError("cut")),
        partial(fail, ConnectionResetError("reset")),
        partial(fail, discord.RateLimited(600.0)),
    ],
    ids=["waits", "cut", "reset", "limited"],
)
async def test_what_cannot_be_told_is_one_line_in_the_log_and_goes_no_further(
    telling: Callable[[], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(errors, "TELLING", 0.01)
    await errors.attempt(telling(), "user 401 that !rate failed")
    (line,) = caplog.records
    assert line.getMessage().startswith("could not tell user 401 that !rate failed: ")
    assert line.exc_info is None
