"""What is kept of somebody, and how they take it back or keep it to themselves."""

from bot.app.context import AppContext, RequestContext
from bot.replies import Action, Column, ColumnKind, Reply, Severity, Table
from bot.services.common.formatting import counted

STATES = ("on", "off")
_SURE = "yes, everything"


async def privacy(context: AppContext, request: RequestContext) -> Reply:
    """What the store keeps of the caller."""
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
        ),
        tables=(
            Table((Column("What", ColumnKind.LEAD), Column("How much", ColumnKind.VALUE)), rows),
        ),
        buttons=(
            Action(
                "Let others see my ratings" if private else "Keep my ratings to myself",
                f"private {'off' if private else 'on'}",
                in_place=True,
            ),
            Action("Delete everything", "forget", in_place=True),
        ),
        hint=f"A copy for yourself: {context.typed('export')}",
    )


async def private(context: AppContext, request: RequestContext, state: str = STATES[0]) -> Reply:
    """Keep the caller's ratings out of group lists, or let them in again."""
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


async def forget(context: AppContext, request: RequestContext, answer: str = "") -> Reply:
    """Delete everything of the caller, after they have confirmed it."""
    if answer == _SURE:
        context.pending_imports.take(request.user_id)
        gone = await context.store.forget(request.user_id)
        return Reply(
            title="Forgotten",
            text=f"Everything of yours is deleted: {counted(gone.ratings, 'rating')} and all that "
            "hung on them. You are welcome to begin anew.",
        )
    n = len(await context.store.ratings(request.user_id))
    return Reply(
        title="Delete everything?",
        text=f"That is {counted(n, 'rating')}, your history, quiz, votes and settings, in all "
        "servers. It cannot be undone.",
        buttons=(
            Action("Delete everything", f"forget {_SURE}", in_place=True),
            Action("Keep it", "privacy", in_place=True, main=True),
        ),
        hint=f"Take a copy first: {context.typed('export')}",
        tone=Severity.QUESTION,
    )
