"""What a group means to watch: a list, a lucky draw, what fits tonight, and what was watched."""

import random
from collections.abc import Sequence

from bot.app.context import AppContext, RequestContext
from bot.commands.filter_parameters import Genres, Years
from bot.commands.parameters import read
from bot.errors import UserError
from bot.replies import Action, Choice, Column, ColumnKind, Reply, Table
from bot.services.common.formatting import (
    FILM,
    RANK,
    counted,
    film_cell,
    genres_text,
    look_closer,
    star_options,
    wish_text,
)
from bot.services.common.member_lookup import group_of
from bot.services.common.movie_lookup import find
from bot.text import shortened
from engine.recommend.candidates import suiting
from storage import WatchlistEntry

DOINGS = ("add", "remove", "random", "tonight", "watched")
_FITTING = 5


async def watchlist(
    context: AppContext, request: RequestContext, do: str = "", what: str = ""
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
            buttons=(Action("Find one for all", "movienight", main=True),),
        )
    if do == "random":
        return _draw(context, entries)
    if do == "tonight":
        return await _tonight(context, request, group, entries, what)
    if what:
        raise UserError(
            f"I do not know what “{shortened(what)}” means here. To put a film on the list: "
            + context.typed(f"watchlist add {shortened(what)}")
        )
    return _list(context, entries)


async def _add(context: AppContext, request: RequestContext, group: str, what: str) -> Reply:
    movie = await find(context, what, "watchlist add")
    new = await context.store.add_to_watchlist(group, request.user_id, movie.movie_id)
    said = "is on the watchlist now" if new else "was on the watchlist already"
    return Reply(
        text=f"{movie.title} {said}.",
        buttons=(Action("The watchlist", "watchlist"),),
    )


async def _remove(context: AppContext, group: str, what: str) -> Reply:
    listed = {entry.movie_id for entry in await context.store.watchlist(group)}
    movie = await find(context, what, "watchlist remove", among=listed)
    if not await context.store.remove_from_watchlist(group, movie.movie_id):
        raise UserError(
            f"{movie.title} is not on the watchlist. What is: {context.typed('watchlist')}"
        )
    return Reply(
        text=f"{movie.title} is off the watchlist.",
        buttons=(
            Action("Put it back", f"watchlist add id:{movie.movie_id}", in_place=True),
            Action("The watchlist", "watchlist"),
        ),
    )


async def _watched(context: AppContext, request: RequestContext, group: str, what: str) -> Reply:
    listed = {entry.movie_id for entry in await context.store.watchlist(group)}
    movie = await find(context, what, "watchlist watched", among=listed)
    await context.store.mark_watched(group, movie.movie_id, request.user_id)
    return Reply(
        title=f"You watched {movie.title}",
        url=movie.url or "",
        text="How was it? Everybody who was there may say.",
        choices=(Choice("Your stars", star_options(f"rate id:{movie.movie_id} {{stars}}")),),
        buttons=(Action("Who rated it", f"seen id:{movie.movie_id}"),),
        for_all=True,
    )


def _draw(context: AppContext, entries: Sequence[WatchlistEntry]) -> Reply:
    entry = random.choice(entries)  # noqa: S311 - a draw, no secret # nosec B311
    movie = context.model.catalogue.by_id(entry.movie_id)
    return Reply(
        title=f"The draw says: {movie.title}",
        url=movie.url or "",
        text=f"{genres_text(movie)}{_by(entry)}.",
        buttons=(
            Action("Draw again", "watchlist random", in_place=True),
            Action("Would I like it", f"predict id:{movie.movie_id}"),
            Action("We watched it", f"watchlist watched id:{movie.movie_id}"),
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
    """The films of the list that suit a wish and those who are here best."""
    wanted = read(
        (Genres(), Years()),
        wish,
        context.typed("watchlist tonight [genre] [years]"),
        context.typed("watchlist tonight comedy 1990s"),
    )
    genre, years = wanted.get("genre", ()), wanted.get("years")
    catalogue = context.model.catalogue
    suits = suiting(catalogue, genre, years)
    rows = [catalogue.row(entry.movie_id) for entry in entries]
    films = [catalogue.by_row(row) for row in rows if suits[row]]
    if not films:
        raise UserError(
            f"Nothing on the watchlist is {wish_text(genre, years)}. All of it: "
            + context.typed("watchlist")
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
        text=f"From the watchlist{f', {wish_text(genre, years)}' if genre or years else ''}, by "
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
                actions=look_closer([movie for _, movie in best]),
            ),
        ),
    )


def _list(context: AppContext, entries: Sequence[WatchlistEntry]) -> Reply:
    movies = [context.model.catalogue.by_id(entry.movie_id) for entry in entries]
    return Reply(
        title="The watchlist",
        text=f"{counted(len(entries), 'film')}, the latest first.",
        tables=(
            Table(
                (RANK, FILM, Column("", ColumnKind.DETAIL)),
                tuple(
                    (str(rank), film_cell(movie), f"{genres_text(movie)}{_by(entry)}")
                    for rank, (movie, entry) in enumerate(zip(movies, entries, strict=True), 1)
                ),
                actions=look_closer(movies),
            ),
        ),
        buttons=(
            Action("Draw one", "watchlist random"),
            Action("What fits tonight", "watchlist tonight"),
        ),
    )


def _by(entry: WatchlistEntry) -> str:
    return f" · put there by {entry.added_by.name}" if entry.added_by else ""
