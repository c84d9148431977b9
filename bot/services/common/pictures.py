"""Pictures that go with an answer and that it can do without."""

from collections.abc import Callable
from typing import ParamSpec

from bot.app.context import AppContext
from bot.errors import UserError
from bot.replies import Picture

P = ParamSpec("P")


async def optional_picture(
    context: AppContext,
    filename: str,
    description: str,
    draw: Callable[P, bytes | None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Picture | None:
    """Return a picture to go with an answer that is complete without it.

    None where there is nothing to draw, or where too many users wait for pictures.

    Parameters
    ----------
    context
        Its render worker draws.
    filename, description
        As in :class:`bot.replies.Picture`.
    draw
        A module's function that returns a PNG, or None; called with ``args`` and ``kwargs``.
    """
    try:
        with context.limits.chart():
            png = await context.render(draw, *args, **kwargs)
    except UserError:
        return None
    return Picture(filename, png, description) if png else None
