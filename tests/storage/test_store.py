"""What the store promises to its callers, on real files."""

import asyncio
import math
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from storage import Member, Quiz, StorageError, open_store

from .conftest import RATING, REFUSED

ALICE, BOB = "discord:400", "console:bob"


def stars_of(ratings):
    return {rating.movie_id: rating.stars for rating in ratings}


async def test_ratings_are_there_after_closing_and_reopening(database):
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # rated_at has whole milliseconds
    async with open_store(database) as store:
        await store.remember(ALICE, "Alice", "7")
        await store.rate(ALICE, {1214: 5, 1200: 4.5, 2: 0.5})
    async with open_store(database) as store:
        ratings = await store.ratings(ALICE)
        members = await store.members("7")
    assert stars_of(ratings) == {1214: 5, 1200: 4.5, 2: 0.5}
    assert all(before <= rating.rated_at <= datetime.now(UTC) for rating in ratings)
    assert members == [Member(ALICE, "Alice")]


async def test_a_rating_is_visible_to_others_once_rate_has_returned(store, sql):
    await store.rate(ALICE, {1214: 4.5})
    assert sql("SELECT user_id, movie_id, half_stars FROM ratings") == [(ALICE, 1214, 9)]


async def test_re_rating_replaces_and_returns_the_old_stars(store):
    assert await store.rate(ALICE, {1: 4, 2: 3.5}) == {1: None, 2: None}
    assert await store.rate(ALICE, {2: 1, 3: 5}) == {2: 3.5, 3: None}
    assert stars_of(await store.ratings(ALICE)) == {1: 4, 2: 1, 3: 5}


async def test_unrate_removes_one_rating_and_returns_its_stars(store):
    await store.rate(ALICE, {1: 4, 2: 3.5})
    assert await store.unrate(ALICE, 2) == 3.5
    assert await store.unrate(ALICE, 2) is None
    assert stars_of(await store.ratings(ALICE)) == {1: 4}


async def test_users_do_not_touch_each_others_ratings(store):
    await store.rate(ALICE, {1: 4, 2: 2})
    assert await store.rate(BOB, {1: 1}) == {1: None}
    await store.unrate(BOB, 2)
    await store.unrate(BOB, 1)
    assert stars_of(await store.ratings(ALICE)) == {1: 4, 2: 2}
    assert await store.ratings(BOB) == []


@pytest.mark.parametrize("stars", [0, 0.4, 0.75, 5.5, -1, 11, math.nan, math.inf])
async def test_stars_off_the_scale_are_refused_and_nothing_of_the_call_is_kept(store, stars):
    with pytest.raises(ValueError, match="by halves"):
        await store.rate(ALICE, {1: 4, 2: stars})
    assert await store.ratings(ALICE) == []


async def test_every_half_star_comes_back_as_it_was_given(store):
    scale = {halves: halves / 2 for halves in range(1, 11)}
    await store.rate(ALICE, scale)
    assert stars_of(await store.ratings(ALICE)) == scale


async def test_ratings_come_latest_first_then_by_movie_id(store, sql):
    await store.rate(ALICE, {3: 4, 1: 4, 2: 4, 4: 4})
    sql("UPDATE ratings SET rated_at = 1000000 WHERE movie_id IN (1, 3)")
    sql("UPDATE ratings SET rated_at = 2000000 WHERE movie_id IN (2, 4)")
    ratings = await store.ratings(ALICE)
    assert [rating.movie_id for rating in ratings] == [2, 4, 1, 3]
    assert ratings[0].rated_at == datetime(1970, 1, 1, 0, 33, 20, tzinfo=UTC)
    await store.rate(ALICE, {3: 5})
    assert [rating.movie_id for rating in await store.ratings(ALICE)] == [3, 2, 4, 1]


async def test_members_are_those_seen_in_the_guild_by_present_name(store):
    await store.remember(ALICE, "Zoe", "7")
    await store.remember(BOB, "Bob", "7")
    await store.remember(BOB, "Bob", "8")
    await store.remember("discord:5", "Alone", None)
    await store.remember(ALICE, "Alice", "7")
    assert await store.members("7") == [Member(ALICE, "Alice"), Member(BOB, "Bob")]
    assert await store.members("8") == [Member(BOB, "Bob")]
    assert await store.members("9") == []


