"""Where it may not do all it wants to, it says which permission is missing."""

import logging

import pytest

from bot.app.context import AppContext
from bot.discord.client import ReeltwinBot
from bot.replies import Document, Picture, Reply
from tests.bot.discord.discord_helpers import (
    Prepare,
    ask,
    assert_silent,
    by_slash,
    make_bot,
    press,
    stars_of,
)
from tests.discord_server import CARL, FILMS, Channel, Driver, connected
from tests.discord_server.world import (
    HIDDEN,
    NO_EMBEDS,
    NO_HISTORY,
    NO_PICTURES,
    NO_THREADS,
    READ_ONLY,
    READ_ONLY_THREAD,
)

PNG = b"\x89PNG" + b"0" * 500


@pytest.mark.parametrize("text", ["", "Your place is here."])
async def test_a_picture_that_may_not_be_shown_is_replaced_by_a_sentence(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, text: str
) -> None:
    prepare(Reply("Map", text=text, picture=Picture("map.png", PNG, "map")))
    typed = await ask(chat, channel=NO_PICTURES)
    filled = await by_slash(chat, "map", channel=NO_PICTURES)
    assert typed.text == filled.text
    assert typed.text.startswith("### Map\n" + text)
    assert typed.text.endswith("I need “Attach Files” to show it here.")
    assert typed.picture is filled.picture is None


async def test_a_file_that_may_not_be_sent_is_replaced_by_a_sentence(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply("Map", text="Open it.", document=Document("map.html", b"<html></html>")))
    typed = await ask(chat, channel=NO_PICTURES)
    filled = await by_slash(chat, "map", channel=NO_PICTURES)
    assert typed.text == filled.text
    assert typed.text.endswith(
        "Open it.\nThe file is missing: I need “Attach Files” to send it here."
    )
    assert not typed.files
    assert not filled.files


async def test_without_embed_links_all_is_as_ever(bot: ReeltwinBot, chat: Driver) -> None:
    assert (await ask(chat, "!recommend 2", channel=NO_EMBEDS)).text == (
        await ask(chat, "!recommend 2")
    ).text


async def test_without_the_history_it_answers_but_not_as_a_reply(
    bot: ReeltwinBot, chat: Driver
) -> None:
    answer = await ask(chat, "!recommend 20", channel=NO_HISTORY)
    assert (answer.channel, answer.replies_to) == (NO_HISTORY, None)
    assert "Page 2" in (await press(chat, answer, "More →")).text


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (READ_ONLY, "in read-only: I need “Send Messages”."),
        (READ_ONLY_THREAD, "in read-only thread: I need “Send Messages in Threads”."),
    ],
    ids=["channel", "thread"],
)
@pytest.mark.parametrize("typed", ["!rate Alien 5", "<@100>", "!recomend", "<@100> what"])
async def test_where_it_may_not_write_the_asker_is_told_in_private(
    bot: ReeltwinBot, chat: Driver, context: AppContext, channel: Channel, words: str, typed: str
) -> None:
    told = await ask(chat, typed, channel=channel)
    assert told.channel == chat.direct()
    assert words in told.content
    assert chat.typing == []
    assert await stars_of(context) == {}


async def test_a_thread_is_named_as_it_is_called_and_makes_no_link_of_it(
    bot: ReeltwinBot, chat: Driver
) -> None:
    renamed = READ_ONLY_THREAD.payload() | {"name": "[free films](https://evil.example) @everyone"}
    await chat.server.gateway.dispatch("THREAD_UPDATE", renamed)
    told = await ask(chat, "!rate Alien 5", channel=READ_ONLY_THREAD)
    assert "in \\[free films\\](https://evil.example) @\u200beveryone: I need" in told.content
    assert told.pings == []


async def test_a_channel_whose_threads_alone_are_shut_is_answered(
    bot: ReeltwinBot, chat: Driver
) -> None:
    assert (await ask(chat, channel=NO_THREADS)).channel == NO_THREADS


async def test_whoever_refuses_direct_messages_is_told_nothing(
    chat: Driver, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with connected(make_bot(context), chat):
        await chat.say("!help", user=CARL, channel=READ_ONLY)
        await assert_silent(chat)
    assert "user 402 can be told nothing" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_a_slash_command_is_answered_where_it_may_not_write_or_even_look(
    bot: ReeltwinBot, chat: Driver
) -> None:
    for channel in (READ_ONLY, HIDDEN, READ_ONLY_THREAD):
        first = await by_slash(chat, "recommend", count=20, channel=channel)
        assert first.channel == channel
        assert (await press(chat, first, "More →")).id == first.id


async def test_a_hidden_channel_is_not_heard_and_others_go_on(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await chat.say("!help", channel=HIDDEN)
    assert (await ask(chat, channel=FILMS)).channel == FILMS
