"""What was rated or seen elsewhere is taken over at once, and given back at once."""

from datetime import UTC, datetime, timedelta, timezone
from time import perf_counter

import pytest

from storage import ImportResult, MovieState, UndoneChange, open_store
from storage.history import KEPT_CHANGES

ALICE, BOB = "discord:400", "console:bob"
LONG_AGO = datetime(2019, 5, 4, 3, 2, 1, 7000, tzinfo=UTC)


async def stars_of(store, user=ALICE):
    return {rating.movie_id: rating.stars for rating in await store.ratings(user)}


async def test_an_import_adds_films_and_leaves_alone_what_was_rated_here(store):
    await store.rate(ALICE, {1: 4, 2: 2})
    before = await store.ratings(ALICE)
    given = {1: (4, LONG_AGO), 2: (5, LONG_AGO), 3: (3.5, LONG_AGO), 4: (1, None)}
    answer = await store.import_ratings(ALICE, given, "ratings.csv")
    assert answer == ImportResult(added=2, already=1, kept=1, seen=0)
    assert await stars_of(store) == {1: 4, 2: 2, 3: 3.5, 4: 1}
    assert [rating for rating in await store.ratings(ALICE) if rating.movie_id < 3] == before


async def test_films_keep_the_time_of_their_rating_elsewhere(store):
    start = datetime.now(UTC) - timedelta(milliseconds=1)
    there = LONG_AGO.astimezone(timezone(timedelta(hours=9)))
    future, stone_age = datetime(9999, 12, 31, tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    times = dict(enumerate([there, None, future, stone_age]))
    await store.import_ratings(ALICE, {n: (4, time) for n, time in times.items()}, "ratings.csv")
    kept = {rating.movie_id: rating.rated_at for rating in await store.ratings(ALICE)}
    assert kept[0] == LONG_AGO
    assert start <= kept[1] == kept[2] <= datetime.now(UTC)
    assert kept[3] == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rating", "refused"),
    [((4.2, None), "by halves"), ((4, datetime(2019, 5, 4)), "no time zone")],
)
async def test_an_import_with_one_bad_rating_is_refused_whole(store, sql, rating, refused):
    with pytest.raises(ValueError, match=refused):
        await store.import_ratings(ALICE, {1: (4, None), 2: rating}, "ratings.csv", seen=[3])
    assert sql("SELECT * FROM members") == []


async def test_an_import_ends_that_films_are_skipped_seen_or_unseen(store):
    await store.skip(ALICE, 1)
    await store.mark_seen(ALICE, [2])
    await store.mark_unseen(ALICE, 3)
    answer = await store.import_ratings(ALICE, dict.fromkeys((1, 2, 3), (4, None)), "ratings.csv")
    assert answer.added == 3
    assert not await store.skipped(ALICE)
    assert not await store.seen_movies(ALICE)
    assert not await store.unseen(ALICE)
    await store.undo(ALICE)
    assert await store.skipped(ALICE) == {1}
    assert await store.seen_movies(ALICE) == {2}
    assert await store.unseen(ALICE) == {3}


async def test_undo_takes_a_whole_import_back_with_the_films_only_seen(store):
    await store.rate(ALICE, {1: 4})
    given = {1: (5, None), 2: (3, LONG_AGO)}
    answer = await store.import_ratings(ALICE, given, "export.zip", seen=[2, 3, 3, 1])
    assert answer == ImportResult(added=1, already=0, kept=1, seen=1)
    assert await store.seen_movies(ALICE) == {3}
    assert await store.undo(ALICE) == [
        UndoneChange(2, MovieState(3), MovieState()),
        UndoneChange(3, MovieState(seen=True), MovieState()),
    ]
    assert await stars_of(store) == {1: 4}


async def test_an_import_that_changes_nothing_is_no_change_to_undo(store):
    await store.rate(ALICE, {1: 4})
    await store.import_ratings(ALICE, {1: (3, None)}, "ratings.csv")
    await store.import_ratings(ALICE, {}, "ratings.csv")
    assert await store.latest_import(ALICE) is None
    assert await store.undo_import(ALICE) == []
    assert await store.undo(ALICE) == [UndoneChange(1, MovieState(4), MovieState())]


async def test_an_import_is_undone_past_later_changes_but_for_the_films_changed_since(store):
    await store.import_ratings(ALICE, dict.fromkeys((1, 2, 3), (4, None)), "first.csv")
    await store.import_ratings(ALICE, dict.fromkeys((4, 5, 6), (4, None)), "second.csv")
    await store.rate(ALICE, {5: 1, 7: 1})
    await store.unrate(ALICE, 6)
    assert await store.latest_import(ALICE) == "second.csv"
    assert await store.undo_import(ALICE) == [UndoneChange(4, MovieState(4), MovieState())]
    assert await store.latest_import(ALICE) == "first.csv"
    assert len(await store.undo_import(ALICE)) == 3
    assert await stars_of(store) == {5: 1, 7: 1}
    # What came after can still be undone, one by one, and then the rest of the import.
    assert [[film.movie_id for film in await store.undo(ALICE)] for _ in range(4)] == [
        [6],
        [5, 7],
        [5, 6],
        [],
    ]
    assert await stars_of(store) == {}


