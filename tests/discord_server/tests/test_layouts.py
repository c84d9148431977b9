"""Components of the second version on the loopback Discord, sent by the real discord.py client."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from tests.discord_server import BOB, FILMS, Driver, Message, connected
from tests.discord_server.sample_client import PNG, make_bot, post
from tests.discord_server.world import NO_EMBEDS, NO_PICTURES, Json

V2 = 1 << 15


@pytest_asyncio.fixture
async def bot(chat: Driver) -> AsyncIterator[commands.Bot]:
    bot = make_bot()
    async with connected(bot, chat):
        yield bot


async def poster(bot: commands.Bot, chat: Driver) -> Message:
    """The sample client's layout, once the client listens to its controls."""
    sent = asyncio.create_task(bot.wait_for("command_completion", timeout=10))
    await chat.say("!layout")
    message = await chat.reply()
    await sent
    return message


# what people see


async def test_a_layout_reads_from_top_to_bottom(bot: commands.Bot, chat: Driver) -> None:
    message = await poster(bot, chat)
    assert message.v2
    assert message.text == "**Alien**\nof 1979\n-# the end"
    assert (message.picture, message.picture_description) == (PNG, "Two stars")
    ids = [component["id"] for component in message.components]
    assert len({*ids}) == len(ids)


async def test_buttons_are_told_in_order_with_where_they_lead(
    bot: commands.Bot, chat: Driver
) -> None:
    message = await poster(bot, chat)
    assert [button["label"] for button in message.buttons] == ["more", "site"]
    assert message.button("more")["custom_id"] == "more"
    assert message.button("site")["url"] == "https://example.org"
    with pytest.raises(AssertionError, match="no button 'less', only"):
        message.button("less")
    with pytest.raises(AssertionError, match="'site' is a link"):
        await chat.press(message, "site")


async def test_a_button_is_pressed_by_its_label_and_a_menu_chosen_from_by_value(
    bot: commands.Bot, chat: Driver
) -> None:
    message = await poster(bot, chat)
    await chat.choose(message, "Aliens", user=BOB)
    assert (await chat.reply()).content == "picked Aliens"
    await chat.press(message, "more")
    changed = await chat.reply()
    assert (changed.id, changed.text, changed.picture) == (message.id, "more of it", None)
    with pytest.raises(AssertionError, match="no menu offers 'Heat'"):
        await chat.choose(message, "Heat")


async def test_an_attachment_in_a_gallery_has_an_address_and_can_be_kept_by_an_edit(
    bot: commands.Bot, chat: Driver
) -> None:
    message = await poster(bot, chat)
    channel = bot.get_channel(int(FILMS.id))
    assert isinstance(channel, discord.TextChannel)
    fetched = await channel.fetch_message(int(message.id))
    view = discord.ui.LayoutView.from_message(fetched)
    gallery = next(i for i in view.walk_children() if isinstance(i, discord.ui.MediaGallery))
    assert gallery.items[0].media.url == fetched.attachments[0].url
    with pytest.raises(discord.HTTPException, match="No component shows the attachment"):
        await fetched.edit(view=view)
    gallery.items[0].media = "attachment://map.png"
    await fetched.edit(view=view)
    changed = await chat.reply()
    assert (changed.picture, changed.text) == (PNG, message.text)


async def test_ids_are_given_around_those_that_are_chosen(bot: commands.Bot, chat: Driver) -> None:
    await post(bot, layout(words(), {**words(), "id": 1}, words()))
    assert [component["id"] for component in (await chat.reply()).components] == [2, 1, 3]


async def test_words_in_a_layout_ping_as_content_does(bot: commands.Bot, chat: Driver) -> None:
    mention = layout(container({"type": 10, "content": f"<@{BOB.id}>"}))
    await post(bot, mention)
    assert (await chat.reply()).pings == [BOB.id]
    await post(bot, mention | {"allowed_mentions": {"parse": []}})
    assert (await chat.reply()).pings == []


