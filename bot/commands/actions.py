"""Ways to go on, built from the names of commands and parameters rather than from text.

>>> action("vote", "Vote", in_place=True, vote_id=7, movie_id=1214).message  # doctest: +SKIP
'vote 7 id:1214'
"""

from typing import Any

from bot.commands.command import Command
from bot.commands.parameters import Parameter
from bot.commands.registry import find_command
from bot.replies import Action


def action(
    command: str,
    label: str,
    /,
    *,
    detail: str = "",
    in_place: bool = False,
    main: bool = False,
    key: str = "",
    **values: Any,
) -> Action:
    """Return a way to go on: ``command`` with values for some of its parameters.

    Parameters
    ----------
    command
        The name of a command.
    label, detail, in_place, main, key
        As in :class:`bot.replies.Action`.
    **values
        The values by the names of the command's parameters, as its service takes them.

    Raises
    ------
    LookupError
        There is no such command, or it has no such parameter.
    """
    return Action(label, message(command, **values), detail, in_place, main, key)


def message(command: str, /, **values: Any) -> str:
    """Return what a user could type, without the prefix, to run a command with these values.

    They stand in the order in which they are given; None, False and what is empty is left out.
    Raises as `action` does.
    """
    found = the_command(command)
    said = [
        _parameter(found, name).format(value)
        for name, value in values.items()
        if value is not None and value is not False and value not in ("", ())
    ]
    return " ".join([found.name, *filter(None, said)])


def parameter_of(command: str, kind: type[Parameter]) -> Parameter:
    """Return the first parameter of that kind that a command has; raises LookupError for none."""
    for parameter in the_command(command).parameters:
        if isinstance(parameter, kind):
            return parameter
    raise LookupError(f"the command {command!r} takes no {kind.__name__}")


def the_command(name: str) -> Command:
    """Return a command that must be there; raises LookupError where it is not."""
    found = find_command(name)
    if found is None:
        raise LookupError(f"there is no command {name!r}")
    return found


def _parameter(command: Command, name: str) -> Parameter:
    for parameter in command.parameters:
        if parameter.name == name:
            return parameter
    raise LookupError(f"the command {command.name!r} has no parameter {name!r}")