async def test_the_latest_import_can_be_undone_however_much_came_after_it(store, sql):
    await store.rate(ALICE, {1: 2})
    await store.import_ratings(ALICE, dict.fromkeys(range(10), (4, None)), "old.csv")
    await store.import_ratings(ALICE, dict.fromkeys(range(10, 14), (4, None)), "new.csv")
    await store.rate(ALICE, {11: 1})
    for n in range(KEPT_CHANGES):
        await store.rate(ALICE, {100 + n: 3})
    await store.unrate(ALICE, 12)
    # The rating of film 11 is too old to be undone: what the import made of it is lost with it.
    left = sql("SELECT movie_id, label FROM history WHERE label IS NOT NULL ORDER BY movie_id")
    assert left == [(n, "new.csv") for n in (10, 12, 13)]
    assert [film.movie_id for film in await store.undo_import(ALICE)] == [10, 13]
    kept = await stars_of(store)
    assert {n for n in kept if n < 100} == {*range(10), 11}
    assert kept[11] == 1


async def test_each_person_undoes_their_own_import_also_after_a_restart(database):
    async with open_store(database) as store:
        await store.import_ratings(ALICE, {1: (4, None)}, "alice.csv")
        await store.import_ratings(BOB, {1: (2, None)}, "bob.csv")
    async with open_store(database) as store:
        assert await store.latest_import(ALICE) == "alice.csv"
        assert await store.undo_import(ALICE) == [UndoneChange(1, MovieState(4), MovieState())]
        assert await store.undo_import(ALICE) == []
        assert await stars_of(store, BOB) == {1: 2}


async def import_and_undo(store, films):
    """Import so many films beside a fifth as many seen and undo it; return the seconds it took."""
    start = perf_counter()
    await store.rate(ALICE, dict.fromkeys(range(500), 3))
    given = {n: (n % 10 / 2 + 0.5, LONG_AGO) for n in range(films)}
    seen = range(films - 1_000, films + films // 5)
    answer = await store.import_ratings(ALICE, given, "ratings.csv", seen)
    assert answer == ImportResult(added=films - 500, already=50, kept=450, seen=films // 5)
    await store.rate(ALICE, {1: 5})
    assert len(await store.undo_import(ALICE)) == films - 500 + films // 5
    return perf_counter() - start


@pytest.mark.slow
async def test_an_import_takes_no_longer_for_each_film_the_more_there_are(store):
    few = min([await import_and_undo(store, 5_000) for _ in range(3)])
    many = await import_and_undo(store, 50_000)
    # Ten times as many films; were it quadratic, it would be a hundred times as long.
    assert many < 50 * few


async def test_thousands_of_films_are_imported_and_undone_at_once(store):
    await import_and_undo(store, 5_000)


# Seen without stars


async def test_films_are_seen_until_they_are_rated(store):
    assert await store.mark_seen(ALICE, [1, 2, 2]) == 2
    assert await store.mark_seen(ALICE, [2, 3]) == 1
    assert await store.mark_seen(BOB, [1]) == 1
    await store.rate(ALICE, {1: 4})
    assert await store.seen_movies(ALICE) == {2, 3}
    assert await store.mark_seen(ALICE, [1]) == 0
    assert await store.mark_seen(ALICE, []) == 0
    await store.unrate(ALICE, 1)
    assert await store.seen_movies(ALICE) == {2, 3}
    assert await store.seen_movies(BOB) == {1}


async def test_undo_covers_films_that_are_seen(store):
    await store.mark_unseen(ALICE, 2)
    await store.mark_seen(ALICE, [1, 2])
    assert not await store.unseen(ALICE)
    await store.rate(ALICE, {1: 4})
    assert await store.undo(ALICE) == [UndoneChange(1, MovieState(4), MovieState(seen=True))]
    assert await store.undo(ALICE) == [
        UndoneChange(1, MovieState(seen=True), MovieState()),
        UndoneChange(2, MovieState(seen=True), MovieState()),
    ]
    assert not await store.seen_movies(ALICE)
    assert await store.unseen(ALICE) == {2}


async def test_a_seen_film_may_be_skipped_but_is_not_unseen(store):
    await store.mark_seen(ALICE, [1])
    assert await store.skip(ALICE, 1) == MovieState(seen=True)
    assert await store.skip(ALICE, 1) == MovieState(skipped=True, seen=True)
    await store.mark_unseen(ALICE, 1)
    assert not await store.unseen(ALICE)
    assert await store.seen_movies(ALICE) == await store.skipped(ALICE) == {1}
