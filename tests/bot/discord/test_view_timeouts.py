"""Controls that nobody used for a while are greyed out, and not before."""

import asyncio
import gc
import logging

import pytest

from bot.app.context import AppContext
from bot.replies import Action, Picture, Reply
from tests.bot.discord.discord_helpers import (
    MORE,
    Prepare,
    ask,
    by_slash,
    choose,
    make_bot,
    offers,
    press,
    question,
)
from tests.discord_server import Driver, Message, connected

SOON = 0.05  # seconds
LATER = 2.0  # seconds: time to use something before, on a busy machine too
PNG = b"\x89PNG" + b"0" * 500


def controls(message: Message) -> list[bool]:
    """For each control whether it is switched off."""
    return [bool(one.get("disabled")) for one in (*message.buttons, *message.selects)]


@pytest.mark.parametrize("way", ["prefix", "slash"])
async def test_unused_controls_are_greyed_out_and_all_else_stays(
    chat: Driver, context: AppContext, prepare: Prepare, way: str
) -> None:
    options = (Action("One", "rate Alien 5"), Action("Two", "rate Aliens 4"))
    prepare(
        Reply(
            "Map",
            text="words",
            choices=question(*options).choices,
            buttons=options,
            picture=Picture("map.png", PNG, "All films"),
        )
    )
    async with connected(make_bot(context, view_timeout=SOON), chat):
        shown = await (ask(chat) if way == "prefix" else by_slash(chat, "help"))
        asleep = await chat.reply()
    assert asleep.id == shown.id
    assert controls(shown) == [False] * 3
    assert controls(asleep) == [True] * 3
    assert asleep.text == shown.text
    assert (asleep.picture, asleep.picture_description) == (PNG, "All films")
    assert chat.refused == []


async def test_what_only_the_asker_sees_is_greyed_out_too(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context, view_timeout=LATER), chat):
        films = await ask(chat, "!recommend 2")
        await chat.click(films, films.buttons[0]["custom_id"])
        shown = [await chat.reply() for _ in range(3)]
    card, *asleep = shown
    assert card.ephemeral
    assert {message.id for message in asleep} == {films.id, card.id}
    assert all(all(controls(message)) for message in asleep)
    assert chat.refused == []


async def test_an_answer_without_controls_is_left_alone(
    chat: Driver, context: AppContext, prepare: Prepare
) -> None:
    async with connected(make_bot(context, view_timeout=SOON), chat):
        prepare(Reply("Title", text="nothing to press"))
        plain = await ask(chat)
        prepare(Reply(buttons=(Action("More", "help"),)))
        pressed = await ask(chat)
        assert (await chat.reply()).id == pressed.id
    assert [shown.kind for shown in chat.record if shown.message.id == plain.id] == ["new"]


async def test_each_use_in_place_begins_the_time_anew(chat: Driver, context: AppContext) -> None:
    async with connected(make_bot(context, view_timeout=LATER), chat):
        used, unused = await ask(chat, "!recommend 20"), await ask(chat, "!recommend 20")
        await asyncio.sleep(0.2)
        assert (await press(chat, used, MORE)).id == used.id
        first, last = await chat.reply(), await chat.reply()
    assert (first.id, last.id) == (unused.id, used.id)
    assert all(controls(first) + controls(last))


async def test_a_use_that_leads_away_begins_the_time_of_both_messages(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context, view_timeout=LATER), chat):
        films, unused = await ask(chat, "!recommend 2"), await ask(chat, "!recommend 2")
        await asyncio.sleep(0.2)
        await chat.click(films, films.buttons[0]["custom_id"])
        card = await chat.reply()
        first, *later = [await chat.reply() for _ in range(3)]
    assert first.id == unused.id
    assert {message.id for message in later} == {films.id, card.id}


async def test_a_menu_that_was_answered_does_not_come_back_when_the_rest_is_switched_off(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context, view_timeout=LATER), chat):
        asked = await ask(chat, "!rate Solaris 4\nHalloween 5")
        shorter = await choose(chat, asked, offers(asked)[0])
        assert len(shorter.selects) == 1
        later = [await chat.reply() for _ in range(3)]
    (asleep,) = [message for message in later if message.id == asked.id]
    assert controls(asleep) == [True]
    assert chat.refused == []


async def test_a_message_that_was_deleted_by_then_is_no_trouble(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with connected(make_bot(context, view_timeout=SOON), chat):
        gone = await ask(chat, "!recommend 2")
        await chat.delete(gone)
        other = await ask(chat, "!recommend 2")
        assert (await chat.reply()).id == other.id
    assert [(call.method, call.status) for call in chat.refused] == [("PATCH", 404)]
    assert f"the controls of message {gone.id} stay on" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_leaving_switches_nothing_off_any_more(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(make_bot(context, view_timeout=0.5), chat):
        await ask(chat, "!recommend 2")
    await asyncio.sleep(0.6)
    gc.collect()  # by which asyncio finds what failed unseen
    assert chat.server.messages.shown.empty()
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
