"""The films a user should see next."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.commands.filter_parameters import Filters
from bot.commands.parameters import Flag, Number, Page
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.arguments import GenreArgument, YearsArgument
from bot.services.common.formatting import (
    FILM,
    GENRES,
    RANK,
    film_cell,
    genres_text,
    predicted_text,
)
from bot.services.common.next_steps import open_actions
from bot.services.common.thresholds import RATINGS_FOR_OWN_LIST
from bot.text import counted, listed
from engine import Recommendation, Taste

A_FEW, MOST = 10, 50


@command(
    CommandCategory.FIND,
    f"What to watch next: {A_FEW} films at a time, or as you wish.",
    examples=("recommend", "recommend comedy since 2000 gems", "recommend 20 horror 1990s"),
    aliases=("rec", "recs"),
    page=Page(),
    order=10,
)
async def recommend(
    context: AppContext,
    request: RequestContext,
    count: Annotated[
        int | None, Number(description="How many films", minimum=1, maximum=MOST)
    ] = None,
    genre: GenreArgument = (),
    years: YearsArgument = None,
    gems: Annotated[
        bool,
        Flag(
            description="Only films that few people know",
            words=("gems", "hidden gems", "hidden", "gem"),
        ),
    ] = False,
) -> Reply:
    """Answer with the films the asker should see next; never one rated, skipped or seen.

    ``count`` of them, or a few at a time to look through.
    """
    taste = await context.taste_of(request)
    excluded = await context.excluded_movies(request)
    filters = Filters(genre, years, gems, frozenset(excluded))
    films = await context.in_engine_thread(recommended, taste, count or MOST, filters)
    wish = filters.words
    if not films:
        return Reply(
            title="Nothing left",
            text=f"I know no {filters.films} that you have not rated or put aside.",
            hint=f"Wider: {context.typed('recommend')}",
        )
    n = len(taste.ratings)
    if n == 0:
        title = "What most people love" + (f": {wish}" if wish else "")
        text = "You have not rated anything yet, so these are everybody’s favourites."
    else:
        title = f"For {request.name}" + (f": {wish}" if wish else "")
        text = f"From your {counted(n, 'rating')}, with the stars I expect you to give."
    return Reply(
        title=title,
        text=text,
        tables=(_films_table(films),),
        buttons=() if n else (action("quiz", "Make it yours: quiz", main=True),),
        rows_at_once=None if count else A_FEW,
        hint=f"{counted(RATINGS_FOR_OWN_LIST - n, 'more rating')} will sharpen this."
        if 0 < n < RATINGS_FOR_OWN_LIST
        else "",
    )


def recommended(taste: Taste, n: int, filters: Filters) -> list[Recommendation]:
    """Return the ``n`` best films for a taste of those that are wished for."""
    return taste.recommend(
        n,
        genres=filters.genres,
        years=filters.years,
        hidden_gems=filters.hidden_gems,
        exclude=filters.exclude,
    )


def _films_table(films: list[Recommendation]) -> Table:
    columns = (RANK, FILM, Column("You would give", ColumnKind.VALUE), GENRES)
    rows = [
        (
            str(rank),
            film_cell(film.movie),
            predicted_text(film.stars, film.std),
            genres_text(film.movie),
        )
        for rank, film in enumerate(films, start=1)
    ]
    actions = open_actions([film.movie for film in films])
    whys = [_because(film) for film in films]
    if not any(whys):
        return Table(columns, tuple(rows), actions=actions)
    reasoned = tuple((*row, why) for row, why in zip(rows, whys, strict=True))
    return Table((*columns, Column("Why", ColumnKind.DETAIL)), reasoned, actions=actions)


def _because(film: Recommendation) -> str:
    liked = [reason.movie.name for reason in film.reasons if reason.contribution > 0][:2]
    return f"because of {listed(liked)}" if liked else ""
