"""The dimensions in which tastes differ."""

import re

import pytest

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.services.dimension import dimension
from tests.bot.chat_helpers import column, leads, options
from tests.engine.people import STUDY

ALICE = RequestContext("console:alice", "alice")


async def test_without_a_number_the_first_ten_are_offered(context: AppContext) -> None:
    reply = await dimension(context, ALICE)
    assert column(reply.tables[0], "#") == [str(number) for number in range(10)]
    opened = [option.message for option in options(reply)]
    assert opened == [f"dimension {number}" for number in range(10)]
    assert reply.choices[0].in_place


async def test_a_dimension_has_a_name_a_share_evidence_and_ten_films_at_either_end(
    context: AppContext,
) -> None:
    reply = await dimension(context, ALICE, 3)
    known = context.model.dimension(3)
    assert known.label is not None
    assert reply.title == f"Dimension 3: {known.label.replace('↔', 'against')}"
    assert f"{known.variance:.1%} of what sets people" in reply.text
    assert re.search(r"Towards \+: \d+% [\w-]+ \(usual \d+%\)", reply.text)
    high, low = reply.tables
    assert len(high.rows) == len(low.rows) == 10
    assert leads(high)[0] == known.high.movies[0].movie.title
    assert (high.heading, low.heading) == (f"+ {known.high.label}", f"- {known.low.label}")


async def test_it_tells_where_one_lies_or_how_to_find_out(context: AppContext) -> None:
    assert "Where do you lie?" in (await dimension(context, ALICE, 3)).text
    await context.store.rate(ALICE.user_id, STUDY)
    score = context.model.dimension_score(context.model.fit(STUDY), 3)
    assert f"You lean clearly ({score:.1f}) towards +." in (await dimension(context, ALICE, 3)).text


async def test_a_dimensions_bars_are_told_in_words_with_the_place_where_there_is_one(
    context: AppContext,
) -> None:
    nowhere = (await dimension(context, ALICE, 3)).picture
    await context.store.rate(ALICE.user_id, STUDY)
    reply = await dimension(context, ALICE, 3)
    assert nowhere is not None
    assert reply.picture is not None
    assert reply.picture.filename == "dimension.png"
    assert nowhere.png.startswith(b"\x89PNG")
    assert nowhere.png != reply.picture.png
    score = context.model.dimension_score(context.model.fit(STUDY), 3)
    place = f". Your place among all people is marked at {score:+.1f}"
    assert reply.picture.description == nowhere.description + place
    for table in reply.tables:
        assert f"{table.heading}, such as {leads(table)[0]}" in nowhere.description


async def test_the_list_of_dimensions_has_no_picture(context: AppContext) -> None:
    assert (await dimension(context, ALICE)).picture is None


@pytest.mark.parametrize(
    ("number", "turns"),
    [(0, ["dimension 1"]), (5, ["dimension 4", "dimension 6"]), (63, ["dimension 62"])],
)
async def test_buttons_turn_to_the_neighbours_in_place(
    context: AppContext, number: int, turns: list[str]
) -> None:
    reply = await dimension(context, ALICE, number)
    assert [option.message for option in reply.buttons] == [*turns, "dimension"]
    assert all(option.in_place for option in reply.buttons)


async def test_a_dimension_without_a_name_says_so(context: AppContext) -> None:
    assert (await dimension(context, ALICE, 40)).title == "Dimension 40: no name fits"
    assert "everybody watches" in (await dimension(context, ALICE, 0)).title


@pytest.mark.parametrize("number", [-1, 64, 999])
async def test_a_number_out_of_range_is_refused_with_an_example(
    context: AppContext, number: int
) -> None:
    with pytest.raises(UserError) as refused:
        await dimension(context, ALICE, number)
    assert str(refused.value) == (
        f"The dimensions are numbered from 0 to 63, so there is no {number}. "
        "For example: !dimension 1"
    )
