"""What the bot says about itself: the commands by theme, one in detail, and a first hello."""

from collections.abc import Sequence

from bot.app.context import Services
from bot.commands.command import Command, Theme
from bot.commands.rating_lines import shortened
from bot.errors import UserError
from bot.replies import Column, Option, Reply, Role, Table

_COLUMNS = (Column("", Role.LEAD), Column("", Role.DETAIL))
_WITH_EXAMPLES = (*_COLUMNS, Column("", Role.DETAIL))


def overview(services: Services, commands: Sequence[Command]) -> Reply:
    """All commands by theme on one screen, and behind a button each theme with its examples."""
    rows = tuple(
        (theme.value, ", ".join(services.typed(command.name) for command in some))
        for theme, some in _by_theme(commands)
    )
    return Reply(
        title="Reeltwin learns your taste in films",
        text="Rate films from half a star to five, several at once on lines of their own. Titles "
        "need no quotes and may have typos.",
        tables=(Table(_COLUMNS, rows),),
        buttons=tuple(Option(theme.value, f"help {theme.value}", in_place=True) for theme in Theme),
        hint=f"Start with {services.typed('quiz')} or {services.typed('rate Alien 5')}, then "
        f"{services.typed('recommend')}. About one command: {services.typed('help recommend')}",
    )


def about(services: Services, commands: Sequence[Command], topic: str) -> Reply:
    """A command in detail, or those of a theme; raises UserError for any other topic."""
    wanted = topic.casefold().removeprefix(services.prefix)
    command = next((c for c in commands if wanted in (c.name, *c.also)), None)
    theme = next((theme for theme in Theme if theme.value.casefold() == wanted), None)
    back = (Option("All commands", "help", in_place=True),)
    if command is not None:
        title = services.typed(command.usage)
        return Reply(title=title, tables=(_details(services, command),), buttons=back)
    if theme is not None:
        of_theme = [command for command in commands if command.theme is theme]
        rows = tuple(
            (services.typed(c.usage), c.summary, f"For example {_examples(services, c)}")
            for c in of_theme
        )
        return Reply(title=theme.value, tables=(Table(_WITH_EXAMPLES, rows),), buttons=back)
    raise UserError(
        f"I have no help on “{shortened(topic)}”. For example: {services.typed('help rate')}. "
        f"All commands: {services.typed('help')}"
    )


def welcome(services: Services) -> Reply:
    """The first words in a new group: three steps."""
    steps = (
        (services.typed("quiz"), "ten films to rate by a tap: I learn what you like"),
        (services.typed("recommend"), "what to watch next, and why"),
        (services.typed("compare @friend"), "how far the two of you agree"),
    )
    return Reply(
        title="Hello, I am Reeltwin",
        text="Rate a few films, and I find what you will love next. Three steps:",
        tables=(
            Table(
                (
                    Column("", Role.RANK),
                    Column("Say", Role.LEAD),
                    Column("What comes", Role.DETAIL),
                ),
                tuple((str(n), *step) for n, step in enumerate(steps, start=1)),
            ),
        ),
        hint=f"Everything I can do: {services.typed('help')}",
    )


def _by_theme(commands: Sequence[Command]) -> list[tuple[Theme, list[Command]]]:
    return [(theme, [c for c in commands if c.theme is theme]) for theme in Theme]


def _details(services: Services, command: Command) -> Table:
    rows = [
        ("What it does", command.summary),
        ("For example", _examples(services, command)),
        *((p.usage or f"[{p.name}]", p.about) for p in command.parameters if not p.hidden),
    ]
    if command.also:
        rows.append(("Also", ", ".join(services.typed(name) for name in command.also)))
    return Table(_COLUMNS, tuple(rows))


def _examples(services: Services, command: Command) -> str:
    return " · ".join(services.typed(example) for example in command.examples)
