"""What the bot may not do on the loopback Discord, and whom it may not write to."""

import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import ANN, BOB, CARL, OTHER_BOT, Driver, connected
from tests.discord_server.sample_client import make_bot
from tests.discord_server.world import HIDDEN, NO_EMBEDS, NO_HISTORY, NO_PICTURES, READ_ONLY, Json


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


def place(bot: commands.Bot, channel: Any) -> discord.TextChannel:
    found = bot.get_channel(int(channel.id))
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.mark.parametrize(
    ("channel", "sent"),
    [
        (READ_ONLY, {"content": "x"}),
        (NO_EMBEDS, {"embed": discord.Embed(title="x")}),
        (NO_PICTURES, {"content": "x", "file": "a.bin"}),
    ],
    ids=["send", "embed", "attach"],
)
async def test_a_missing_permission_is_refused(bot: commands.Bot, channel: Any, sent: Json) -> None:
    if "file" in sent:
        sent = {**sent, "file": discord.File(io.BytesIO(b"x"), sent["file"])}
    with pytest.raises(discord.Forbidden) as refusal:
        await place(bot, channel).send(**sent)
    assert refusal.value.code == 50013


async def test_an_edit_takes_the_permissions_of_what_it_adds(bot: commands.Bot) -> None:
    plain = await place(bot, NO_EMBEDS).send("x")
    with pytest.raises(discord.Forbidden):
        await plain.edit(embed=discord.Embed(title="x"))
    plain = await place(bot, NO_PICTURES).send("x")
    with pytest.raises(discord.Forbidden):
        await plain.add_files(discord.File(io.BytesIO(b"x"), "a.bin"))
    await plain.edit(content="y")


async def test_a_hidden_channel_is_out_of_reach_but_for_interactions(
    bot: commands.Bot, chat: Driver
) -> None:
    with pytest.raises(discord.Forbidden) as refusal:
        await place(bot, HIDDEN).send("x")
    assert refusal.value.code == 50001
    await chat.say("!echo unheard", channel=HIDDEN)
    await chat.slash("rate", channel=HIDDEN, film="Alien", stars=4)
    assert (await chat.reply()).content == "Alien=4.0"


async def test_replying_takes_the_permission_to_read_the_history(
    bot: commands.Bot, chat: Driver
) -> None:
    message = await place(bot, NO_HISTORY).send("x")
    with pytest.raises(discord.HTTPException) as refusal:
        await message.reply("y")
    assert refusal.value.code == 160002


async def test_whom_the_bot_writes_to_gets_it_directly(bot: commands.Bot, chat: Driver) -> None:
    await (await bot.fetch_user(int(BOB.id))).send("psst")
    assert (await chat.reply()).channel == chat.direct(BOB)


@pytest.mark.parametrize("recipient", [CARL, OTHER_BOT], ids=["refuses", "bot"])
async def test_whoever_refuses_direct_messages_gets_none(
    bot: commands.Bot, chat: Driver, recipient: Any
) -> None:
    user = await bot.fetch_user(int(recipient.id))
    channel = await user.create_dm()
    with pytest.raises(discord.Forbidden) as refusal:
        await channel.send("psst")
    assert refusal.value.code == 50007
    assert chat.server.messages.shown.empty()


async def test_of_direct_messages_the_bot_deletes_only_its_own(
    bot: commands.Bot, chat: Driver
) -> None:
    said = await chat.say("!echo x", channel=chat.direct(ANN))
    answer = await chat.reply()
    channel = await (await bot.fetch_user(int(ANN.id))).create_dm()
    await channel.get_partial_message(int(answer.id)).delete()
    with pytest.raises(discord.Forbidden) as refusal:
        await channel.get_partial_message(int(said.id)).delete()
    assert refusal.value.code == 50003
