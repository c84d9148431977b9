"""What each of a user's ratings says about a film."""

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Reply
from bot.services.common.arguments import MovieArgument
from bot.services.common.movie_lookup import find_movie
from bot.services.common.reasons import reasons_table, taste_without
from bot.text import counted
from engine import Taste

_REASONS = 15


@command(
    CommandCategory.FIND,
    "What each of your ratings says about a film.",
    examples=("why Blade Runner",),
    order=30,
)
async def why(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Answer with what each of the asker's ratings does to a film's place in their list."""
    movie = await find_movie(context, film, "why")
    taste, _ = await taste_without(context, request, movie)
    reasons = await context.in_engine_thread(taste.reasons, movie.movie_id)
    if not reasons:
        return Reply(
            title=f"Why {movie.title}",
            url=movie.url or "",
            text=_why_nothing(taste),
            buttons=(action("quiz", "Start the quiz", main=True),) if not taste.ratings else (),
        )
    up = sum(reason.contribution > 0 for reason in reasons)
    rest = len(reasons) - _REASONS
    return Reply(
        title=f"Why {movie.title}",
        url=movie.url or "",
        text=f"{counted(up, 'rating')} of yours speak for it, {len(reasons) - up} against. "
        "The share is how much of all their weight each one has.",
        tables=(reasons_table(reasons, "", most=_REASONS),),
        hint=f"and {rest} more with less weight." if rest > 0 else "",
    )


def _why_nothing(taste: Taste) -> str:
    if taste.ratings:
        return (
            "Too few people have rated this film for me to know who likes it. I go by its genres, "
            "its age and what everybody gives."
        )
    return "You have not rated anything yet, so I only know what everybody thinks of it."
