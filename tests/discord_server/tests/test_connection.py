"""Connecting to the loopback Discord: tokens, intents, rate limits, and sockets that drop."""

from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import ANN, BOB, FILMS, Driver, connected, loopback_discord
from tests.discord_server.sample_client import make_bot
from tests.discord_server.sessions import GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT
from tests.discord_server.world import BOT


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


async def test_after_a_429_the_client_tries_again(bot: commands.Bot, chat: Driver) -> None:
    chat.server.rest.limit_once("/messages", retry_after=0.01)
    await chat.say("!echo again")
    assert (await chat.reply()).content == "ann: again"
    assert [call.status for call in chat.journal if call.method == "POST"] == [429, 200]


async def test_after_a_dropped_socket_the_session_resumes_and_misses_nothing(
    bot: commands.Bot, chat: Driver
) -> None:
    chat.server.gateway.drop()
    await chat.offline()
    await chat.say("!echo meanwhile")
    assert (await chat.reply()).content == "ann: meanwhile"
    assert chat.server.gateway.resumed == 1


async def test_a_session_goes_on_by_its_numbers_when_what_was_before_is_forgotten(
    bot: commands.Bot, chat: Driver
) -> None:
    said = await chat.say("!echo before")
    await chat.reply()
    chat.forget(0)
    assert (chat.journal, chat.record) == ([], [])
    assert chat.server.messages.find(said.id) is None
    chat.server.gateway.drop()
    await chat.offline()
    await chat.say("!echo meanwhile")
    assert (await chat.reply()).content == "ann: meanwhile"
    assert chat.server.messages.shown.empty()


async def test_presence_is_recorded(bot: commands.Bot, chat: Driver) -> None:
    await bot.change_presence(activity=discord.Game("films"))
    await chat.say("!echo x")
    await chat.reply()
    presence = chat.server.gateway.presence
    assert presence is not None
    assert presence["activities"][0]["name"] == "films"


async def test_a_wrong_token_is_refused(chat: Driver) -> None:
    async with make_bot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")


async def test_an_intent_that_is_not_granted_closes_the_connection() -> None:
    async with loopback_discord(privileged_intents=0) as chat:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with connected(make_bot(), chat):
                pass


async def test_a_bot_that_closes_is_offline_and_can_come_back(chat: Driver) -> None:
    for _ in range(2):
        async with connected(make_bot(), chat):
            await chat.online()
        await chat.offline()
    assert len(chat.server.gateway.closed_with) == 2


async def test_only_those_intents_are_refused_that_are_not_granted() -> None:
    async with loopback_discord(privileged_intents=MESSAGE_CONTENT) as chat:
        async with connected(make_bot(), chat):
            await chat.online()
        for bit in (GUILD_MEMBERS, GUILD_PRESENCES):
            intents = discord.Intents.default()
            intents.value |= bit
            with pytest.raises(discord.PrivilegedIntentsRequired):
                async with connected(make_bot(intents), chat):
                    pass


async def test_words_of_others_stay_hidden_without_the_message_content_intent(
    chat: Driver,
) -> None:
    async with connected(make_bot(discord.Intents.default()), chat):
        await chat.say("!echo hidden")
        await chat.say("!echo seen", channel=chat.direct(ANN))
        assert (await chat.reply()).content == "ann: seen"


async def test_words_in_which_the_bot_is_mentioned_are_never_hidden(chat: Driver) -> None:
    bot = make_bot(discord.Intents.default())
    seen: list[str] = []

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        seen.append(message.content)

    async with connected(bot, chat):
        await chat.say("hidden")
        await chat.say(f"hello <@{BOT.id}>")
        await chat.say("!echo on", channel=chat.direct(ANN))
        await chat.reply()
    assert seen[:3] == ["", f"hello <@{BOT.id}>", "!echo on"]


async def test_an_edit_is_as_hidden_as_the_message(chat: Driver) -> None:
    bot = make_bot(discord.Intents.default())
    seen: list[str] = []

    @bot.listen()
    async def on_raw_message_edit(edit: discord.RawMessageUpdateEvent) -> None:
        seen.append(edit.message.content)

    async with connected(bot, chat):
        for channel in (FILMS, chat.direct(ANN)):
            said = await chat.say("one", channel=channel)
            await chat.edit(said, "two")
        await chat.say("!echo on", channel=chat.direct(ANN))
        await chat.reply()
    assert seen == ["", "two"]


async def test_members_are_told_with_their_intent_alone_and_can_be_asked_for(
    chat: Driver,
) -> None:
    for bit, known in ((0, 1), (GUILD_MEMBERS, 6)):
        intents = discord.Intents.default()
        intents.value |= bit
        bot = make_bot(intents)
        async with connected(bot, chat):
            guild = next(guild for guild in bot.guilds if guild.name == "Film club")
            assert len(guild.members) == known
            assert [m.name for m in await guild.query_members("bo")] == ["bob"]
            assert (await guild.fetch_member(int(BOB.id))).name == "bob"


async def test_calls_are_limited_as_often_as_a_test_wants(bot: commands.Bot, chat: Driver) -> None:
    chat.server.rest.limit("/messages", retry_after=0.01, times=2)
    chat.server.rest.limit(f"/channels/{FILMS.id}", retry_after=0.01, method="GET")
    await chat.say("!echo again")
    assert (await chat.reply()).content == "ann: again"
    await bot.fetch_channel(int(FILMS.id))
    calls = [(call.method, call.status) for call in chat.journal if "/channels/" in call.path]
    assert calls == [("POST", 429), ("POST", 429), ("POST", 200), ("GET", 429), ("GET", 200)]


async def test_a_session_that_is_lost_is_begun_anew(bot: commands.Bot, chat: Driver) -> None:
    chat.server.gateway.drop(resumable=False)
    await chat.offline()
    await chat.online()
    await chat.say("!echo here again")
    assert (await chat.reply()).content == "ann: here again"
    assert chat.server.gateway.resumed == 0


async def test_the_owner_of_the_application_is_ann(bot: commands.Bot) -> None:
    assert await bot.is_owner(await bot.fetch_user(int(ANN.id)))
    assert not await bot.is_owner(await bot.fetch_user(int(BOB.id)))
