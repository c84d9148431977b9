"""Taking a rating back."""

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.errors import UserError
from bot.replies import Reply
from bot.services.common.arguments import MovieArgument
from bot.services.common.formatting import stars_text
from bot.services.common.movie_lookup import find_movie
from bot.services.common.next_steps import undo_action


@command(
    CommandCategory.RATE,
    "Take a rating back.",
    examples=("unrate Alien",),
    order=20,
)
async def unrate(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Take a rating back. Among several films of that name, the one that was rated is meant."""
    mine = await context.stars_of(request)
    movie = await find_movie(context, film, "unrate", among=mine)
    stars = await context.store.unrate(request.user_id, movie.movie_id)
    if stars is None:
        raise UserError(
            f"You have not rated {movie.title}, so there is nothing to take back. "
            f"Your ratings: {context.typed('ratings')}"
        )
    return Reply(
        title="Taken back",
        text=f"{movie.title} had {stars_text(stars)} from you.",
        buttons=(undo_action(),),
        hint=f"Changed your mind? {context.typed(f'rate {movie.title} {stars:g}')}",
    )
