"""How well a user is known."""

import re

import numpy as np
import pytest

from bot.app.context import AppContext, RequestContext
from bot.replies import ColumnKind, Reply
from bot.services.fit import fit
from bot.services.taste import taste
from tests.bot.chat_helpers import Say, column, leads, words
from tests.engine.people import ALIEN, STUDY, ratings_of, users_with

ALICE = RequestContext("console:alice", "alice")


async def told(context: AppContext, command: str, ratings: dict[int, float]) -> Reply:
    await context.store.rate(ALICE.user_id, ratings)
    return await {"taste": taste, "fit": fit}[command](context, ALICE)


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
