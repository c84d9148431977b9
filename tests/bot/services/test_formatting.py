"""How figures are written."""

from bot.app.context import AppContext, RequestContext
from bot.replies import Reply
from bot.services.common.formatting import how_far
from bot.services.fit import fit
from bot.services.taste import taste

ALICE = RequestContext("console:alice", "alice")


async def told(context: AppContext, command: str, ratings: dict[int, float]) -> Reply:
    await context.store.rate(ALICE.user_id, ratings)
    return await {"taste": taste, "fit": fit}[command](context, ALICE)


def test_how_far_somebody_leans_has_a_word() -> None:
    told = [how_far(position) for position in (0.2, -0.7, 1.5, -3)]
    assert told == ["slightly (0.2)", "clearly (0.7)", "strongly (1.5)", "very strongly (3.0)"]
