"""A quiz is left and found again where it was, and films not seen are remembered."""

import pytest

from storage import Quiz, open_store

from .conftest import REFUSED

ALICE, BOB = "discord:400", "console:bob"


async def test_a_quiz_goes_on_after_a_restart(database):
    async with open_store(database) as store:
        await store.save_quiz(ALICE, Quiz(asked=0, movie_id=1))
        await store.save_quiz(ALICE, Quiz(asked=1, movie_id=1214))
    async with open_store(database) as store:
        assert await store.quiz(ALICE) == Quiz(asked=1, movie_id=1214)


async def test_each_person_has_a_quiz_of_their_own_until_it_ends(store):
    await store.save_quiz(ALICE, Quiz(3, 1))
    await store.save_quiz(BOB, Quiz(4, 2))
    await store.end_quiz(ALICE)
    await store.end_quiz(ALICE)
    assert await store.quiz(ALICE) is None
    assert await store.quiz(BOB) == Quiz(4, 2)


async def test_films_marked_unseen_are_so_until_they_are_rated(store):
    for movie_id in (1, 1, 2):
        await store.mark_unseen(ALICE, movie_id)
    await store.mark_unseen(BOB, 1)
    assert await store.unseen(ALICE) == {1, 2}
    await store.rate(ALICE, {1: 4})
    await store.unrate(ALICE, 1)
    assert await store.unseen(ALICE) == {2}
    assert await store.unseen(BOB) == {1}


async def test_a_rated_film_is_not_marked_unseen(store):
    await store.rate(ALICE, {1: 4})
    await store.mark_unseen(ALICE, 1)
    assert await store.unseen(ALICE) == set()


async def test_a_film_may_be_both_unseen_and_skipped(store):
    await store.mark_unseen(ALICE, 1)
    await store.skip(ALICE, 1)
    assert await store.unseen(ALICE) == await store.skipped(ALICE) == {1}


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ((ALICE, -1, 1), "(?i)check"),
        ((ALICE, 1, None), "(?i)not.null"),
        ((BOB, 1, 1), "(?i)unique"),
        (("discord:unknown", 1, 1), "(?i)foreign key"),
    ],
)
async def test_the_schema_itself_refuses_quizzes_that_make_no_sense(store, sql, values, refused):
    await store.rate(ALICE, {1: 4})
    await store.save_quiz(BOB, Quiz(0, 1))
    with pytest.raises(REFUSED, match=refused):
        sql("INSERT INTO quizzes (user_id, asked, movie_id) VALUES ($1, $2, $3)", *values)
