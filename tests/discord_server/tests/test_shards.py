"""The real AutoShardedBot on the loopback Discord: one connection for each shard."""

from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import ANN, BOB, CINEMA, FILMS, Driver, connected, loopback_discord
from tests.discord_server.sample_client import make_bot, make_sharded_bot
from tests.discord_server.world import CINEMA_FILMS, GUILDS


@pytest_asyncio.fixture
async def sharded() -> AsyncIterator[Driver]:
    """A Discord that asks for two shards, with a guild for the second."""
    async with loopback_discord(shards=2, guilds=(*GUILDS, CINEMA)) as driver:
        yield driver


@pytest_asyncio.fixture
async def bot(sharded: Driver) -> AsyncIterator[commands.AutoShardedBot]:
    bot = make_sharded_bot()
    async with connected(bot, sharded):
        yield bot


async def echo(chat: Driver, text: str, **where: object) -> str:
    await chat.say(f"!echo {text}", **where)  # type: ignore[arg-type]
    return (await chat.reply()).content


async def test_one_shard_is_advised_unless_told_otherwise(chat: Driver) -> None:
    bot = make_sharded_bot()
    async with connected(bot, chat):
        assert bot.shard_count == 1
        assert await echo(chat, "hello") == "ann: hello"


async def test_each_shard_has_its_guilds(bot: commands.AutoShardedBot, sharded: Driver) -> None:
    await sharded.online()
    assert bot.shard_count == 2
    shards = {guild.name: guild.shard_id for guild in bot.guilds}
    assert shards == {"Film club": 0, "Office": 0, "Cinema": 1}


async def test_every_place_is_answered_once_whichever_shard_it_belongs_to(
    bot: commands.AutoShardedBot, sharded: Driver
) -> None:
    for channel in (FILMS, CINEMA_FILMS, sharded.direct(ANN)):
        assert await echo(sharded, "hello", channel=channel) == "ann: hello"
        await sharded.slash("rate", channel=channel, film="Alien", stars=4)
        assert (await sharded.reply()).content == "Alien=4.0"
    assert sharded.server.messages.shown.empty()


@pytest.mark.parametrize("shard", [0, 1])
async def test_one_shard_drops_and_resumes_while_the_other_goes_on(
    bot: commands.AutoShardedBot, sharded: Driver, shard: int
) -> None:
    dropped, other = (FILMS, CINEMA_FILMS) if shard == 0 else (CINEMA_FILMS, FILMS)
    sharded.server.gateway.drop(shard)
    await sharded.say("!echo one", channel=dropped)
    await sharded.say("!echo two", channel=other, user=BOB)
    answers = [await sharded.reply() for _ in range(2)]
    assert {(answer.channel, answer.content) for answer in answers} == {
        (dropped, "ann: one"),
        (other, "bob: two"),
    }
    await sharded.online()
    assert sharded.server.gateway.resumed == 1


async def test_the_bot_is_offline_only_once_every_shard_is(sharded: Driver) -> None:
    bot = make_sharded_bot()
    async with connected(bot, sharded):
        await sharded.online()
        gateway = sharded.server.gateway
        gateway.drop()
        await sharded.offline()
        assert not gateway.online.is_set()
        await sharded.online()
        assert not gateway.offline.is_set()
        assert gateway.resumed == 2
    await sharded.offline()


async def test_two_clients_share_the_guilds_by_their_shards(sharded: Driver) -> None:
    first, second = make_sharded_bot((0,), 2), make_sharded_bot((1,), 2)
    async with connected(first, sharded):
        assert not sharded.server.gateway.online.is_set()
        async with connected(second, sharded):
            await sharded.online()
            assert {guild.name for guild in first.guilds} == {"Film club", "Office"}
            assert {guild.name for guild in second.guilds} == {"Cinema"}
            for channel in (FILMS, CINEMA_FILMS, sharded.direct(ANN)):
                assert await echo(sharded, "hello", channel=channel) == "ann: hello"
                await sharded.slash("rate", channel=channel, film="Alien", stars=4)
                assert (await sharded.reply()).content == "Alien=4.0"
    assert sharded.server.messages.shown.empty()


@pytest.mark.parametrize(
    ("shards", "most_guilds", "code"),
    [((2,), 2_500, 4010), ((0,), 1, 4011)],
    ids=["no such shard", "too many guilds for it"],
)
async def test_a_shard_that_discord_does_not_take_closes_the_connection(
    sharded: Driver, shards: tuple[int, ...], most_guilds: int, code: int
) -> None:
    sharded.server.gateway.most_guilds = most_guilds
    with pytest.raises(discord.ConnectionClosed) as closed:
        async with connected(make_sharded_bot(shards, 2), sharded):
            pass
    assert closed.value.code == code
    assert not sharded.server.gateway.sessions


async def test_whoever_identifies_too_soon_after_another_comes_in_later(sharded: Driver) -> None:
    gateway = sharded.server.gateway
    gateway.identify_pause = 0.2
    first, second = make_sharded_bot((0,), 2), make_sharded_bot((1,), 2)
    async with connected(first, sharded), connected(second, sharded):
        await sharded.online()
        assert gateway.too_soon > 0
        for channel in (FILMS, CINEMA_FILMS):
            assert await echo(sharded, "hello", channel=channel) == "ann: hello"


async def test_a_client_without_shards_hears_of_every_guild(sharded: Driver) -> None:
    async with connected(make_bot(), sharded):
        for channel in (FILMS, CINEMA_FILMS):
            assert await echo(sharded, "hello", channel=channel) == "ann: hello"


async def test_a_new_guild_is_told_to_its_shard() -> None:
    async with loopback_discord(shards=2) as chat:
        bot = make_sharded_bot()
        async with connected(bot, chat):
            await chat.join(CINEMA)
            assert await echo(chat, "hello", channel=CINEMA_FILMS) == "ann: hello"
            assert [guild.name for guild in bot.guilds if guild.shard_id == 1] == ["Cinema"]
