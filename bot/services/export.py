"""A user's ratings as a file."""

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.errors import UserError
from bot.imports.export import ExportedMovie, export_csv
from bot.replies import Document, Reply
from bot.text import counted


@command(
    CommandCategory.DATA,
    "Your ratings as a file, for Letterboxd or for me.",
    examples=("export",),
    private=True,
    order=20,
)
async def export(context: AppContext, request: RequestContext) -> Reply:
    """Answer with the asker's ratings as a file that our import and Letterboxd's take."""
    catalogue = context.model.catalogue
    ratings = await context.store.ratings(request.user_id)
    seen = await context.store.seen_movies(request.user_id)
    films = [
        ExportedMovie(catalogue.by_id(rating.movie_id), rating.stars, rating.rated_at)
        for rating in ratings
        if rating.movie_id in catalogue
    ]
    films += [ExportedMovie(catalogue.by_id(movie), None) for movie in seen if movie in catalogue]
    if not films:
        raise UserError(
            f"You have not rated anything yet, so there is nothing to export. To begin: "
            f"{context.typed('quiz')}"
        )
    return Reply(
        title="Your ratings to take along",
        text=f"{counted(len(films), 'film')}. Letterboxd takes the file (Settings, Data, Import), "
        f"and so do I: {context.typed('import')}",
        document=Document("ratings.csv", await context.in_engine_thread(export_csv, films)),
    )
