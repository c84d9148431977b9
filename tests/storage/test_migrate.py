"""The schema grows by numbered steps; a step that fails leaves the file as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import Member, MovieState, Quiz, StorageError, UndoneChange, open_store
from storage.migrations import Migration, shipped_migrations
from storage.sqlite.schema import migrate, statements

from .conftest import RATING

SHIPPED = shipped_migrations("storage.sqlite")
NEXT = SHIPPED[-1].number + 1
DIARY = Migration(NEXT, "diary", "CREATE TABLE diary (entry TEXT) STRICT;")


@pytest.fixture
def database(path):
    return path


def schema(sql):
    return sql("SELECT name, sql FROM sqlite_schema ORDER BY name")


def columns_by_table(sql):
    return {
        table: [name for _, name, *_ in sql(f"PRAGMA table_info({table})")]
        for (table,) in sql("SELECT name FROM sqlite_schema WHERE type = 'table'")
    }


def content_of(sql, columns):
    """Return the rows of tables, of which a later version may have more columns."""
    return {table: sql(f"SELECT {', '.join(of)} FROM {table}") for table, of in columns.items()}


def test_shipped_migrations_are_numbered_from_one_without_gaps():
    assert [migration.number for migration in SHIPPED] == list(range(1, len(SHIPPED) + 1))
    folder = Path(__file__).parents[2] / "storage" / "sqlite" / "migrations"
    assert len(list(folder.iterdir())) == len(SHIPPED)


def test_a_new_database_gets_the_newest_version_and_missing_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "ratings.sqlite3"
    migrate(path, SHIPPED, 0)
    assert path.is_file()


async def test_opening_sets_the_version_and_opening_again_changes_nothing(path, sql):
    async with open_store(path):
        first = schema(sql)
    async with open_store(path):
        assert schema(sql) == first
    assert sql("PRAGMA user_version") == [(len(SHIPPED),)]
    assert {name for name, _ in first} >= {"members", "memberships", "ratings"}


async def test_an_old_database_is_upgraded_and_keeps_its_ratings(path, sql):
    async with open_store(path) as store:
        await store.rate("console:alice", {1: 4})
    stars = Migration(
        NEXT + 1,
        "whole_stars",
        "ALTER TABLE ratings ADD COLUMN whole INTEGER; UPDATE ratings SET whole = half_stars / 2;",
    )
    migrate(path, [*SHIPPED, DIARY, stars], 0)
    assert sql("PRAGMA user_version") == [(NEXT + 1,)]
    assert sql("SELECT movie_id, half_stars, whole FROM ratings") == [(1, 8, 4)]
    migrate(path, [*SHIPPED, DIARY, stars], 0)  # none of the steps runs twice


async def test_a_database_of_version_one_keeps_everything_and_can_be_undone_from_there(path, sql):
    migrate(path, SHIPPED[:1], 0)
    sql("INSERT INTO members VALUES ('discord:400', 'Alice'), ('console:bob', 'Bob')")
    sql("INSERT INTO memberships VALUES ('7', 'discord:400', 12), ('7', 'console:bob', 34)")
    sql("INSERT INTO ratings VALUES ('discord:400', 1, 8, 1000), ('discord:400', 2, 1, 2000)")
    columns = columns_by_table(sql)
    assert columns.keys() == {"members", "memberships", "ratings"}
    before = content_of(sql, columns)
    async with open_store(path) as store:
        assert sql("PRAGMA user_version") == [(len(SHIPPED),)]
        assert content_of(sql, columns) == before
        assert [rating.stars for rating in await store.ratings("discord:400")] == [0.5, 4]
        assert len(await store.raters("7", 1)) == 1
        assert await store.undo("discord:400") == []
        await store.rate("discord:400", {1: 5})
        await store.unrate("discord:400", 2)
        assert len(await store.undo("discord:400") + await store.undo("discord:400")) == 2
    assert content_of(sql, columns) == before


async def test_a_database_of_version_two_keeps_everything_and_can_be_undone_from_there(path, sql):
    migrate(path, SHIPPED[:2], 0)
    alice, bob = "discord:400", "console:bob"
    sql("INSERT INTO members VALUES ($1, 'Alice'), ($2, 'Bob')", alice, bob)
    sql("INSERT INTO memberships VALUES ('7', $1, 12), ('7', $2, 34)", alice, bob)
    sql("INSERT INTO ratings VALUES ($1, 1, 8, 1000), ($2, 2, 1, 2000)", alice, bob)
    sql("INSERT INTO skips VALUES ($1, 3)", alice)
    sql("INSERT INTO unseen VALUES ($1, 4)", alice)
    sql("INSERT INTO quizzes VALUES ($1, 2, 5)", bob)
    sql("INSERT INTO notes VALUES ('slash commands', '4f6a')")
    sql(
        "INSERT INTO history VALUES ($1, 1, 1, 'message 7', 6, 500, 0, 0), "
        "($1, 2, 3, NULL, NULL, NULL, 0, 0), ($1, 3, 1, NULL, 6, 600, 0, 0)",
        alice,
    )
    columns = columns_by_table(sql)
    assert len(columns) == 8
    before = content_of(sql, columns)
    assert all(before.values())
    async with open_store(path) as store:
        assert sql("PRAGMA user_version") == [(len(SHIPPED),)]
        assert content_of(sql, columns) == before
        assert await store.latest_import(alice) is None
        assert await store.quiz(bob) == Quiz(2, 5)
        assert [member.name for member in await store.members("7")] == ["Alice", "Bob"]
        await store.import_ratings(alice, {1: (5, None), 3: (4, None)}, "ratings.csv", seen=[4])
        assert len(await store.undo_import(alice)) == 2
        assert content_of(sql, columns) == before
        assert await store.undo(alice) == [UndoneChange(1, MovieState(4), MovieState(3))]
        await store.forget(alice)
        assert await store.raters("7", 2) == [(Member(bob, "Bob"), *await store.ratings(bob))]
    assert sql("PRAGMA foreign_key_check") == []
    assert sql("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("version", range(len(SHIPPED)))
def test_from_every_version_the_schema_becomes_that_of_a_new_database(tmp_path, path, sql, version):
    new = tmp_path / "new.sqlite3"
    migrate(new, SHIPPED, 0)
    if version:
        migrate(path, SHIPPED[:version], 0)
    migrate(path, SHIPPED, 0)
    with closing(sqlite3.connect(new)) as fresh:
        assert schema(sql) == schema(lambda query: fresh.execute(query).fetchall())


@pytest.mark.parametrize("sql_of_second", ["CREATE TABLE more (x); CREATE TABLE ;", "SELECT (1"])
async def test_a_failing_migration_rolls_back_whole(path, sql, sql_of_second):
    async with open_store(path) as store:
        await store.rate("console:alice", {1: 4})
    before = schema(sql)
    broken = Migration(NEXT + 1, "broken", sql_of_second)
    with pytest.raises(StorageError, match="cannot be used"):
        migrate(path, [*SHIPPED, DIARY, broken], 0)
    assert schema(sql) == before
    assert sql("PRAGMA user_version") == [(len(SHIPPED),)]
    async with open_store(path) as store:
        assert len(await store.ratings("console:alice")) == 1


def test_a_failing_first_migration_leaves_an_empty_database_that_can_be_used_later(path, sql):
    with pytest.raises(StorageError):
        migrate(path, [*SHIPPED, Migration(NEXT, "broken", "CREATE TABLE ;")], 0)
    assert schema(sql) == []
    assert sql("PRAGMA user_version") == sql("PRAGMA application_id") == [(0,)]
    migrate(path, SHIPPED, 0)
    assert sql("PRAGMA user_version") == [(len(SHIPPED),)]


def test_a_migration_that_rebuilds_a_table_does_not_cascade(path, sql):
    migrate(path, SHIPPED, 0)
    sql("INSERT INTO members (user_id, name) VALUES ('console:alice', 'Alice')")
    sql(f"INSERT INTO {RATING} ('console:alice', 1, 8, 0)")
    rebuild = Migration(
        NEXT,
        "rebuild",
        "CREATE TABLE fresh (user_id TEXT PRIMARY KEY, name TEXT) STRICT;"
        "INSERT INTO fresh SELECT user_id, name FROM members; DROP TABLE members;"
        "ALTER TABLE fresh RENAME TO members;",
    )
    migrate(path, [*SHIPPED, rebuild], 0)
    assert sql("SELECT movie_id FROM ratings") == [(1,)]


def test_a_script_is_split_only_where_statements_end():
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    script = f"SELECT ';'; -- a; comment\nSELECT 2;\n{trigger}\nSELECT 3 -- no semicolon"
    assert list(statements(script)) == [
        "SELECT ';';",
        "-- a; comment\nSELECT 2;",
        trigger,
        "SELECT 3 -- no semicolon",
    ]
