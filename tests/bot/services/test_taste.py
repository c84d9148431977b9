"""What somebody likes and how well they are known, as it is told."""

import re

import numpy as np
import pytest

from bot.app.context import AppContext, RequestContext
from bot.app.limits import Limits
from bot.replies import ColumnKind, Reply
from bot.services.common.formatting import how_far
from bot.services.fit import fit
from bot.services.taste import taste
from tests.bot.chat_helpers import Say, column, leads, words
from tests.engine.people import ALIEN, ALIENS, STUDY, ratings_of, users_with

ALICE = RequestContext("console:alice", "alice")


async def told(context: AppContext, command: str, ratings: dict[int, float]) -> Reply:
    await context.store.rate(ALICE.user_id, ratings)
    return await {"taste": taste, "fit": fit}[command](context, ALICE)


# What you like.


async def test_it_tells_kinds_of_films_then_dimensions_then_films(context: AppContext) -> None:
    kinds, dimensions, films = (await told(context, "taste", STUDY)).tables
    assert leads(kinds)[0] == "Horror"
    assert re.fullmatch(r"\+\d\.\d stars", column(kinds, "More")[0])
    assert "for 3 films" in column(kinds, "How sure")[0]
    assert "Too few films to be sure" in column(kinds, "How sure")[0]
    assert 1 <= len(dimensions.rows) <= 3
    assert all(re.search(r"\(\d\.\d\)", far) for far in column(dimensions, "How far"))
    assert len(films.rows) == len(films.actions) == 10


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


def test_how_far_somebody_leans_has_a_word() -> None:
    told = [how_far(position) for position in (0.2, -0.7, 1.5, -3)]
    assert told == ["slightly (0.2)", "clearly (0.7)", "strongly (1.5)", "very strongly (3.0)"]


# How well I know you.


async def test_each_rating_stands_beside_a_guess_that_never_saw_it(context: AppContext) -> None:
    (table,) = (await told(context, "fit", STUDY)).tables
    catalogue = context.model.catalogue
    title_to_id = {catalogue.by_id(movie_id).title: movie_id for movie_id in STUDY}
    assert set(leads(table)) == set(title_to_id)
    for title, guess, off in zip(
        leads(table), column(table, "My guess"), column(table, "Off by"), strict=True
    ):
        movie_id = title_to_id[title]
        rest = {m: s for m, s in STUDY.items() if m != movie_id}
        (stars,), (std,) = context.model.fit(rest).predict([movie_id])
        assert guess == f"★ {stars:.1f} ± {std:.1f}"
        assert float(off) == pytest.approx(stars - STUDY[movie_id], abs=0.051)


async def test_the_biggest_misses_come_first(context: AppContext) -> None:
    (table,) = (await told(context, "fit", STUDY)).tables
    misses = [abs(float(off)) for off in column(table, "Off by")]
    assert misses == sorted(misses, reverse=True)
    assert column(table, "#") == [str(rank) for rank in range(1, 11)]
    assert "-0.0" not in words(await fit(context, ALICE))


async def test_both_errors_are_told_and_which_of_them_counts(context: AppContext) -> None:
    reply = await told(context, "fit", STUDY)
    given = np.array(list(STUDY.values()))
    mine = context.model.fit(STUDY)
    left_out, fitted = mine.leave_one_out()[0], mine.predict(list(STUDY))[0]
    anybody = context.model.fit({}).predict(list(STUDY))[0]
    errors = [f"{abs(stars - given).mean():.2f}" for stars in (left_out, anybody, fitted)]
    assert re.findall(r"\d\.\d\d", reply.text) == errors
    assert "only a guess says how well I know you" in reply.text


async def test_the_chart_of_guesses_is_told_in_words(context: AppContext) -> None:
    reply = await told(context, "fit", STUDY)
    assert reply.picture is not None
    assert reply.picture.filename == "fit.png"
    assert reply.picture.png.startswith(b"\x89PNG")
    misses = [abs(float(off)) for off in column(reply.tables[0], "Off by")]
    assert f"10 films: {sum(miss <= 1 for miss in misses)} within" in reply.picture.description
    assert all(title in reply.picture.description for title in leads(reply.tables[0])[:3])


async def test_a_long_list_of_ratings_is_all_there(context: AppContext) -> None:
    (user,) = users_with(context.model, 500, 1)
    reply = await told(context, "fit", dict(list(ratings_of(context.model, user).items())[:500]))
    assert len(reply.tables[0].rows) == 500
    assert reply.hint == ""


async def test_it_is_read_a_page_at_a_time(say: Say, context: AppContext) -> None:
    (user,) = users_with(context.model, 100, 1)
    await told(context, "fit", dict(list(ratings_of(context.model, user).items())[:25]))
    reply = await say("fit page 2")
    assert column(reply.tables[0], "#") == [str(rank) for rank in range(11, 21)]
    assert "The biggest misses first. Page 2 of 3." in reply.text


async def test_one_rating_can_be_told_of(context: AppContext) -> None:
    (table,) = (await told(context, "fit", {ALIEN: 5.0})).tables
    assert len(table.rows) == 1
    assert [c.name for c in table.columns if c.kind is ColumnKind.VALUE] == [
        "You",
        "My guess",
        "Off by",
    ]


@pytest.mark.parametrize("command", ["taste", "fit"])
async def test_whoever_rated_nothing_gets_a_way_forward(context: AppContext, command: str) -> None:
    reply = await told(context, command, {})
    assert reply.title == "You have not rated anything yet"
    assert [option.message for option in reply.buttons] == ["quiz"]
