"""Several processes open votes and vote at the same moment: each waits where it must."""

import asyncio

import pytest

from storage import Ballot, open_store
from storage.store import open_engine

ALICE, BOB = "discord:400", "console:bob"
FILMS = [318, 1214]
A_WHILE = 0.5  # seconds, in which whoever need not wait is long done


async def test_votes_opened_by_several_processes_at_once_are_all_opened(database):
    async with open_store(database) as store, open_store(database) as other:
        opening = [
            process.open_vote("7", "70", f"discord:{n}", FILMS)
            for n in range(20)
            for process in (store, other)
        ]
        ids = await asyncio.gather(*opening)
        assert sorted(ids) == list(range(1, 41))
        assert len(await store.open_votes("7")) == 40


async def test_who_opens_a_vote_waits_for_who_is_just_opening_one(database):
    async with open_store(database) as store, open_engine(database) as elsewhere:
        async with elsewhere.writing("votes") as connection:  # as `Store.open_vote` does
            await connection.execute(
                "INSERT INTO votes (vote_id, guild_id, channel_id, opened_at) "
                "VALUES (1, '7', '70', 1)"
            )
            opening = asyncio.create_task(store.open_vote("7", "70", ALICE, FILMS))
            await asyncio.sleep(A_WHILE)
            assert not opening.done()
        assert await opening == 2


@pytest.fixture
def slow_joining(database, sql):
    """Whoever joins a group waits, in the middle of it, for who holds the lock of number 42."""
    sql(
        "CREATE FUNCTION wait_for_42() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END'"
    )
    sql(
        "CREATE TRIGGER slow_joining BEFORE INSERT ON memberships "
        "FOR EACH STATEMENT EXECUTE FUNCTION wait_for_42()"
    )


# On SQLite there is one writer at a time in any case.
@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
async def test_who_is_forgotten_while_they_vote_has_voted_before_and_nothing_stays(
    database, store, sql, slow_joining
):
    vote_id = await store.open_vote("7", "70", ALICE, FILMS)
    async with open_store(database) as other, open_engine(database) as elsewhere:
        async with elsewhere.writing() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(42)")
            voting = asyncio.create_task(store.vote(vote_id, BOB, 318))
            await asyncio.sleep(A_WHILE)
            forgetting = asyncio.create_task(other.forget(BOB))
            await asyncio.sleep(A_WHILE)
            assert not voting.done()
            assert not forgetting.done()
        assert await voting is Ballot.GIVEN
        assert (await forgetting).everything["votes for films"] == 1
    assert sql("SELECT user_id FROM members") == [(ALICE,)]
    assert sql("SELECT * FROM approvals") == []