# limits


def layout(*components: Json, **parts: Any) -> Json:
    return {"flags": V2, "components": [*components], **parts}


def words(length: int = 1) -> Json:
    return {"type": 10, "content": "x" * length}


def button(**parts: Any) -> Json:
    return {"type": 2, "style": 1, "label": "b", "custom_id": "b", **parts}


def row() -> Json:
    return {"type": 1, "components": [button()]}


def picture(**parts: Any) -> Json:
    return {"media": {"url": "https://example.org/a.png"}, **parts}


def gallery(*items: Json) -> Json:
    return {"type": 12, "items": [*items]}


def thumbnail(**parts: Any) -> Json:
    return {"type": 11, **picture(**parts)}


def section(*texts: Json, **parts: Any) -> Json:
    return {"type": 9, "components": [*texts], "accessory": button(), **parts}


def container(*inside: Json, **parts: Any) -> Json:
    return {"type": 17, "components": [*inside], **parts}


def separator(**parts: Any) -> Json:
    return {"type": 14, **parts}


FILE = {"type": 13, "file": {"url": "attachment://a.txt"}}
HALF = 2_000

LIMITS: list[tuple[str, Callable[[int], Json], int]] = [
    ("components", lambda n: layout(*[words()] * n), 40),
    ("components", lambda n: layout(container(*[words()] * (n - 1))), 40),
    ("components", lambda n: layout(section(words(HALF)), words(n - HALF)), 4_000),
    ("components.0.components", lambda n: layout(section(*[words()] * n)), 3),
    ("components.0.items", lambda n: layout(gallery(*[picture()] * n)), 10),
    (
        "components.0.items.0.description",
        lambda n: layout(gallery(picture(description="x" * n))),
        1_024,
    ),
    (
        "components.0.accessory.description",
        lambda n: layout(section(words(), accessory=thumbnail(description="x" * n))),
        1_024,
    ),
    (
        "components.0.accessory.label",
        lambda n: layout(section(words(), accessory=button(label="x" * n))),
        80,
    ),
    ("components.0.accent_color", lambda n: layout(container(words(), accent_color=n)), 0xFFFFFF),
    ("components.0.spacing", lambda n: layout(separator(spacing=n)), 2),
]


@pytest.mark.parametrize(("path", "message", "most"), LIMITS)
async def test_a_layout_may_reach_each_limit_and_not_pass_it(
    bot: commands.Bot, path: str, message: Callable[[int], Json], most: int
) -> None:
    await post(bot, message(most))
    with pytest.raises(discord.HTTPException) as refusal:
        await post(bot, message(most + 1))
    assert (refusal.value.status, refusal.value.code) == (400, 50035)
    assert f"In {path}:" in refusal.value.text


async def test_everything_that_may_stand_in_a_layout_is_taken(bot: commands.Bot) -> None:
    inside = [words(), separator(spacing=1), gallery(picture()), section(words())]
    await post(bot, layout(*inside, container(words())))
    await post(bot, layout(container(*inside, accent_color=0)))
    await post(bot, layout(row(), container(section(words(), accessory=thumbnail()))))


