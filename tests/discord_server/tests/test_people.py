"""What people do on the loopback Discord beside talking, as the real discord.py client hears it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import (
    ANN,
    BOB,
    CARL,
    CINEMA,
    FILM_CLUB,
    FILMS,
    FILMS_THREAD,
    TALK,
    Driver,
    connected,
)
from tests.discord_server.sample_client import make_bot
from tests.discord_server.world import CINEMA_FILMS, READ_ONLY_THREAD


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


def heard(bot: commands.Bot, event: str) -> asyncio.Task[Any]:
    """What the client dispatches by that name, the next time; listening starts at once."""
    return asyncio.ensure_future(bot.wait_for(event, timeout=10))


# messages


async def test_an_edit_is_heard_with_its_time_and_all_of_the_message(
    bot: commands.Bot, chat: Driver
) -> None:
    said = await chat.say("hello", user=BOB, channel=TALK)
    edit = heard(bot, "raw_message_edit")
    await asyncio.sleep(0)
    await chat.edit(said, "!echo better", user=BOB)
    after = (await edit).message
    assert (after.content, after.author.name, after.channel.name) == ("!echo better", "bob", "talk")
    assert after.edited_at is not None


async def test_a_link_preview_is_heard_as_an_edit_without_a_time(
    bot: commands.Bot, chat: Driver
) -> None:
    said = await chat.say("see https://example.org", channel=chat.direct(ANN))
    edit = heard(bot, "raw_message_edit")
    await asyncio.sleep(0)
    await chat.unfurl(said)
    after = (await edit).message
    assert after.content == "see https://example.org"
    assert len(after.embeds) == 1
    assert after.edited_at is None


async def test_nobody_edits_what_somebody_else_said(bot: commands.Bot, chat: Driver) -> None:
    said = await chat.say("hello", user=BOB)
    with pytest.raises(AssertionError, match="only what they said themselves"):
        await chat.edit(said, "bye", user=ANN)


async def test_a_deleted_message_is_gone_and_can_no_longer_be_replied_to(
    bot: commands.Bot, chat: Driver
) -> None:
    message = heard(bot, "message")
    await asyncio.sleep(0)
    said = await chat.say("hello")
    received = await message
    deletion = heard(bot, "raw_message_delete")
    await asyncio.sleep(0)
    await chat.delete(said)
    assert (await deletion).message_id == int(said.id)
    with pytest.raises(discord.HTTPException) as refusal:
        await received.reply("hello yourself")
    assert refusal.value.code == 50035


async def test_the_bot_hears_its_own_deletions(bot: commands.Bot, chat: Driver) -> None:
    channel = bot.get_channel(int(FILMS.id))
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("oops")
    deletion = heard(bot, "raw_message_delete")
    await asyncio.sleep(0)
    await message.delete()
    assert (await deletion).message_id == message.id


# guilds and threads


async def test_a_guild_that_adds_the_bot_is_heard_as_a_join(
    bot: commands.Bot, chat: Driver
) -> None:
    join = heard(bot, "guild_join")
    await asyncio.sleep(0)
    await chat.join(CINEMA)
    assert (await join).name == "Cinema"
    await chat.say("!echo hello", channel=CINEMA_FILMS)
    assert (await chat.reply()).channel == CINEMA_FILMS


async def test_a_thread_is_known_and_can_be_talked_in(bot: commands.Bot, chat: Driver) -> None:
    await chat.say("!echo hello", channel=FILMS_THREAD)
    assert (await chat.reply()).channel == FILMS_THREAD
    await chat.slash("rate", channel=FILMS_THREAD, film="Alien", stars=4)
    assert (await chat.reply()).channel == FILMS_THREAD
    thread = bot.get_channel(int(FILMS_THREAD.id))
    assert isinstance(thread, discord.Thread)
    assert thread.parent is not None
    assert thread.parent.name == "films"


async def test_a_thread_takes_the_permission_to_send_in_threads_from_its_parent(
    bot: commands.Bot,
) -> None:
    thread = bot.get_channel(int(READ_ONLY_THREAD.id))
    assert isinstance(thread, discord.Thread)
    assert isinstance(thread.parent, discord.TextChannel)
    assert not thread.permissions_for(thread.guild.me).send_messages_in_threads
    with pytest.raises(discord.Forbidden):
        await thread.send("x")
    await thread.parent.send("x")


# options of slash commands


async def test_a_user_option_brings_the_member(bot: commands.Bot, chat: Driver) -> None:
    await chat.slash("who", member=BOB, loud=True)
    assert (await chat.reply()).content == "Member BOB"


async def test_in_direct_messages_a_user_option_brings_the_user(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.slash("who", channel=chat.direct(ANN), member=BOB)
    assert (await chat.reply()).content == "User bob"


# who is in a guild


async def test_whoever_left_a_guild_is_no_longer_named_when_its_members_are_asked_for(
    bot: commands.Bot, chat: Driver
) -> None:
    async def there(guild: discord.Guild) -> list[str]:
        wanted = [int(user.id) for user in (ANN, BOB, CARL)]
        found = await guild.query_members(user_ids=wanted, cache=False)
        return sorted(member.name for member in found)

    club, office = bot.guilds
    assert (await there(club), await there(office)) == (["ann", "bob", "carl"], ["ann", "bob"])
    await chat.leaves(BOB, FILM_CLUB)
    await chat.leaves(CARL, FILM_CLUB)
    assert (await there(club), await there(office)) == (["ann"], ["ann", "bob"])
    assert (await bot.fetch_user(int(CARL.id))).name == "carl"
    await chat.arrives(BOB, FILM_CLUB)
    assert await there(club) == ["ann", "bob"]


@pytest.mark.parametrize("members", [True, False])
async def test_who_comes_and_goes_is_told_to_those_with_the_intent_for_members(
    chat: Driver, members: bool
) -> None:
    bot = make_bot(discord.Intents(guilds=True, members=members, messages=True))
    told = []

    @bot.listen()
    async def on_raw_member_remove(gone: discord.RawMemberRemoveEvent) -> None:
        told.append(f"{gone.user.name} left")

    @bot.listen()
    async def on_member_join(member: discord.Member) -> None:
        told.append(f"{member.name} joined")

    async with connected(bot, chat):
        await chat.leaves(BOB, FILM_CLUB)
        await chat.arrives(BOB, FILM_CLUB)
        message = heard(bot, "message")
        await asyncio.sleep(0)
        await chat.say("that is all")
        await message
    assert told == (["bob left", "bob joined"] if members else [])
