"""One of several processes: what it does for its own shards, and leaves to the others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.discord.command_sync import CommandSync
from bot.errors import UserError
from tests.bot.discord.discord_helpers import (
    TASTE,
    ask,
    ask_in_private,
    assert_silent,
    by_slash,
    make_bot,
    switched_off,
)
from tests.discord_server import (
    ANN,
    CINEMA,
    FILM_CLUB,
    FILMS,
    Channel,
    Driver,
    Message,
    connected,
    loopback_discord,
)
from tests.discord_server.world import CINEMA_FILMS, GUILDS

SECOND = {"shard_count": 2, "shard_ids": (1,)}
FIRST = {"shard_count": 2, "shard_ids": (0,)}


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[Driver]:
    """A Discord with servers of two shards."""
    async with loopback_discord(shards=2, guilds=(*GUILDS, CINEMA)) as driver:
        yield driver


@pytest_asyncio.fixture
async def second(chat: Driver, context: AppContext) -> AsyncIterator[ReeltwinBot]:
    """The bot with the second shard alone: Discord tells it of the cinema."""
    bot = make_bot(context, **SECOND)
    async with connected(bot, chat):
        yield bot


async def vote_in(context: AppContext, guild_id: str, message: Message) -> int:
    """A vote that is over, with a message of the bot that shows it."""
    closing = datetime.now(UTC) - timedelta(seconds=1)
    who = "discord:400"
    vote = await context.store.open_vote(guild_id, message.channel.id, who, [1214], closing)
    await context.store.add_vote_message(vote, message.channel.id, message.id)
    return vote


async def is_open(context: AppContext, vote: int) -> bool:
    found = await context.store.get_vote(vote)
    assert found is not None
    return found.open


async def test_it_serves_the_servers_of_its_shards_alone(second: ReeltwinBot, chat: Driver) -> None:
    assert [guild.name for guild in second.guilds] == ["Cinema"]
    await chat.say("!rate Alien 5")
    await chat.say("!rate Alien 5", channel=chat.direct())
    assert "Rated" in (await ask(chat, "!rate Alien 5", channel=CINEMA_FILMS)).text
    assert chat.server.messages.shown.empty()


async def test_only_the_first_shard_registers_the_slash_commands(
    chat: Driver, context: AppContext
) -> None:
    for shards, times in ((SECOND, 0), (FIRST, 1), (FIRST, 1)):
        async with connected(make_bot(context, **shards), chat):
            pass
        assert [call.method for call in chat.journal].count("PUT") == times


async def test_each_vote_is_closed_by_the_process_that_serves_its_server(
    chat: Driver, context: AppContext
) -> None:
    async with connected(make_bot(context, shard_count=2), chat):
        shown = {channel: await ask(chat, channel=channel) for channel in places(chat)}
    there, club, _ = shown.values()
    cinema = await vote_in(context, CINEMA.id, there)
    other = await vote_in(context, FILM_CLUB.id, club)
    # Somebody started one at a terminal, which has no server.
    terminal = await context.store.open_vote(
        "console", "", "console:ann", [1214], datetime.now(UTC)
    )
    async with connected(make_bot(context, **SECOND), chat):
        assert (await chat.reply()).id == there.id
        assert not await is_open(context, cinema)
        assert await is_open(context, other)
        assert await is_open(context, terminal)
    async with connected(make_bot(context, **FIRST), chat):
        assert (await chat.reply()).id == club.id
        assert not await is_open(context, other)
        async with asyncio.timeout(10):
            while await is_open(context, terminal):  # noqa: ASYNC110 - its end sets no event
                await asyncio.sleep(0)
        await assert_silent(chat)


def places(chat: Driver) -> tuple[Channel, ...]:
    return CINEMA_FILMS, FILMS, chat.direct()


async def test_controls_are_switched_off_where_it_hears_that_they_are_used(
    chat: Driver, context: AppContext
) -> None:
    bot = make_bot(context, view_timeout=2.0, **SECOND)
    async with connected(bot, chat):
        await CommandSync(bot.tree, context.store).now()
        typed = await ask(chat, "!recommend 2", channel=CINEMA_FILMS)
        slashed = await by_slash(chat, "recommend", channel=CINEMA_FILMS)
        # Private, so it comes as a direct message: what is pressed there the first shard hears.
        private = await ask_in_private(chat, "!privacy", channel=CINEMA_FILMS)
        assert private.buttons
        assert await switched_off(chat, channel=CINEMA_FILMS) == {typed.id, slashed.id}
    assert chat.refused == []


async def test_a_file_is_taken_only_where_its_import_can_be_confirmed(
    second: ReeltwinBot, chat: Driver
) -> None:
    files = {"ratings.csv": b"Name,Year,Rating\nAlien,1979,5\n"}
    await chat.say("!import", channel=CINEMA_FILMS, files=files)
    refusal = await chat.reply()
    assert refusal.channel == CINEMA_FILMS
    assert "send it to me in a direct message, or by the slash command" in refusal.text


async def test_it_says_hello_to_a_new_server_of_its_shard_alone(
    chat: Driver, context: AppContext
) -> None:
    chat.server.world.guilds = GUILDS
    async with (
        connected(make_bot(context, **FIRST), chat),
        connected(make_bot(context, **SECOND), chat),
    ):
        await chat.join(CINEMA)
        assert (await chat.reply()).channel == CINEMA_FILMS
        for channel in places(chat):
            asked = await chat.say("!help rate", channel=channel)
            assert (await chat.reply()).replies_to == asked.id


async def test_people_stay_in_the_lists_of_servers_that_another_process_serves(
    second: ReeltwinBot, chat: Driver, context: AppContext
) -> None:
    await ask(chat, f"!rate {TASTE}", channel=CINEMA_FILMS)
    await context.store.remember("discord:400", "Ann", FILM_CLUB.id, None)
    with pytest.raises(UserError, match="who is still in this server"):
        await context.members.sync(FILM_CLUB.id)
    assert await context.store.member_ids(FILM_CLUB.id) == {f"discord:{ANN.id}"}
