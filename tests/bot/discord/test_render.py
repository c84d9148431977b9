"""Replies as people see them on Discord, within all of its limits."""

import pytest

from bot.discord.client import ReeltwinBot
from bot.replies import Column, Link, Picture, Reply, Role, Table, Tone
from tests.bot.discord.asking import Prepare, ask
from tests.discord_server import (
    Driver,
)

PNG = b"\x89PNG" + b"0" * 5_000
FILM = Column("film", Role.LEAD)
COLUMNS = (
    Column("rank", Role.RANK),
    FILM,
    Column("stars", Role.VALUE),
    Column("genres", Role.DETAIL),
)


async def test_rows_are_stacked_with_the_lead_in_bold_and_details_below(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    row = ("1", Link("Alien (1979)", "https://imdb.com/title/tt0078748/"), "4.8 ★", "Horror")
    reply = Reply("For you", "Ten films", (Table(COLUMNS, (row,), "Unseen"),), hint="!why Alien")
    prepare(reply)
    message = await ask(chat)
    embed = message.embeds[0]
    assert embed["title"] == "For you"
    assert embed["description"].split("\n") == [
        "Ten films",
        "",
        "**Unseen**",
        "-# film · stars · genres",
        "`1.` **[Alien (1979)](https://imdb.com/title/tt0078748/)** · 4.8 ★",
        "-# Horror",
    ]
    assert embed["footer"]["text"] == "!why Alien"


async def test_each_tone_has_a_colour_of_its_own(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    colours = set()
    for tone in Tone:
        prepare(Reply(text="x", tone=tone))
        colours.add((await ask(chat)).embeds[0]["color"])
    assert len(colours) == len(Tone)


async def test_a_picture_is_shown_in_the_embed_and_described(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    picture = Picture("map.png", PNG, "All films on a map")
    prepare(Reply("Map", picture=picture))
    message = await ask(chat)
    assert message.picture == PNG
    assert message.payload["attachments"][0]["description"] == "All films on a map"


HOSTILE = (
    "@everyone <@401> **bold** _it_ `code` ||hid|| [x](http://evil) <t:1> \\*\n# big\n- a\n1. b"
)


async def test_foreign_text_is_shown_as_it_is(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    link = Link("[a](b) *c*", "https://imdb.com/a b)")
    table = Table((FILM,), ((link,), (Link("d", "javascript:alert(1)"),)), "*h*")
    prepare(Reply("*t*", HOSTILE, (table,)))
    message = await ask(chat)
    embed = message.embeds[0]
    assert embed["title"] == r"\*t\*"
    assert embed["description"].split("\n") == [
        "@\u200beveryone \\<@401> \\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\|\\|hid\\|\\| "
        "\\[x\\](http://evil) \\<t:1> \\\\\\*",
        r"\# big",
        r"\- a",
        r"1\. b",
        "",
        r"**\*h\***",
        r"**[\[a\](b) \*c\*](https://imdb.com/a%20b%29)**",
        "**d**",
    ]
    assert message.pings == []


@pytest.mark.parametrize("count", [1, 40, 400])
async def test_a_long_list_goes_over_several_messages_and_loses_nothing(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, count: int
) -> None:
    rows = tuple((f"{n}", f"Film_{n}_", "4.5 ★", "Drama, Horror") for n in range(1, count + 1))
    prepare(Reply("All", tables=(Table(COLUMNS, rows),), hint="the end"))
    await chat.say("!help")
    lines: list[str] = []
    while True:
        embed = (await chat.reply()).embeds[0]
        lines += embed["description"].split("\n")
        if "footer" in embed:
            break
    assert lines[0] == "-# film · stars · genres"
    assert lines[1:] == [
        line
        for n in range(1, count + 1)
        for line in (f"`{n}.` **Film\\_{n}\\_** · 4.5 ★", "-# Drama, Horror")
    ]


async def test_texts_over_every_limit_still_arrive_whole(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply("t" * 300, "x" * 5_000, hint="h" * 2_500))
    await chat.say("!help")
    text = "".join([(await chat.reply()).text for _ in range(3)])
    assert [text.count(letter) for letter in "txh"] == [300, 5_000, 2_500]
