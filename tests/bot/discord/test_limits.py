"""Whatever its length, a reply fits Discord's limits and arrives whole.

The loopback refuses what Discord refuses, and the fixture `bot` demands that nothing was.
"""

import pytest

from bot.discord.client import ReeltwinBot
from bot.replies import Action, Choice, Column, ColumnKind, Link, Picture, Reply, Severity, Table
from tests.bot.discord.discord_helpers import (
    Prepare,
    ask,
    by_slash,
    choose,
    labels,
    offers,
    plain,
    press,
    question,
)
from tests.discord_server import Driver, Message

LAST = Action("the last button", "help")
COLUMNS = (
    Column("rank", ColumnKind.RANK),
    Column("film", ColumnKind.LEAD),
    Column("stars", ColumnKind.VALUE),
    Column("genres", ColumnKind.DETAIL),
)


async def pages(chat: Driver) -> list[Message]:
    """All messages of a reply whose last button is `LAST`."""
    shown = [await chat.reply()]
    while LAST.label not in labels(shown[-1]):
        shown.append(await chat.reply())
    return shown


def rows(count: int) -> tuple[tuple[str, ...], ...]:
    return tuple((f"{n}", f"Film_{n}_", "4.5 ★", "Drama, Horror") for n in range(1, count + 1))


@pytest.mark.parametrize("count", [1, 40, 400])
async def test_a_long_list_goes_over_several_messages_and_loses_nothing(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, count: int
) -> None:
    prepare(Reply("All", tables=(Table(COLUMNS, rows(count)),), hint="end", buttons=(LAST,)))
    await chat.say("!help")
    lines = [line for page in await pages(chat) for line in plain(page).split("\n") if line]
    assert lines == [
        "### All",
        "-# film · stars · genres",
        *(
            line
            for n in range(1, count + 1)
            for line in (f"`{n}.` **Film\\_{n}\\_** · 4.5 ★", "-# Drama, Horror")
        ),
        "-# end",
    ]


@pytest.mark.parametrize("way", ["prefix", "slash"])
async def test_fifty_rows_keep_a_button_each_in_their_order(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, way: str
) -> None:
    actions = tuple(Action("Open", f"predict id:{n}") for n in range(1, 51))
    prepare(Reply(tables=(Table(COLUMNS, rows(50), actions=actions),), buttons=(LAST,)))
    await (chat.say("!help") if way == "prefix" else chat.slash("help"))
    shown = await pages(chat)
    assert len(shown) > 1
    buttons = [button for page in shown for button in page.buttons]
    opened = [b["custom_id"].split(":", 3)[3] for b in buttons if b["label"] == "Open"]
    assert opened == [option.message for option in actions]
    text = "\n".join(page.text for page in shown)
    assert all(f"Film\\_{n}\\_" in text for n in range(1, 51))


async def test_real_lists_of_the_longest_kind_fit(bot: ReeltwinBot, chat: Driver) -> None:
    for typed in ("!recommend 50", "!bias 50", "!help"):
        await ask(chat, typed)
    while not chat.server.messages.shown.empty():
        await chat.reply()
    hundred = "\n".join(f"Alien {n} 4 and much more of it" for n in range(100))
    await chat.say(f"!rate {hundred}"[:2000])
    assert (await chat.reply()).text


async def test_sixty_options_are_all_offered_however_long(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    long = "L" * 200
    options = [Action(f"Film {n} {long}", f"similar {n}", long) for n in range(60)]
    odd = Action("one", f"similar {long}")
    prepare(question(*options, options[0], odd, prompt="p" * 200))
    message = await ask(chat)
    assert set(offers(message)) == {f"similar {n}" for n in range(60)}
    assert len(message.selects) == 3
    first = message.selects[0]["options"][0]
    assert first["label"].startswith("Film 0 LLL")
    assert first["label"].endswith("L…")
    assert f"one: type “similar {long}”" in message.text


async def test_a_menu_of_many_is_answered_like_one_of_few(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    options = [Action(f"Film {n}", f"rate Alien (1979) {n % 5 + 1}") for n in range(5)]
    prepare(
        Reply(
            "Which?", choices=(Choice("Which?", tuple(options)),) * 20, severity=Severity.QUESTION
        )
    )
    await chat.say("!help")
    first, second = await chat.reply(), await chat.reply()
    assert len(first.selects) + len(second.selects) == 20
    for message in (first, second):
        left = await choose(chat, message, options[3].message)
        assert len(left.selects) == len(message.selects) - 1
        assert "Rated" in (await chat.reply()).text


async def test_a_button_whose_message_no_custom_id_can_carry_is_told_in_words(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    long = Action("Long", "similar " + "x" * 100)
    fits = Action("b" * 100, "help")
    actions = (long, Action("Open", "predict id:1"))
    table = Table(COLUMNS, rows(2), actions=actions)
    prepare(Reply(tables=(table,), buttons=(long, fits, LAST)))
    message = await ask(chat)
    assert labels(message) == ["Open", "b" * 79 + "…", LAST.label]
    assert f"Long: type “{long.message}”" in message.text
    assert all(f"Film\\_{n}\\_" in message.text for n in (1, 2))


@pytest.mark.parametrize("way", ["prefix", "slash", "button", "button in place"])
async def test_texts_over_every_limit_arrive_whole(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare, way: str
) -> None:
    prepare(Reply(buttons=(Action("here", "model", in_place=True), Action("next", "model"))))
    before = await ask(chat)
    words = "".join(f"[{n}] *x* " for n in range(1000))
    prepare(Reply("t" * 300, text="x" * 10_000 + words, hint="h" * 2_500, buttons=(LAST,)))
    match way:
        case "prefix":
            await chat.say("!model")
        case "slash":
            await chat.slash("model")
        case "button":
            await chat.press(before, "next")
        case _:
            await chat.press(before, "here")
    shown = await pages(chat)
    text = "".join(page.text for page in shown)
    assert text.count("t") == 300
    assert text.count("x") == 11_000
    assert text.count("h") == 2_500
    assert all(f"\\[{n}\\]" in text for n in range(1000))
    assert all(page.ephemeral is (way == "button") for page in shown)
    assert (shown[0].id == before.id) is (way == "button in place")


async def test_a_picture_in_a_long_reply_is_shown_once(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    png = b"\x89PNG" + b"0" * 500
    picture = Picture("map.png", png, "d" * 900)
    prepare(Reply("Map", text="x " * 4_000, picture=picture, buttons=(LAST,)))
    await chat.say("!map")
    shown = await pages(chat)
    assert [page.picture for page in shown if page.picture] == [png]


async def test_links_that_are_long_stay_whole(
    bot: ReeltwinBot, chat: Driver, prepare: Prepare
) -> None:
    links = [Link(f"Film {n}", f"https://imdb.com/{n}/" + "a" * 200) for n in range(60)]
    table = Table((Column("Film", ColumnKind.LEAD),), tuple((link,) for link in links))
    prepare(Reply(tables=(table,), buttons=(LAST,)))
    await chat.say("!help")
    text = "\n".join(page.text for page in await pages(chat))
    assert all(f"**[{link.text}]({link.url})**" in text for link in links)


async def test_a_film_with_the_longest_of_titles_has_a_working_card(
    bot: ReeltwinBot, chat: Driver
) -> None:
    proposed = await chat.autocomplete("predict", "film", "Lethal Kittens or how we came to Love")
    card = await by_slash(chat, "predict", film=proposed[0]["value"])
    assert "Limited Anti-Terrorist Operation" in card.text
    rated = await choose(chat, card, offers(card)[0])
    assert "Undone" in (await press(chat, rated, "Undo")).text
