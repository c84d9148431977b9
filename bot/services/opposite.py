"""The films least like one."""

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Reply
from bot.services.common.arguments import MovieArgument
from bot.services.common.formatting import genres_text
from bot.services.common.movie_lookup import find_movie
from bot.services.common.neighbours import neighbours_table


@command(
    CommandCategory.FIND,
    "The films least like one.",
    examples=("opposite Toy Story",),
    aliases=("dissimilar",),
    order=50,
)
async def opposite(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Answer with the well-known films least like one."""
    movie = await find_movie(context, film, "opposite")
    least = await context.in_engine_thread(context.model.dissimilar, movie.movie_id, 10)
    return Reply(
        title=f"The opposite of {movie.title}",
        url=movie.url or "",
        text=f"{genres_text(movie)}. Of the films that many know, these are the least like it.",
        tables=(neighbours_table(least),),
        buttons=(action("similar", "Films like it", in_place=True, film=movie.movie_id),),
    )
