"""Interactions on the loopback Discord: acknowledged in time, followed up, seen by one or all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord import app_commands
from discord.ext import commands

from tests.discord_server import ANN, BOB, FILMS, Driver, connected, loopback_discord
from tests.discord_server.sample_client import PNG, make_bot
from tests.discord_server.world import NO_PICTURES, READ_ONLY


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


async def test_a_slash_command_arrives_with_its_options(bot: commands.Bot, chat: Driver) -> None:
    await chat.slash("rate", film="Alien", stars=4.5)
    assert (await chat.reply()).content == "Alien=4.5"


async def test_autocompletion_returns_what_the_bot_proposes(
    bot: commands.Bot, chat: Driver
) -> None:
    choices = await chat.autocomplete("rate", "film", "Ali")
    assert choices == [{"name": "Alien (1979)", "value": "Alien (1979)"}]


async def test_a_form_is_filled_in_and_sent_off(bot: commands.Bot, chat: Driver) -> None:
    await chat.slash("ask")
    await chat.submit(await chat.modal(), {"stars": "4"})
    assert (await chat.reply()).content == "modal 4"


async def test_a_deferred_answer_comes_as_one_message_and_further_ones_follow(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.slash("slow", channel=chat.direct(ANN))
    first, second = await chat.reply(), await chat.reply()
    assert (first.content, second.content) == ("done", "and more")
    assert first.files == {"s.png": PNG}
    assert first.id != second.id


async def test_buttons_and_menus_reach_their_callbacks(bot: commands.Bot, chat: Driver) -> None:
    # A view listens once the client knows that it was sent, which is after people can see it.
    sent = asyncio.create_task(bot.wait_for("command_completion", timeout=10))
    await chat.say("!menu")
    menu = await chat.reply()
    await sent
    await chat.select(menu, "pick", ["Aliens"], user=BOB)
    picked = await chat.reply()
    assert (picked.content, picked.ephemeral) == ("picked Aliens", True)
    await chat.click(menu, "more")
    changed = await chat.reply()
    assert (changed.id, changed.content, changed.components) == (menu.id, "more of it", [])


async def outcome(
    chat: Driver, bot: commands.Bot, answer: Callable[[discord.Interaction], Any]
) -> discord.HTTPException:
    """How Discord refuses what `answer` does with an interaction."""
    refusal: asyncio.Future[discord.HTTPException] = asyncio.get_running_loop().create_future()

    async def probe(interaction: discord.Interaction) -> None:
        with pytest.raises(discord.HTTPException) as caught:
            await answer(interaction)
        refusal.set_result(caught.value)

    bot.tree.add_command(app_commands.Command(name="probe", description="p", callback=probe))
    await bot.tree.sync()
    await chat.slash("probe")
    return await asyncio.wait_for(refusal, 10)


async def test_acknowledging_twice_is_refused(bot: commands.Bot, chat: Driver) -> None:
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        interaction.response._response_type = None  # discord.py itself would not ask Discord
        await interaction.response.defer()

    refusal = await outcome(chat, bot, twice)
    assert (refusal.status, refusal.code) == (400, 40060)


async def test_acknowledging_late_is_refused() -> None:
    async with loopback_discord(seconds_to_acknowledge=0) as chat:
        bot = make_bot()
        async with connected(bot, chat):
            refusal = await outcome(chat, bot, lambda i: i.response.defer())
    assert (refusal.status, refusal.code) == (404, 10062)


async def test_following_up_on_what_was_not_acknowledged_is_refused(
    bot: commands.Bot, chat: Driver
) -> None:
    refusal = await outcome(chat, bot, lambda i: i.followup.send("x"))
    assert (refusal.status, refusal.code) == (404, 10015)


async def test_a_token_is_good_for_fifteen_minutes(bot: commands.Bot, chat: Driver) -> None:
    async def late(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        chat.server.world.seconds_ahead += 14 * 60
        await interaction.followup.send("in time")
        chat.server.world.seconds_ahead += 2 * 60
        await interaction.followup.send("too late")

    refusal = await outcome(chat, bot, late)
    assert (refusal.status, refusal.code) == (401, 50027)
    assert (await chat.reply()).content == "in time"


# who sees what


async def test_what_one_person_sees_is_within_reach_of_its_token_alone(
    bot: commands.Bot, chat: Driver
) -> None:
    ids: list[int] = []

    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)
        message = await interaction.original_response()
        await interaction.edit_original_response(content="psst!")
        ids.append(message.id)
        channel = interaction.channel
        assert isinstance(channel, discord.TextChannel)
        for reach in (message.id, 1):
            with pytest.raises(discord.NotFound):
                await channel.get_partial_message(reach).edit(content="x")
        with pytest.raises(discord.HTTPException):
            await channel.send("x", reference=message)
        await channel.fetch_message(message.id)

    refusal = await outcome(chat, bot, whisper)
    assert (refusal.status, refusal.code) == (404, 10008)
    first, second = await chat.reply(), await chat.reply()
    assert (first.content, second.content) == ("psst", "psst!")
    assert first.ephemeral
    assert [first.id] == [second.id] == [str(number) for number in ids]


async def test_one_interactions_token_does_not_reach_the_messages_of_another(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.slash("rate", film="Alien", stars=4)
    foreign = await chat.reply()

    async def reach(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")
        own = await interaction.followup.send("y", wait=True)
        await interaction.followup.edit_message(own.id, content="z")
        await interaction.followup.edit_message(int(foreign.id), content="mine")

    assert (await outcome(chat, bot, reach)).code == 10008
    assert [(await chat.reply()).content for _ in range(3)] == ["x", "y", "z"]


async def test_who_sees_a_deferred_answer_is_settled_by_the_deferral(
    bot: commands.Bot, chat: Driver
) -> None:
    async def defer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("for all", ephemeral=True)
        await interaction.followup.send("for one", ephemeral=True)

    bot.tree.add_command(app_commands.Command(name="defer", description="d", callback=defer))
    await bot.tree.sync()
    await chat.slash("defer")
    first, second = await chat.reply(), await chat.reply()
    assert (first.ephemeral, second.ephemeral) == (False, True)


async def test_a_message_in_a_channel_is_for_everybody(bot: commands.Bot, chat: Driver) -> None:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=FILMS.id)
    await bot.http.request(route, json={"content": "x", "flags": 64})
    assert not (await chat.reply()).ephemeral


async def test_interactions_are_answered_where_the_bot_may_not_write(
    bot: commands.Bot, chat: Driver
) -> None:
    for channel in (READ_ONLY, NO_PICTURES):
        await chat.slash("slow", channel=channel)
        assert [(await chat.reply()).content for _ in range(2)] == ["done", "and more"]


async def test_the_bot_hears_its_own_answers_with_who_asked(
    bot: commands.Bot, chat: Driver
) -> None:
    heard = asyncio.create_task(
        bot.wait_for("message", check=lambda m: m.content == "Alien=4.0", timeout=10)
    )
    await asyncio.sleep(0)
    await chat.slash("rate", user=BOB, film="Alien", stars=4)
    message = await heard
    assert message.interaction_metadata is not None
    assert message.interaction_metadata.user.name == "bob"


async def test_everything_said_and_changed_is_on_record_in_order(
    bot: commands.Bot, chat: Driver
) -> None:
    said = await chat.say("!echo hi", user=BOB)
    await chat.reply()
    await chat.edit(said, "!echo hello", user=BOB)
    await chat.slash("slow", user=ANN)
    for _ in range(2):
        await chat.reply()
    assert [(shown.kind, shown.message.content) for shown in chat.record] == [
        ("new", "!echo hi"),
        ("new", "bob: hi"),
        ("edit", "!echo hello"),
        ("new", "done"),
        ("new", "and more"),
    ]
