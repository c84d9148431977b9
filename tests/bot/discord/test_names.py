"""People are named as Discord names them, never by their numbers."""

from dataclasses import replace

import pytest

from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import RATINGS, TASTE, ask, ask_in_private, by_slash, rate
from tests.discord_server import ANN, BOB, FILM_CLUB, Driver

NAMING = ("!compare <@401>", "!ratings <@401>", "!map <@401>", "!movienight <@401>")


@pytest.mark.parametrize("typed", NAMING)
async def test_a_newcomer_is_called_by_name(bot: ReeltwinBot, chat: Driver, typed: str) -> None:
    await ask(chat, RATINGS)
    assert (await ask(chat, typed)).text.startswith("Bob has not talked to me here yet")


@pytest.mark.parametrize("typed", NAMING)
async def test_of_a_private_member_nothing_else_is_told(
    bot: ReeltwinBot, chat: Driver, typed: str
) -> None:
    await rate(chat, TASTE, ANN, BOB)
    await ask_in_private(chat, "!private on", user=BOB)
    assert (await ask(chat, typed)).text == "Bob keeps their ratings to themselves."
    slash = await by_slash(chat, "compare", member=BOB)
    assert slash.text == "Bob keeps their ratings to themselves."


async def test_whoever_is_elsewhere_has_neither_name_nor_number(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, RATINGS)
    await chat.leaves(BOB, FILM_CLUB)
    for answer in (await ask(chat, NAMING[0]), await by_slash(chat, "compare", member=BOB)):
        assert answer.text.startswith("Whoever you mention is not in this server")
        assert "401" not in answer.text


async def test_a_member_is_found_by_their_account_too(bot: ReeltwinBot, chat: Driver) -> None:
    await rate(chat, TASTE, ANN, BOB)
    # As a server has it whose people changed the name that is shown.
    named = replace(BOB, name="Bob")
    member = named.payload() | {"username": "film_fan_77"}
    chat.server.gateway._members = lambda wish: {  # type: ignore[method-assign]
        "guild_id": wish["guild_id"],
        "members": [{**user.member(), "user": user.payload()} for user in (ANN,)]
        + [{**named.member(), "user": member}],
        "chunk_index": 0,
        "chunk_count": 1,
        "nonce": wish["nonce"],
    }
    assert "Ratings of Bob" in (await ask(chat, "!ratings film_fan")).text
