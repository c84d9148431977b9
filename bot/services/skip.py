"""Putting a film aside for good."""

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
    "Never recommend a film to you again.",
    examples=("skip The Notebook",),
    order=50,
)
async def skip(context: AppContext, request: RequestContext, film: MovieArgument) -> Reply:
    """Never recommend a film to the asker again."""
    movie = await find_movie(context, film, "skip")
    before = await context.store.skip(request.user_id, movie.movie_id)
    if before.stars is not None:
        raise UserError(
            f"You rated {movie.title} {stars_text(before.stars)}, and I never recommend what you "
            f"rated. To take the rating back: {context.typed(f'unrate {movie.title}')}"
        )
    already = "was on your list already: I" if before.skipped else "is off your lists: I will"
    return Reply(
        title="Not interested",
        text=f"{movie.title} {already} never recommend it to you.",
        buttons=() if before.skipped else (undo_action(),),
        hint=f"Seen it after all? {context.typed(f'rate {movie.title} 4')}",
    )