async def test_a_user_may_rate_before_being_remembered_and_keeps_the_ratings(store, sql):
    await store.rate(ALICE, {1: 4})
    assert sql("SELECT user_id, name FROM members") == [(ALICE, ALICE)]
    await store.remember(ALICE, "Alice", "7")
    await store.rate(ALICE, {2: 3})
    assert await store.members("7") == [Member(ALICE, "Alice")]
    assert stars_of(await store.ratings(ALICE)) == {1: 4, 2: 3}


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("rate", [{1: 4}]),
        ("skip", [1]),
        ("save_quiz", [Quiz(0, 1)]),
        ("mark_unseen", [1]),
    ],
)
async def test_whoever_is_not_remembered_yet_is_named_by_the_id(store, sql, method, values):
    await getattr(store, method)(ALICE, *values)
    await store.remember(BOB, "Bob", None)
    await getattr(store, method)(BOB, *values)
    assert dict(sql("SELECT user_id, name FROM members")) == {ALICE: ALICE, BOB: "Bob"}


async def test_raters_are_those_seen_in_the_guild_most_stars_first_then_by_name(store):
    stars = {"Zoe": 4.5, "Bob": 4.5, "Cleo": 5, "Dora": 0.5}
    for name, value in stars.items():
        user = name[::-1]  # in another order than the names
        await store.remember(user, name, "7")
        await store.rate(user, {1: value, 2: 3})
    await store.remember(ALICE, "Alice", "8")
    await store.rate(ALICE, {1: 5})
    await store.remember("eve", "Eve", "7")
    await store.skip("eve", 1)
    raters = await store.raters("7", 1)
    assert [(member.name, rating.stars) for member, rating in raters] == [
        ("Cleo", 5),
        ("Bob", 4.5),
        ("Zoe", 4.5),
        ("Dora", 0.5),
    ]
    (alone,) = await store.raters("8", 1)
    assert alone == (Member(ALICE, "Alice"), *await store.ratings(ALICE))
    assert await store.raters("7", 3) == await store.raters("9", 1) == []


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ((ALICE, 1, 0, 0), "(?i)check"),
        ((ALICE, 1, 11, 0), "(?i)check"),
        ((ALICE, "Alien", 9, 0), "cannot store TEXT|integer"),
        ((ALICE, 1, 9, None), "(?i)not.null"),
        ((ALICE, 2, 9, 0), "(?i)unique"),
        (("discord:unknown", 1, 9, 0), "(?i)foreign key"),
    ],
)
async def test_the_schema_itself_refuses_rows_that_make_no_sense(store, sql, values, refused):
    await store.rate(ALICE, {2: 3})
    with pytest.raises(REFUSED, match=refused):
        sql(f"INSERT INTO {RATING} ($1, $2, $3, $4)", *values)


async def test_calls_at_the_same_time_are_each_whole_and_in_turn(store):
    scale = [halves / 2 for halves in range(1, 11)]
    users = [f"console:{n}" for n in range(10)]
    answers = await asyncio.gather(
        *(store.rate(user, {1: stars, 2: stars}) for stars in scale for user in users)
    )
    for n, user in enumerate(users):
        own = answers[n :: len(users)]
        final = stars_of(await store.ratings(user))
        assert final[1] == final[2]
        assert all(answer[1] == answer[2] for answer in own)
        # Each value was the one before exactly once: no call was lost or saw half of another.
        assert Counter([answer[1] for answer in own] + [final[1]]) == Counter([None, *scale])


async def test_a_reader_never_sees_half_of_a_call(store):
    async def watch():
        return [len(await store.ratings(ALICE)) for _ in range(20)]

    async def fail():
        with pytest.raises(StorageError):
            await store.rate(ALICE, {1: 4, 2**63: 4})

    seen, *_ = await asyncio.gather(watch(), *(fail() for _ in range(20)))
    assert seen == [0] * 20


async def test_a_call_that_fails_leaves_nothing_and_the_next_one_works(store):
    with pytest.raises(StorageError):
        await store.rate(ALICE, {1: 4, 2**63: 4})
    await store.rate(BOB, {1: 3})
    assert await store.ratings(ALICE) == []
    assert stars_of(await store.ratings(BOB)) == {1: 3}


async def test_calls_that_wait_have_their_turn_before_the_store_closes(database):
    async with open_store(database) as store:
        calls = [asyncio.create_task(store.rate(ALICE, {n: 4})) for n in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*calls)
    async with open_store(database) as store:
        assert len(await store.ratings(ALICE)) == 20
