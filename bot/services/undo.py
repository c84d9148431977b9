"""Taking back what was done last."""

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.errors import UserError
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.formatting import FILM, film_cell, stars_text
from storage import MovieState


@command(
    CommandCategory.RATE,
    "Take back your latest rating, or whatever you did last.",
    examples=("undo",),
    order=30,
)
async def undo(context: AppContext, request: RequestContext) -> Reply:
    """Put back what the asker's latest rate, unrate or skip changed."""
    undone = await context.store.undo(request.user_id)
    if not undone:
        raise UserError(
            "There is nothing left to undo. What you have rated: " + context.typed("ratings")
        )
    catalogue = context.model.catalogue
    rows = tuple(
        (
            film_cell(catalogue.by_id(one.movie_id)),
            f"{_state_text(one.before)} → {_state_text(one.after)}",
        )
        for one in undone
        if one.movie_id in catalogue
    )
    return Reply(
        title="Undone",
        tables=(Table((FILM, Column("Before and now", ColumnKind.VALUE)), rows),),
        hint=f"One step further back: {context.typed('undo')}",
    )


def _state_text(state: MovieState) -> str:
    if state.stars is not None:
        return stars_text(state.stars)
    return "not interested" if state.skipped else "seen" if state.seen else "not rated"
