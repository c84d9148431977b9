"""One way of a message: from the event to the service in few steps, the text parsed once."""

import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import pytest

from bot.commands import dispatch, parameters, rating_lines
from bot.commands.registry import find_command, load
from bot.discord.client import ReeltwinBot
from tests.bot.discord.discord_helpers import ALIEN, ask, by_slash, choose, fill_in, press
from tests.discord_server import Driver

PARSERS = (
    dispatch.dispatch,
    dispatch.read_values,
    parameters.parse_values,
    rating_lines.parse_ratings,
)


def code_of(function: Callable[..., Any]) -> CodeType:
    return inspect.unwrap(function).__code__


@contextmanager
def calls_of(*functions: Callable[..., Any]) -> Iterator[list[FrameType]]:
    """The frames in which functions are entered for the first time, whoever holds on to them."""
    codes, found = {code_of(function) for function in functions}, []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        # What is resumed after it waited is entered again, in the same frame.
        if event == "call" and frame.f_code in codes and frame not in found:
            found.append(frame)

    sys.setprofile(watch)
    try:
        yield found
    finally:
        sys.setprofile(None)


@contextmanager
def ways_to(service: Callable[..., Any]) -> Iterator[list[list[str]]]:
    """For each run of a service the functions of the bot that led to it, from the outermost."""
    code, ways = code_of(service), []

    def watch(frame: FrameType | None, event: str, _: Any) -> None:
        if event != "call" or frame is None or frame.f_code is not code:
            return
        way: list[str] = []
        while frame is not None:
            module = frame.f_globals.get("__name__", "")
            if module.startswith("bot."):
                way.insert(0, f"{module}.{frame.f_code.co_name}")
            frame = frame.f_back
        ways.append(way)

    sys.setprofile(watch)
    try:
        yield ways
    finally:
        sys.setprofile(None)


async def test_a_typed_message_passes_five_functions_from_the_event_to_the_service(
    bot: ReeltwinBot, chat: Driver
) -> None:
    rate = load().by_name["rate"].run
    with ways_to(rate) as ways:
        assert "Rated" in (await ask(chat, "!rate Alien 5")).text
    way = ways[0]
    assert len(way) <= 5, way
    assert way[0] == "bot.discord.client.on_message"
    assert "bot.discord.responder.respond" in way
    assert way[-1] == f"{rate.__module__}.{rate.__name__}"


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("rate", {"film": "Alien (1979)", "stars": 5}),
        ("recommend", {"count": 3, "genre": "Comedy", "gems": True, "page": 1}),
        ("ratings", {"sort": "stars"}),
        ("predict", {"film": "Alien (1979)"}),
    ],
)
async def test_a_slash_command_comes_with_typed_values_and_passes_four(
    bot: ReeltwinBot, chat: Driver, command: str, options: dict[str, Any]
) -> None:
    with ways_to(load().by_name[command].run) as ways:
        await by_slash(chat, command, **options)
    assert len(ways[0]) <= 4, ways[0]
    with calls_of(*PARSERS) as parsed:
        await by_slash(chat, command, **options)
    assert parsed == []


async def test_the_text_of_a_message_is_parsed_once(bot: ReeltwinBot, chat: Driver) -> None:
    with calls_of(*PARSERS) as parsed:
        await ask(chat, "!rate Alien 5")
    times = Counter(frame.f_code.co_name for frame in parsed)
    assert times == {"read_values": 1, "parse_values": 1, "parse_ratings": 1}


async def test_buttons_menus_and_forms_come_the_same_way(bot: ReeltwinBot, chat: Driver) -> None:
    card = await ask(chat, "!predict Alien (1979)")
    with ways_to(load().by_name["rate"].run) as ways:
        rated = await choose(chat, card, f"rate {ALIEN} 4.5")
    with ways_to(load().by_name["undo"].run) as more:
        await press(chat, rated, "Undo")
    for way in (ways[0], more[0]):
        assert way[0] == "bot.discord.component_handlers.callback"
        assert way[1] == "bot.discord.responder.respond"
        assert len(way) <= 4, way
    with ways_to(load().by_name["rate"].run) as ways:
        await fill_in(chat, "Alien 5\nAliens (1986) 4")
    assert ways[0][0] == "bot.discord.bulk_rating_modal.on_submit"
    assert len(ways[0]) <= 4, ways[0]


async def test_a_command_is_found_once(bot: ReeltwinBot, chat: Driver) -> None:
    """Of a typed message discord.py finds it, of a control the bot; links in answers come after."""
    skip, rate = load().by_name["skip"].run, load().by_name["rate"].run
    card = await ask(chat, "!predict Alien (1979)")
    with calls_of(find_command, skip) as entered:
        await press(chat, card, "Not interested")
    names = [frame.f_code.co_name for frame in entered]
    assert names[: names.index("skip") + 1] == ["find_command", "skip"]
    with calls_of(find_command, rate) as entered:
        await ask(chat, "!rate Alien 5")
    assert entered[0].f_code.co_name == "rate"
