"""Bringing one's ratings from elsewhere, after a look at what would change."""

from dataclasses import dataclass
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
from bot.text import counted, shortened
from bot.uploads import Upload

_LEFT_OUT = "left-out.csv"


@dataclass(frozen=True)
class _LeftOut:
    """The rows that cannot be taken, each with the reason; ``note`` says if some have no room."""

    document: Document | None = None
    note: str = ""


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

    Without a file it tells how to get one.
    """
    if undo:
        return await _take_back(context, request)
    if confirm:
        return await _confirmed(context, request)
    if cancel:
        context.pending_imports.drop(request.user_id)
        return Reply(title="Cancelled", text="Nothing was taken over.")
    if file is None:
        if rest and not _is_service(rest):
            raise UserError(_no_file(context, request, rest))
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
        left_out = await context.in_file_thread(_left_out, history)
    return await _looked_into(context, request, file.name, history, left_out)


def _is_service(said: str) -> bool:
    """Return whether a service is named, rather than a file of one."""
    words = said.casefold().split()
    return any(source.name.casefold() in words for source in named_sources())


def _no_file(context: AppContext, request: RequestContext, said: str) -> str:
    """Return what is told whoever names a file that is not there."""
    how = f"How to get one: {context.typed('import')}"
    if request.frontend == "console":
        example = context.typed("import ~/Downloads/ratings.csv")
        return (
            f"There is no file “{shortened(said)}” here. {how}. Name it with its folder, for "
            f"example: {example}"
        )
    return (
        f"No file came with “{shortened(said)}”. Attach it to the message, or hand it over with "
        f"the slash command. {how}"
    )


async def _looked_into(
    context: AppContext,
    request: RequestContext,
    name: str,
    history: ImportedHistory,
    left_out: _LeftOut,
) -> Reply:
    """Answer with what would change, before anything does."""
    mine = await context.stars_of(request)
    already = sum(mine.get(movie) == stars for movie, stars in history.stars.items())
    kept = sum(movie in mine for movie in history.stars) - already
    new = len(history.stars) - already - kept
    text = f"From {history.source}: {history.scale}. Nothing is changed yet.{left_out.note}"
    if not new and not history.seen:
        return Reply(
            title="Nothing new in it",
            text=text,
            tables=(_counts(history, 0, already, kept),),
            document=left_out.document,
        )
    owner = await context.store.check_in(request.user_id)  # forgotten meanwhile, none waits
    context.pending_imports.put(request.user_id, PendingImport(owner.number, name, history))
    label = counted(new, "rating") if new else counted(len(history.seen), "film seen", "films seen")
    return Reply(
        title="Shall I take this over?",
        text=text,
        tables=(_counts(history, new, already, kept),),
        document=left_out.document,
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


def _left_out(history: ImportedHistory) -> _LeftOut:
    kinds = (history.not_found, history.ambiguous, history.invalid, history.ignored)
    rows = sum(map(len, kinds))
    if not rows:
        return _LeftOut()
    data, held = skipped_rows_csv(history)
    document = Document(_LEFT_OUT, data)
    if held == rows:
        return _LeftOut(document)
    return _LeftOut(
        document, f" {_LEFT_OUT} holds the first {held:,} of {rows:,} rows: more are not sent."
    )


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
