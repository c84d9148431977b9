"""Every command is whole in itself: its names, its words of help, its examples, its parameters."""

import inspect
import re

import pytest

from bot.commands.command import Command, CommandCategory
from bot.commands.parameters import Page, parse_values
from bot.commands.registry import commands, find_command

EACH = pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)


@EACH
def test_a_command_has_help_and_examples_of_itself(command: Command) -> None:
    assert command.usage.split()[0] == command.name
    assert re.fullmatch(r"[A-Z].{10,98}\.", command.summary)
    assert command.examples
    assert all(example.split()[0] == command.name for example in command.examples)
    assert all(parameter.description for parameter in command.parameters)


@EACH
def test_each_example_is_read_as_values_of_the_command(command: Command) -> None:
    for example in command.examples:
        _, _, text = example.partition(" ")
        values = parse_values(command.parameters, text, command.usage, example)
        assert bool(text) == any(values.values()), example


@EACH
def test_each_parameter_but_the_page_is_an_argument_of_the_service(command: Command) -> None:
    arguments = [*inspect.signature(command.run).parameters.values()]
    assert [argument.name for argument in arguments[:2]] == ["context", "request"]
    given = {p.name for p in command.parameters if not isinstance(p, Page)}
    assert given == {argument.name for argument in arguments[2:]}
    needed = {a.name for a in arguments[2:] if a.default is inspect.Parameter.empty}
    assert needed == {p.name for p in command.parameters if p.required}


@EACH
def test_no_two_parameters_of_a_command_share_a_name(command: Command) -> None:
    names = [parameter.name for parameter in command.parameters]
    assert len(names) == len(set(names))


@EACH
def test_a_command_is_found_by_each_of_its_names(command: Command) -> None:
    for name in (command.name, *command.aliases):
        assert re.fullmatch("[a-z]+", name)
        assert find_command(name) is find_command(name.upper()) is command


def test_no_two_commands_share_a_name() -> None:
    names = [name for command in commands() for name in (command.name, *command.aliases)]
    assert len(names) == len(set(names)) > 30


def test_commands_stand_in_the_order_of_the_helps_chapters() -> None:
    chapters = [command.category for command in commands()]
    assert chapters == sorted(chapters, key=list(CommandCategory).index)
    assert set(chapters) == set(CommandCategory)
