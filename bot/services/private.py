"""Keeping one's ratings out of group lists."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Keyword
from bot.replies import Reply

STATES = ("on", "off")


@command(
    CommandCategory.DATA,
    "Keep your ratings out of group lists, or let them in again.",
    examples=("private on", "private off"),
    private=True,
    order=40,
)
async def private(
    context: AppContext,
    request: RequestContext,
    state: Annotated[
        str, Keyword(description="On keeps them to yourself", options=STATES)
    ] = STATES[0],
) -> Reply:
    """Keep the asker's ratings out of group lists, or let them in again."""
    on = state == STATES[0]
    await context.store.set_private(request.user_id, on)
    return Reply(
        title="Private" if on else "Not private",
        text="Your ratings are out of all lists, comparisons and movie nights of groups; I still "
        "use them for you."
        if on
        else "Others in a server with you can see your ratings there again.",
        hint=f"The other way: {context.typed(f'private {STATES[1] if on else STATES[0]}')}",
    )
