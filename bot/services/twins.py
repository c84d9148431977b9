"""The MovieLens users whose taste is nearest to somebody's."""

from bot.replies import Column, Reply, Role, Table
from bot.services.base import Caller, Services
from bot.services.ratings import nothing_rated
from bot.services.wording import counted
from engine.twins import RatedMovie, SharedMovie, Twin

_MOST_SHARED = 8


async def twin(services: Services, caller: Caller) -> Reply:
    """The five nearest users: how alike, what both rated, what they love and cannot stand."""
    taste = await services.taste_of(caller)
    if not taste.ratings:
        return nothing_rated(services)
    twins = await services.compute(services.model.twins, taste, 5)
    people = len(services.model.bundle.tensors.user_offsets) - 1
    return Reply(
        title="Your taste twins",
        text=f"The nearest of {people:,} MovieLens users; a similarity of 1 would be yourself.",
        tables=tuple(_portrait(rank, found) for rank, found in enumerate(twins, start=1)),
        hint=f"More ratings find nearer twins: you have {counted(len(taste.ratings), 'rating')}.",
    )


def _portrait(rank: int, twin: Twin) -> Table:
    rows = [
        ("Both rated", _shared(twin.shared)),
        ("Their best", _films(twin.highest)),
        ("Their worst", _films(twin.lowest)),
    ]
    return Table(
        (Column("What", Role.LEAD), Column("Films (stars)", Role.DETAIL)),
        tuple(rows),
        heading=f"{rank}. MovieLens user {twin.user + 1}: similarity {twin.similarity:.2f}"
        + _agreement(twin),
    )


def _agreement(twin: Twin) -> str:
    if twin.agreement is None:
        return ""
    return f", {twin.agreement:.0%} of {counted(len(twin.shared), 'film')} within half a star"


def _shared(shared: tuple[SharedMovie, ...]) -> str:
    if not shared:
        return "nothing yet"
    shown = [f"{s.movie.title} (you {s.yours:g}, they {s.theirs:g})" for s in shared[:_MOST_SHARED]]
    rest = len(shared) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _films(films: tuple[RatedMovie, ...]) -> str:
    return ", ".join(f"{film.movie.title} {film.stars:g}" for film in films)
