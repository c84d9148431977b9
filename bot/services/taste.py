"""What a user likes: kinds of films, dimensions, and the films most their kind."""

from collections.abc import Sequence

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.formatting import (
    FILM,
    GENRES,
    RANK,
    film_cell,
    genres_text,
    how_far,
    stars_text,
)
from bot.services.common.next_steps import nothing_rated, open_actions
from bot.services.common.pictures import optional_picture
from bot.services.common.thresholds import RATINGS_FOR_OWN_LIST, RATINGS_FOR_SURE_TASTE
from bot.text import counted, listed
from engine import DimensionScore, Taste
from engine.data.catalogue import Movie
from engine.insights.affinities import Affinity, affinities
from engine.insights.dimensions import MovieLoading
from engine.plots.charts_taste import MIN_DIFFERENCE, draw_taste, shown_affinities

_KINDS, _DIMENSIONS, _FILMS = 5, 3, 10
_EXAMPLES = 3  # films that show what a dimension's end is like


@command(
    CommandCategory.TASTE,
    "What you like: genres, decades, dimensions, the films most your kind.",
    examples=("taste",),
    order=10,
)
async def taste(context: AppContext, request: RequestContext) -> Reply:
    """Answer with the kinds of films, the dimensions and the films that the asker leans towards."""
    mine = await context.taste_of(request)
    if not mine.ratings:
        return nothing_rated(context)
    kinds = await context.in_engine_thread(affinities, context.model.catalogue, mine.ratings)
    dimension_scores = await context.in_engine_thread(
        context.model.dimensions_of, mine, _DIMENSIONS
    )
    films = await context.in_engine_thread(context.model.aligned, mine, _FILMS)
    tables = (_kinds_table(kinds), _dimensions_table(dimension_scores), _films_table(films, mine))
    n = len(mine.ratings)
    picture = await optional_picture(
        context,
        "taste.png",
        _taste_description(request.name, kinds, dimension_scores, films),
        draw_taste,
        request.name,
        n,
        kinds,
        dimension_scores,
        films,
    )
    return Reply(
        title="What you like",
        text=f"From your {counted(n, 'rating')}. {_less_liked(kinds)}".rstrip(),
        picture=picture,
        tables=tuple(table for table in tables if table.rows),
        buttons=(
            action("recommend", "Recommend", main=n >= RATINGS_FOR_OWN_LIST),
            action("quiz", "Rate more: quiz", main=n < RATINGS_FOR_OWN_LIST),
        ),
        hint="This is a first idea: the more you rate, the surer it gets."
        if n < RATINGS_FOR_SURE_TASTE
        else "",
    )


def _taste_description(
    name: str,
    kinds: Sequence[Affinity],
    dimension_scores: Sequence[DimensionScore],
    films: Sequence[MovieLoading],
) -> str:
    told = [f"{kind.name} {kind.difference:+.1f}" for kind in shown_affinities(kinds)]
    leans = [f"{one.towards.label} ({abs(one.score):.1f})" for one in dimension_scores]
    titles = [film.movie.title for film in films[:_EXAMPLES]]
    parts = (
        f"stars beside other films, with how sure: {listed(told)}" if told else "",
        f"bars of how far {name} leans towards {listed(leans)}" if leans else "",
        f"the films most their kind, first {listed(titles)}" if titles else "",
    )
    return f"Card of what {name} likes: {'; '.join(part for part in parts if part)}"


def _kinds_table(kinds: Sequence[Affinity]) -> Table:
    more = [kind for kind in kinds if kind.difference >= MIN_DIFFERENCE][:_KINDS]
    return Table(
        (
            Column("Kind", ColumnKind.LEAD),
            Column("More", ColumnKind.VALUE),
            Column("How sure", ColumnKind.DETAIL),
        ),
        tuple(
            (
                kind.name,
                f"{kind.difference:+.1f} stars",
                f"★ {kind.mean:.1f} for {counted(kind.count, 'film')}, {kind.others:.1f} "
                f"elsewhere. {_how_sure(kind)}",
            )
            for kind in more
        ),
        "You give more stars here than elsewhere",
    )


def _how_sure(kind: Affinity) -> str:
    """Return how far the difference may be off."""
    if kind.difference < kind.std:
        return "Too few films to be sure"
    return f"As far as these films can tell, ± {kind.std:.1f}"


def _less_liked(kinds: Sequence[Affinity]) -> str:
    less = [kind.name for kind in reversed(kinds) if kind.difference <= -MIN_DIFFERENCE][:3]
    named = [f"the {name}" if name[0].isdigit() else name for name in less]
    return f"You give fewer stars to {listed(named)} than elsewhere." if less else ""


def _dimensions_table(dimension_scores: Sequence[DimensionScore]) -> Table:
    return Table(
        (
            Column("Films", ColumnKind.LEAD),
            Column("How far", ColumnKind.VALUE),
            Column("Such as", ColumnKind.DETAIL),
        ),
        tuple(
            (
                leaning.towards.label or "",
                how_far(leaning.score),
                "such as "
                + listed(film.movie.title for film in leaning.towards.movies[:_EXAMPLES])
                + f" (dimension {leaning.dimension.number})",
            )
            for leaning in dimension_scores
        ),
        "You lean towards (2 is far out)",
    )


def _films_table(films: Sequence[MovieLoading], mine: Taste) -> Table:
    def yours(movie: Movie) -> str:
        stars = mine.ratings.get(movie.movie_id)
        return f"yours {stars_text(stars)}" if stars is not None else ""

    return Table(
        (RANK, FILM, Column("Match", ColumnKind.VALUE), Column("Yours", ColumnKind.VALUE), GENRES),
        tuple(
            (
                str(rank),
                film_cell(film.movie),
                f"{film.loading:.0%}",
                yours(film.movie),
                genres_text(film.movie),
            )
            for rank, film in enumerate(films, start=1)
        ),
        "Films most your kind, by how surely people like you like them",
        open_actions([film.movie for film in films]),
    )
