"""A migration is one file for each engine: the program finds it, runs it and keeps what it adds."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import storage
from storage import StorageError, open_store
from storage.migrations import shipped_migrations

ALICE = "discord:400"
NEXT = shipped_migrations("storage.sqlite")[-1].number + 1
ADDED = {
    "sqlite": "ALTER TABLE ratings ADD COLUMN toy_mood TEXT;"
    "CREATE TABLE toy_moods (mood TEXT PRIMARY KEY) STRICT;",
    "postgresql": "ALTER TABLE ratings ADD COLUMN toy_mood TEXT;"
    "CREATE TABLE toy_moods (mood TEXT PRIMARY KEY);",
}


@pytest.fixture
def newer(tmp_path):
    """Run a storage command of a program that has one migration more than this one."""
    copy = tmp_path / "newer"
    shutil.copytree(Path(storage.__file__).parent, copy / "storage")
    for engine, statements in ADDED.items():
        folder = copy / "storage" / engine / "migrations"
        (folder / f"V{NEXT}__toy.sql").write_text(statements)

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "storage", *map(str, arguments)],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines())

    return run


async def test_a_database_is_upgraded_and_keeps_its_ratings(newer, database, sql):
    async with open_store(database) as store:
        await store.rate(ALICE, {1: 4})
    told = newer("stats", "--database", database)
    assert (told["ratings"], told["toy moods"]) == ("1", "0")
    assert sql("SELECT movie_id, half_stars, toy_mood FROM ratings") == [(1, 8, None)]
    with pytest.raises(StorageError, match=f"version {NEXT}, newer than this program"):
        async with open_store(database):
            pass


async def test_what_it_adds_is_backed_up_as_all_else_is(newer, database, sql, tmp_path):
    async with open_store(database) as store:
        await store.rate(ALICE, {1: 4})
    newer("stats", "--database", database)
    sql("UPDATE ratings SET toy_mood = 'glad'")
    sql("INSERT INTO toy_moods VALUES ('glad')")
    newer("backup", "--database", database, "--to", tmp_path)
    (backup,) = tmp_path.glob("reeltwin-*.sqlite3")
    with closing(sqlite3.connect(backup)) as copied:
        assert copied.execute("SELECT movie_id, toy_mood FROM ratings").fetchall() == [(1, "glad")]
        assert copied.execute("SELECT * FROM toy_moods").fetchall() == [("glad",)]


def test_two_of_the_same_number_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "two_branches" / "migrations"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    for name in ("V1__mine.sql", "V1__theirs.sql"):
        (folder / name).write_text("CREATE TABLE t (x);")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="are both migration V1 of two_branches"):
        shipped_migrations("two_branches")
