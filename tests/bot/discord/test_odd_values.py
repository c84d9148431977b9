"""What no form of Discord's own lets through is refused in a sentence with an example."""

import math
from collections.abc import Iterator
from typing import Any

import pytest

from bot.commands.dispatch import APOLOGY
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import ask
from tests.discord_server import ANN, FILMS, Driver, Message
from tests.discord_server.interactions import Kind
from tests.discord_server.sending import command_data

TEXT, INTEGER, BOOLEAN, USER, NUMBER, ATTACHMENT = 3, 4, 5, 6, 10, 11
FITTING = {TEXT: "Alien", INTEGER: 1, BOOLEAN: True, USER: "401", NUMBER: 4.5}
# By the type of the box: values out of its range, and some of another type.
ODD: dict[int, list[Any]] = {
    TEXT: ["", "nonsense", "x" * 6_000, 7, True],
    INTEGER: [0, -1, 10**6, 1e308, "many"],
    BOOLEAN: ["yes", 2],
    USER: ["999"],
    NUMBER: [6, 0, -1, 4.3, 1e308, math.inf, math.nan],
    ATTACHMENT: ["999"],
}


async def send(chat: Driver, command: str, *given: dict[str, Any]) -> Message:
    """Send a slash command as it could not be filled in."""
    data = command_data(chat._registered(command), list(given))
    await chat._interact(Kind.COMMAND, data, ANN, FILMS)
    return await chat.reply()


def option(asked: dict[str, Any], value: Any) -> dict[str, Any]:
    return {"name": asked["name"], "type": asked["type"], "value": value}


def forms(chat: Driver) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every command with every odd value in each of its boxes, one at a time."""
    for command in chat.server.rest.commands:
        asked = command.get("options") or []
        needed = [o for o in asked if o.get("required") and o["type"] != ATTACHMENT]
        for box in asked:
            others = [option(o, FITTING[o["type"]]) for o in needed if o is not box]
            for value in ODD[box["type"]]:
                yield command["name"], [*others, option(box, value)]


async def test_stars_off_the_scale_are_named_with_an_example(
    bot: ReeltwinBot, chat: Driver
) -> None:
    for stars in ODD[NUMBER]:
        film = {"name": "film", "type": TEXT, "value": "Alien"}
        given = {"name": "stars", "type": NUMBER, "value": stars}
        answer = await send(chat, "rate", film, given)
        assert "Stars go from 0.5 to 5 in half steps" in answer.text
        assert "For example: Alien 4.5" in answer.text


async def test_a_word_that_is_none_of_a_few_is_named_with_those(
    bot: ReeltwinBot, chat: Driver
) -> None:
    await ask(chat, "!rate Alien 5")
    way = await send(chat, "movienight", {"name": "way", "type": TEXT, "value": "foul"})
    assert "The way must be fair, average or misery, and “foul” is not." in way.text
    assert "For example: !movienight" in way.text
    genre = await send(chat, "recommend", {"name": "genre", "type": TEXT, "value": "foul"})
    assert "The genre must be one that films have" in genre.text
    count = await send(chat, "recommend", {"name": "count", "type": INTEGER, "value": 0})
    assert "The count must be a whole number from 1 to 50, and “0” is not." in count.text


@pytest.mark.slow
async def test_no_value_in_any_box_of_any_command_ends_in_an_apology(
    bot: ReeltwinBot, chat: Driver
) -> None:
    bot.responder._cooldowns._cooldown.rate = 10_000  # type: ignore[union-attr]
    for command, given in forms(chat):
        answer = await send(chat, command, *given)
        assert APOLOGY not in answer.text, (command, given)
