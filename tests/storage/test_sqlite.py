"""What the store promises of an SQLite file beyond what it does on every engine."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from storage import open_store
from storage.session import Session
from storage.sqlite import engine
from storage.store import open_engine

from .test_privacy import ALICE, BOB, leave_traces


@pytest.fixture
def database(path):
    return path


def test_every_table_is_strict(store, sql):
    lax = "SELECT name FROM pragma_table_list WHERE NOT strict AND name NOT LIKE 'sqlite_%'"
    assert sql(lax) == []


async def test_the_file_is_wal_and_each_commit_is_synced(store, path, sql):
    assert sql("PRAGMA journal_mode") == [("wal",)]
    settings = {}
    async with open_engine(path) as engine, engine.writing() as connection:
        for pragma in ("synchronous", "foreign_keys", "busy_timeout"):
            ((settings[pragma],),) = await connection.fetch(f"PRAGMA {pragma}")
    waits = settings.pop("busy_timeout")
    assert settings == {"synchronous": 2, "foreign_keys": 1}
    assert 4000 < waits <= 5000  # what is left of it


async def test_a_call_waits_for_another_program_to_let_go_of_the_file(path, store):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        rating = asyncio.create_task(store.rate(ALICE, {1: 4}))
        await asyncio.sleep(0.1)
        assert not rating.done()
        other.execute("COMMIT")
    assert await rating == {1: None}


async def test_forgetting_overwrites_the_file_itself(path, store):
    await leave_traces(store, ALICE, "Zaphod Beeblebrox")
    await store.remember(BOB, "Bob", "7")
    await store.forget(ALICE)
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Bob" in left
    assert b"Zaphod Beeblebrox" not in left
    assert ALICE.encode() not in left


async def test_a_call_cancelled_while_it_waits_for_the_file_leaves_nothing(path, store):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    rating = asyncio.create_task(store.rate(ALICE, {1: 4}))
    await asyncio.sleep(0.02)
    rating.cancel()
    await asyncio.sleep(0.02)
    other.execute("COMMIT")
    other.close()
    with pytest.raises(asyncio.CancelledError):
        await rating
    assert await store.ratings(ALICE) == []
    assert await store.rate(BOB, {1: 3}) == {1: None}


async def test_a_cancelled_call_is_whole_or_nothing_and_leaves_no_transaction_open(path, store):
    cancelled = 0
    for steps in range(60):
        user = f"console:{steps}"
        rating = asyncio.create_task(store.rate(user, {1: 4, 2: 4}))
        for _ in range(steps):
            await asyncio.sleep(0)
        rating.cancel()
        rating.cancel()
        cancelled += isinstance(
            (await asyncio.gather(rating, return_exceptions=True))[0], asyncio.CancelledError
        )
        assert len(await store.ratings(user)) in (0, 2)
        other = sqlite3.connect(path, isolation_level=None, timeout=0)
        other.execute("BEGIN IMMEDIATE")  # "database is locked" if a transaction were open
        other.close()
    assert cancelled > 0
    assert await store.rate(ALICE, {1: 4}) == {1: None}


async def test_a_reader_cancelled_while_its_connection_is_opened_leaves_none(store, monkeypatch):
    connect, opened = engine._connect, []

    async def connect_and_be_cancelled(path):
        opened.append(await connect(path))
        asyncio.current_task().cancel()
        return opened[0]

    monkeypatch.setattr(engine, "_connect", connect_and_be_cancelled)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(store.ratings(ALICE))
    with pytest.raises(RuntimeError, match="after shutdown"):
        await opened[0].run(Session(1), sqlite3.Connection.execute, "SELECT 1")


async def test_between_reading_and_writing_no_other_process_writes(path, store):
    async with open_engine(path) as engine, engine.writing(ALICE) as connection:
        await connection.fetch("SELECT 1 FROM members")
        with (
            closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")


async def test_what_a_reader_kept_from_being_overwritten_is_overwritten_after_it(path):
    async with open_store(path, busy_timeout=0.05) as store:
        await store.remember(ALICE, "Zaphod Beeblebrox", "7")
        await store.remember(BOB, "Bob", "7")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM members").fetchall()
            await store.forget(ALICE)
            await store.rate(BOB, {1: 4})  # waits for no reader
            assert b"Zaphod" in content(path)
            other.execute("ROLLBACK")
        await store.rate(BOB, {1: 5})
        assert b"Bob" in content(path)
        assert b"Zaphod" not in content(path)


def content(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())
