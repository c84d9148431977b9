"""The map of films as a picture."""

from collections.abc import Sequence
from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.commands.filter_parameters import Filters
from bot.commands.parameters import Flag, Mentioned, MovieTitle
from bot.errors import UserError
from bot.replies import Document, Picture, Reply
from bot.services.common.member_lookup import find_members, group_of
from bot.services.common.movie_lookup import find_movie
from bot.services.common.people import told_apart, written_in_picture
from bot.services.common.thresholds import RATINGS_FOR_OWN_LIST
from bot.services.recommend import MOST, recommended
from bot.text import counted, listed
from engine import Taste, TasteModel
from engine.data.catalogue import Movie
from engine.insights.regions import nearest_region
from engine.plots.map import draw_map, draw_neighbourhood
from engine.plots.map_html import render_map_page
from engine.plots.map_location import map_position
from engine.plots.map_members import MOST_MEMBERS, draw_members
from storage import Member

_PICKS = 5  # the first of `recommend`
_DESCRIBED = 8  # regions that the description names


@command(
    CommandCategory.TASTE,
    "A picture of all films with your place on it, of several people, or close up on a film.",
    name="map",
    examples=("map", "map @friend", "map html", "map Alien (1979)"),
    group=True,
    order=30,
)
async def show_map(
    context: AppContext,
    request: RequestContext,
    film: Annotated[
        str, MovieTitle(description="A film to see close up; all of them if left out")
    ] = "",
    members: Annotated[
        Sequence[str], Mentioned(description="Whose places to see together, as @ann @bob")
    ] = (),
    html: Annotated[
        bool, Flag(description="As a page to explore in a browser", words=("html",))
    ] = False,
) -> Reply:
    """Answer with the map: the asker's place on it, several members', or around one film.

    With ``html`` it is a page to explore, with all films and the asker's ratings.
    """
    if html and (members or film.strip()):
        raise UserError(
            "The page to explore has all films, with your own ratings. Say it alone: "
            f"{context.typed('map html')}"
        )
    if members and film.strip():
        raise UserError(
            "I can draw a film’s surroundings or people’s places, not both at once. For example: "
            f"{context.typed('map @friend')}"
        )
    if members:
        return await _together(context, request, members)
    if film.strip():
        return await _around(context, request, film)
    taste = await context.taste_of(request)
    if html:
        return await _page(context, taste)
    return await (_own if taste.ratings else _world)(context, request, taste)


async def _own(context: AppContext, request: RequestContext, taste: Taste) -> Reply:
    model = context.model
    excluded = await context.excluded_movies(request)
    picks = await context.in_engine_thread(_next, taste, frozenset(excluded))
    png = await context.render(draw_map, model, taste, picks)
    amid = await context.in_engine_thread(_amid, model, taste)
    next_up = listed(movie.title for movie in picks) if picks else "nothing"
    return Reply(
        title=f"On the map: {request.name}",
        text=f"You stand {amid}. With the few films you rated you may as well stand elsewhere "
        "within the pale area: the more you rate, the smaller it gets."
        if len(taste.ratings) < 2 * RATINGS_FOR_OWN_LIST
        else f"You stand {amid}; in four cases of five your taste lies within the pale area.",
        picture=Picture(
            "map.png",
            png,
            f"Map of {_films(model)}, with {counted(len(taste.ratings), 'rating')} by "
            f"{request.name} as stars, blue for disliked to orange for loved, and the place they "
            f"lead to, {amid}. Marked as next to see: {next_up}",
        ),
        buttons=(action("recommend", "Your recommendations"),),
        hint=f"Closer up: {context.typed('map Alien (1979)')}. To explore: "
        f"{context.typed('map html')}",
    )


async def _world(context: AppContext, request: RequestContext, taste: Taste) -> Reply:
    model = context.model
    png = await context.render(draw_map, model)
    regions = [region.name for region in model.regions[:_DESCRIBED]]
    return Reply(
        title="The map of films",
        text="Films that the same people love lie close together. You are not on it yet.",
        picture=Picture(
            "map.png",
            png,
            f"Map of {_films(model)} coloured by genre, with its regions by name, such as "
            f"{listed(regions)}"
            if regions
            else f"Map of {_films(model)}",
        ),
        buttons=(action("quiz", "Get on it: quiz", main=True),),
    )


