"""The films that are loved most and least."""

import re

import pytest

from bot.app.context import AppContext, RequestContext
from bot.services.bias import bias
from tests.bot.chat_helpers import column, leads

ALICE = RequestContext("console:alice", "alice")


@pytest.mark.parametrize("count", [1, 10, 50])
async def test_both_ends_have_as_many_films_as_wanted(context: AppContext, count: int) -> None:
    most, least = (await bias(context, ALICE, count)).tables
    assert len(most.rows) == len(least.rows) == count
    assert (most.heading, least.heading) == ("Most loved", "Least loved")


async def test_the_bars_of_biases_are_told_in_words(context: AppContext) -> None:
    reply = await bias(context, ALICE)
    assert reply.picture is not None
    assert reply.picture.filename == "bias.png"
    assert reply.picture.png.startswith(b"\x89PNG")
    for table in reply.tables:
        stars = column(table, "Stars above average")
        assert f"{leads(table)[0]} {stars[0]}" in reply.picture.description


async def test_biases_are_signed_stars_from_the_extreme_inwards(context: AppContext) -> None:
    most, least = (await bias(context, ALICE)).tables
    assert "The Shawshank Redemption (1994)" in leads(most)
    high, low = (column(table, "Stars above average") for table in (most, least))
    assert all(re.fullmatch(r"\+\d\.\d\d", stars) for stars in high)
    assert all(re.fullmatch(r"-\d\.\d\d", stars) for stars in low)
    assert [*map(float, high)] == sorted(map(float, high), reverse=True)
    assert [*map(float, low)] == sorted(map(float, low))
    assert all(re.fullmatch(r"[\d,]+ ratings", count) for count in column(most, "Ratings"))
