"""The loopback Discord behaves as Discord does, towards the real discord.py client."""

import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import (
    ANN,
    BOB,
    FILMS,
    OTHER_GUILD_FILMS,
    TALK,
    Driver,
    connected,
)
from tests.discord_server.sample_client import PNG, make_bot, post
from tests.discord_server.world import Json


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


# messages


async def test_a_prefix_command_is_answered_as_a_reply(bot: commands.Bot, chat: Driver) -> None:
    asked = await chat.say("!echo hello", user=BOB, channel=TALK)
    reply = await chat.reply()
    assert reply.content == "bob: hello"
    assert reply.channel == TALK
    assert reply.replies_to == asked.id


async def test_guilds_channels_and_direct_messages_are_apart(
    bot: commands.Bot, chat: Driver
) -> None:
    for channel in (FILMS, OTHER_GUILD_FILMS, chat.direct(ANN)):
        await chat.say("!echo here", channel=channel)
        assert (await chat.reply()).channel == channel
    assert {guild.name for guild in bot.guilds} == {"Film club", "Office"}


async def test_a_bot_may_open_a_direct_channel(bot: commands.Bot, chat: Driver) -> None:
    user = await bot.fetch_user(int(BOB.id))
    await user.send("psst")
    assert (await chat.reply()).channel == chat.direct(BOB)


