"""What a group means to watch: a list, a lucky draw, what fits tonight, and what was watched."""

import random
from collections.abc import Mapping, Sequence
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.commands.filter_parameters import Filters
from bot.commands.parameters import Keyword, MovieTitle
from bot.errors import UserError
from bot.replies import Choice, Column, ColumnKind, Reply, Table
from bot.services.common.formatting import (
    FILM,
    RANK,
    film_cell,
    genres_text,
)
from bot.services.common.member_lookup import group_of
from bot.services.common.movie_lookup import find_movie
from bot.services.common.next_steps import open_actions, star_actions
from bot.services.common.people import told_apart
from bot.text import counted, shortened
from engine.recommend.candidates import suiting
from storage import WatchlistEntry

DOINGS = ("add", "remove", "random", "tonight", "watched")
_FITTING = 5


@command(
    CommandCategory.GROUP,
    "What you all mean to watch: add, remove, draw one, find what fits tonight.",
    examples=(
        "watchlist add Blade Runner",
        "watchlist",
        "watchlist tonight",
        "watchlist random",
        "watchlist watched Blade Runner",
    ),
    group=True,
    order=60,
)
async def watchlist(
    context: AppContext,
    request: RequestContext,
    do: Annotated[
        str, Keyword(description="What to do; show the list if left out", options=DOINGS)
    ] = "",
    what: Annotated[
        str, MovieTitle(description="A film, or for tonight a wish: comedy 1990s")
    ] = "",
) -> Reply:
    """Show the group's list, or do something with it and a film or a wish."""
    group = group_of(request, "A watchlist belongs to a group: use it in a server.")
    match do:
        case "add":
            return await _add(context, request, group, what)
        case "remove":
            return await _remove(context, group, what)
        case "watched":
            return await _watched(context, request, group, what)
    entries = await context.store.watchlist(group)
    if not entries:
        return Reply(
            title="The watchlist is empty",
            text=f"Put a film on it: {context.typed('watchlist add Blade Runner')}",
            buttons=(action("movienight", "Find one for all", main=True),),
        )
    if do == "tonight":
        return await _tonight(context, request, group, entries, what)
    added_by = [entry.added_by for entry in entries if entry.added_by]
    names = await told_apart(context, group, added_by, viewer=request.user_id)
    if do == "random":
        return _draw(context, entries, names)
    if what:
        raise UserError(
            f"I do not know what “{shortened(what)}” means here. To put a film on the list: "
            + context.typed(f"watchlist add {shortened(what)}")
        )
    return _list(context, entries, names)


async def _add(context: AppContext, request: RequestContext, group: str, what: str) -> Reply:
    movie = await find_movie(context, what, "watchlist", do="add")
    new = await context.store.add_to_watchlist(group, request.user_id, movie.movie_id)
    said = "is on the watchlist now" if new else "was on the watchlist already"
    return Reply(
        text=f"{movie.title} {said}.",
        buttons=(action("watchlist", "The watchlist"),),
    )


async def _remove(context: AppContext, group: str, what: str) -> Reply:
    listed = {entry.movie_id for entry in await context.store.watchlist(group)}
    movie = await find_movie(context, what, "watchlist", among=listed, do="remove")
    if not await context.store.remove_from_watchlist(group, movie.movie_id):
        raise UserError(
            f"{movie.title} is not on the watchlist. What is: {context.typed('watchlist')}"
        )
    return Reply(
        text=f"{movie.title} is off the watchlist.",
        buttons=(
            action("watchlist", "Put it back", in_place=True, do="add", what=movie.movie_id),
            action("watchlist", "The watchlist"),
        ),
    )


async def _watched(context: AppContext, request: RequestContext, group: str, what: str) -> Reply:
    listed = {entry.movie_id for entry in await context.store.watchlist(group)}
    movie = await find_movie(context, what, "watchlist", among=listed, do="watched")
    await context.store.mark_watched(group, movie.movie_id, request.user_id)
    return Reply(
        title=f"You watched {movie.title}",
        url=movie.url or "",
        text="How was it? Everybody who was there may say.",
        choices=(Choice("Your stars", star_actions(movie.movie_id)),),
        buttons=(action("seen", "Who rated it", film=movie.movie_id),),
        for_all=True,
    )


