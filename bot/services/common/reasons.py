"""What a user's ratings say about one film, for the commands that explain a prediction."""

from collections.abc import Sequence

from bot.app.context import AppContext, RequestContext
from bot.replies import Column, ColumnKind, Table
from bot.services.common.formatting import FILM, film_cell, stars_text
from engine import Reason, Taste
from engine.data.catalogue import Movie


async def taste_without(
    context: AppContext, request: RequestContext, movie: Movie
) -> tuple[Taste, float | None]:
    """Return the asker's taste without a film, and their stars for it, if any.

    So the rating of a film never predicts itself.
    """
    ratings = await context.stars_of(request)
    yours = ratings.pop(movie.movie_id, None)
    return await context.in_engine_thread(context.model.fit, ratings), yours


def reasons_table(reasons: Sequence[Reason], heading: str, most: int | None = None) -> Table:
    """Return ratings with what they did to a film: ``▲ 34%`` up, ``▼ 5%`` down, of all weight."""
    weight = sum(abs(reason.contribution) for reason in reasons) or 1.0
    return Table(
        (FILM, Column("Yours", ColumnKind.VALUE), Column("Share", ColumnKind.VALUE)),
        tuple(
            (
                film_cell(reason.movie),
                stars_text(reason.stars),
                f"{'▲' if reason.contribution > 0 else '▼'} "
                f"{abs(reason.contribution) / weight:.0%}",
            )
            for reason in reasons[:most]
        ),
        heading,
    )
