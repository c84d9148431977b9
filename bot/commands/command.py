"""What a command is, once for all faces: its name, parameters, words of help and service."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from bot.commands.parameters import Page, Parameter
from bot.replies import Reply


class CommandCategory(Enum):
    """What a command is about: a chapter of the help."""

    START = "Getting started"
    RATE = "Your ratings"
    FIND = "Find films"
    TASTE = "Your taste"
    GROUP = "You and others"
    DATA = "Your data"
    MODEL = "Behind the scenes"


@dataclass(frozen=True)
class Command:
    """A command as people type it: ``<prefix><name> <text>``.

    ``run`` is called with the services, the caller and the values of ``parameters`` by their names,
    but for the page, which is turned for it (:mod:`bot.commands.paging`). ``aliases`` are other
    names of it. The answer to a ``private`` one is for whoever asked alone; one about the ``group``
    shows none who has left it.
    """

    name: str
    theme: CommandCategory
    summary: str
    examples: tuple[str, ...]
    run: Callable[..., Awaitable[Reply]]
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    private: bool = False
    group: bool = False

    @property
    def usage(self) -> str:
        shown = [parameter.usage for parameter in self.parameters if not parameter.hidden]
        return " ".join([self.name, *filter(None, shown)])

    @property
    def paged(self) -> bool:
        return any(isinstance(parameter, Page) for parameter in self.parameters)
