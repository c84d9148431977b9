"""From what somebody calls a film to the film: at once where it is certain, else by a choice."""

import re
from collections.abc import Collection, Sequence

from bot.app.context import AppContext
from bot.errors import AmbiguousError, UserError
from bot.replies import Action, Choice
from bot.text import shortened
from engine.data.catalogue import Movie
from engine.titles.search import Resolution

_MOST_OPTIONS = 6
ADVICE = (
    "Try fewer words of the title, or the English title with its year, for example: Amelie (2001)"
)
_ID = re.compile(r"id:(\d{1,9})")


def resolve(context: AppContext, text: str) -> Resolution | Movie:
    """The film that ``id:<movie id>`` names, as options of choices do, or what a title may mean."""
    model = context.model
    if (by_id := _ID.fullmatch(text.strip())) and int(by_id[1]) in model.catalogue:
        return model.catalogue.by_id(int(by_id[1]))
    return model.titles.resolve(text)


def movies(context: AppContext, resolution: Resolution) -> list[Movie]:
    """The films a resolution names, best first."""
    return [context.model.catalogue.by_row(match.row) for match in resolution.matches]


async def find(context: AppContext, text: str, command: str, among: Collection[int] = ()) -> Movie:
    """The film that ``text`` names; where several are meant, the only one with an id ``among``.

    Raises :class:`AmbiguousError`, with options that run ``command`` on each film, where several
    are meant, and :class:`UserError` where none is.
    """
    if not text.strip():
        raise UserError(
            f"Which film? Name one, for example: {context.typed(f'{command} Toy Story (1995)')}"
        )
    found = await context.in_engine_thread(resolve, context, text)
    if isinstance(found, Movie):
        return found
    candidates = movies(context, found)
    if not candidates:
        raise UserError(f"{unknown(text)} {ADVICE}")
    if found.certain:
        return candidates[0]
    meant = [movie for movie in candidates if movie.movie_id in among]
    if len(meant) == 1:
        return meant[0]
    options = film_options(candidates, command + " id:{id}")
    raise AmbiguousError(Choice(f"“{shortened(text)}” is …", options, in_place=True))


def unknown(text: str) -> str:
    return f"I know no film called “{shortened(text)}”."


def film_options(candidates: Sequence[Movie], message: str) -> tuple[Action, ...]:
    """One option a film; ``{id}`` in ``message`` stands for its id."""
    return tuple(
        Action(movie.title, message.format(id=movie.movie_id), ", ".join(movie.genres))
        for movie in candidates[:_MOST_OPTIONS]
    )
