"""What a command is, once for all frontends, and how a service is declared to be one."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum
from types import ModuleType
from typing import Any, TypeVar

from bot.commands.parameters import Page, Parameter
from bot.replies import Reply

Service = Callable[..., Awaitable[Reply]]
S = TypeVar("S", bound=Service)

_DECLARED = "declared_command"  # the attribute of a service that holds its command


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
    """A command as users type it: ``<prefix><name> <text>``.

    ``run`` is called with the context, the request and the values of ``parameters`` by their names,
    but for the page, which is turned for it (:mod:`bot.commands.paging`). ``aliases`` are other
    names of it. The answer to a ``private`` one is for the asker alone; one about the ``group``
    shows none who has left it. ``order`` is its place in its chapter of the help.
    """

    name: str
    category: CommandCategory
    summary: str
    examples: tuple[str, ...]
    run: Service
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    private: bool = False
    group: bool = False
    order: int = 1000

    @property
    def usage(self) -> str:
        shown = [parameter.usage for parameter in self.parameters if not parameter.hidden]
        return " ".join([self.name, *filter(None, shown)])

    @property
    def paged(self) -> bool:
        return any(isinstance(parameter, Page) for parameter in self.parameters)


def command(
    category: CommandCategory,
    summary: str,
    *,
    examples: tuple[str, ...],
    name: str = "",
    aliases: tuple[str, ...] = (),
    page: Page | None = None,
    private: bool = False,
    group: bool = False,
    order: int = 1000,
) -> Callable[[S], S]:
    """Declare a service to be a command; it stays a function that can be called.

    Its parameters are read off its signature: each argument behind the context and the request is
    annotated as ``Annotated[<type>, <Parameter>]``, and is required where it has no default.

    Parameters
    ----------
    category, summary, examples, aliases, private, group, order
        As in `Command`. Commands of one category stand in the help by ``order``, then by name.
    name
        The function's name unless given.
    page
        How a page is asked for where the first table of the reply may be long. The service gives
        all rows and never sees it.
    """

    def declare(service: S) -> S:
        declared = Command(
            name or getattr(service, "__name__", ""),
            category,
            summary,
            examples,
            service,
            _with_page(parameters_of(service), page),
            aliases,
            private,
            group,
            order,
        )
        setattr(service, _DECLARED, declared)
        return service

    return declare


def declared_in(module: ModuleType) -> list[Command]:
    """Return the commands that a module declares itself, not those it imports."""
    found = [
        getattr(value, _DECLARED)
        for value in vars(module).values()
        if getattr(value, "__module__", None) == module.__name__
        and isinstance(getattr(value, _DECLARED, None), Command)
    ]
    return list(dict.fromkeys(found))


def parameters_of(service: Service) -> tuple[Parameter, ...]:
    """Return the parameters that a service's signature declares, named as its arguments.

    Raises
    ------
    TypeError
        An argument behind the context and the request is not annotated with a parameter.
    """
    arguments = list(inspect.signature(service).parameters.values())[2:]
    return tuple(_parameter(service, argument) for argument in arguments)


def _parameter(service: Service, argument: inspect.Parameter) -> Parameter:
    metadata: tuple[Any, ...] = getattr(argument.annotation, "__metadata__", ())
    for declared in metadata:
        if isinstance(declared, Parameter):
            required = argument.default is inspect.Parameter.empty
            return replace(declared, name=argument.name, required=required)
    raise TypeError(
        f"{service.__module__}: how {argument.name!r} is typed must be said in its annotation, "
        f"for example {argument.name}: Annotated[str, MovieTitle(description='A film')]"
    )


def _with_page(parameters: tuple[Parameter, ...], page: Page | None) -> tuple[Parameter, ...]:
    """Return the parameters with the page before those that take what is left of the text."""
    if page is None:
        return parameters
    at = sum(not parameter.takes_rest for parameter in parameters)
    return (*parameters[:at], page, *parameters[at:])
