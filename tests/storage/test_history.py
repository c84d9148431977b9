"""Films are rated, skipped or neither, and the latest changes can be taken back one by one."""

import asyncio

import pytest

from storage import MovieState, StorageError, UndoneChange, open_store
from storage.history import KEPT_CHANGES

from .conftest import RATING, REFUSED

ALICE, BOB = "discord:400", "console:bob"
NOTHING, SKIPPED = MovieState(), MovieState(skipped=True)


def rated(stars):
    return MovieState(stars)


async def stars_of(store, user=ALICE):
    return {rating.movie_id: rating.stars for rating in await store.ratings(user)}


pytestmark = pytest.mark.usefixtures("clock")


# Skips


async def test_a_film_is_skipped_once(store):
    assert await store.skip(ALICE, 1) == NOTHING
    assert await store.skip(ALICE, 1) == SKIPPED
    assert await store.skipped(ALICE) == {1}
    assert await store.skipped(BOB) == set()


async def test_a_rated_film_is_not_skipped(store):
    await store.rate(ALICE, {1: 4})
    assert await store.skip(ALICE, 1) == rated(4)
    assert await store.skipped(ALICE) == set()
    assert await stars_of(store) == {1: 4}


async def test_rating_takes_back_a_skip(store):
    for movie_id in (1, 2):
        await store.skip(ALICE, movie_id)
    await store.skip(BOB, 1)
    assert await store.rate(ALICE, {1: 4}) == {1: None}
    assert await store.skipped(ALICE) == {2}
    assert await store.skipped(BOB) == {1}


@pytest.mark.parametrize("table", ["skips", "unseen"])
async def test_the_schema_itself_keeps_rated_films_apart_from_the_others(store, sql, table):
    await store.rate(ALICE, {1: 4})
    with pytest.raises(REFUSED, match="the film is rated"):
        sql(f"INSERT INTO {table} (user_id, movie_id) VALUES ($1, 1)", ALICE)
    sql(f"INSERT INTO {table} (user_id, movie_id) VALUES ($1, 2)", ALICE)
    sql(f"INSERT INTO {RATING} ($1, 2, 8, 0)", ALICE)
    assert sql(f"SELECT * FROM {table}") == []


# Undo


async def test_undo_takes_back_all_films_of_one_call(store):
    await store.rate(ALICE, {1: 4})
    await store.skip(ALICE, 2)
    await store.rate(ALICE, {3: 3, 2: 2, 1: 1})
    assert await store.undo(ALICE) == [
        UndoneChange(1, rated(1), rated(4)),
        UndoneChange(2, rated(2), SKIPPED),
        UndoneChange(3, rated(3), NOTHING),
    ]
    assert await stars_of(store) == {1: 4}
    assert await store.skipped(ALICE) == {2}


async def test_undo_goes_back_step_by_step_until_nothing_is_left(store):
    await store.skip(ALICE, 1)
    await store.rate(ALICE, {1: 4})
    await store.unrate(ALICE, 1)
    assert await store.undo(ALICE) == [UndoneChange(1, NOTHING, rated(4))]
    assert await store.undo(ALICE) == [UndoneChange(1, rated(4), SKIPPED)]
    assert await store.undo(ALICE) == [UndoneChange(1, SKIPPED, NOTHING)]
    assert await store.undo(ALICE) == await store.undo(ALICE) == []


async def test_a_change_made_after_an_undo_is_the_next_to_be_undone(store):
    await store.rate(ALICE, {1: 4})
    await store.rate(ALICE, {1: 5})
    await store.undo(ALICE)
    await store.rate(ALICE, {1: 3})
    assert await store.undo(ALICE) == [UndoneChange(1, rated(3), rated(4))]
    assert await store.undo(ALICE) == [UndoneChange(1, rated(4), NOTHING)]


async def test_undo_restores_when_a_film_was_rated(store):
    await store.rate(ALICE, {1: 4, 2: 2})
    first = await store.ratings(ALICE)
    await store.rate(ALICE, {1: 4})
    await store.unrate(ALICE, 2)
    await store.undo(ALICE)
    await store.undo(ALICE)
    assert await store.ratings(ALICE) == first


async def test_undo_restores_that_a_film_is_unseen(store):
    await store.mark_unseen(ALICE, 1)
    await store.rate(ALICE, {1: 4})
    await store.undo(ALICE)
    assert await store.unseen(ALICE) == {1}


async def test_calls_that_change_nothing_are_not_undone(store):
    await store.rate(ALICE, {1: 4})
    await store.skip(ALICE, 2)
    await store.skip(ALICE, 2)
    await store.skip(ALICE, 1)
    await store.unrate(ALICE, 3)
    await store.rate(ALICE, {})
    assert await store.undo(ALICE) == [UndoneChange(2, SKIPPED, NOTHING)]


async def test_each_person_undoes_their_own_changes(store):
    await store.rate(ALICE, {1: 4})
    await store.rate(BOB, {1: 2})
    assert await store.undo(ALICE) == [UndoneChange(1, rated(4), NOTHING)]
    assert await store.undo(ALICE) == []
    assert await stars_of(store, BOB) == {1: 2}


async def test_undo_reaches_over_a_restart(database):
    async with open_store(database) as store:
        await store.rate(ALICE, {1: 4})
    async with open_store(database) as store:
        assert await store.undo(ALICE) == [UndoneChange(1, rated(4), NOTHING)]


