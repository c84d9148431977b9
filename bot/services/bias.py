"""The films that are loved most and least, corrected for who rates them."""

from collections.abc import Sequence
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Number
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.formatting import FILM, RANK, film_cell
from bot.services.common.pictures import optional_picture
from bot.text import counted, listed
from engine import MovieBias
from engine.insights.biases import BiasTable
from engine.plots.charts_movies import draw_biases

_DESCRIBED = 3  # films at either end in the description of the picture


@command(
    CommandCategory.MODEL,
    "The most and least loved films of all, corrected for who rates them.",
    examples=("bias", "bias 20"),
    order=10,
)
async def bias(
    context: AppContext,
    request: RequestContext,
    count: Annotated[
        int, Number(description="How many films at each end", minimum=1, maximum=50)
    ] = 10,
) -> Reply:
    """Answer with the most and the least loved films, by what the same people give other films."""
    found = await context.in_engine_thread(context.model.bias_table, count)
    picture = await optional_picture(
        context, "bias.png", _bias_description(found), draw_biases, found
    )
    return Reply(
        title="The most and the least loved films",
        text="How many stars a film gets above the average film, or below it, from the same "
        f"people. Of the films with {found.min_count:,} ratings or more.",
        picture=picture,
        tables=(
            _bias_table(found.most_loved, "Most loved"),
            _bias_table(found.least_loved, "Least loved"),
        ),
        hint=f"What I think of a film for you: {context.typed('predict Alien')}",
    )


def _bias_description(found: BiasTable) -> str:
    ends = [
        f"{name}, {listed(f'{one.movie.title} {one.bias:+.2f}' for one in films[:_DESCRIBED])}"
        for name, films in (("most loved", found.most_loved), ("least", found.least_loved))
    ]
    return f"Bars of films by their stars beside the average film: {'; '.join(ends)}"


def _bias_table(films: Sequence[MovieBias], heading: str) -> Table:
    return Table(
        (
            RANK,
            FILM,
            Column("Stars above average", ColumnKind.VALUE),
            Column("Ratings", ColumnKind.VALUE),
        ),
        tuple(
            (
                str(rank),
                film_cell(film.movie),
                f"{film.bias:+.2f}",
                counted(film.count, "rating"),
            )
            for rank, film in enumerate(films, start=1)
        ),
        heading,
    )
