"""The MovieLens users whose taste is nearest to the asker's."""

from bot.app.context import AppContext, RequestContext
from bot.commands.command import CommandCategory, command
from bot.replies import Column, ColumnKind, Reply, Table
from bot.services.common.next_steps import nothing_rated
from bot.text import counted
from engine.recommend.neighbours import RatedMovie, Twin

_SHOWN = 3  # films that both rated, told by name
_SHOWN_LOVED = 4  # films of theirs that are new


@command(
    CommandCategory.GROUP,
    "The five MovieLens users with your taste.",
    examples=("twin",),
    aliases=("twins",),
    order=10,
)
async def twin(context: AppContext, request: RequestContext) -> Reply:
    """Answer with the five nearest users: how alike, what both rated, what they love."""
    taste = await context.taste_of(request)
    if not taste.ratings:
        return nothing_rated(context)
    twins = await context.in_engine_thread(context.model.twins, taste, 5)
    people = context.model.user_ratings.n_rows
    return Reply(
        title="Your taste twins",
        text=f"The nearest of {people:,} MovieLens users. Similarity is how far your stars should "
        "agree beyond what everybody thinks of a film: 0 is a stranger, 1 yourself, and few people "
        "pass 0.5.",
        tables=tuple(_portrait(rank, found) for rank, found in enumerate(twins, start=1)),
        hint=f"More ratings find nearer twins: you have {counted(len(taste.ratings), 'rating')}.",
    )


def _portrait(rank: int, twin: Twin) -> Table:
    rows = [
        ("Both rated", _shared(twin)),
        (
            "They love, new to you",
            _films(twin.loves[:_SHOWN_LOVED]) or "nothing that you have not rated",
        ),
        ("Their best", _films(twin.highest)),
        ("Their worst", _films(twin.lowest)),
    ]
    return Table(
        (Column("What", ColumnKind.LEAD), Column("Films (stars)", ColumnKind.DETAIL)),
        tuple(rows),
        heading=f"{rank}. MovieLens user {twin.user + 1}: similarity {twin.similarity:.2f}",
    )


def _shared(twin: Twin) -> str:
    """Return how many films, how often the two agree, and on which most."""
    if twin.agreement is None:
        return "nothing yet"
    named = [
        f"{one.movie.title} (you {one.yours:g}, they {one.theirs:g})"
        for one in twin.shared[:_SHOWN]
    ]
    rest = len(twin.shared) - len(named)
    return (
        f"{counted(len(twin.shared), 'film')}, {twin.agreement:.0%} within half a star: "
        + ", ".join(named)
        + (f" and {rest} more" if rest else "")
    )


def _films(films: tuple[RatedMovie, ...]) -> str:
    return ", ".join(f"{film.movie.title} {film.stars:g}" for film in films)
