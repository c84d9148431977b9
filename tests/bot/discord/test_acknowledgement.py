"""Discord waits three seconds for a first word: it comes before any work is done."""

from typing import Any

import pytest

from bot.app.context import AppContext
from bot.commands.dispatch import APOLOGY
from bot.commands.registry import commands
from bot.discord.client import ReeltwinBot
from tests.bot.discord.conftest import Gate
from tests.bot.discord.discord_helpers import (
    MORE,
    ask,
    by_slash,
    field_of,
    make_bot,
    offers,
    stars_of,
    until,
)
from tests.bot.discord.test_commands import SAME
from tests.discord_server import FILMS, Driver, connected
from tests.discord_server.interactions import Callback, Interaction
from tests.discord_server.world import READ_ONLY

SLOW = "<@400> I was too slow"
TOKEN_LIFE = 15 * 60  # seconds


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
async def test_a_slash_command_is_acknowledged_before_its_work_begins(
    bot: ReeltwinBot, chat: Driver, gate: Gate, command: Any
) -> None:
    interaction = await chat.slash(command.name, **SAME[command.name][1])
    await gate.arrival()
    assert interaction.callback is Callback.DEFERRED_MESSAGE
    gate.opened.set()
    assert APOLOGY not in (await chat.reply()).text


@pytest.mark.parametrize(
    ("asked", "acknowledged"),
    [
        ("!recommend 20", Callback.DEFERRED_UPDATE),
        ("!predict Alien (1979)", Callback.DEFERRED_UPDATE),
        ("!predict Alien", Callback.DEFERRED_MESSAGE),
        ("!rate Solaris 4\nHalloween 5", Callback.UPDATE),
    ],
    ids=["button in place", "menu in place", "button that leads away", "menu among several"],
)
async def test_a_control_is_acknowledged_before_its_work_begins(
    bot: ReeltwinBot, chat: Driver, gate: Gate, asked: str, acknowledged: Callback
) -> None:
    gate.opened.set()
    message = await ask(chat, asked)
    gate.opened.clear()
    gate.reached.clear()
    if asked == "!recommend 20":
        used = await chat.press(message, MORE)
    elif acknowledged is Callback.DEFERRED_MESSAGE:
        used = await chat.press(message, "Why")
    else:
        used = await chat.choose(message, offers(message)[0])
    await gate.arrival()
    assert used.callback is acknowledged
    gate.opened.set()
    await chat.reply()


async def test_a_form_is_acknowledged_before_its_work_begins(
    bot: ReeltwinBot, chat: Driver, gate: Gate
) -> None:
    opened = await chat.slash("ratemany")
    modal = await chat.modal()
    assert opened.callback is Callback.MODAL
    sent = await chat.submit(modal, {field_of(modal): "Alien 5"})
    await gate.arrival()
    assert sent.callback is Callback.DEFERRED_MESSAGE
    gate.opened.set()
    assert "Rated" in (await chat.reply()).text


async def test_a_slash_command_picked_up_too_late_is_told_in_the_channel_and_not_done(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        too_late(chat)
        message = await by_slash(chat, "rate", film="Alien (1979)", stars=5)
    assert message.content.startswith(SLOW)
    assert message.channel == FILMS
    assert message.pings == []
    assert await stars_of(context) == {}


async def test_a_control_picked_up_too_late_is_told_in_the_channel_and_not_done(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        card = await ask(chat, "!predict Alien (1979)")
        too_late(chat)
        await chat.choose(card, offers(card)[0])
        assert (await chat.reply()).content.startswith(SLOW)
        await chat.press(card, "Why")
        assert (await chat.reply()).content.startswith(SLOW)
    assert await stars_of(context) == {}


async def test_a_form_picked_up_too_late_is_told_in_the_channel_and_not_done(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context), chat):
        await chat.slash("ratemany")
        modal = await chat.modal()
        too_late(chat)
        await chat.submit(modal, {field_of(modal): "Alien 5"})
        assert (await chat.reply()).content.startswith(SLOW)
    assert await stars_of(context) == {}


async def test_where_nobody_can_be_told_the_log_says_so(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(make_bot(context), chat):
        too_late(chat)
        await chat.slash("help", channel=READ_ONLY)
        await until(lambda: "could not tell user" in caplog.text)
        assert "!help" in (await ask(chat)).text
    assert chat.server.messages.shown.empty()


@pytest.mark.parametrize("way", ["slash", "control"])
async def test_an_answer_after_the_token_expired_is_apologised_for_in_the_channel(
    chat: Driver,
    context: AppContext,
    gate: Gate,
    caplog: pytest.LogCaptureFixture,
    way: str,
) -> None:
    async with connected(make_bot(context), chat):
        await ask_late(chat, gate, way)
        gate.opened.set()
        message = await chat.reply()
    assert message.content == f"<@400> {APOLOGY}"
    assert message.pings == []
    (record,) = [record for record in caplog.records if record.exc_info]
    assert "of user 400 in guild 200 failed" in record.getMessage()


async def ask_late(chat: Driver, gate: Gate, way: str) -> Interaction:
    """Ask, and let the interaction's token expire while the work is going on."""
    if way == "slash":
        interaction = await chat.slash("help")
    else:
        gate.opened.set()
        message = await ask(chat)
        gate.opened.clear()
        gate.reached.clear()
        interaction = await chat.press(message, "Find films")
    await gate.arrival()
    chat.server.world.seconds_ahead += TOKEN_LIFE + 1
    return interaction


def too_late(chat: Driver) -> None:
    """From now on whatever the bot answers comes too late."""
    chat.server.interactions.seconds_to_acknowledge = 0
