"""Who of a club is said to be hard to please, whatever people are called."""

from collections.abc import Mapping

import numpy as np
import pytest

from bot.app.context import AppContext, RequestContext
from bot.services.club import club

GUILD = "films"
HARSH = dict.fromkeys((1214, 1200, 1, 2571, 1240), 0.5)
GENEROUS = dict.fromkeys((1214, 1200, 1, 2571, 1240), 5.0)


async def said_of(context: AppContext, *people: tuple[str, Mapping[int, float]]) -> str:
    """What the club is told whose members have these names and stars."""
    for number, (name, stars) in enumerate(people, start=1):
        await context.store.remember(f"discord:{number}", name, GUILD)
        await context.store.rate(f"discord:{number}", stars)
    return (await club(context, RequestContext("discord:1", people[0][0], GUILD))).text


@pytest.mark.parametrize("stars", [(HARSH, GENEROUS), (GENEROUS, HARSH)], ids=["first", "second"])
async def test_of_two_who_are_called_alike_each_is_counted(
    context: AppContext, stars: tuple[Mapping[int, float], ...]
) -> None:
    first, second = stars
    assert "Hardest to please: Alex" in await said_of(context, ("Alex", first), ("Alex", second))


async def test_nobody_is_hard_to_please_by_nothing(context: AppContext) -> None:
    level = context.model.item_baseline
    nearest = np.round(2 * level) / 2
    below = np.flatnonzero((nearest < level) & (level - nearest < 0.05) & (nearest >= 0.5))[:5]
    ids = [context.model.catalogue.by_row(row).movie_id for row in below.tolist()]
    stars = dict(zip(ids, nearest[below].tolist(), strict=True))
    assert len(stars) == 5
    assert "Nobody of you is hard to please" in await said_of(
        context, ("Ann", stars), ("Bob", stars)
    )


async def test_whoever_rated_only_what_the_model_does_not_know_is_not_judged(
    context: AppContext,
) -> None:
    unknown = dict.fromkeys(range(10**8, 10**8 + 5), 0.5)
    said = await said_of(context, ("Ann", HARSH), ("Bob", unknown))
    assert "Hardest to please: Ann" in said
