"""Bringing one's ratings from elsewhere, after a look at what would change."""

from typing import Annotated

from bot.app.context import AppContext, RequestContext
from bot.commands.actions import action
from bot.commands.button_parameters import ButtonWords
from bot.commands.command import CommandCategory, command
from bot.commands.parameters import Attachment, Flag
from bot.errors import UserError
from bot.imports.archive import MAX_BYTES
from bot.imports.export import skipped_rows_csv
from bot.imports.history import ImportedHistory
from bot.imports.pending import PendingImport
from bot.imports.reader import read_history
from bot.imports.sources import named_sources
from bot.replies import Column, ColumnKind, Document, Reply, Severity, Table
from bot.services.common.arguments import UnreadArgument
from bot.text import counted
from bot.uploads import Upload


@command(
    CommandCategory.DATA,
    "Bring your ratings from Letterboxd, IMDb, Trakt or MovieLens.",
    name="import",
    examples=("import", "import undo"),
    private=True,
    order=10,
)
async def import_ratings(
    context: AppContext,
    request: RequestContext,
    file: Annotated[
        Upload | None, Attachment(description="The file from there, as you got it")
    ] = None,
    undo: Annotated[bool, Flag(description="Take the last import back", words=("undo",))] = False,
    confirm: Annotated[bool, ButtonWords(words="confirm")] = False,
    cancel: Annotated[bool, ButtonWords(words="cancel")] = False,
    rest: UnreadArgument = "",
) -> Reply:
    """Look into a file of ratings, take it over once it is confirmed, or take the last one back.

    Without a file, whatever is said, it tells how to get one.
    """
    if undo:
        return await _take_back(context, request)
    if confirm:
        return await _confirmed(context, request)
    if cancel:
        context.pending_imports.drop(request.user_id)
        return Reply(title="Cancelled", text="Nothing was taken over.")
    if file is None:
        return _how(context)
    if file.size > MAX_BYTES:
        raise UserError(
            f"The file has {file.size / 2**20:,.1f} MB, and {MAX_BYTES // 2**20} MB is the most "
            f"I read. How to get it: {context.typed('import')}"
        )
    with context.limits.file():
        movie_index = await context.movie_index()
        history = await context.in_file_thread(
            read_history, file.name, await file.read(), movie_index
        )
    return await _looked_into(context, request, file.name, history)


async def _looked_into(
    context: AppContext, request: RequestContext, name: str, history: ImportedHistory
) -> Reply:
    """Answer with what would change, before anything does."""
    mine = await context.stars_of(request)
    already = sum(mine.get(movie) == stars for movie, stars in history.stars.items())
    kept = sum(movie in mine for movie in history.stars) - already
    new = len(history.stars) - already - kept
    text = f"From {history.source}: {history.scale}. Nothing is changed yet."
    if not new and not history.seen:
        return Reply(
            title="Nothing new in it",
            text=text,
            tables=(_counts(history, 0, already, kept),),
            document=_left_out(history),
        )
    owner = await context.store.check_in(request.user_id)  # forgotten meanwhile, none waits
    context.pending_imports.put(request.user_id, PendingImport(owner.number, name, history))
    label = counted(new, "rating") if new else counted(len(history.seen), "film seen", "films seen")
    return Reply(
        title="Shall I take this over?",
        text=text,
        tables=(_counts(history, new, already, kept),),
        document=_left_out(history),
        buttons=(
            action("import", f"Import {label}", in_place=True, main=True, confirm=True),
            action("import", "Cancel", in_place=True, cancel=True),
        ),
        severity=Severity.QUESTION,
    )


async def _confirmed(context: AppContext, request: RequestContext) -> Reply:
    owner = await context.store.check_in(request.user_id)
    waiting = context.pending_imports.take(request.user_id, owner.number)
    if waiting is None:
        raise UserError(
            "I have no file of yours that waits to be confirmed. Please send it again with "
            + context.typed("import")
        )
    history = waiting.history
    ratings = {m: (stars, history.rated_at.get(m)) for m, stars in history.stars.items()}
    label = f"{history.source}: {waiting.name}"
    done = await context.store.import_ratings(request.user_id, ratings, label, history.seen)
    return Reply(
        title="Imported",
        text=f"From {history.source}.",
        tables=(_counts(history, done.added, done.already, done.kept),),
        buttons=(
            action("recommend", "Recommend", main=True),
            action("taste", "My taste"),
            action("import", "Undo the import", in_place=True, undo=True),
        ),
    )


async def _take_back(context: AppContext, request: RequestContext) -> Reply:
    label = await context.store.latest_import(request.user_id)
    undone = await context.store.undo_import(request.user_id) if label else []
    if label is None:
        raise UserError(
            f"There is no import to undo. Your ratings: {context.typed('ratings')}, and to bring "
            f"some: {context.typed('import')}"
        )
    return Reply(
        title="Import undone",
        text=f"{label}: {counted(len(undone), 'film')} as before. What you have rated since stays.",
    )


def _counts(history: ImportedHistory, new: int, already: int, kept: int) -> Table:
    rows = [
        ("New ratings", new, ""),
        ("Seen, without stars", len(history.seen), "never recommended to you"),
        ("Here already", already, "with the same stars"),
        ("Rated otherwise here", kept, "your stars here stay"),
        ("Not found", len(history.not_found), "not among my films"),
        ("Not sure", len(history.ambiguous), "several films fit; I never guess"),
        ("Cannot be read", len(history.invalid), ""),
        ("No films", len(history.ignored), "series, episodes and the like"),
    ]
    columns = (
        Column("What", ColumnKind.LEAD),
        Column("How many", ColumnKind.VALUE),
        Column("", ColumnKind.DETAIL),
    )
    return Table(columns, tuple((what, f"{n:,}", why) for what, n, why in rows if n))


def _left_out(history: ImportedHistory) -> Document | None:
    """Return the rows that cannot be taken, each with the reason."""
    if not (history.not_found or history.ambiguous or history.invalid or history.ignored):
        return None
    return Document("left-out.csv", skipped_rows_csv(history))


def _how(context: AppContext) -> Reply:
    return Reply(
        title="Bring your ratings",
        text="Send the file with the command. I show what is in it before anything changes, and "
        "can take it back afterwards.",
        tables=(
            Table(
                (Column("From", ColumnKind.LEAD), Column("How to get the file", ColumnKind.DETAIL)),
                tuple((source.name, source.how_to_get) for source in named_sources()),
            ),
        ),
        hint=f"Take it back: {context.typed('import undo')}. Take yours along: "
        + context.typed("export"),
    )
