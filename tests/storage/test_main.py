"""``python -m storage``: what an operator types, and reads."""

import pytest

from storage import open_store
from storage.cli import main

from .test_backups import damage
from .test_privacy import ALICE, leave_traces


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Commands run in an empty folder, with no settings but those that a test gives."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_PATH", "DATABASE_URL", "BACKUP_FOLDER", "BACKUP_KEEP", "BACKUP_HOURS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
async def filled(database, monkeypatch):
    """A database with something of everything, named by the settings."""
    kind = "DATABASE_URL" if isinstance(database, str) else "DATABASE_PATH"
    monkeypatch.setenv(kind, str(database))
    async with open_store(database) as store:
        await leave_traces(store, ALICE, "Alice")
    return database


def test_check_and_stats_tell_of_a_database_that_is_well(filled, capsys):
    assert main(["check"]) == 0
    assert "Well: " in capsys.readouterr().out
    assert main(["stats"]) == 0
    lines = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["members"] == "1"
    assert int(lines["ratings"]) >= 1


def test_backup_and_restore_go_through_the_folder_of_the_settings(filled, here, capsys, request):
    assert main(["backup", "--to", "safe", "--keep", "1"]) == 0
    assert main(["backup", "--to", "safe", "--keep", "1"]) == 0
    assert "Removed: safe/reeltwin-" in capsys.readouterr().out
    (backup,) = (here / "safe").glob("*.sqlite3")
    if isinstance(filled, str):
        target = request.getfixturevalue("postgresql").database()
    else:
        target = "new.sqlite3"
    assert main(["restore", str(backup), "--database", target]) == 0
    assert capsys.readouterr().out.startswith(f"Restored: {backup}")
    assert main(["stats", "--database", target]) == 0
    restored = capsys.readouterr().out
    assert main(["stats"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if "bytes" not in line]
    assert [line for line in restored.splitlines() if "bytes" not in line] == rows


def test_copy_counts_what_it_copied(filled, capsys, postgresql):
    target = postgresql.database()
    assert main(["copy", str(filled), target]) == 0
    assert "Copied: as many rows in each table" in capsys.readouterr().out
    assert main(["copy", str(filled), target]) == 1
    assert "is not empty" in capsys.readouterr().err


async def test_a_damaged_file_is_told_with_what_to_do(path, capsys):
    async with open_store(path) as store:
        await store.rate(ALICE, dict.fromkeys(range(1000), 4))
    damage(path)
    assert main(["check", "--database", str(path)]) == 1
    assert "damaged; restore it from a backup" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check"], "reeltwin.sqlite3 is not there"),
        (["stats"], "reeltwin.sqlite3 is not there"),
        (["backup"], "reeltwin.sqlite3 is not there"),
        (["restore"], "no backup in backups"),
        (["restore", "x.sqlite3"], "x.sqlite3 is not there"),
        (["copy", "x.sqlite3", "y.sqlite3"], "x.sqlite3 is not there"),
        (["stats", "--database", "postgresql://a:secret@127.0.0.1:1/x"], "cannot be reached"),
    ],
)
def test_what_is_not_there_is_told_in_a_line_and_nothing_is_made(here, capsys, arguments, told):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert "secret" not in error
    assert not [*here.glob("*.sqlite3")]


def test_a_wrong_setting_is_told_in_a_line_without_its_value(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "mysql://alice:secret@localhost/x")
    assert main(["check"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: DATABASE_URL must be the address of a PostgreSQL database")
    assert "secret" not in error
