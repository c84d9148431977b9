"""What a user rated, as a list."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Keyword, Page, Person
from bot.replies import Reply, Table
from bot.services.common.formatting import FILM, RANK, STARS, film_cell, stars_text
from bot.services.common.member_lookup import find_member, group_of
from bot.services.common.next_steps import nothing_rated, open_actions
from bot.services.common.people import told_apart
from bot.text import counted, listed

SORTS = ("date", "stars", "title")
_SORTED = {"date": "the latest first", "stars": "the best first", "title": "from A to Z"}


@command(
    CommandCategory.RATE,
    "What you rated, or what somebody else here did.",
    examples=("ratings", "ratings by stars", "ratings page 2"),
    aliases=("mine",),
    page=Page(alone=True),
    group=True,
    order=40,
)
async def ratings(
    context: AppContext,
    request: RequestContext,
    sort: Annotated[str, Keyword(description="By date, stars or title", options=SORTS)] = SORTS[0],
    member: Annotated[
        str | None, Person(description="Somebody of this server; you if left out")
    ] = None,
) -> Reply:
    """Answer with what the asker, or another member of the group, rated."""
    order = None if sort == SORTS[0] else sort
    whose = await find_member(context, request, member, "ratings", sort=order) if member else None
    name = ""
    if whose:
        told = await told_apart(context, group_of(request), [whose], viewer=request.user_id)
        name = told[whose.user_id]
    rated = await context.store.ratings(whose.user_id if whose else request.user_id)
    if not rated:
        if whose is None or whose.user_id == request.user_id:
            return nothing_rated(context)
        return Reply(text=f"{name} has not rated anything yet.")
    catalogue = context.model.catalogue
    known = [(catalogue.by_id(r.movie_id), r) for r in rated if r.movie_id in catalogue]
    if sort == "stars":
        known.sort(key=lambda pair: -pair[1].stars)
    elif sort == "title":
        known.sort(key=lambda pair: pair[0].title.casefold())
    mean = sum(r.stars for r in rated) / len(rated)
    films = [movie for movie, _ in known]
    others = [context.typed(f"ratings by {other}") for other in SORTS if other != sort]
    return Reply(
        title=f"Ratings of {name}" if whose else "Your ratings",
        text=f"{counted(len(rated), 'film')}, ★ {mean:.1f} on average, {_SORTED[sort]}.",
        tables=(
            Table(
                (RANK, FILM, STARS),
                tuple(
                    (str(rank), film_cell(movie), stars_text(rating.stars))
                    for rank, (movie, rating) in enumerate(known, start=1)
                ),
                actions=open_actions(films),
            ),
        ),
        hint="" if whose else f"In another order: {listed(others)}",
    )
