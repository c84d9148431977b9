"""Bringing one's ratings from elsewhere, after a look at what would change; taking them along."""

from bot.app.context import Caller, Services
from bot.errors import UserError
from bot.imports import MOST_BYTES, Exported, History, export_csv, left_out_csv, read_history
from bot.replies import Column, Document, Option, Reply, Role, Table, Tone
from bot.services.common.formatting import counted
from bot.uploads import Upload

_WAYS = (
    ("Letterboxd", "Settings, Data, Export your data: send the zip"),
    ("IMDb", "Your ratings, Export: send the csv"),
    ("Trakt", "Settings, Data, Export: send the json or zip"),
    ("MovieLens", "Your profile, Export ratings: send the csv"),
    ("Reeltwin", "what the command export gives"),
)


async def bring(
    services: Services,
    caller: Caller,
    file: Upload | None = None,
    undo: bool = False,
    answer: str = "",
) -> Reply:
    """Look into a file of ratings, take it over once it is confirmed, or take the last one back."""
    if undo:
        return await _take_back(services, caller)
    if answer == "confirm":
        return await _confirmed(services, caller)
    if answer == "cancel":
        services.waiting.take(caller.user_id)
        return Reply(title="Cancelled", text="Nothing was taken over.")
    if file is None:
        return _how(services)
    if file.size > MOST_BYTES:
        raise UserError(
            f"The file has {file.size / 2**20:,.1f} MB, and {MOST_BYTES // 2**20} MB is the most "
            f"I read. How to get it: {services.typed('import')}"
        )
    with services.reading():
        films = await services.film_index()
        history = await services.compute(read_history, file.name, await file.read(), films)
    return await _looked_into(services, caller, file.name, history)


async def export(services: Services, caller: Caller) -> Reply:
    """The caller's ratings as a file that our import and Letterboxd's take."""
    catalogue = services.model.catalogue
    ratings = await services.store.ratings(caller.user_id)
    seen = await services.store.seen_films(caller.user_id)
    films = [
        Exported(catalogue.movie(rating.movie_id), rating.stars, rating.rated_at)
        for rating in ratings
        if rating.movie_id in catalogue
    ]
    films += [Exported(catalogue.movie(movie), None) for movie in seen if movie in catalogue]
    if not films:
        raise UserError(
            f"You have not rated anything yet, so there is nothing to export. To begin: "
            f"{services.typed('quiz')}"
        )
    return Reply(
        title="Your ratings to take along",
        text=f"{counted(len(films), 'film')}. Letterboxd takes the file (Settings, Data, Import), "
        f"and so do I: {services.typed('import')}",
        document=Document("ratings.csv", await services.compute(export_csv, films)),
    )


async def _looked_into(services: Services, caller: Caller, name: str, history: History) -> Reply:
    """What would change, before anything does."""
    mine = await services.stars_of(caller)
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
    services.waiting.put(caller.user_id, name, history)
    label = counted(new, "rating") if new else counted(len(history.seen), "film seen", "films seen")
    return Reply(
        title="Shall I take this over?",
        text=text,
        tables=(_counts(history, new, already, kept),),
        document=_left_out(history),
        buttons=(
            Option(f"Import {label}", "import confirm", in_place=True, main=True),
            Option("Cancel", "import cancel", in_place=True),
        ),
        tone=Tone.QUESTION,
    )


async def _confirmed(services: Services, caller: Caller) -> Reply:
    waiting = services.waiting.take(caller.user_id)
    if waiting is None:
        raise UserError(
            "I have no file of yours that waits to be confirmed. Please send it again with "
            + services.typed("import")
        )
    history = waiting.history
    ratings = {m: (stars, history.rated_at.get(m)) for m, stars in history.stars.items()}
    label = f"{history.source}: {waiting.name}"
    done = await services.store.import_ratings(caller.user_id, ratings, label, history.seen)
    return Reply(
        title="Imported",
        text=f"From {history.source}.",
        tables=(_counts(history, done.added, done.already, done.kept),),
        buttons=(
            Option("Recommend", "recommend", main=True),
            Option("My taste", "taste"),
            Option("Undo the import", "import undo", in_place=True),
        ),
    )


async def _take_back(services: Services, caller: Caller) -> Reply:
    label = await services.store.latest_import(caller.user_id)
    undone = await services.store.undo_import(caller.user_id) if label else []
    if label is None:
        raise UserError(
            f"There is no import to undo. Your ratings: {services.typed('ratings')}, and to bring "
            f"some: {services.typed('import')}"
        )
    return Reply(
        title="Import undone",
        text=f"{label}: {counted(len(undone), 'film')} as before. What you have rated since stays.",
    )


def _counts(history: History, new: int, already: int, kept: int) -> Table:
    rows = [
        ("New ratings", new, ""),
        ("Seen, without stars", len(history.seen), "never recommended to you"),
        ("Here already", already, "with the same stars"),
        ("Rated otherwise here", kept, "your stars here stay"),
        ("Not found", len(history.not_found), "not among my films"),
        ("Not sure", len(history.ambiguous), "several films fit; I never guess"),
        ("Cannot be read", len(history.bad), ""),
        ("No films", len(history.aside), "series, episodes and the like"),
    ]
    columns = (Column("What", Role.LEAD), Column("How many", Role.VALUE), Column("", Role.DETAIL))
    return Table(columns, tuple((what, f"{n:,}", why) for what, n, why in rows if n))


def _left_out(history: History) -> Document | None:
    """The rows that cannot be taken, each with the reason."""
    if not (history.not_found or history.ambiguous or history.bad or history.aside):
        return None
    return Document("left-out.csv", left_out_csv(history))


def _how(services: Services) -> Reply:
    return Reply(
        title="Bring your ratings",
        text="Send the file with the command. I show what is in it before anything changes, and "
        "can take it back afterwards.",
        tables=(
            Table((Column("From", Role.LEAD), Column("How to get the file", Role.DETAIL)), _WAYS),
        ),
        hint=f"Take it back: {services.typed('import undo')}. Take yours along: "
        + services.typed("export"),
    )
