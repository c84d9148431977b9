"""The films most like one."""

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
    "The films most like one.",
    examples=("similar Toy Story", "similar the thing 1982"),
    aliases=("like",),
    order=40,
)
async def similar(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Answer with the films most like one."""
    movie = await find_movie(context, film, "similar")
    most = await context.in_engine_thread(context.model.similar, movie.movie_id, 10)
    by_content = all(neighbour.by_content for neighbour in most)
    return Reply(
        title=f"Like {movie.title}",
        url=movie.url or "",
        text=genres_text(movie)
        + (". Too few people rated it: by genre, year and series alone." if by_content else ""),
        tables=(neighbours_table(most),),
        buttons=(action("opposite", "The opposite", in_place=True, film=movie.movie_id),),
        hint=f"See it among its like: {context.typed(f'map {movie.title}')}",
    )
