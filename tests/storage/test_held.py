"""While somebody else holds the database: readers go on, and all who wait do so together."""

import asyncio
import sqlite3
import time
from contextlib import asynccontextmanager, closing

import asyncpg
import pytest

from storage import StorageError, open_store

ALICE = "discord:400"
PATIENCE = 0.5  # seconds
TOO_LONG = 60.0  # seconds: it would be for ever
MANY = 12  # more than there are connections


@asynccontextmanager
async def held(database, statement):
    """Another program in the middle of its work."""
    if isinstance(database, str):
        connection = await asyncpg.connect(database)
        try:
            async with connection.transaction():
                await connection.execute(statement)
                yield
        finally:
            await connection.close()
        return
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(statement)
        yield


@pytest.fixture
def writers_stopped(database):
    """Let another program keep all from writing."""
    kept = "LOCK TABLE ratings IN EXCLUSIVE MODE"
    return held(database, kept if isinstance(database, str) else "BEGIN EXCLUSIVE")


async def rated(store, user):
    return [rating.movie_id for rating in await store.ratings(user)]


async def test_who_reads_waits_for_nobody_who_writes(database, writers_stopped):
    async with open_store(database, TOO_LONG) as store, asyncio.timeout(TOO_LONG / 2):
        await store.rate(ALICE, {1: 4})
        async with writers_stopped:
            writing = [
                asyncio.create_task(store.rate(f"discord:{user}", {2: 4})) for user in range(MANY)
            ]
            await asyncio.sleep(0.1)
            reading = [rated(store, ALICE) for _ in range(MANY)]
            assert await asyncio.gather(*reading) == [[1]] * MANY
            assert not any(task.done() for task in writing)
        await asyncio.gather(*writing)
        assert await rated(store, f"discord:{MANY - 1}") == [2]


async def test_all_who_wait_give_up_together_and_go_on_afterwards(database, writers_stopped):
    async with open_store(database, PATIENCE) as store:
        await store.rate(ALICE, {1: 4})
        async with writers_stopped:
            alone = await refused(store.rate(ALICE, {2: 4}))
            users = [f"discord:{user}" for user in range(MANY)]
            together = await refused(*(store.rate(user, {2: 4}) for user in users))
            assert together < 3 * alone
        for user in users:
            await store.rate(user, {2: 4})
            assert await rated(store, user) == [2]


async def test_the_calls_of_a_session_wait_no_longer_than_one_call(database, writers_stopped):
    async with open_store(database, PATIENCE) as store:
        await store.rate(ALICE, {1: 4})
        async with writers_stopped:
            alone = await refused(store.rate(ALICE, {2: 4}))
            with store.session():
                started = time.monotonic()
                for _ in range(MANY):
                    await refused(store.rate(ALICE, {2: 4}))
                assert time.monotonic() - started < 3 * alone
            # The next session has all its patience again.
            with store.session():
                assert await refused(store.rate(ALICE, {2: 4})) > alone / 3


async def test_readers_who_have_to_wait_give_up_together_too(postgresql):
    database = postgresql.database()
    async with open_store(database, PATIENCE) as store, asyncio.timeout(TOO_LONG):
        await store.rate(ALICE, {1: 4})
        async with held(database, "LOCK TABLE ratings IN ACCESS EXCLUSIVE MODE"):
            alone = await refused(store.ratings(ALICE))
            together = await refused(*(store.ratings(ALICE) for _ in range(MANY)))
            assert together < 3 * alone
            with store.session():
                started = time.monotonic()
                for _ in range(MANY):
                    await refused(store.ratings(ALICE))
                assert time.monotonic() - started < 3 * alone
        assert await rated(store, ALICE) == [1]


async def test_whoever_holds_one_person_keeps_nobody_else_waiting(postgresql):
    database = postgresql.database()
    lock = f"SELECT pg_advisory_xact_lock(hashtextextended('{ALICE}', 0))"
    async with open_store(database, TOO_LONG) as store, asyncio.timeout(TOO_LONG / 2):
        async with held(database, lock):
            writing = [asyncio.create_task(store.rate(ALICE, {1: 4})) for _ in range(MANY)]
            await asyncio.sleep(0.1)
            assert await rated(store, ALICE) == []
            assert not any(task.done() for task in writing)
        await asyncio.gather(*writing)
        assert await rated(store, ALICE) == [1]


async def refused(*calls):
    """Let all of them fail at once in words; return how long it took, in seconds."""
    started = time.monotonic()
    errors = await asyncio.gather(*calls, return_exceptions=True)
    took = time.monotonic() - started
    for error in errors:
        assert isinstance(error, StorageError)
        assert "try again in a moment" in str(error)
    return took
