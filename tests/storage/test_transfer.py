"""All of one database in another, whichever engine each of them is."""

import sqlite3
from contextlib import closing

import pytest

from storage import StorageError, open_store
from storage.store import open_engine
from storage.transfer import copy_database, counts

from .schemas import read_schema
from .test_privacy import ALICE, BOB, leave_traces


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def target(request, tmp_path):
    if request.param == "sqlite":
        return tmp_path / "target.sqlite3"
    return request.getfixturevalue("postgresql").database()


async def test_the_tables_that_are_copied_are_all_there_are(store, database, sql):
    schema = read_schema(sql)
    async with open_engine(database) as engine, engine.reading() as connection:
        tables = await connection.tables()
    assert {
        (table.name, column, table.key.index(column) + 1 if column in table.key else 0)
        for table in tables
        for column in table.columns
    } == {(table, column, place) for table, column, _, _, place in schema.columns}
    order = [table.name for table in tables]
    for table, _, parent, _ in schema.references:
        assert order.index(parent) < order.index(table)


async def test_the_copy_holds_all_and_can_do_what_the_first_could(store, database, target):
    await leave_traces(store, ALICE, "Alice")
    await leave_traces(store, BOB, "Bob")
    await store.import_ratings(ALICE, dict.fromkeys(range(100, 6_000), (3.5, None)), "diary.csv")
    await store.set_metadata("slash commands", "4f6a")
    rows = await copy_database(database, target)
    assert rows["ratings"] > 5_900
    assert all(rows.values())
    async with open_store(target) as copied:
        for user in (ALICE, BOB):
            assert await copied.data_summary(user) == await store.data_summary(user)
            assert await copied.ratings(user) == await store.ratings(user)
            assert await copied.is_private(user)
        latest = await store.latest_vote("7")
        assert await copied.latest_vote("7") == latest
        assert await copied.open_vote("7", "70", ALICE, [1]) == latest.vote_id + 1
        assert len(await copied.undo_import(ALICE)) == len(await store.undo_import(ALICE)) > 5_000
        while undone := await store.undo(ALICE):
            assert await copied.undo(ALICE) == undone


async def test_a_target_that_holds_something_is_left_alone(store, database, target):
    await store.rate(ALICE, {1: 4})
    async with open_store(target) as other:
        await other.rate(BOB, {2: 5})
        with pytest.raises(StorageError, match=r"not empty \(members: 1\)"):
            await copy_database(database, target)
        assert await other.ratings(ALICE) == []
        assert len(await other.ratings(BOB)) == 1


async def test_a_copy_that_lost_a_row_on_the_way_is_refused_and_leaves_nothing(
    store, database, target, request
):
    await leave_traces(store, ALICE, "Alice")
    async with open_store(target):
        pass
    lose_rows(target, request)
    with pytest.raises(StorageError, match="The copy is not whole"):
        await copy_database(database, target)
    async with open_engine(target) as engine, engine.reading() as connection:
        assert not any((await counts(connection)).values())


def lose_rows(target, request):
    """Let a table take rows and keep none, and say nothing of it."""
    if isinstance(target, str):
        rule = "CREATE RULE lossy AS ON INSERT TO skips DO INSTEAD NOTHING"
        server = request.getfixturevalue("postgresql")
        server.run(lambda connection: connection.execute(rule), target)
        return
    with closing(sqlite3.connect(target)) as connection:
        connection.execute(
            "CREATE TRIGGER lossy BEFORE INSERT ON skips BEGIN SELECT RAISE(IGNORE); END"
        )