WRONG: list[tuple[str, Json]] = [
    ("content beside a layout", layout(words(), content="x")),
    ("embeds beside a layout", layout(words(), embeds=[{"description": "x"}])),
    ("a poll beside a layout", layout(words(), poll={"question": {"text": "x"}})),
    ("a sticker beside a layout", layout(words(), sticker_ids=["1"])),
    ("no words", layout(words(0))),
    ("a button at the top", layout(button())),
    ("a thumbnail at the top", layout(thumbnail())),
    ("a section without words", layout(section())),
    ("a section without accessory", layout(section(words(), accessory=None))),
    ("a section with a menu at its side", layout(section(words(), accessory=row()))),
    ("a section of rows", layout(section(row(), accessory=thumbnail()))),
    ("words in a row", layout({"type": 1, "components": [words()]})),
    ("an empty container", layout(container())),
    ("a container in a container", layout(container(container(words())))),
    ("a thumbnail in a container", layout(container(thumbnail()))),
    ("a gallery without pictures", layout(gallery())),
    ("a picture without address", layout(gallery({"media": {"url": "a.png"}}))),
    ("a picture that is not there", layout(gallery({"media": {"url": "attachment://a.png"}}))),
    ("a file that is not there", layout(FILE)),
    ("a file from elsewhere", layout({"type": 13, "file": {"url": "https://example.org/a"}})),
    ("an id twice", layout({**words(), "id": 7}, {**words(), "id": 7})),
    ("a custom id twice", layout(row(), section(words()))),
    *(
        (f"type {part['type']} without the flag", {"content": "x", "components": [part]})
        for part in (words(), section(words()), gallery(picture()), separator(), container(words()))
    ),
]


@pytest.mark.parametrize("message", [pytest.param(form, id=name) for name, form in WRONG])
async def test_a_wrong_layout_is_refused(bot: commands.Bot, message: Json) -> None:
    with pytest.raises(discord.HTTPException) as refusal:
        await post(bot, message)
    assert (refusal.value.status, refusal.value.code) == (400, 50035)


async def test_a_layout_of_nothing_is_an_empty_message(bot: commands.Bot) -> None:
    with pytest.raises(discord.HTTPException) as refusal:
        await post(bot, layout())
    assert refusal.value.code == 50006


class Words(discord.ui.LayoutView):
    words: discord.ui.TextDisplay["Words"] = discord.ui.TextDisplay("x")


class Upload(discord.ui.LayoutView):
    file: discord.ui.File["Upload"] = discord.ui.File("attachment://a.txt")


def text_file() -> discord.File:
    return discord.File(io.BytesIO(b"x"), "a.txt")


def place(bot: commands.Bot, channel: Any = FILMS) -> discord.TextChannel:
    found = bot.get_channel(int(channel.id))
    assert isinstance(found, discord.TextChannel)
    return found


async def test_an_upload_must_be_shown_by_a_component(bot: commands.Bot, chat: Driver) -> None:
    await place(bot).send(view=Upload(), file=text_file())
    assert (await chat.reply()).files == {"a.txt": b"x"}
    with pytest.raises(discord.HTTPException, match="No component shows the attachment"):
        await place(bot).send(view=Words(), file=text_file())


async def test_words_in_a_layout_take_no_permission_but_uploads_do(bot: commands.Bot) -> None:
    await place(bot, NO_EMBEDS).send(view=Words())
    await place(bot, NO_PICTURES).send(view=Words())
    with pytest.raises(discord.Forbidden):
        await place(bot, NO_PICTURES).send(view=Upload(), file=text_file())


async def test_a_message_becomes_a_layout_only_without_its_content(bot: commands.Bot) -> None:
    message = await place(bot).send("x", embed=discord.Embed(title="x"))
    emptied: list[Json] = [{}, {"content": None}, {"embeds": []}]
    for left in emptied:
        with pytest.raises(discord.HTTPException, match="IS_COMPONENTS_V2"):
            await message.edit(view=Words(), **left)
    changed = await message.edit(view=Words(), content=None, embeds=[])
    assert changed.flags.components_v2


async def test_a_layout_never_becomes_an_old_message_again(bot: commands.Bot) -> None:
    message = await place(bot).send(view=Words())
    for form in (
        {"content": "x", "components": []},
        {"flags": 0, "components": [], "content": "x"},
    ):
        route = discord.http.Route(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=message.channel.id,
            message_id=message.id,
        )
        with pytest.raises(discord.HTTPException) as refusal:
            await bot.http.request(route, json=form)
        assert refusal.value.code == 50035
    changed = await message.edit(view=Words())
    assert changed.flags.components_v2
