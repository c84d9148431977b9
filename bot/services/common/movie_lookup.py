"""From what a user calls a film to the film: at once where it is certain, else by a choice."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from bot.app.context import AppContext
from bot.commands.actions import action, message, parameter_of
from bot.commands.parameters import MovieTitle
from bot.errors import AmbiguousError, UserError
from bot.replies import Action, Choice
from bot.text import shortened
from engine.data.catalogue import Movie
from engine.titles.search import Resolution

ADVICE = (
    "Try fewer words of the title, or the English title with its year, for example: Amelie (2001)"
)
_MOST_OPTIONS = 6
_COMPLETIONS = 25
_ID = re.compile(r"id:(\d{1,9})")


def resolve(context: AppContext, text: str) -> Resolution | Movie:
    """Return the film of ``id:<movie id>``, as actions say it, or what a title may mean."""
    model = context.model
    if (by_id := _ID.fullmatch(text.strip())) and int(by_id[1]) in model.catalogue:
        return model.catalogue.by_id(int(by_id[1]))
    return model.titles.resolve(text)


def movies(context: AppContext, resolution: Resolution) -> list[Movie]:
    """Return the films a resolution names, best first."""
    return [context.model.catalogue.by_row(match.row) for match in resolution.matches]


async def find_movie(
    context: AppContext, text: str, command: str, among: Collection[int] = (), **values: Any
) -> Movie:
    """Return the film that ``text`` names.

    Parameters
    ----------
    context
        Its model knows the titles.
    text
        A title, or "id:1214".
    command
        The command that asks, whose way to say a film is shown in examples and choices.
    among
        Ids of films: where several are meant, the only one of them is taken.
    **values
        Values of other parameters of the command, said before the film.

    Raises
    ------
    AmbiguousError
        Several films are meant; its options run the command on each.
    UserError
        None is meant.
    """
    title = parameter_of(command, MovieTitle).name
    if not text.strip():
        example = message(command, **values, **{title: "Toy Story (1995)"})
        raise UserError(f"Which film? Name one, for example: {context.typed(example)}")
    found = await context.in_engine_thread(resolve, context, text)
    if isinstance(found, Movie):
        return found
    candidates = movies(context, found)
    if not candidates:
        raise UserError(f"{unknown_movie(text)} {ADVICE}")
    if found.certain:
        return candidates[0]
    meant = [movie for movie in candidates if movie.movie_id in among]
    if len(meant) == 1:
        return meant[0]
    options = movie_options(candidates, command, lambda movie: values | {title: movie.movie_id})
    raise AmbiguousError(Choice(f"“{shortened(text)}” is …", options, in_place=True))


async def complete_title(context: AppContext, typed: str) -> list[Movie]:
    """Return films whose titles a half-typed one may become, best first; at most 25."""
    if not typed.strip():
        rows = context.model.well_known[:_COMPLETIONS].tolist()
    else:
        matches = await context.in_engine_thread(context.model.titles.search, typed, _COMPLETIONS)
        rows = [match.row for match in matches]
    return [context.model.catalogue.by_row(row) for row in rows]


def unknown_movie(text: str) -> str:
    return f"I know no film called “{shortened(text)}”."


def movie_options(
    candidates: Sequence[Movie], command: str, values: Callable[[Movie], dict[str, Any]]
) -> tuple[Action, ...]:
    """Return one option for each of the first films: the command with the values for that film."""
    return tuple(
        action(command, movie.title, detail=", ".join(movie.genres), **values(movie))
        for movie in candidates[:_MOST_OPTIONS]
    )
