"""Bringing one's ratings from elsewhere, after a look at what would change; taking them along."""

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.imports.archive import MAX_BYTES
from bot.imports.export import ExportedMovie, export_csv, skipped_rows_csv
from bot.imports.history import ImportedHistory
from bot.imports.reader import read_history
from bot.imports.sources import named_sources
from bot.replies import Action, Column, ColumnKind, Document, Reply, Severity, Table
from bot.services.common.formatting import counted
from bot.uploads import Upload


async def import_ratings(
    context: AppContext,
    request: RequestContext,
    file: Upload | None = None,
    undo: bool = False,
    answer: str = "",
) -> Reply:
    """Look into a file of ratings, take it over once it is confirmed, or take the last one back."""
    if undo:
        return await _take_back(context, request)
    if answer == "confirm":
        return await _confirmed(context, request)
    if answer == "cancel":
        context.pending_imports.take(request.user_id)
        return Reply(title="Cancelled", text="Nothing was taken over.")
    if file is None:
        return _how(context)
    if file.size > MAX_BYTES:
        raise UserError(
            f"The file has {file.size / 2**20:,.1f} MB, and {MAX_BYTES // 2**20} MB is the most "
            f"I read. How to get it: {context.typed('import')}"
        )
    with context.limits.file():
        films = await context.film_index()
        history = await context.in_engine_thread(read_history, file.name, await file.read(), films)
    return await _looked_into(context, request, file.name, history)


async def export(context: AppContext, request: RequestContext) -> Reply:
    """The caller's ratings as a file that our import and Letterboxd's take."""
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


async def _looked_into(
    context: AppContext, request: RequestContext, name: str, history: ImportedHistory
) -> Reply:
    """What would change, before anything does."""
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
    context.pending_imports.put(request.user_id, name, history)
    label = counted(new, "rating") if new else counted(len(history.seen), "film seen", "films seen")
    return Reply(
        title="Shall I take this over?",
        text=text,
        tables=(_counts(history, new, already, kept),),
        document=_left_out(history),
        buttons=(
            Action(f"Import {label}", "import confirm", in_place=True, main=True),
            Action("Cancel", "import cancel", in_place=True),
        ),
        tone=Severity.QUESTION,
    )


async def _confirmed(context: AppContext, request: RequestContext) -> Reply:
    waiting = context.pending_imports.take(request.user_id)
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
            Action("Recommend", "recommend", main=True),
            Action("My taste", "taste"),
            Action("Undo the import", "import undo", in_place=True),
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
    """The rows that cannot be taken, each with the reason."""
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
