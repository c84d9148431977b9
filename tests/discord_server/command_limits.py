"""Discord's limits on application commands and on what autocompletion may answer.

Figures from the API reference: Application Command Structure, Naming, Option Choice Structure.
"""

import re
from collections import Counter
from collections.abc import Iterator

from tests.discord_server.form import count, length
from tests.discord_server.refusals import Fault, bad_form
from tests.discord_server.world import Json

CHAT_INPUT = 1
COMMANDS = 100
OPTIONS = 25
CHOICES = 25
NAME = re.compile(r"[-_'\w]{1,32}")


def check_commands(commands: list[Json]) -> None:
    """Refuse a set of commands that Discord would not register."""
    if faults := [*_command_faults(commands)]:
        raise bad_form(faults)


def check_choices(choices: list[Json]) -> None:
    """Refuse an answer to autocompletion that Discord would not show."""
    faults = [*count("data.choices", choices, CHOICES)]
    faults += [*_choice_faults("data.choices", choices)]
    if faults:
        raise bad_form(faults)


def _command_faults(commands: list[Json]) -> Iterator[Fault]:
    yield from count("commands", commands, COMMANDS)
    names = Counter((command["name"], command.get("type", CHAT_INPUT)) for command in commands)
    for number, command in enumerate(commands):
        if names[command["name"], command.get("type", CHAT_INPUT)] > 1:
            words = "Application command names must be unique"
            yield Fault(f"{number}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            yield from _described_faults(str(number), command)
        else:
            yield from length(f"{number}.name", command["name"], 32, least=1)


def _described_faults(path: str, item: Json) -> Iterator[Fault]:
    """A command, a subcommand or an option: name, description, options and choices."""
    name = item["name"]
    if not NAME.fullmatch(name) or name != name.lower():
        words = "String value did not match validation regex."
        yield Fault(f"{path}.name", "STRING_TYPE_REGEX", words)
    yield from length(f"{path}.description", item.get("description") or "", 100, least=1)
    options = item.get("options") or []
    yield from count(f"{path}.options", options, OPTIONS)
    for number, option in enumerate(options):
        yield from _described_faults(f"{path}.options.{number}", option)
        if option.get("required") and any(
            not before.get("required") for before in options[:number]
        ):
            words = "Required options must be placed before non-required options"
            yield Fault(f"{path}.options.{number}", "APPLICATION_COMMAND_OPTIONS_ORDER", words)
    choices = item.get("choices") or []
    yield from count(f"{path}.choices", choices, CHOICES)
    yield from _choice_faults(f"{path}.choices", choices)


def _choice_faults(path: str, choices: list[Json]) -> Iterator[Fault]:
    for number, choice in enumerate(choices):
        yield from length(f"{path}.{number}.name", choice.get("name") or "", 100, least=1)
        if isinstance(choice.get("value"), str):
            yield from length(f"{path}.{number}.value", choice["value"], 100, least=1)
