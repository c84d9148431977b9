"""Joining a server, the status line, and the registration of slash commands."""

import logging
from dataclasses import replace

import pytest
from discord import app_commands

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import ask, make_bot
from tests.discord_server import ANN, BOB, CINEMA, FILMS, Channel, Driver, connected
from tests.discord_server.world import CINEMA_FILMS, SEND_MESSAGES, VIEW_CHANNEL, Guild, Json

FOYER = Channel("321", "foyer", CINEMA.id)
SHUT = Channel("311", "rules", CINEMA.id, denied=SEND_MESSAGES)
SECRET = Channel("312", "staff", CINEMA.id, denied=VIEW_CHANNEL)


class WithSystemChannel(Guild):
    """A guild whose last channel is the one for the system's own messages."""

    def payload(self) -> Json:
        return super().payload() | {"system_channel_id": self.channels[-1].id}


# hello


async def test_it_says_hello_in_the_system_channel(bot: ReeltwinBot, chat: Driver) -> None:
    channels = (CINEMA_FILMS, FOYER)
    await chat.join(WithSystemChannel(CINEMA.id, CINEMA.name, channels, CINEMA.members))
    hello = await chat.reply()
    assert hello.channel == FOYER
    assert all(f"!{command}" in hello.text for command in ("quiz", "recommend", "compare", "help"))


async def test_it_says_hello_in_the_first_channel_it_may_write_in(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await chat.join(replace(CINEMA, channels=(SHUT, SECRET, FOYER)))
    assert (await chat.reply()).channel == FOYER
    assert (await ask(chat, channel=FOYER)).channel == FOYER


async def test_a_system_channel_that_is_shut_is_passed_over(bot: ReeltwinBot, chat: Driver) -> None:
    guild = WithSystemChannel(CINEMA.id, CINEMA.name, (FOYER, SHUT), CINEMA.members)
    await chat.join(guild)
    assert (await chat.reply()).channel == FOYER


async def test_where_it_may_write_nowhere_it_joins_in_silence(
    bot: ReeltwinBot, chat: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await chat.join(replace(CINEMA, channels=(SHUT, SECRET)))
    assert (await ask(chat)).channel == FILMS
    assert f"no channel of server {CINEMA.id}" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


# status


@pytest.mark.parametrize(("reads", "status"), [(True, "!help or /help"), (False, "/help")])
async def test_its_status_says_how_to_begin(
    chat: Driver, context: AppContext, reads: bool, status: str
) -> None:
    async with connected(make_bot(context, reads_messages=reads), chat):
        presence = chat.server.gateway.presence
    assert presence is not None
    assert presence["game"]["name"] == status


async def test_without_the_content_of_messages_what_is_left_works(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context, reads_messages=False), chat):
        await chat.say("!rate Alien 5")
        assert "recommend" in (await ask(chat, "<@100>")).text
        assert "Rated" in (await ask(chat, "<@100> rate Alien 5")).text
        assert "Rated" in (await ask(chat, "!rate Aliens 5", channel=chat.direct())).text
    assert chat.server.messages.shown.empty()


# slash commands


async def start(chat: Driver, bot: ReeltwinBot) -> int:
    """Come and go; returns how often slash commands were registered so far."""
    async with connected(bot, chat):
        pass
    await chat.offline()
    return registrations(chat)


def registrations(chat: Driver) -> int:
    return sum(call.method == "PUT" for call in chat.journal)


async def test_slash_commands_are_registered_once_for_all_starts(
    chat: Driver, context: AppContext
) -> None:
    assert await start(chat, make_bot(context)) == 1
    assert await start(chat, make_bot(context)) == 1


async def test_slash_commands_are_registered_again_when_they_changed(
    chat: Driver, context: AppContext
) -> None:
    assert await start(chat, make_bot(context)) == 1
    changed = make_bot(context)
    command = changed.tree.get_command("model")
    assert isinstance(command, app_commands.Command)
    command.description = "Something else"
    assert await start(chat, changed) == 2
    descriptions = {one["name"]: one["description"] for one in chat.server.rest.commands}
    assert descriptions["model"] == "Something else"
    fewer = make_bot(context)
    fewer.tree.remove_command("model")
    assert await start(chat, fewer) == 3
    assert "model" not in {one["name"] for one in chat.server.rest.commands}


async def test_the_owner_can_have_them_registered_anew(bot: ReeltwinBot, chat: Driver) -> None:
    before = registrations(chat)
    answer = await ask(chat, "!sync", user=ANN)
    assert f" {len(chat.server.rest.commands)} slash commands" in answer.content
    assert registrations(chat) == before + 1


async def test_nobody_else_can(
    bot: ReeltwinBot, chat: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = registrations(chat)
    answer = await ask(chat, "!sync", user=BOB)
    assert "Only the owner" in answer.content
    assert registrations(chat) == before
    assert "!sync of user 401 in guild 200: only the owner may" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
