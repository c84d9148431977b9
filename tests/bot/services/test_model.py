"""The model's inside, as it is told."""

import re
from dataclasses import replace

import pytest

from bot.app.context import AppContext, RequestContext
from bot.errors import UserError
from bot.services.bias import bias
from bot.services.dimension import dimension
from bot.services.model import model_card
from tests.bot.chat_helpers import column, leads, options, words
from tests.engine.people import STUDY

ALICE = RequestContext("console:alice", "alice")

# The most and the least loved.


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


# The dimensions.


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


# The card.


async def test_the_card_tells_data_sizes_date_and_licence(context: AppContext) -> None:
    said = words(await model_card(context, ALICE))
    card = context.model.card
    for figure in ("ratings", "users", "movies", "movies_with_vectors"):
        assert f"{card[figure]:,}" in said
    assert all(data["name"] in said for data in card["data"])
    assert card["trained"][:4] in said
    assert "GroupLens" in said
    assert "Harper" in said
    assert "no commercial use" in said


async def test_the_card_has_the_quality_by_ratings_given_in_plain_words(
    context: AppContext,
) -> None:
    reply = await model_card(context, ALICE)
    (table,) = reply.tables
    quality = context.model.card["quality_by_ratings_given"]
    assert leads(table) == [f"After {given} ratings" for given in quality]
    for given, row in zip(quality.values(), column(table, "Figures"), strict=True):
        assert f"NDCG@10 {given['ndcg_at_10']:.2f}" in row
        assert f"RMSE {given['rmse']:.2f}" in row
        assert f"Recall@20 {given['recall_at_20']:.0%}" in row
    assert all(f"{name}" in reply.hint for name in ("MAE", "RMSE", "NDCG@10", "Recall@20"))


async def test_the_card_shows_the_training_and_whether_the_intervals_hold(
    context: AppContext,
) -> None:
    picture = (await model_card(context, ALICE)).picture
    assert picture is not None
    assert picture.filename == "model.png"
    assert picture.png.startswith(b"\x89PNG")
    assert re.search(r"loss goes from \d\.\d\d to \d\.\d\d and the NDCG@10", picture.description)
    first = context.model.card["quality_by_ratings_given"]["5"]
    held = f"{first['covered_80']:.0%} and {first['covered_95']:.0%} after 5"
    assert held in picture.description


async def test_a_model_of_ones_own_shows_the_curves_that_came_with_it(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = context.model
    monkeypatch.setattr(model, "bundle", replace(model.bundle, metrics={}))
    picture = (await model_card(context, ALICE)).picture
    assert picture is not None
    assert (picture.filename, picture.png) == ("curves.png", model.bundle.curves)


async def test_a_model_without_held_out_people_or_curves_still_has_a_card(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = context.model
    monkeypatch.setattr(model, "bundle", replace(model.bundle, curves=b""))
    monkeypatch.setattr(model, "card", {**model.card, "quality_by_ratings_given": {}})
    reply = await model_card(context, ALICE)
    assert reply.picture is None
    assert reply.tables == ()
