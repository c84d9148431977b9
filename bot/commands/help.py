"""What the bot says about itself: the commands by category, one in detail, and a first hello."""

from collections.abc import Sequence

from bot.app.context import AppContext
from bot.commands.actions import action
from bot.commands.command import Command, CommandCategory
from bot.commands.registry import commands, find_command
from bot.errors import UserError
from bot.replies import Column, ColumnKind, Reply, Table
from bot.text import shortened

_COLUMNS = (Column("", ColumnKind.LEAD), Column("", ColumnKind.DETAIL))
_WITH_EXAMPLES = (*_COLUMNS, Column("", ColumnKind.DETAIL))


def overview(context: AppContext) -> Reply:
    """Return all commands on one screen, and behind a button each category with its examples."""
    rows = tuple(
        (
            category.value,
            ", ".join(context.typed(command.name) for command in _commands_of(category)),
        )
        for category in CommandCategory
    )
    return Reply(
        title="Reeltwin learns your taste in films",
        text="Rate films from half a star to five, several at once on lines of their own. Titles "
        "need no quotes and may have typos.",
        tables=(Table(_COLUMNS, rows),),
        buttons=tuple(
            action("help", category.value, in_place=True, topic=category.value)
            for category in CommandCategory
        ),
        hint=f"Start with {context.typed('quiz')} or {context.typed('rate Alien 5')}, then "
        f"{context.typed('recommend')}. About one command: {context.typed('help recommend')}",
    )


def topic_help(context: AppContext, topic: str) -> Reply:
    """Return a command in detail, or those of a category.

    Raises
    ------
    UserError
        The topic is neither of them.
    """
    wanted = topic.casefold().removeprefix(context.prefix)
    category = next((one for one in CommandCategory if one.value.casefold() == wanted), None)
    back = (action("help", "All commands", in_place=True),)
    if command := find_command(wanted):
        title = context.typed(command.usage)
        return Reply(title=title, tables=(_details(context, command),), buttons=back)
    if category is not None:
        rows = tuple(
            (context.typed(c.usage), c.summary, f"For example {_examples(context, c)}")
            for c in _commands_of(category)
        )
        return Reply(title=category.value, tables=(Table(_WITH_EXAMPLES, rows),), buttons=back)
    raise UserError(
        f"I have no help on “{shortened(topic)}”. For example: {context.typed('help rate')}. "
        f"All commands: {context.typed('help')}"
    )


def welcome(context: AppContext) -> Reply:
    """Return the first words in a new group: three steps."""
    steps = (
        (context.typed("quiz"), "ten films to rate by a tap: I learn what you like"),
        (context.typed("recommend"), "what to watch next, and why"),
        (context.typed("compare @friend"), "how far the two of you agree"),
    )
    return Reply(
        title="Hello, I am Reeltwin",
        text="Rate a few films, and I find what you will love next. Three steps:",
        tables=(
            Table(
                (
                    Column("", ColumnKind.RANK),
                    Column("Say", ColumnKind.LEAD),
                    Column("What comes", ColumnKind.DETAIL),
                ),
                tuple((str(n), *step) for n, step in enumerate(steps, start=1)),
            ),
        ),
        hint=f"Everything I can do: {context.typed('help')}",
    )


def _commands_of(category: CommandCategory) -> Sequence[Command]:
    return [command for command in commands() if command.category is category]


def _details(context: AppContext, command: Command) -> Table:
    rows = [
        ("What it does", command.summary),
        ("For example", _examples(context, command)),
        *((p.usage or f"[{p.name}]", p.description) for p in command.parameters if not p.hidden),
    ]
    if command.aliases:
        rows.append(("Also", ", ".join(context.typed(name) for name in command.aliases)))
    return Table(_COLUMNS, tuple(rows))


def _examples(context: AppContext, command: Command) -> str:
    return " · ".join(context.typed(example) for example in command.examples)
