"""The dimensions in which tastes differ, and where a user lies along them."""

from collections.abc import Iterator
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action, message
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Number
from bot.errors import UserError
from bot.replies import Choice, Column, ColumnKind, Reply, Table
from bot.services.common.formatting import FILM, RANK, film_cell, how_far
from bot.services.common.pictures import optional_picture
from bot.text import listed
from engine import Dimension, TasteModel
from engine.insights.dimensions import Pole
from engine.plots.charts_movies import draw_dimension

_LISTED = 10  # dimensions told at once
_TRAITS = 4
_DESCRIBED = 3  # films at either end in the description of the picture
_MIDDLE = 0.1  # standard deviations within which a user leans nowhere
_NO_LABEL = "no name fits"
_EVERYBODYS = "liking what everybody watches"


@command(
    CommandCategory.MODEL,
    "A direction in which tastes differ: what lies at its ends.",
    examples=("dimension 1", "dimension 7"),
    aliases=("dim",),
    order=20,
)
async def dimension(
    context: AppContext,
    request: RequestContext,
    number: Annotated[
        int | None, Number(description="Which one, from 0", minimum=0, maximum=999)
    ] = None,
) -> Reply:
    """Answer with one dimension of taste, or the first ten to choose from."""
    if number is None:
        return await context.in_engine_thread(_overview, context.model)
    last = context.model.n_dimensions - 1
    if not 0 <= number <= last:
        raise UserError(
            f"The dimensions are numbered from 0 to {last}, so there is no {number}. "
            f"For example: {context.typed('dimension 1')}"
        )
    shown = await context.in_engine_thread(context.model.dimension, number)
    position = await _position(context, request, number)
    picture = await optional_picture(
        context,
        "dimension.png",
        _dimension_description(shown, position),
        draw_dimension,
        shown,
        position,
    )
    ways = (("← Previous", number - 1), ("Next →", number + 1))
    return Reply(
        title=f"Dimension {number}: {_name(shown)}",
        text="\n".join(
            (
                f"{_share(shown)} of what sets people’s tastes apart. " + _where(context, position),
                *_evidence("+", shown.high),
                *_evidence("-", shown.low),
            )
        ),
        picture=picture,
        tables=(_end_table("+", shown.high), _end_table("-", shown.low)),
        buttons=(
            *(
                action("dimension", label, in_place=True, number=other)
                for label, other in ways
                if 0 <= other <= last
            ),
            action("dimension", "All", in_place=True),
        ),
    )


def _overview(model: TasteModel) -> Reply:
    first = [model.dimension(number) for number in range(min(_LISTED, model.n_dimensions))]
    return Reply(
        title="The dimensions of taste",
        text=f"Tastes differ in {model.n_dimensions} directions; these say most. Their names are "
        "guessed from the films at either end.",
        tables=(
            Table(
                (RANK, Column("From … to", ColumnKind.LEAD), Column("Share", ColumnKind.VALUE)),
                tuple((str(one.number), _name(one), _share(one)) for one in first),
            ),
        ),
        choices=(
            Choice(
                "Look at one",
                tuple(
                    action(
                        "dimension",
                        _name(one),
                        detail=message("dimension", number=one.number),
                        in_place=True,
                        key=str(one.number),
                        number=one.number,
                    )
                    for one in first
                ),
                in_place=True,
            ),
        ),
    )


def _name(dimension: Dimension) -> str:
    if dimension.number == 0:
        return _EVERYBODYS
    # The engine's arrow would become an emoji on Discord.
    return dimension.label.replace("↔", "against") if dimension.label else _NO_LABEL


def _share(dimension: Dimension) -> str:
    return f"{dimension.variance:.1%}"


async def _position(context: AppContext, request: RequestContext, number: int) -> float | None:
    """Return where the asker lies along a dimension; None where they rated nothing."""
    taste = await context.taste_of(request)
    if not taste.ratings:
        return None
    return await context.in_engine_thread(context.model.dimension_score, taste, number)


def _where(context: AppContext, position: float | None) -> str:
    if position is None:
        return f"Where do you lie? Rate a few films: {context.typed('quiz')}"
    if abs(position) < _MIDDLE:
        return "You lie in the middle."
    return f"You lean {how_far(position)} towards {'+' if position > 0 else '-'}."


def _dimension_description(dimension: Dimension, position: float | None) -> str:
    ends = [
        f"{sign} {end.label or _NO_LABEL}, such as "
        + listed(film.movie.title for film in end.movies[:_DESCRIBED])
        for sign, end in (("+", dimension.high), ("-", dimension.low))
    ]
    place = (
        "" if position is None else f". Your place among all people is marked at {position:+.1f}"
    )
    films = f"Bars of the films furthest out along dimension {dimension.number}"
    return f"{films}: {'; '.join(ends)}{place}"


def _evidence(sign: str, end: Pole) -> Iterator[str]:
    """Return what the films at an end share, beside how usual it is."""
    traits = [
        f"{trait.share:.0%} {trait.name} (usual {trait.base_rate:.0%})"
        for trait in end.traits[:_TRAITS]
    ]
    if traits:
        yield f"Towards {sign}: {', '.join(traits)}."


def _end_table(sign: str, end: Pole) -> Table:
    return Table(
        (RANK, FILM, Column("Place (-1 to 1)", ColumnKind.VALUE)),
        tuple(
            (str(rank), film_cell(film.movie), f"{film.loading:+.2f}")
            for rank, film in enumerate(end.movies, start=1)
        ),
        f"{sign} {end.label or _NO_LABEL}",
    )
