"""Backups are whole, taken while the store is used, and become the database again."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from storage import StorageError, open_store
from storage.backups import back_up, backups, made_at, restore, rotate
from storage.errors import DamagedError
from storage.sqlite.files import examine

from .test_privacy import ALICE, BOB, leave_traces


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "some" / "backups"


async def test_a_backup_taken_under_load_holds_whole_calls_and_all_confirmed_before(
    store, database, folder
):
    stop = asyncio.Event()
    confirmed = []

    async def load(user):
        while not stop.is_set():
            n = len(confirmed)
            await store.rate(user, {2 * n: 4, 2 * n + 1: 4})
            confirmed.append((user, 2 * n))

    loading = [asyncio.create_task(load(user)) for user in (ALICE, BOB)]
    files = []
    for _ in range(3):
        await asyncio.sleep(0.05)
        before = list(confirmed)
        files.append((await asyncio.to_thread(back_up, database, folder), before))
    stop.set()
    await asyncio.gather(*loading)
    assert len(confirmed) > len(files[-1][1]) > 0
    for file, before in files:
        async with open_store(file) as copied:
            for user in (ALICE, BOB):
                films = {rating.movie_id for rating in await copied.ratings(user)}
                assert films >= {film for who, film in before if who == user}
                assert {film ^ 1 for film in films} == films
    assert not [*folder.glob("*.part*")]


async def test_a_backup_becomes_the_database_again(store, database, folder, request):
    await leave_traces(store, ALICE, "Alice")
    everything = await store.data_summary(ALICE), await store.ratings(ALICE)
    backup = await asyncio.to_thread(back_up, database, folder)
    if isinstance(database, str):
        database = request.getfixturevalue("postgresql").database()
    else:
        await store.rate(ALICE, {99: 5})
        await store.forget(ALICE)
    before = await asyncio.to_thread(restore, backup, database)
    async with open_store(database) as restored:
        assert (await restored.data_summary(ALICE), await restored.ratings(ALICE)) == everything
    assert (before is None) == isinstance(database, str)


async def test_whoever_has_the_file_open_goes_on_with_what_was_restored(path, folder):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
        backup = await asyncio.to_thread(back_up, path, folder)
        await store.rate(ALICE, {2: 4})
        before = await asyncio.to_thread(restore, backup, path)
        assert [rating.movie_id for rating in await store.ratings(ALICE)] == [1]
        await store.rate(ALICE, {3: 4})
        assert len(await store.ratings(ALICE)) == 2
    async with open_store(before) as kept:
        assert len(await kept.ratings(ALICE)) == 2


async def test_a_damaged_file_goes_aside_and_the_backup_takes_its_place(path, folder):
    async with open_store(path) as store:
        await store.rate(ALICE, dict.fromkeys(range(1000), 4))
    backup = back_up(path, folder)
    damage(path)
    broken = path.read_bytes()
    with pytest.raises(StorageError, match="damaged"):
        back_up(path, folder)
    assert backups(folder) == [backup]
    before = restore(backup, path)
    assert before.read_bytes() == broken
    async with open_store(path) as store:
        assert len(await store.ratings(ALICE)) == 1000


def damage(path):
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'ratings'"
        ((page,),) = connection.execute(query).fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


async def test_a_file_that_is_no_database_any_more_goes_aside_too(path, folder):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
    backup = back_up(path, folder)
    path.write_bytes(b"nonsense" * 1000)
    before = restore(backup, path)
    assert before.read_bytes() == b"nonsense" * 1000
    async with open_store(path) as store:
        assert len(await store.ratings(ALICE)) == 1


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000])
async def test_what_is_no_backup_changes_nothing(path, tmp_path, content):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
        wrong = tmp_path / "wrong.sqlite3"
        wrong.write_bytes(content)
        with pytest.raises(StorageError):
            await asyncio.to_thread(restore, wrong, path)
        with pytest.raises(StorageError, match="is not there"):
            await asyncio.to_thread(restore, tmp_path / "missing.sqlite3", path)
        assert len(await store.ratings(ALICE)) == 1


async def test_a_backup_of_an_older_version_is_upgraded_when_it_is_opened(path, folder):
    from storage.migrations import shipped_migrations
    from storage.sqlite.schema import migrate

    old = folder / "old.sqlite3"
    migrate(old, shipped_migrations("storage.sqlite")[:1], 0)
    restore(old, path)
    async with open_store(path) as store:
        assert await store.rate(ALICE, {1: 4}) == {1: None}


async def test_a_newer_database_gives_way_to_a_backup_and_is_kept(path, folder):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
    backup = back_up(path, folder)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = restore(backup, path)
    assert examine(before) == (99, [])
    async with open_store(path) as store:
        assert len(await store.ratings(ALICE)) == 1
    with pytest.raises(StorageError, match="newer than this program"):
        restore(before, path)


async def test_a_file_of_another_program_is_not_overwritten(path, folder, tmp_path):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
    backup = back_up(path, folder)
    other = tmp_path / "bookmarks.sqlite3"
    with closing(sqlite3.connect(other)) as theirs:
        theirs.execute("CREATE TABLE bookmarks (url TEXT)")
    content = other.read_bytes()
    with pytest.raises(StorageError, match="belongs to another program"):
        restore(backup, other)
    assert other.read_bytes() == content


async def test_while_somebody_writes_for_too_long_nothing_is_restored(path, folder, monkeypatch):
    monkeypatch.setattr("storage.sqlite.files.BUSY_TIMEOUT", 0.05)
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
        backup = await asyncio.to_thread(back_up, path, folder)
        await store.rate(ALICE, {2: 4})
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError, match="in use by another program"):
                await asyncio.to_thread(restore, backup, path)
            other.execute("ROLLBACK")
        assert len(await store.ratings(ALICE)) == 2


async def test_only_the_newest_are_kept(path, folder):
    async with open_store(path):
        pass
    made = [back_up(path, folder) for _ in range(4)]
    (folder / "notes.txt").write_text("mine")
    assert backups(folder) == made[::-1]
    assert [made_at(file) for file in made] == sorted(made_at(file) for file in made)
    assert sorted(rotate(folder, 2)) == made[:2]
    assert backups(folder) == made[:1:-1]
    assert (folder / "notes.txt").exists()


async def test_a_folder_that_cannot_be_made_is_named(path, tmp_path):
    async with open_store(path):
        pass
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written: Not a directory"):
        back_up(path, tmp_path / "file" / "backups")


@pytest.mark.parametrize(
    "break_it",
    [
        # Neither is seen by who only reads or copies the file.
        ("PRAGMA foreign_keys = OFF", "INSERT INTO skips VALUES ('console:nobody', 1)"),
        ("PRAGMA ignore_check_constraints = ON", "UPDATE ratings SET half_stars = 11"),
    ],
    ids=["a row that refers to nothing", "stars out of range"],
)
async def test_a_database_that_is_damaged_in_what_it_says_is_not_backed_up(path, folder, break_it):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})
    good = back_up(path, folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in break_it:
            other.execute(statement)
    with pytest.raises(DamagedError, match="is damaged, and not backed up"):
        back_up(path, folder)
    assert backups(folder) == [good]
    assert not [*folder.glob("*.part*")]
