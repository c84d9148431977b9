"""Names in any script are shown whole, and none turns about or hides what stands around it."""

import json
from dataclasses import replace
from unicodedata import bidirectional

import pytest

from bot.discord.client import ReeltwinBot
from bot.discord.markdown import escape
from bot.text import visible
from tests.bot.discord.discord_helpers import TASTE, ask, by_slash, choose, offers, press, rate
from tests.discord_server import ANN, FILM_CLUB, Driver, User
from tests.marks import slow_but

TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
EVE = User("410", "Eve", account="eve_1")
NAMES = ("田中さくら", "王小明", "김민수", "🦊❤️", "مريم", "אבי", "\u202eecilA\u2066", "Al\u200bice")
QUICK = (NAMES[0], *NAMES[5:])
EMPTY = "\u200b\u3164\u2800"


def said_to(chat: Driver) -> str:
    """All that the bot told Discord, as one text."""
    return json.dumps([call.data for call in chat.journal], ensure_ascii=False, default=str)


async def where_people_are_named(chat: Driver, eve: User) -> list[str]:
    """What is said wherever the name of a member stands."""
    await chat.arrives(eve, FILM_CLUB)
    await rate(chat, f"{TASTE}\nThe Matrix 4\nScream (1996) 3", eve, ANN)
    shown = [await ask(chat, f"!{typed}") for typed in ("ratings <@410>", "compare <@410>")]
    shown += [await ask(chat, f"!{typed}") for typed in ("seen Alien (1979)", "map <@410>", "club")]
    shown += [await ask(chat, f"!{typed}", user=eve) for typed in ("recommend 2", "map")]
    await by_slash(chat, "watchlist", do="add", what="Alien (1979)", user=eve)
    shown += [await ask(chat, "!watchlist"), night := await ask(chat, "!movienight <@410>")]
    vote = await choose(chat, night, next(one for one in offers(night) if "vote" in one))
    shown += [await press(chat, vote, "Vote", user=eve)]
    return [message.text for message in shown]


@pytest.mark.parametrize("name", slow_but(QUICK, NAMES))
async def test_a_name_in_any_script_stands_whole_wherever_people_are_named(
    bot: ReeltwinBot, chat: Driver, name: str
) -> None:
    for text in await where_people_are_named(chat, replace(EVE, name=name)):
        assert escape(visible(name)) in text
    assert not {bidirectional(one) for one in said_to(chat)} & TURNING


async def test_of_whose_name_nothing_is_seen_the_account_is_named(
    bot: ReeltwinBot, chat: Driver
) -> None:
    for text in await where_people_are_named(chat, replace(EVE, name=EMPTY)):
        assert r"eve\_1" in text
