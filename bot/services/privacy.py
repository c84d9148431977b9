"""What is kept of a user."""

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.command import CommandCategory, command
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.backups import backups_text
from bot.text import counted


@command(
    CommandCategory.DATA,
    "What I keep of you.",
    examples=("privacy",),
    private=True,
    order=30,
)
async def privacy(context: AppContext, request: RequestContext) -> Reply:
    """Answer with what the store keeps of the asker."""
    kept = await context.store.data_summary(request.user_id)
    private = await context.store.is_private(request.user_id)
    rows = tuple((what, counted(n, "entry", "entries")) for what, n in kept.items() if n)
    return Reply(
        title="What I keep of you",
        text="Your name as it is shown here, what you told me about films, and in which servers "
        "and channels you did. Nothing else you say is kept. "
        + (
            "Your ratings are kept out of the lists of groups."
            if private
            else "Others in a server with you can see your ratings there."
        )
        + f" {backups_text(context)}",
        tables=(
            Table((Column("What", ColumnKind.LEAD), Column("How much", ColumnKind.VALUE)), rows),
        ),
        buttons=(
            action(
                "private",
                "Let others see my ratings" if private else "Keep my ratings to myself",
                in_place=True,
                state="off" if private else "on",
            ),
            action("forget", "Delete everything", in_place=True),
        ),
        hint=f"A copy for yourself: {context.typed('export')}",
    )
