"""Slash commands that Discord does not take: the bot says so in a line and serves without."""

import logging

import pytest

from bot.app.context import AppContext
from bot.discord import command_sync
from tests.bot.discord.discord_helpers import ask, by_slash, make_bot, until
from tests.discord_server import ANN, Driver, connected
from tests.discord_server.refusals import MISSING_ACCESS, Fault, Reason, bad_form

DAILY_LIMIT = Reason(
    400, 30034, "Max number of daily application command creates has been reached (200)"
)
FAULTS = [
    Fault(f"{number}.options.0.description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100.")
    for number in range(100)
]
HUGE = bad_form(FAULTS).reason
PATIENCE = 0.05  # seconds


@pytest.mark.parametrize(
    ("refusal", "told"),
    [(DAILY_LIMIT, "daily"), (HUGE, "50035"), (MISSING_ACCESS, "Missing Access")],
    ids=["daily limit", "huge", "forbidden"],
)
async def test_a_refused_registration_is_one_short_line_and_the_rest_is_served(
    chat: Driver,
    context: AppContext,
    caplog: pytest.LogCaptureFixture,
    refusal: Reason,
    told: str,
) -> None:
    chat.server.rest.refuse("/commands", refusal, method="PUT")
    async with connected(make_bot(context), chat):
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
        assert "Rated" in (await ask(chat, "<@100> rate Aliens 4")).text
        told_owner = await ask(chat, "!sync", user=ANN)
        chat.server.rest.refuse("/commands", None, method="PUT")
        assert "Registered" in (await ask(chat, "!sync", user=ANN)).content
        assert "Rated" in (await by_slash(chat, "rate", film="Coco", stars=4)).text
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    ours = [record for record in said if record.name == command_sync.__name__]
    assert len(ours) == 2  # at the start, and when the owner tried
    for words in (ours[0].message, told_owner.content):
        assert told in words
        assert len(words) < 400
        assert "\n" not in words
    assert not any(record.exc_info for record in said)


async def test_a_limit_of_hours_delays_the_slash_commands_alone(
    chat: Driver,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(command_sync, "PATIENCE", PATIENCE)
    chat.server.rest.limit("/commands", 70_000.0, method="PUT")
    async with connected(make_bot(context), chat):
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
        assert "wait" in (await ask(chat, "!sync", user=ANN)).content
    assert [call.status for call in chat.refused] == [429]  # no second attempt beside the first
    assert "Discord lets the slash commands wait" in caplog.text


async def test_what_had_to_wait_is_registered_then(
    chat: Driver,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(command_sync, "PATIENCE", PATIENCE)
    chat.server.rest.limit("/commands", 10 * PATIENCE, method="PUT")
    async with connected(make_bot(context), chat):
        assert "Discord lets the slash commands wait" in caplog.text
        await until(lambda: chat.server.rest.commands)
        assert "Rated" in (await by_slash(chat, "rate", film="Alien", stars=5)).text