async def test_uploads_arrive_byte_for_byte_and_can_be_fetched(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.say("!picture")
    reply = await chat.reply()
    assert reply.picture == PNG
    assert chat.typing == [FILMS.id]
    async with aiohttp.ClientSession() as web, web.get(reply.embeds[0]["image"]["url"]) as answer:
        assert await answer.read() == PNG


async def test_pings_follow_allowed_mentions(bot: commands.Bot, chat: Driver) -> None:
    text = f"@everyone and <@{BOB.id}>"
    await post(bot, {"content": text})
    assert (await chat.reply()).pings == ["everyone", BOB.id]
    await post(bot, {"content": text, "allowed_mentions": {"parse": []}})
    assert (await chat.reply()).pings == []


async def test_a_reply_pings_whom_it_answers_unless_told_not_to(
    bot: commands.Bot, chat: Driver
) -> None:
    await chat.say("!echo hello", user=BOB)
    assert (await chat.reply()).pings == [BOB.id]
    bot.allowed_mentions = discord.AllowedMentions.none()
    await chat.say("!echo hello", user=BOB)
    assert (await chat.reply()).pings == []


# limits


def embed(**parts: Any) -> Json:
    return {"embeds": [{"description": "x", **parts}]}


def fields(count: int = 1, name: int = 1, value: int = 1) -> Json:
    return embed(fields=[{"name": "n" * name, "value": "v" * value}] * count)


def row(*components: Json) -> Json:
    return {"content": "x", "components": [{"type": 1, "components": [*components]}]}


def button(number: int = 0, **parts: Any) -> Json:
    return {"type": 2, "style": 1, "label": "b", "custom_id": f"b{number}", **parts}


def select(options: int = 1, **parts: Any) -> Json:
    offered = [{"label": f"{number}", "value": f"{number}"} for number in range(options)]
    return {"type": 3, "custom_id": "s", "options": offered, **parts}


def option(**parts: Any) -> Json:
    return row(select(options=1) | {"options": [{"label": "l", "value": "v", **parts}]})


LIMITS: list[tuple[str, Callable[[int], Json], int]] = [
    ("content", lambda n: {"content": "x" * n}, 2_000),
    ("embeds", lambda n: {"embeds": [{"description": "x"}] * n}, 10),
    ("embeds.0.title", lambda n: embed(title="x" * n), 256),
    ("embeds.0.description", lambda n: embed(description="x" * n), 4_096),
    ("embeds.0.fields", lambda n: fields(count=n), 25),
    ("embeds.0.fields.0.name", lambda n: fields(name=n), 256),
    ("embeds.0.fields.0.value", lambda n: fields(value=n), 1_024),
    ("embeds.0.footer.text", lambda n: embed(footer={"text": "x" * n}), 2_048),
    ("embeds.0.author.name", lambda n: embed(author={"name": "x" * n}), 256),
    (
        "embeds",
        lambda n: {
            "embeds": [{"description": "x" * (n // 2)}, {"description": "x" * (n - n // 2)}]
        },
        6_000,
    ),
    (
        "components",
        lambda n: {"components": [row(button(i))["components"][0] for i in range(n)]},
        5,
    ),
    ("components.0.components", lambda n: row(*map(button, range(n))), 5),
    ("components.0.components.0.label", lambda n: row(button(label="x" * n)), 80),
    ("components.0.components.0.custom_id", lambda n: row(button(custom_id="x" * n)), 100),
    ("components.0.components.0.options", lambda n: row(select(options=n)), 25),
    ("components.0.components.0.placeholder", lambda n: row(select(placeholder="x" * n)), 150),
    ("components.0.components.0.options.0.label", lambda n: option(label="x" * n), 100),
    ("components.0.components.0.options.0.value", lambda n: option(value="x" * n), 100),
    ("components.0.components.0.options.0.description", lambda n: option(description="x" * n), 100),
]


@pytest.mark.parametrize(("path", "message", "most"), LIMITS)
async def test_a_message_may_reach_each_limit_and_not_pass_it(
    bot: commands.Bot, path: str, message: Callable[[int], Json], most: int
) -> None:
    await post(bot, message(most))
    with pytest.raises(discord.HTTPException) as refusal:
        await post(bot, message(most + 1))
    assert (refusal.value.status, refusal.value.code) == (400, 50035)
    assert refusal.value.text.startswith(f"Invalid Form Body\nIn {path}:")


WRONG: list[tuple[str, Json]] = [
    ("two selects in a row", row(select(), select(custom_id="t"))),
    ("one custom id twice", row(button(1), button(1))),
    ("one option value twice", row(select() | {"options": [{"label": "l", "value": "v"}] * 2})),
    ("an empty row", row()),
    ("a select without options", row(select(options=0))),
    ("a button outside a row", {"content": "x", "components": [button()]}),
    ("a button that says nothing", row(button(label=""))),
    ("a link with a custom id", row(button(style=5, url="https://example.org"))),
    ("a link to nowhere", row(button(style=5) | {"custom_id": None})),
    ("an empty field", fields(value=0)),
    ("a picture that is not there", embed(image={"url": "attachment://lost.png"})),
    ("a link that is none", embed(url="alien")),
    ("a reply to nothing", {"content": "x", "message_reference": {"message_id": "1"}}),
]


@pytest.mark.parametrize("message", [pytest.param(form, id=name) for name, form in WRONG])
async def test_a_wrong_form_is_refused(bot: commands.Bot, chat: Driver, message: Json) -> None:
    with pytest.raises(discord.HTTPException) as refusal:
        await post(bot, message)
    assert (refusal.value.status, refusal.value.code) == (400, 50035)
    assert [call.status for call in chat.refused] == [400]


async def test_an_empty_message_is_refused(bot: commands.Bot) -> None:
    with pytest.raises(discord.HTTPException) as refusal:
        await post(bot, {"content": ""})
    assert (refusal.value.status, refusal.value.code) == (400, 50006)


async def test_ten_megabytes_are_taken_and_one_byte_more_is_not(bot: commands.Bot) -> None:
    channel = bot.get_channel(int(FILMS.id))
    assert isinstance(channel, discord.TextChannel)
    most = 10 << 20
    await channel.send(file=discord.File(io.BytesIO(bytes(most)), "a.bin"))
    with pytest.raises(discord.HTTPException) as refusal:
        await channel.send(file=discord.File(io.BytesIO(bytes(most + 1)), "a.bin"))
    assert refusal.value.code == 40005


async def test_an_unknown_route_answers_404_and_stands_in_the_journal(
    bot: commands.Bot, chat: Driver
) -> None:
    with pytest.raises(discord.NotFound):
        await bot.http.request(discord.http.Route("GET", "/nowhere"))
    assert (chat.refused[-1].path, chat.refused[-1].status) == ("/nowhere", 404)


def command(**parts: Any) -> Json:
    return {"name": "rate", "description": "Rate a film", "type": 1, **parts}


def string(number: int = 0, **parts: Any) -> Json:
    return {"name": f"o{number}", "description": "d", "type": 3, **parts}


@pytest.mark.parametrize(
    "wrong",
    [
        command(name="Rate"),
        command(name="rate it"),
        command(name="x" * 33),
        command(description=""),
        command(description="x" * 101),
        command(options=[string(number) for number in range(26)]),
        command(options=[string(choices=[{"name": "n", "value": "v"}] * 26)]),
        command(options=[string(choices=[{"name": "n" * 101, "value": "v"}])]),
        command(options=[string(1), string(2, required=True)]),
    ],
)
async def test_a_wrong_command_is_not_registered(
    bot: commands.Bot, chat: Driver, wrong: Json
) -> None:
    registered = chat.server.rest.commands
    with pytest.raises(discord.HTTPException) as refusal:
        await bot.http.bulk_upsert_global_commands(100, [wrong])
    assert refusal.value.code == 50035
    assert chat.server.rest.commands == registered
