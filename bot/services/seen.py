"""Who in a group rated a film."""

from collections.abc import Sequence

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.replies import Choice, Column, ColumnKind, Reply, Table
from bot.services.common.arguments import MovieArgument
from bot.services.common.formatting import STARS, stars_text
from bot.services.common.member_lookup import group_of
from bot.services.common.movie_lookup import find_movie
from bot.services.common.next_steps import star_actions
from bot.services.common.people import told_apart
from storage import Rating


@command(
    CommandCategory.GROUP,
    "Who here rated a film, and how.",
    examples=("seen Alien",),
    group=True,
    order=30,
)
async def seen(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Answer with who in the asker's group rated a film, and how."""
    group = group_of(request)
    movie = await find_movie(context, film, "seen")
    raters = await context.store.raters(group, movie.movie_id, viewer=request.user_id)
    names = await told_apart(context, group, dict(raters), viewer=request.user_id)
    rate_it = Choice("Your stars for it", star_actions(movie.movie_id))
    mine = any(member.user_id == request.user_id for member, _ in raters)
    return Reply(
        title=movie.title,
        url=movie.url or "",
        text=_raters_text(raters) if raters else "Nobody here has rated it yet.",
        tables=(
            (
                Table(
                    (Column("Who", ColumnKind.LEAD), STARS),
                    tuple((names[member.user_id], stars_text(r.stars)) for member, r in raters),
                ),
            )
            if raters
            else ()
        ),
        choices=() if mine else (rate_it,),
    )


def _raters_text(raters: Sequence[tuple[object, Rating]]) -> str:
    mean = sum(rating.stars for _, rating in raters) / len(raters)
    people = "1 person" if len(raters) == 1 else f"{len(raters)} people"
    return f"Rated by {people} here: ★ {mean:.1f} on average."
