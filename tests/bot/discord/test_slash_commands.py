"""The slash commands are whole, as a person reads them in Discord's own menus."""

import re

from bot.commands.parameters import MovieTitle
from bot.commands.registry import commands
from bot.discord.client import ReeltwinBot
from tests.discord_server import Driver
from tests.discord_server.world import Json


def registered(chat: Driver) -> dict[str, Json]:
    return {command["name"]: command for command in chat.server.rest.commands}


async def test_every_command_exists_in_both_ways_with_the_same_words(
    bot: ReeltwinBot, chat: Driver
) -> None:
    slash = registered(chat)
    form = slash.pop("ratemany")
    assert {name: command["description"] for name, command in slash.items()} == {
        command.name: command.summary for command in commands()
    }
    assert re.fullmatch(r"[A-Z].{10,98}", form["description"])
    typed = {command.name: command for command in bot.commands}
    assert typed.keys() - {"sync"} == slash.keys()
    assert all(typed[command.name].aliases == command.aliases for command in commands())
    assert all(typed[command.name].help == command.summary for command in commands())


async def test_every_option_of_a_slash_command_is_described_and_whole(
    bot: ReeltwinBot, chat: Driver
) -> None:
    films = {
        (c.name, p.name) for c in commands() for p in c.parameters if isinstance(p, MovieTitle)
    }
    films.add(("rate", "film"))
    for name, command in registered(chat).items():
        for option in command.get("options", []):
            described = option["description"]
            assert len(described) > 5, (name, option)
            assert not described.endswith("…"), (name, option)
            assert all(choice["name"].strip() for choice in option.get("choices", []))
            film = (name, option["name"]) in films
            assert bool(option.get("autocomplete")) == film, (name, option)


async def test_what_buttons_say_is_no_option_for_people(bot: ReeltwinBot, chat: Driver) -> None:
    hidden = {(c.name, p.name) for c in commands() for p in c.parameters if p.hidden}
    offered = {
        (command["name"], option["name"])
        for command in chat.server.rest.commands
        for option in command.get("options", [])
    }
    assert hidden
    assert not hidden & offered
