"""What a user likes."""

import re

import pytest

from bot.app.context import AppContext, RequestContext
from bot.app.limits import Limits
from bot.replies import Reply
from bot.services.fit import fit
from bot.services.taste import taste
from tests.bot.chat_helpers import column, leads, words
from tests.engine.people import ALIEN, ALIENS, STUDY

ALICE = RequestContext("console:alice", "alice")


async def told(context: AppContext, command: str, ratings: dict[int, float]) -> Reply:
    await context.store.rate(ALICE.user_id, ratings)
    return await {"taste": taste, "fit": fit}[command](context, ALICE)


async def test_it_tells_kinds_of_films_then_dimensions_then_films(context: AppContext) -> None:
    kinds, dimensions, films = (await told(context, "taste", STUDY)).tables
    assert leads(kinds)[0] == "Horror"
    assert re.fullmatch(r"\+\d\.\d stars", column(kinds, "More")[0])
    assert "for 3 films" in column(kinds, "How sure")[0]
    assert "Too few films to be sure" in column(kinds, "How sure")[0]
    assert 1 <= len(dimensions.rows) <= 3
    assert all(re.search(r"\(\d\.\d\)", far) for far in column(dimensions, "How far"))
    assert len(films.rows) == len(films.actions) == 10


async def test_words_and_picture_say_the_same_figure(context: AppContext) -> None:
    reply = await told(context, "taste", STUDY)
    kinds = reply.tables[0]
    assert reply.picture is not None
    for kind, more in zip(leads(kinds), column(kinds, "More"), strict=True):
        assert f"{kind} {more.removesuffix(' stars')}" in reply.picture.description


async def test_the_films_of_ones_kind_are_known_ones_with_those_rated_marked(
    context: AppContext,
) -> None:
    films = (await told(context, "taste", STUDY)).tables[-1]
    marks = dict(zip(leads(films), column(films, "Yours"), strict=True))
    assert marks["Alien (1979)"] == "yours ★★★★★"
    assert marks["Aliens (1986)"] == "yours ★★★★½"
    assert [mark for title, mark in marks.items() if not title.startswith("Alien")] == [""] * 8
    ids = [int(action.message.removeprefix("predict id:")) for action in films.actions]
    assert {ALIEN, ALIENS} <= set(ids)
    catalogue = context.model.catalogue
    assert all(catalogue.by_id(movie_id).count > 1000 for movie_id in ids)


async def test_what_gets_fewer_stars_is_told_in_a_sentence(context: AppContext) -> None:
    reply = await told(context, "taste", STUDY)
    assert (
        "You give fewer stars to Animation, the 2000s and the 1990s than elsewhere." in reply.text
    )


@pytest.mark.parametrize("ratings", [{ALIEN: 5.0}, {ALIEN: 3.0, ALIENS: 3.0}])
async def test_few_or_equal_ratings_make_no_kind_of_film_a_favourite(
    context: AppContext, ratings: dict[int, float]
) -> None:
    reply = await told(context, "taste", ratings)
    assert all(table.rows for table in reply.tables)
    assert "You give" not in words(reply)


async def test_a_film_that_nobody_rated_says_little_but_breaks_nothing(
    context: AppContext,
) -> None:
    unrated = int(context.model.movie_ids[context.model.rated_position < 0][0])
    assert (await told(context, "taste", {unrated: 4.0})).title == "What you like"
    reply = await taste(context, ALICE)
    assert reply.tables == ()
    assert reply.picture is None


async def test_the_card_says_in_words_what_is_to_be_seen(context: AppContext) -> None:
    reply = await told(context, "taste", STUDY)
    assert reply.picture is not None
    assert reply.picture.filename == "taste.png"
    assert reply.picture.png.startswith(b"\x89PNG")
    described = reply.picture.description
    kinds, dimensions, films = reply.tables
    assert described.startswith("Card of what alice likes: stars beside other films")
    for name in (leads(kinds)[0], leads(dimensions)[0], leads(films)[0]):
        assert name in described


@pytest.mark.parametrize("command", ["taste", "fit"])
@pytest.mark.parametrize("room", ["pictures", "charts"])
async def test_where_many_wait_for_pictures_the_answer_comes_without(
    context: AppContext, command: str, room: str
) -> None:
    busy = AppContext(context.model, context.store, limits=Limits(**{room: 0}))
    reply = await told(busy, command, STUDY)
    busy.close()
    assert reply.picture is None
    assert reply.tables


@pytest.mark.parametrize("command", ["taste", "fit"])
async def test_whoever_rated_nothing_gets_a_way_forward(context: AppContext, command: str) -> None:
    reply = await told(context, command, {})
    assert reply.title == "You have not rated anything yet"
    assert [option.message for option in reply.buttons] == ["quiz"]
