"""Whatever SQLite complains about reaches the caller as one readable line."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import StorageError, open_store
from storage.sqlite.errors import readable_errors

ALICE = "console:alice"


@pytest.fixture
def database(path):
    return path


async def refusal(path: Path) -> str:
    with pytest.raises(StorageError) as caught:
        async with open_store(path, busy_timeout=0):
            pass
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


async def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(path):
    text = "title,year\nAlien,1979\n" * 100
    path.write_text(text)
    assert "is not an SQLite database" in await refusal(path)
    assert path.read_text() == text


async def test_a_directory_is_refused(tmp_path):
    assert "cannot be opened" in await refusal(tmp_path)


async def test_a_path_below_a_file_is_refused(path):
    path.write_text("a file")
    assert "cannot be made" in await refusal(path / "ratings.sqlite3")


async def test_a_database_of_another_program_is_refused_and_left_as_it_was(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    content = path.read_bytes()
    assert "belongs to another program" in await refusal(path)
    assert path.read_bytes() == content


async def test_a_newer_database_is_refused_and_left_as_it_was(path):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    content = path.read_bytes()
    message = await refusal(path)
    assert "99" in message
    assert "update the program" in message
    assert path.read_bytes() == content


async def test_a_file_locked_by_another_program_is_named_and_works_again_later(path):
    async with open_store(path, busy_timeout=0) as store, asyncio.timeout(20):
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError, match="in use by another program") as caught:
                await store.rate(ALICE, {1: 4})
            assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
            assert await store.ratings(ALICE) == []
        await store.rate(ALICE, {1: 4})
        assert len(await store.ratings(ALICE)) == 1


async def test_a_damaged_file_is_named(path, sql):
    async with open_store(path) as store:
        await store.rate(ALICE, dict.fromkeys(range(1000), 4))
    page_size = 4096
    ((page,),) = sql("SELECT rootpage FROM sqlite_schema WHERE name = 'ratings'")
    with path.open("r+b") as file:
        file.seek((page - 1) * page_size)
        file.write(b"\xff" * page_size)
    async with open_store(path) as store:
        with pytest.raises(StorageError, match="is damaged"):
            await store.ratings(ALICE)
        with pytest.raises(StorageError, match="is damaged"):
            await store.rate(ALICE, {1: 5})


async def test_a_closed_store_says_so(path):
    async with open_store(path) as store:
        pass
    with pytest.raises(StorageError, match="closed already"):
        await store.rate(ALICE, {1: 4})


def test_a_full_disk_is_named(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 3")
        connection.execute("CREATE TABLE filler (content BLOB)")
        with pytest.raises(StorageError, match="disk is full"), readable_errors(path):
            connection.execute("INSERT INTO filler VALUES (zeroblob(100000))")


def test_a_file_that_may_only_be_read_is_named(path):
    path.touch()
    uri = f"{path.as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as connection,
        pytest.raises(StorageError, match="cannot be written"),
        readable_errors(path),
    ):
        connection.execute("CREATE TABLE t (x)")


def test_any_other_complaint_is_passed_on_in_sqlites_words(path):
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(StorageError, match="cannot be used: no such table: ratings"),
        readable_errors(path),
    ):
        connection.execute("SELECT * FROM ratings")
