"""What was under way for somebody when they were forgotten writes nothing back, whatever it was."""

import asyncio
import inspect
import re
from contextvars import Context
from datetime import UTC, datetime

import pytest

from storage import ForgottenError, Quiz, Store, open_store
from storage.privacy import DATA_KINDS

ALICE, BOB = "discord:400", "console:bob"

# Every call that writes, as a command of Alice's makes it.
CALLS = {
    "add_vote_message": lambda store: store.add_vote_message(1, "70", "8"),
    "add_to_watchlist": lambda store: store.add_to_watchlist("7", ALICE, 1),
    "claim_edit": lambda store: store.claim_edit("9", datetime.now(UTC)),
    "close_vote": lambda store: store.close_vote(1),
    "end_quiz": lambda store: store.end_quiz(ALICE),
    "forget": lambda store: store.forget(ALICE),
    "import_ratings": lambda store: store.import_ratings(ALICE, {1: (4, None)}, "a.csv", seen=[2]),
    "leave": lambda store: store.leave("7", ALICE),
    "mark_seen": lambda store: store.mark_seen(ALICE, [1]),
    "mark_unseen": lambda store: store.mark_unseen(ALICE, 1),
    "mark_watched": lambda store: store.mark_watched("7", 1, ALICE),
    "open_vote": lambda store: store.open_vote("7", "70", ALICE, [1]),
    "rate": lambda store: store.rate(ALICE, {1: 4}, "message 7"),
    "remember": lambda store: store.remember(ALICE, "Other", "7", "71"),
    "remove_vote_message": lambda store: store.remove_vote_message("8"),
    "remove_from_watchlist": lambda store: store.remove_from_watchlist("7", 9),
    "save_quiz": lambda store: store.save_quiz(ALICE, Quiz(1, 4)),
    "set_metadata": lambda store: store.set_metadata("name", "value"),
    "set_private": lambda store: store.set_private(ALICE, True),
    "skip": lambda store: store.skip(ALICE, 1),
    "undo": lambda store: store.undo(ALICE),
    "undo_import": lambda store: store.undo_import(ALICE),
    "unrate": lambda store: store.unrate(ALICE, 1),
    "vote": lambda store: store.vote(1, ALICE, 1),
}


def writes(method):
    return re.search(r"\b_write\(", inspect.getsource(method))


def test_these_are_all_the_calls_that_write():
    public = inspect.getmembers(Store, inspect.iscoroutinefunction)
    assert {name for name, method in public if name[0] != "_" and writes(method)} == set(CALLS)


@pytest.mark.parametrize("comes_back", [False, True], ids=["gone", "there again"])
@pytest.mark.parametrize("call", CALLS)
async def test_nothing_under_way_is_written(store, database, sql, call, comes_back):
    await store.open_vote("7", "70", BOB, [1])
    async with open_store(database) as elsewhere:
        with store.session() as session:
            session.member = await store.remember(ALICE, "Alice", "7", "70")
            await in_another_process(elsewhere.forget(ALICE))
            if comes_back:
                await in_another_process(elsewhere.remember(ALICE, "Alice", None))
            before = kept(sql)
            with pytest.raises(ForgottenError):
                await CALLS[call](store)
            assert kept(sql) == before
            with pytest.raises(ForgottenError):
                await store.check_in(ALICE)


async def test_whoever_is_still_there_writes(store):
    with store.session() as session:
        session.member = await store.remember(ALICE, "Alice", "7", "70")
        assert await store.check_in(ALICE) == session.member
        await store.rate(ALICE, {1: 4})
        assert (await store.forget(ALICE)).ratings == 1
    assert await store.remember(ALICE, "Alice", "7", "70") != session.member


async def test_a_change_of_name_or_place_makes_nobody_else_of_them(store):
    first = await store.remember(ALICE, "Alice", None)
    assert await store.remember(ALICE, "Alicia", "7", "70") == first
    assert await store.remember(ALICE, "Alicia", "7", "70") == first == await store.check_in(ALICE)


async def in_another_process(call):
    """Make a call that is of no session of this process."""
    return await asyncio.create_task(call, context=Context())


def kept(sql):
    tables = {table for table, _ in DATA_KINDS.values()} | {"notes"}
    return {table: sorted(sql(f"SELECT * FROM {table}"), key=repr) for table in tables}