async def _page(context: AppContext, taste: Taste) -> Reply:
    page = await context.in_engine_thread(render_map_page, context.model, taste)
    return Reply(
        title="The map of films, to explore",
        text="Save the file and open it in a browser: zoom, search, and point at films"
        f"{' to see what they are and what you gave them' if taste.ratings else ''}. "
        "It needs no network.",
        document=Document("map.html", page.encode()),
    )


async def _together(context: AppContext, request: RequestContext, members: Sequence[str]) -> Reply:
    """Answer with those named, and the asker where that is one alone."""
    found = await find_members(context, request, members, "map")
    if {person.user_id for person in found} == {request.user_id}:
        return await show_map(context, request)
    people = {person.user_id: person for person in found}
    if len(people) == 1:
        people = {request.user_id: Member(request.user_id, request.name), **people}
    if len(people) > MOST_MEMBERS:
        raise UserError(f"The map has room for {MOST_MEMBERS} people, and you named {len(people)}.")
    group = group_of(request)
    names = await told_apart(context, group, people.values(), viewer=request.user_id)
    tastes = {person.user_id: await context.taste_of(person) for person in people.values()}
    placed = [person for person in people.values() if tastes[person.user_id].ratings]
    strangers = [names[user] for user in people if not tastes[user].ratings]
    missing = (
        f"{listed(strangers)} rated nothing yet. A few taps are enough: {context.typed('quiz')}"
        if strangers
        else ""
    )
    if not placed:
        return Reply(text=f"None of you is on the map yet: {missing}")
    written, legend = await written_in_picture(context, group, placed, names)
    shown = [(name, tastes[p.user_id]) for name, p in zip(written, placed, strict=True)]
    png = await context.render(draw_members, context.model, shown)
    where = [
        f"{names[p.user_id]} stands "
        f"{await context.in_engine_thread(_amid, context.model, tastes[p.user_id])}"
        for p in placed
    ]
    company = listed(names[p.user_id] for p in placed)
    return Reply(
        title=f"On the map: {company}",
        text=f"{'. '.join(where)}. {legend}".rstrip(),
        picture=Picture(
            "map.png",
            png,
            f"Map of {_films(context.model)} with the places of {company}, each in a colour and "
            f"shape of their own, and the films they gave four stars or more: {'; '.join(where)}",
        ),
        hint=missing,
    )


async def _around(context: AppContext, request: RequestContext, film: str) -> Reply:
    movie = await find_movie(context, film, "map")
    taste = await context.taste_of(request)
    png = await context.render(draw_neighbourhood, context.model, movie.movie_id, taste)
    if png is None:
        return Reply(
            title=movie.title,
            text="Nobody rated this film when the map was drawn, so it has no place there.",
            buttons=(action("similar", "What is like it", film=movie.movie_id),),
        )
    alike = await context.in_engine_thread(context.model.similar, movie.movie_id, _PICKS)
    return Reply(
        title=f"Around {movie.title}",
        url=movie.url or "",
        text="The films nearest to it, by who loves them and what they are.",
        picture=Picture(
            "map.png",
            png,
            f"Map of the films around {movie.title}, which a ring marks. Most like it: "
            f"{listed(one.movie.title for one in alike)}",
        ),
        buttons=(action("similar", "As a list", film=movie.movie_id),),
    )


def _next(taste: Taste, excluded: frozenset[int]) -> list[Movie]:
    """Return the first films of the list that `recommend` gives, which is made as a whole."""
    return [pick.movie for pick in recommended(taste, MOST, Filters(exclude=excluded))[:_PICKS]]


def _amid(model: TasteModel, taste: Taste) -> str:
    region = nearest_region(model.regions, *map_position(model, taste))
    return f"amid “{region.name}”" if region else "on the map"


def _films(model: TasteModel) -> str:
    return f"{len(model.rated_rows):,} films"
