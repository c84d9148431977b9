"""The slash commands, made from the same table as the typed ones, with options to fill in."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.app.context import AppContext
from bot.app.turns import Asker, working_for
from bot.commands.command import Command
from bot.commands.dispatch import invoke
from bot.commands.filter_parameters import GENRE_NAMES, Genres
from bot.commands.parameters import (
    Attachment,
    Flag,
    Keyword,
    MovieTitle,
    Number,
    Parameter,
    People,
    Person,
    Ratings,
    parse_values,
    with_example,
)
from bot.commands.rating_lines import (
    LONGEST_LINE,
    Interpretation,
    RatingLine,
    are_stars,
    no_stars,
)
from bot.discord import limits
from bot.discord.callers import request_context
from bot.discord.errors import report_to_interaction
from bot.discord.interaction_targets import InteractionTarget
from bot.discord.responder import Responder
from bot.discord.uploads import upload_of
from bot.errors import UserError
from bot.services.common.formatting import STAR_CHOICES, stars_text
from bot.services.common.movie_lookup import complete_title
from bot.text import shortened
from bot.uploads import Upload

Interaction = discord.Interaction[Any]

_FILM = "A film's title; the year tells films of one name apart: Alien (1979)"
_STARS = [
    app_commands.Choice(name=f"{stars_text(stars)} {stars:g}", value=stars)
    for stars in STAR_CHOICES
]


@dataclass(frozen=True)
class _Option:
    """A box of a slash command's form; ``fill`` makes of it what the command's parameter takes."""

    name: str
    description: str
    kind: Any
    required: bool = False
    choices: tuple[app_commands.Choice[Any], ...] = ()
    completes: bool = False
    fill: Callable[[Any], Any] = lambda value: value


class CommandTree(app_commands.CommandTree[Any]):
    """The slash commands; what fails before one is begun is reported like all else."""

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        name = interaction.command.name if interaction.command else "?"
        await report_to_interaction(error, f"/{name}", interaction)


def slash_command(command: Command, responder: Responder) -> app_commands.Command[Any, Any, Any]:
    """Return the command as Discord shows it: acknowledged at once, answered when it can be.

    Parameters
    ----------
    command
        The command.
    responder
        Answers.
    """
    context = responder.context
    options = [option for parameter in command.parameters for option in _options(parameter)]
    options.sort(key=lambda option: not option.required)  # as Discord demands

    async def run(interaction: Interaction, **given: Any) -> None:
        target = InteractionTarget(interaction, f"/{command.name}", private=command.private)
        example = context.typed(command.examples[-1])
        values = partial(_values, command, options, given, example)
        await responder.respond(target, partial(invoke, context, target.request, command, values))

    async def propose(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        request = request_context(interaction.user, interaction.guild_id, interaction.channel_id)
        return await propose_films(context, request.asker, typed)

    # discord.py reads a command's options off its function's signature.
    run.__name__ = command.name
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction
            ),
            *(_formal(option) for option in options),
        ]
    )
    described = app_commands.describe(
        **{o.name: shortened(o.description, limits.OPTION_TEXT) for o in options}
    )
    offered = app_commands.choices(**{o.name: list(o.choices) for o in options if o.choices})
    completed = app_commands.autocomplete(**{o.name: propose for o in options if o.completes})
    callback: Any = completed(offered(described(run)))
    description = shortened(command.summary, limits.OPTION_TEXT)
    return app_commands.Command(name=command.name, description=description, callback=callback)


async def propose_films(
    context: AppContext, asker: Asker, typed: str
) -> list[app_commands.Choice[str]]:
    """Return titles that the text of an option may become; other text can be sent as well.

    Parameters
    ----------
    context
        Knows the films.
    asker
        Who types: only some lookups of one user are under way at a time.
    typed
        What stands in the option so far.
    """
    try:
        with context.limits.completion(asker), working_for(asker):
            films = await complete_title(context, typed)
    except UserError:
        return []  # by the next letter there will be room
    return [
        app_commands.Choice(
            name=shortened(film.title, limits.OPTION_TEXT),
            # A title that is too long goes by its number.
            value=film.title if len(film.title) <= limits.OPTION_TEXT else f"id:{film.movie_id}",
        )
        for film in films[: limits.OPTIONS]
    ]


def _options(parameter: Parameter) -> Iterator[_Option]:
    if parameter.hidden:
        return
    name, description, required = parameter.name, parameter.description, parameter.required
    match parameter:
        case Ratings():
            yield _Option("film", _FILM, str, required, completes=True)
            yield _Option("stars", "Half a star to five", float, required, tuple(_STARS))
        case MovieTitle():
            yield _Option(
                name, description, str, required, completes=True, fill=partial(_title, name)
            )
        case Person():
            yield _Option(name, description, discord.User, required, fill=partial(_mention, name))
        case People():  # in a box of their own all names mean people
            yield _Option(name, description, str, required, fill=_people)
        case Attachment():
            yield _Option(
                name, description, discord.Attachment, required, fill=partial(_upload, name)
            )
        case Number():
            within = app_commands.Range[int, parameter.minimum, parameter.maximum]
            yield _Option(name, description, within, fill=parameter.checked)
        case Genres():
            genres = _choices(GENRE_NAMES)
            yield _Option(name, description, str, choices=genres, fill=parameter.checked)
        case Keyword():
            yield _Option(
                name, description, str, choices=_choices(parameter.options), fill=parameter.checked
            )
        case Flag():
            yield _Option(name, description, bool, fill=parameter.checked)
        case _:
            yield _Option(
                name, description, str, required, fill=lambda text: _read(parameter, text)
            )


def _values(
    command: Command, options: list[_Option], given: dict[str, Any], example: str
) -> dict[str, Any]:
    """Return the values of a filled-in form by the names of the command's parameters.

    Discord's own form lets nothing else through, but others may send what they like.
    """
    try:
        return _filled(command, options, given)
    except UserError as error:
        raise with_example(error, example) from None


def _filled(command: Command, options: list[_Option], given: dict[str, Any]) -> dict[str, Any]:
    if any(isinstance(parameter, Ratings) for parameter in command.parameters):
        # Title and stars come apart already: no other reading of the line is possible.
        film, stars = _title("film", given["film"]), given["stars"]
        if not isinstance(stars, int | float) or not are_stars(float(stars)):
            raise UserError(no_stars(stars))
        line = RatingLine(f"{film} {stars:g}", (Interpretation(film, stars),))
        return {"ratings": [line]}
    filled = {o.name: o.fill(given[o.name]) for o in options if given.get(o.name) is not None}
    return {name: value for name, value in filled.items() if value is not None}


def _title(name: str, typed: object) -> str:
    if len(str(typed)) > LONGEST_LINE:
        raise UserError(
            f"The {name} has {len(str(typed)):,} characters, and {LONGEST_LINE} is the most."
        )
    return str(typed)


def _mention(name: str, user: object) -> str:
    if not isinstance(user, discord.User | discord.Member | discord.Object):
        raise UserError(f"The {name} must be somebody, and “{shortened(str(user))}” is not.")
    return f"<@{user.id}>"


def _upload(name: str, file: object) -> Upload:
    if not isinstance(file, discord.Attachment):
        raise UserError(f"The {name} must be a file, and none came.")
    return upload_of(file)


def _people(text: object) -> tuple[str, ...] | None:
    return People(name="", description="").parse(str(text))[0]


def _read(parameter: Parameter, text: str) -> Any:
    values = parse_values((parameter,), str(text), parameter.name, parameter.description)
    return values.get(parameter.name)


def _formal(option: _Option) -> inspect.Parameter:
    default = inspect.Parameter.empty if option.required else None
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option.kind
    )


def _choices(values: tuple[str, ...]) -> tuple[app_commands.Choice[str], ...]:
    return tuple(app_commands.Choice(name=value, value=value) for value in values)
