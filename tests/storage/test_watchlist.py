"""What a group means to watch is one list, and what it watched is kept with the time."""

import asyncio
from datetime import UTC, datetime

import pytest

from storage import Member, WatchedMovie, WatchlistEntry, open_store

ALICE, BOB = "discord:400", "console:bob"

pytestmark = pytest.mark.usefixtures("clock")


def at(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


async def test_films_are_on_the_list_once_latest_first_after_a_restart(database):
    async with open_store(database) as store:
        await store.remember(ALICE, "Alice", "7")
        await store.remember(BOB, "Bob", "7")
        assert await store.add_to_watchlist("7", ALICE, 2)
        assert await store.add_to_watchlist("7", BOB, 1)
        assert not await store.add_to_watchlist("7", BOB, 2)
    async with open_store(database) as store:
        assert await store.watchlist("7") == [
            WatchlistEntry(1, Member(BOB, "Bob"), at(2)),
            WatchlistEntry(2, Member(ALICE, "Alice"), at(1)),
        ]


async def test_each_guild_has_a_list_of_its_own(store):
    assert await store.add_to_watchlist("7", ALICE, 1)
    assert await store.add_to_watchlist("8", ALICE, 1)
    assert await store.remove_from_watchlist("7", 1)
    assert not await store.remove_from_watchlist("7", 1)
    assert await store.watchlist("7") == []
    assert [entry.movie_id for entry in await store.watchlist("8")] == [1]


async def test_a_watched_film_is_off_the_list_and_kept_by_the_last_time(store):
    await store.remember(ALICE, "Alice", "7")
    await store.add_to_watchlist("7", ALICE, 1)
    assert await store.mark_watched("7", 1, ALICE)
    assert not await store.mark_watched("7", 2, ALICE)
    assert await store.watchlist("7") == []
    films = [
        WatchedMovie(movie_id, Member(ALICE, "Alice"), at(1 + movie_id)) for movie_id in (2, 1)
    ]
    assert await store.watched("7") == films
    assert await store.add_to_watchlist("7", ALICE, 1)
    assert await store.mark_watched("7", 1, BOB)
    assert await store.watched("7") == [WatchedMovie(1, None, at(5)), films[0]]
    assert await store.watched("8") == []


async def test_of_many_who_add_or_remove_a_film_at_once_one_did(store):
    people = [f"discord:{n}" for n in range(50)]
    added = await asyncio.gather(*(store.add_to_watchlist("7", user, 1) for user in people))
    assert added.count(True) == 1
    removed = await asyncio.gather(*(store.remove_from_watchlist("7", 1) for _ in people))
    assert removed.count(True) == 1
