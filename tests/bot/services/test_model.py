"""What the model was trained on, and how well it does."""

import re
from dataclasses import replace

import pytest

from bot.app.context import AppContext, RequestContext
from bot.services.model import model_card
from tests.bot.chat_helpers import column, leads, words

ALICE = RequestContext("console:alice", "alice")


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
