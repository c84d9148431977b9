"""People whose names look the same are told apart wherever they are named together."""

import pytest

from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import TASTE, ask, choose, offers, press, rate
from tests.discord_server import ANN, BOB, FILM_CLUB, Driver, Message, User

FIVE = f"{TASTE}\nThe Matrix 4\nScream (1996) 3"
TWINS = ("Ann", "A\u200bnn", "\u202eann\u202c", "\uff21nn")  # one of them in full-width letters
EVE = User("410", "", account="eve.b")
TANAKA = User("411", "田中さくら", account="tanaka")


async def twins(chat: Driver, name: str = TWINS[1]) -> User:
    """Let somebody who looks like Ann arrive, and both rate five films."""
    eve = User(EVE.id, name, account=EVE.account)
    await chat.arrives(eve, FILM_CLUB)
    await rate(chat, FIVE, eve, ANN)
    return eve


def told_apart(message: Message) -> bool:
    """Whether each of the twins is named with their account."""
    return "nn @ann" in message.text.casefold() and "nn @eve.b" in message.text.casefold()


@pytest.mark.parametrize("name", TWINS)
async def test_twins_are_told_apart_where_both_are_named(
    bot: ReeltwinBot, chat: Driver, name: str
) -> None:
    eve = await twins(chat, name)
    for typed in ("club", "compare <@410>", "map <@410>", "seen Alien (1979)"):
        assert told_apart(await ask(chat, f"!{typed}")), typed
    night = await ask(chat, "!movienight <@410>")
    assert told_apart(night)
    vote = await choose(chat, night, next(one for one in offers(night) if "vote" in one))
    await press(chat, vote, "Vote", user=eve)
    voted = await press(chat, vote, "Vote")
    assert told_apart(voted)
    assert told_apart(await press(chat, voted, "Close the vote"))
    for film, user in (("Alien (1979)", eve), ("Aliens", ANN)):
        await ask(chat, f"!watchlist add {film}", user=user)
    assert told_apart(await ask(chat, "!watchlist"))


async def test_a_name_means_the_same_person_in_every_answer(bot: ReeltwinBot, chat: Driver) -> None:
    eve = await twins(chat)
    await rate(chat, "Heat (1995) 4", eve)
    assert "Ann @eve.b" in (await ask(chat, "!seen Heat (1995)")).text
    assert "Ratings of Ann @eve.b" in (await ask(chat, "!ratings <@410>")).text
    await rate(chat, FIVE, BOB)
    assert "Bob and Ann @eve.b" in (await ask(chat, "!compare <@410>", user=BOB)).text


async def test_who_is_meant_is_asked_in_such_names_and_can_be_typed_in_them(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await twins(chat)
    asked = await ask(chat, "!ratings ann")
    assert [option["label"] for option in asked.selects[0]["options"]] == ["Ann @ann", "Ann @eve.b"]
    assert "Ratings of Ann @eve.b" in (await ask(chat, "!ratings Ann @eve.b")).text


async def test_the_text_says_who_is_who_in_a_picture_that_cannot_write_a_name(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await chat.arrives(TANAKA, FILM_CLUB)
    await rate(chat, FIVE, ANN, BOB, TANAKA)
    for typed in ("club", "compare <@411>", "map <@411>"):
        assert "In the picture @tanaka is 田中さくら." in (await ask(chat, f"!{typed}")).text, typed
    for typed in ("compare <@401>", "map <@401>"):
        assert "In the picture" not in (await ask(chat, f"!{typed}")).text, typed
