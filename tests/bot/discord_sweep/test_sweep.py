"""Whatever is typed is answered once, or is no command of ours; never by an apology.

``make sweep`` sends thousands of messages, the tests a few: SWEEP_MESSAGES says how many.
"""

import asyncio
import logging
import os
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.commands.dispatch import APOLOGY
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import IN_PRIVATE
from tests.bot.discord_sweep.messages import Typed, messages
from tests.discord_server import (
    ANN,
    BOB,
    FILMS,
    FILMS_THREAD,
    OTHER_GUILD_FILMS,
    Channel,
    Driver,
    Message,
)

MESSAGES = int(os.environ.get("SWEEP_MESSAGES", "150"))
BATCH = 5
PATIENCE = 60.0  # seconds for a batch


# One bot hears all batches: what one person did before must not matter to the next either.
@settings(
    max_examples=-(-MESSAGES // BATCH),
    phases=[Phase.generate],  # what fails is named; to shrink it would take a fresh bot
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batch=st.lists(messages, min_size=BATCH, max_size=BATCH, unique=True))
async def test_whatever_is_typed_is_answered_once_or_is_no_command_of_ours(
    bot: ReeltwinBot, chat: Driver, caplog: pytest.LogCaptureFixture, batch: list[Typed]
) -> None:
    places = ((ANN, FILMS), (BOB, FILMS_THREAD), (ANN, chat.direct(ANN)), (BOB, OTHER_GUILD_FILMS))
    chat.record.clear()
    chat.journal.clear()
    caplog.clear()
    said: dict[str, Typed] = {}
    alone: dict[str, Channel] = {}  # where what is private is answered
    for number, typed in enumerate(batch):
        user, channel = places[number % len(places)]
        message = await chat.say(typed.text, user=user, channel=channel)
        said[message.id] = typed
        if channel.guild_id is not None:
            alone[message.id] = chat.direct(user)
    everything = await _answers(chat)
    answers = [answer for answer in everything if answer.replies_to in said]

    noted = {answer.replies_to or "" for answer in answers if answer.text == IN_PRIVATE}
    assert noted >= {number for number in alone if said[number].private}
    strays = [answer for answer in everything if answer.replies_to not in said]
    begun = [answer for answer in strays if answer.text == "One moment …"]
    strays = [answer for answer in strays if answer not in begun]
    assert len(begun) == len(strays)
    assert _ids(answer.channel for answer in strays) == _ids(alone[number] for number in noted), (
        f"answers to nothing that was said, among {[answer.text for answer in strays]}"
    )
    shown = [shown for shown in chat.record if shown.message.replies_to]
    changed = [one.message.text for one in shown if one.kind == "edit"]
    assert changed == [], "a message was answered a second time"
    for message_id, typed in said.items():
        answered = any(answer.replies_to == message_id for answer in answers)
        assert typed.answered in (None, answered), f"answered: {answered}, {typed.text!r}"
    for answer in everything:
        assert APOLOGY not in answer.text, f"an apology for one of {batch}"
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == [], f"{errors[0].getMessage()} {errors[0].exc_text} in {batch}"
    assert chat.refused == [], f"Discord refused an answer to one of {batch}"


async def _answers(chat: Driver) -> list[Message]:
    """All that the bot has to say to what it was told so far."""
    last = await chat.say("!help")
    async with asyncio.timeout(PATIENCE):
        answers = [await chat.reply()]
        while answers[-1].replies_to != last.id:
            answers.append(await chat.reply())
        # By now it has heard everything, and works on the rest.
        while working := [t for t in asyncio.all_tasks() if t.get_name() in _WORKING]:
            await asyncio.wait(working)
    shown = chat.server.messages.shown
    answers += [shown.get_nowait() for _ in range(shown.qsize())]
    return [answer for answer in answers if answer.replies_to != last.id]


def _ids(channels: Iterable[Channel]) -> list[str]:
    return sorted(channel.id for channel in channels)


# As discord.py names the tasks in which it calls the bot.
_WORKING = ("discord.py: on_message", "discord.py: on_command_error")
