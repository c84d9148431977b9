"""Names and titles from people ping nobody and format nothing."""

from dataclasses import replace

import pytest

from bot.discord.client import ReeltwinBot
from bot.discord.markdown import escape
from bot.replies import Action, Choice, Column, ColumnKind, Link, Picture, Reply, Table
from tests.bot.discord.discord_helpers import Prepare, ask, by_slash, choose, fill_in, offers, press
from tests.discord_server import ANN, FILM_CLUB, Driver
from tests.discord_server.world import Json
from tools.discord_page.markdown import blocks

HOSTILE = (
    "@everyone @here <@400> <@&200> **bold** _it_ `code` ||hid|| [x](http://evil) <t:1> \\*\n"
    "# big\n- a\n> q\n1. b\n-# small"
)
NAME = "@everyone <@400> **b** `c`"
SHOWN_NAME = "@\u200beveryone \\<@400> \\*\\*b\\*\\* \\`c\\`"
FILM = Column("Film", ColumnKind.LEAD)


async def test_foreign_text_is_shown_as_it_is_wherever_it_stands(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    link = Link("[a](b) *c*", "https://imdb.com/a b)")
    table = Table((FILM,), ((link,), (Link("d", "javascript:alert(1)"),)), "*h*")
    prepare(Reply("*t*", text=HOSTILE, tables=(table,), hint="<@400> ~~x~~"))
    message = await ask(chat)
    assert [line for line in message.text.split("\n") if line] == [
        r"### \*t\*",
        "@\u200beveryone @\u200bhere \\<@400> \\<@&200> \\*\\*bold\\*\\* \\_it\\_ \\`code\\` "
        "\\|\\|hid\\|\\| \\[x\\](http://evil) \\<t:1> \\\\\\*",
        r"\# big",
        r"\- a",
        r"\> q",
        r"1\. b",
        r"\-# small",
        r"**\*h\***",
        r"**[\[a\](b) \*c\*](https://imdb.com/a%20b%29)**",
        "**d**",
        r"-# \<@400> \~\~x\~\~",
    ]
    assert message.pings == []


@pytest.mark.parametrize("mention", ["<@400>", "<@&200>", "<#300>", "<t:1:R>", "</rate:1>"])
def test_an_address_does_not_take_the_escape_from_a_mention(mention: str) -> None:
    read = blocks(escape(f"https://x.org{mention} and (https://x.org/a){mention}"), {})
    assert "mention" not in read
    assert "&lt;\u200b" in read


async def test_a_hostile_name_is_shown_as_it_is_in_every_list(
    bot: ReeltwinBot, chat: Driver
) -> None:
    eve = replace(ANN, id="410", name=NAME)
    await chat.arrives(eve, FILM_CLUB)
    await ask(chat, "!rate Alien 5", user=eve)
    await ask(chat, "!rate Alien 4")
    recommended = await ask(chat, "!recommend 2", user=eve)
    seen = await ask(chat, "!seen Alien (1979)")
    ratings = await ask(chat, "!ratings <@410>")
    night = await ask(chat, "!movienight <@410>")
    await by_slash(chat, "watchlist", do="add", what="Alien (1979)", user=eve)
    watchlist = await ask(chat, "!watchlist")
    vote = await choose(chat, night, next(one for one in offers(night) if "vote" in one))
    voted = await press(chat, vote, "Vote", user=eve)
    for message in (recommended, seen, ratings, night, watchlist, voted):
        assert SHOWN_NAME in message.text
        assert message.pings == []


@pytest.mark.parametrize("command", ["similar", "rate", "unrate", "help", "compare", "<@100>"])
async def test_what_was_typed_is_repeated_as_it_is(
    bot: ReeltwinBot, chat: Driver, command: str
) -> None:
    typed = f"<@100> {NAME}" if command == "<@100>" else f"!{command} {NAME}"
    message = await ask(chat, typed)
    assert "@everyone" not in message.text
    assert "<@400>" not in message.text.replace("\\<@400>", "")
    assert "**b**" not in message.text
    assert message.pings == []


async def test_labels_of_buttons_and_options_know_no_markdown_and_stay_plain(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    option = Action("**a** @everyone", "help", "*d*")
    prepare(Reply(text="x", choices=(Choice("_p_", (option,)),), buttons=(option,)))
    message = await ask(chat)
    assert message.buttons[0]["label"] == "**a** @everyone"
    assert message.selects[0]["options"][0]["label"] == "**a** @everyone"
    assert message.selects[0]["options"][0]["description"] == "*d*"


async def test_every_message_forbids_discord_to_ping_anybody(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    """Words in components ping too, unless a new message says that they must not."""
    said = await chat.say("!rate Solaris 4\nHalloween 5")
    asked = await chat.reply()
    await choose(chat, asked, asked.selects[0]["options"][0]["value"])
    await chat.reply()
    await chat.edit(said, "!recommend 20")
    await press(chat, await chat.reply(), "More →")
    await by_slash(chat, "recommend")
    await fill_in(chat, "Alien 4")
    prepare(Reply("Map", picture=Picture("map.png", b"\x89PNG", "map")))
    await ask(chat, "!map")
    await by_slash(chat, "map")
    shown = [body for body in bodies(chat) if body.get("components") or body.get("content")]
    assert len(shown) >= 7
    assert all(body["allowed_mentions"] == {"parse": []} for body in shown)


def bodies(chat: Driver) -> list[Json]:
    """What new messages were sent to Discord; a changed one pings nobody in any case."""
    posts = [call.data for call in chat.journal if call.method == "POST"]
    sent = [body for body in posts if isinstance(body, dict)]
    shown = [body.get("data") or body for body in sent]
    return [body for body in shown if "title" not in body]
