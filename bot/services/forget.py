"""Deleting all that is kept of a user."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.button_parameters import ButtonWords
from bot.commands.command import CommandCategory, command
from bot.replies import Reply, Severity
from bot.services.common.arguments import UnreadArgument
from bot.services.common.backups import backups_text
from bot.text import counted


@command(
    CommandCategory.DATA,
    "Delete everything of yours, after asking.",
    examples=("forget",),
    private=True,
    order=50,
)
async def forget(
    context: AppContext,
    request: RequestContext,
    confirmed: Annotated[bool, ButtonWords(words="yes, everything")] = False,
    rest: UnreadArgument = "",
) -> Reply:
    """Delete everything of the asker, after they have confirmed it by the button.

    Whatever else is said asks them (again).
    """
    if confirmed:
        gone = await context.store.forget(request.user_id)
        # Afterwards: a file that came in the meantime goes too.
        context.pending_imports.drop(request.user_id)
        return Reply(
            title="Forgotten",
            text=f"Everything of yours is deleted: {counted(gone.ratings, 'rating')} and all that "
            f"hung on them. {backups_text(context)} You are welcome to begin anew.",
        )
    n = len(await context.store.ratings(request.user_id))
    return Reply(
        title="Delete everything?",
        text=f"That is {counted(n, 'rating')}, your history, quiz, votes and settings, in all "
        "servers. It cannot be undone.",
        buttons=(
            action("forget", "Delete everything", in_place=True, confirmed=True),
            action("privacy", "Keep it", in_place=True, main=True),
        ),
        hint=f"Take a copy first: {context.typed('export')}",
        severity=Severity.QUESTION,
    )
