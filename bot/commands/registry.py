"""The commands there are: all that the modules of ``bot.services`` declare.

They are looked for when the first is needed, so nothing here knows a service by name, and a new
command is a new file in that package.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from bot.commands.command import Command, CommandCategory, declared_in

SERVICES = "bot.services"


@dataclass(frozen=True)
class Registry:
    """All commands in the order of the help, and each by its name and its aliases."""

    commands: tuple[Command, ...]
    by_name: Mapping[str, Command]


def commands() -> tuple[Command, ...]:
    """Return all commands in the order of the help."""
    return load().commands


def find_command(name: str) -> Command | None:
    """Return the command of that name or alias, in small letters or capitals."""
    return load().by_name.get(name.casefold())


@cache
def load() -> Registry:
    """Return the commands of the services, which are looked through once."""
    return discover(import_module(SERVICES))


def discover(package: ModuleType) -> Registry:
    """Return the commands that are declared in the modules of a package, at any depth.

    Raises
    ------
    ValueError
        Two commands share a name.
    """
    modules = walk_packages(package.__path__, f"{package.__name__}.")
    found = [one for module in modules for one in declared_in(import_module(module.name))]
    chapters = list(CommandCategory)
    found.sort(key=lambda one: (chapters.index(one.category), one.order, one.name))
    return Registry(tuple(found), _by_name(found))


def _by_name(commands: Iterable[Command]) -> dict[str, Command]:
    by_name: dict[str, Command] = {}
    for command in commands:
        for name in (command.name, *command.aliases):
            if name in by_name:
                both = f"{by_name[name].name!r} and {command.name!r}"
                raise ValueError(f"the commands {both} are both called {name!r}")
            by_name[name] = command
    return by_name
