"""Replies as people see them on Discord."""

import pytest

from bot.discord import limits
from bot.discord.client import ReeltwinBot
from bot.replies import Action, Choice, Column, ColumnKind, Link, Picture, Reply, Severity, Table
from tests.bot.discord.discord_helpers import Prepare, ask, labels, plain
from tests.discord_server import Driver

PNG = b"\x89PNG" + b"0" * 5_000
COLUMNS = (
    Column("rank", ColumnKind.RANK),
    Column("film", ColumnKind.LEAD),
    Column("stars", ColumnKind.VALUE),
    Column("genres", ColumnKind.DETAIL),
)
ROW = ("1", Link("Alien (1979)", "https://imdb.com/title/tt0078748/"), "4.8 ★", "Horror")


async def test_rows_are_stacked_with_the_lead_in_bold_and_details_below(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    table = Table(COLUMNS, (ROW,), "Unseen")
    prepare(Reply("For you", text="Ten films", tables=(table,), hint="!why Alien"))
    assert [line for line in plain(await ask(chat)).split("\n") if line] == [
        "### For you",
        "Ten films",
        "**Unseen**",
        "-# film · stars · genres",
        "`1.` **[Alien (1979)](https://imdb.com/title/tt0078748/)** · 4.8 ★",
        "-# Horror",
        "-# !why Alien",
    ]


async def test_a_title_leads_to_its_page_and_nowhere_else(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply("Alien (1979)", url="https://imdb.com/title/tt0078748/"))
    assert (await ask(chat)).text == "### [Alien (1979)](https://imdb.com/title/tt0078748/)"
    prepare(Reply("Alien (1979)", url="javascript:alert(1)"))
    assert (await ask(chat)).text == "### Alien (1979)"


async def test_each_row_has_its_own_button_beside_it(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    actions = tuple(Action("Open", f"predict id:{n}") for n in (1, 2))
    prepare(Reply(tables=(Table(COLUMNS, (ROW, ("2", "Aliens", "4 ★", "")), actions=actions),)))
    sections = [part for part in (await ask(chat)).components if part["type"] == 9]
    assert [s["accessory"]["custom_id"].split(":", 3)[3] for s in sections] == [
        "predict id:1",
        "predict id:2",
    ]
    assert "Aliens" in sections[1]["components"][0]["content"]


async def test_each_tone_has_a_colour_of_its_own(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    colours = []
    for tone in Severity:
        prepare(Reply(text="x", severity=tone))
        colours.append((await ask(chat)).components[0]["accent_color"])
    assert colours == [limits.COLOURS[tone] for tone in Severity]
    assert len(set(colours)) == len(Severity)


async def test_a_picture_is_shown_and_described(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply("Map", picture=Picture("map.png", PNG, "All films on a map")))
    message = await ask(chat)
    assert message.picture == PNG
    assert message.picture_description == "All films on a map"


async def test_a_description_longer_than_discord_takes_is_shortened(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply("Map", picture=Picture("map.png", PNG, "All films. " * 200)))
    message = await ask(chat)
    assert message.picture == PNG
    assert message.picture_description.startswith("All films. All")
    assert len(message.picture_description) <= 1_024


async def test_what_most_people_want_stands_out_among_the_buttons(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply(buttons=(Action("Undo", "undo"), Action("Recommend", "recommend", main=True))))
    assert [button["style"] for button in (await ask(chat)).buttons] == [2, 1]


async def test_a_question_is_asked_in_words_and_a_mere_offer_in_its_menu_alone(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    choice = Choice("Which one?", (Action("Alien", "rate Alien 5", "Horror"),))
    prepare(Reply(text="x", choices=(choice,), severity=Severity.QUESTION))
    asked = await ask(chat)
    assert "**Which one?**" in asked.text
    prepare(Reply(text="x", choices=(choice,)))
    offered = await ask(chat)
    assert offered.text == "x"
    for message in (asked, offered):
        (menu,) = message.selects
        assert menu["placeholder"] == "Which one?"
        (option,) = menu["options"]
        assert (option["label"], option["description"]) == ("Alien", "Horror")


async def test_six_buttons_stand_in_two_rows(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    prepare(Reply(buttons=tuple(Action(f"{n}", f"help {n}") for n in range(6))))
    message = await ask(chat)
    assert labels(message) == ["0", "1", "2", "3", "4", "5"]
    assert [len(part["components"]) for part in message.components if part["type"] == 1] == [5, 1]


@pytest.mark.parametrize("reply", [Reply(), Reply(text="\n"), Reply(hint="\n")])
async def test_even_an_empty_reply_is_a_message(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, reply: Reply
) -> None:
    prepare(reply)
    assert (await ask(chat)).v2


async def test_even_a_blank_row_keeps_its_button(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    table = Table(COLUMNS, (("", "", "", ""),), actions=(Action("Open", "predict id:1"),))
    prepare(Reply(tables=(table,)))
    assert labels(await ask(chat)) == ["Open"]
