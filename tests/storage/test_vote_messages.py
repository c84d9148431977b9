"""Which votes are to be closed or to be shown closed, and where, whoever asks next."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from storage import UnfinishedVote, VoteMessage, open_store
from storage.migrations import shipped_migrations
from storage.sqlite.schema import migrate

ALICE = "discord:400"


async def open_vote(store, seconds=None, guild="7"):
    over = None if seconds is None else datetime.now(UTC) + timedelta(seconds=seconds)
    return await store.open_vote(guild, "70", ALICE, [1, 2], over)


async def unfinished(store, within=60.0):
    return [vote.vote_id for vote in await store.unfinished_votes(within)]


async def test_a_vote_is_due_once_its_time_is_over_and_announced_before(store):
    later, soon, due = [await open_vote(store, seconds) for seconds in (100, 50, -1)]
    await open_vote(store)  # which somebody has to close
    assert await unfinished(store, within=0) == [due]
    votes = await store.unfinished_votes(within=60)
    assert votes[0] == UnfinishedVote(due, "7", 0.0)
    assert votes[1].vote_id == soon
    assert 30 < votes[1].seconds_left <= 50
    assert await unfinished(store, within=120) == [due, soon, later]
    await store.close_vote(due)
    assert await unfinished(store) == [soon]


async def test_a_closed_vote_is_due_until_no_message_shows_it_open(store):
    ids = [await open_vote(store, 50), await open_vote(store)]
    for vote in ids:
        await store.add_vote_message(vote, "70", f"9{vote}")
        await store.add_vote_message(vote, "71", f"10{vote}")
    assert await unfinished(store, within=0) == []
    for vote in ids:
        await store.close_vote(vote)
    assert await unfinished(store, within=0) == ids
    for vote in ids:
        assert await store.vote_messages(vote) == [
            VoteMessage(f"10{vote}", "71", vote),
            VoteMessage(f"9{vote}", "70", vote),
        ]
        await store.remove_vote_message(f"9{vote}")
        assert vote in await unfinished(store)
        await store.remove_vote_message(f"10{vote}")
        assert vote not in await unfinished(store)
    assert await store.vote_messages() == []


async def test_a_message_shows_the_latest_vote_that_was_put_there(store):
    ids = [await open_vote(store), await open_vote(store)]
    for vote in ids:
        await store.add_vote_message(vote, "70", "9")
    await store.add_vote_message(ids[1], "70", "9")
    assert await store.vote_messages() == [VoteMessage("9", "70", ids[1])]
    assert await store.vote_messages(ids[0]) == []


async def test_they_are_known_after_a_restart_and_to_other_processes(database):
    async with open_store(database) as store, open_store(database) as other:
        vote = await open_vote(store, -1)
        await store.add_vote_message(vote, "70", "9")
        await store.close_vote(vote)
        assert await unfinished(other) == [vote]
    async with open_store(database) as store:
        assert await store.vote_messages(vote) == [VoteMessage("9", "70", vote)]
        assert await unfinished(store) == [vote]


async def test_a_clock_that_was_set_back_leaves_a_closed_vote_due(store, sql):
    vote = await open_vote(store, 50)
    await store.add_vote_message(vote, "70", "9")
    await store.close_vote(vote)
    sql("UPDATE votes SET closed_at = closed_at + 3600000, closes_at = closes_at + 3600000")
    assert await store.unfinished_votes(within=0) == [UnfinishedVote(vote, "7", 0.0)]


async def test_messages_of_open_votes_are_taken_over_from_the_version_before(path):
    migrate(path, shipped_migrations("storage.sqlite")[:5], 0)
    with closing(sqlite3.connect(path)) as before, before:
        before.executemany(
            "INSERT INTO votes (vote_id, guild_id, channel_id, message_id, opened_at, closed_at) "
            "VALUES (?, '7', ?, ?, 1, ?)",
            [(1, "70", "9", None), (2, "70", "8", 5), (3, "71", None, None), (4, "70", "9", None)],
        )
    async with open_store(path) as store:
        assert await store.vote_messages() == [VoteMessage("9", "70", 4)]