def _draw(
    context: AppContext, entries: Sequence[WatchlistEntry], names: Mapping[str, str]
) -> Reply:
    entry = random.choice(entries)  # noqa: S311 - a draw, no secret # nosec B311
    movie = context.model.catalogue.by_id(entry.movie_id)
    return Reply(
        title=f"The draw says: {movie.title}",
        url=movie.url or "",
        text=f"{genres_text(movie)}{_by(entry, names)}.",
        buttons=(
            action("watchlist", "Draw again", in_place=True, do="random"),
            action("predict", "Would I like it", film=movie.movie_id),
            action("watchlist", "We watched it", do="watched", what=movie.movie_id),
        ),
        for_all=True,
    )


async def _tonight(
    context: AppContext,
    request: RequestContext,
    group: str,
    entries: Sequence[WatchlistEntry],
    wish: str,
) -> Reply:
    """Answer with the films of the list that suit a wish and those who are here best."""
    filters = Filters.parse(
        wish,
        context.typed("watchlist tonight [genre] [years]"),
        context.typed("watchlist tonight comedy 1990s"),
    )
    catalogue = context.model.catalogue
    suits = suiting(catalogue, filters.genres, filters.years)
    rows = [catalogue.row(entry.movie_id) for entry in entries]
    films = [catalogue.by_row(row) for row in rows if suits[row]]
    if not films:
        raise UserError(
            f"The watchlist has no {filters.films}. All of it: " + context.typed("watchlist")
        )
    rated = await context.store.group_ratings(
        group, channel_id=request.channel_id, viewer=request.user_id
    )
    everybody = [*rated.values()] or [{}]
    tastes = [await context.in_engine_thread(context.model.fit, ratings) for ratings in everybody]
    ids = [movie.movie_id for movie in films]
    stars = [(await context.in_engine_thread(taste.predict, ids))[0] for taste in tastes]
    means = [float(sum(column) / len(column)) for column in zip(*stars, strict=True)]
    best = sorted(zip(means, films, strict=True), key=lambda pair: -pair[0])[:_FITTING]
    return Reply(
        title="What fits tonight",
        text=f"From the watchlist{f', {filters.words}' if filters.words else ''}, by "
        f"what {counted(len(tastes), 'person', 'people')} here would give.",
        tables=(
            Table(
                (
                    RANK,
                    FILM,
                    Column("On average", ColumnKind.VALUE),
                    Column("Genres", ColumnKind.DETAIL),
                ),
                tuple(
                    (str(rank), film_cell(movie), f"★ {mean:.1f}", genres_text(movie))
                    for rank, (mean, movie) in enumerate(best, start=1)
                ),
                actions=open_actions([movie for _, movie in best]),
            ),
        ),
    )


def _list(
    context: AppContext, entries: Sequence[WatchlistEntry], names: Mapping[str, str]
) -> Reply:
    movies = [context.model.catalogue.by_id(entry.movie_id) for entry in entries]
    return Reply(
        title="The watchlist",
        text=f"{counted(len(entries), 'film')}, the latest first.",
        tables=(
            Table(
                (RANK, FILM, Column("", ColumnKind.DETAIL)),
                tuple(
                    (str(rank), film_cell(movie), f"{genres_text(movie)}{_by(entry, names)}")
                    for rank, (movie, entry) in enumerate(zip(movies, entries, strict=True), 1)
                ),
                actions=open_actions(movies),
            ),
        ),
        buttons=(
            action("watchlist", "Draw one", do="random"),
            action("watchlist", "What fits tonight", do="tonight"),
        ),
    )


def _by(entry: WatchlistEntry, names: Mapping[str, str]) -> str:
    return f" · put there by {names[entry.added_by.user_id]}" if entry.added_by else ""