async def test_the_latest_fifty_changes_of_each_person_are_kept_and_no_more(store, sql):
    assert KEPT_CHANGES == 50
    await store.rate(BOB, {1: 1})
    for n in range(KEPT_CHANGES + 5):
        await store.rate(ALICE, {2 * n: 4, 2 * n + 1: 4})
    kept = sql("SELECT user_id, count(DISTINCT change) FROM history GROUP BY user_id")
    assert dict(kept) == {ALICE: KEPT_CHANGES, BOB: 1}
    for n in reversed(range(5, KEPT_CHANGES + 5)):
        assert [film.movie_id for film in await store.undo(ALICE)] == [2 * n, 2 * n + 1]
    assert await store.undo(ALICE) == []
    assert len(await store.ratings(ALICE)) == 10


async def test_edits_between_do_not_count_among_the_changes_kept(store, sql):
    for n in range(KEPT_CHANGES):
        await store.rate(ALICE, {n: 4}, f"message {n}")
    for n in range(0, KEPT_CHANGES, 2):
        await store.rate(ALICE, {n: 3}, f"message {n}")
    assert sql("SELECT count(DISTINCT change) FROM history") == [(KEPT_CHANGES,)]


# Edited messages


async def test_an_edited_message_takes_back_what_it_rated_before(store):
    await store.rate(ALICE, {1: 2, 3: 3})
    await store.rate(ALICE, {1: 4, 2: 4}, "message 7")
    assert await store.rate(ALICE, {2: 5, 3: 5}, "message 7") == {2: None, 3: 3}
    assert await stars_of(store) == {1: 2, 2: 5, 3: 5}


async def test_undo_of_an_edited_message_goes_back_to_before_it_was_written(store):
    await store.rate(ALICE, {1: 2})
    await store.rate(ALICE, {1: 4, 2: 4}, "message 7")
    await store.rate(ALICE, {1: 5}, "message 7")
    assert await store.undo(ALICE) == [UndoneChange(1, rated(5), rated(2))]
    assert await store.undo(ALICE) == [UndoneChange(1, rated(2), NOTHING)]


async def test_an_edit_keeps_what_something_else_changed_since(store):
    await store.rate(ALICE, {1: 4, 2: 4, 3: 4}, "message 7")
    await store.rate(ALICE, {1: 1})
    await store.unrate(ALICE, 2)
    await store.rate(ALICE, {4: 5}, "message 7")
    assert await stars_of(store) == {1: 1, 4: 5}
    assert await store.undo(ALICE) == [UndoneChange(4, rated(5), NOTHING)]
    assert await store.undo(ALICE) == [UndoneChange(2, NOTHING, rated(4))]
    assert await store.undo(ALICE) == [UndoneChange(1, rated(1), rated(4))]
    assert await store.undo(ALICE) == [
        UndoneChange(1, rated(4), NOTHING),
        UndoneChange(2, rated(4), NOTHING),
    ]


async def test_a_message_may_be_edited_again_and_again(store):
    await store.skip(ALICE, 1)
    for stars in (1, 2, 3):
        assert await store.rate(ALICE, {1: stars}, "message 7") == {1: None}
    assert await store.rate(ALICE, {}, "message 7") == {}
    assert await stars_of(store) == {}
    assert await store.skipped(ALICE) == {1}
    assert await store.undo(ALICE) == [UndoneChange(1, SKIPPED, NOTHING)]


async def test_a_message_that_was_undone_has_nothing_to_take_back(store):
    await store.rate(ALICE, {1: 4}, "message 7")
    await store.undo(ALICE)
    assert await store.rate(ALICE, {2: 5}, "message 7") == {2: None}
    assert await stars_of(store) == {2: 5}


async def test_messages_of_one_name_from_two_people_are_two_messages(store):
    await store.rate(ALICE, {1: 4}, "message 7")
    await store.rate(BOB, {2: 5}, "message 7")
    assert await stars_of(store) == {1: 4}


async def test_an_edit_that_fails_takes_nothing_back(store):
    await store.rate(ALICE, {1: 4}, "message 7")
    with pytest.raises(StorageError):
        await store.rate(ALICE, {2: 5, 2**63: 5}, "message 7")
    assert await stars_of(store) == {1: 4}
    assert await store.undo(ALICE) == [UndoneChange(1, rated(4), NOTHING)]


# At the same time


async def test_changes_and_undos_at_the_same_time_are_each_whole(store):
    calls = [store.rate(ALICE, {n: 4, 100 + n: 4}) for n in range(20)]
    undos = [store.undo(ALICE) for _ in range(10)]
    _, *undone = await asyncio.gather(asyncio.gather(*calls), *undos)
    assert all(len(films) == 2 for films in undone)
    gone = {film.movie_id for films in undone for film in films}
    assert len(gone) == 20
    kept = await stars_of(store)
    assert kept.keys() == {n + more for n in range(20) for more in (0, 100)} - gone


async def test_a_cancelled_undo_is_whole_or_nothing(store):
    for steps in range(40):
        user = f"console:cancelled-{steps}"
        await store.rate(user, {1: 4, 2: 4})
        undoing = asyncio.create_task(store.undo(user))
        for _ in range(steps):
            await asyncio.sleep(0)
        undoing.cancel()
        await asyncio.gather(undoing, return_exceptions=True)
        left = len(await store.ratings(user))
        assert left in (0, 2)
        assert len(await store.undo(user)) == left
