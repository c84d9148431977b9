"""What the store promises of a PostgreSQL database beyond what it does on every engine."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing

import asyncpg
import pytest

from storage import StorageError, open_store
from storage.migrations import Migration, shipped_migrations
from storage.postgresql.engine import without_secrets
from storage.postgresql.schema import migrate
from storage.store import open_engine

from .schemas import read_schema

ALICE, BOB = "discord:400", "console:bob"
SHIPPED = shipped_migrations("storage.postgresql")
NEXT = SHIPPED[-1].number + 1


@pytest.fixture
def database(postgresql):
    return postgresql.database()


async def refusal(address: str) -> str:
    with pytest.raises(StorageError) as caught:
        async with open_store(address):
            pass
    message = str(caught.value)
    assert "\n" not in message
    assert "secret" not in message
    return message


@asynccontextmanager
async def another_program(database):
    connection = await asyncpg.connect(database)
    try:
        yield connection
    finally:
        await connection.close()


async def migrated(database, migrations):
    async with another_program(database) as connection:
        await migrate(connection, "here", migrations)


async def test_tables_columns_keys_and_references_are_those_of_sqlite(store, sql, tmp_path):
    path = tmp_path / "ratings.sqlite3"
    async with open_store(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        theirs = read_schema(lambda query: connection.execute(query).fetchall())
    assert read_schema(sql) == theirs


async def test_opening_again_changes_nothing(database, sql):
    versions = []
    for _ in range(2):
        async with open_store(database):
            versions += sql("SELECT version FROM reeltwin_schema")
    assert versions == [(SHIPPED[-1].number,)] * 2


async def test_processes_that_open_a_new_database_together_make_its_tables_once(database):
    stores = [open_store(database) for _ in range(4)]
    opened = await asyncio.gather(*(store.__aenter__() for store in stores))
    await opened[0].rate(ALICE, {1: 4})
    assert [len(await store.ratings(ALICE)) for store in opened] == [1] * 4
    for store in stores:
        await store.__aexit__(None, None, None)


async def test_a_failing_migration_rolls_back_whole(database, sql):
    async with open_store(database) as store:
        await store.rate(ALICE, {1: 4})
        before = read_schema(sql)
    diary = Migration(NEXT, "diary", "CREATE TABLE diary (entry TEXT);")
    broken = Migration(NEXT + 1, "broken", "CREATE TABLE more (x BIGINT); SELECT nonsense;")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrated(database, [*SHIPPED, diary, broken])
    assert read_schema(sql) == before
    async with open_store(database) as store:
        assert len(await store.ratings(ALICE)) == 1
    await migrated(database, [*SHIPPED, diary])
    assert sql("SELECT version FROM reeltwin_schema") == [(NEXT,)]
    assert f"has version {NEXT}, newer than" in await refusal(database)


async def test_calls_for_one_person_from_two_processes_come_one_after_the_other(database):
    async with open_store(database) as one, open_store(database) as other:
        calls = [store.rate(ALICE, {n: 4, 100 + n: 4}) for n in range(40) for store in (one, other)]
        await asyncio.gather(*calls)
        assert len(await one.ratings(ALICE)) == 80
        # Each call was a change of its own: each undo takes just one of them back.
        undone = await asyncio.gather(*(store.undo(ALICE) for store in (one, other) * 20))
    assert [len(films) for films in undone] == [2] * 40


async def test_somebody_forgotten_while_they_rate_is_gone_or_begins_anew(database):
    async with open_store(database) as one, open_store(database) as other:
        for n in range(20):
            await asyncio.gather(
                one.rate(ALICE, {1: 4, 2: 4}), other.forget(ALICE), one.rate(ALICE, {3: 4})
            )
            kept = {rating.movie_id for rating in await one.ratings(ALICE)}
            assert kept in (set(), {3}, {1, 2}, {1, 2, 3}), n
            await one.forget(ALICE)


async def test_a_call_whose_connection_is_cut_fails_in_words_and_the_next_one_works(database):
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'"
    async with open_store(database) as store, another_program(database) as other:
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", ALICE)
            rating = asyncio.create_task(store.rate(ALICE, {1: 4}))
            while not await other.fetch(cut):
                pass
            with pytest.raises(StorageError, match=r"reached|try again"):
                await rating
        await store.rate(ALICE, {3: 4})
        assert [rating.movie_id for rating in await store.ratings(ALICE)] == [3]


async def test_what_was_confirmed_is_synced_whatever_the_server_is_set_to(database, postgresql):
    lax = database + "&synchronous_commit=off"
    async with open_engine(lax) as engine, engine.reading() as connection:
        assert await connection.fetch("SHOW synchronous_commit") == [("on",)]


async def test_a_server_that_is_not_there_is_named_without_the_password():
    message = await refusal("postgresql://alice:secret@127.0.0.1:1/reeltwin")
    assert "postgresql://127.0.0.1:1/reeltwin cannot be reached" in message


async def test_a_database_that_is_not_there_is_named(postgresql):
    address = postgresql.address.removesuffix("/postgres").replace("@", ":secret@") + "/nothing"
    assert "does not exist; create it" in await refusal(address)


async def test_tables_of_another_program_are_left_alone(database, sql):
    sql("CREATE TABLE bookmarks (url TEXT)")
    assert "belongs to another program" in await refusal(database)
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    assert sql(tables) == [("bookmarks",)]


async def test_a_standby_is_refused_in_words(database):
    async with open_store(database):
        pass
    message = await refusal(database + "&default_transaction_read_only=on")
    assert "cannot be written" in message


async def test_an_address_that_is_none_is_refused_with_an_example():
    message = await refusal("postgresql://alice:secret@localhost:port/reeltwin")
    assert "For example postgresql://" in message


async def test_a_name_with_a_character_that_postgresql_cannot_keep_is_kept_without_it(store):
    await store.remember(ALICE, "Al\0ice", "7")
    assert [member.name for member in await store.members("7")] == [
        "Al\N{REPLACEMENT CHARACTER}ice"
    ]


async def test_names_are_in_the_same_order_as_in_sqlite(store):
    names = ["Zoe", "anna", "Änne", "_x", "Bob", "bob"]
    for number, name in enumerate(names):
        await store.remember(f"console:{number}", name, "7")
    assert [member.name for member in await store.members("7")] == sorted(names)


async def test_a_closed_store_says_so(database):
    async with open_store(database) as store:
        pass
    with pytest.raises(StorageError, match="closed already"):
        await store.rate(ALICE, {1: 4})


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://a:secret@host:5432/db?password=secret", "postgresql://host:5432/db"),
        ("postgres://host/db", "postgresql://host/db"),
        ("postgresql:///db?host=/run", "postgresql:///db"),
    ],
)
def test_an_address_is_shown_without_what_is_secret(address, shown):
    assert without_secrets(address) == shown
