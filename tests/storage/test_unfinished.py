"""What a killed backup left goes, and what another process is still writing stays."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import StorageError, open_store
from storage.backups import back_up, backups, restore
from storage.unfinished import remove_unfinished

from .test_backups import damage
from .test_privacy import ALICE

# Writes a backup as anybody does, but stops before its last step, for as long as it is let.
NEVER_DONE = """
import sys
from pathlib import Path
from storage import backups

def wait(*given):
    print("there", flush=True)
    sys.stdin.read()

backups.{step} = wait
backups.{call}(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def writer():
    """Start a process that goes on writing until it is killed; return it."""
    started = []

    def start(step, call, *paths: Path):
        command = [sys.executable, "-c", NEVER_DONE.format(step=step, call=call), *map(str, paths)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen(command, **pipes)
        started.append(process)
        assert process.stdout.readline() == b"there\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def kill(process):
    process.kill()
    assert process.wait() == -signal.SIGKILL


def unfinished(folder):
    return [file.name for file in folder.iterdir() if ".part" in file.name]


async def filled(path):
    async with open_store(path) as store:
        await store.rate(ALICE, {1: 4})


async def test_what_a_killed_backup_left_goes_at_the_start_and_with_the_next_one(
    path, folder, writer
):
    await filled(path)
    for cleans in (lambda: remove_unfinished(folder), lambda: back_up(path, folder)):
        kill(writer("_finish", "back_up", path, folder))
        assert ALICE.encode() in next(folder.glob("*.part")).read_bytes()
        cleans()
        assert unfinished(folder) == []
    assert len(backups(folder)) == 1


async def test_what_another_process_is_writing_stays(path, folder, writer, monkeypatch):
    await filled(path)
    writing = writer("_finish", "back_up", path, folder)
    before = unfinished(folder)
    assert len(before) == 1
    remove_unfinished(folder)
    with monkeypatch.context() as patch:
        patch.setattr("storage.unfinished.PATIENCE", 0.05)
        with pytest.raises(StorageError, match="Another backup is being written"):
            back_up(path, folder)
    assert unfinished(folder) == before
    kill(writing)
    back_up(path, folder)
    assert unfinished(folder) == []


async def test_whoever_comes_while_another_writes_waits_for_its_turn(path, folder, writer):
    await filled(path)
    writing = writer("_finish", "back_up", path, folder)
    mine = asyncio.create_task(asyncio.to_thread(back_up, path, folder))
    await asyncio.sleep(0.1)
    assert not mine.done()
    kill(writing)
    made = await mine
    assert backups(folder) == [made]


async def test_what_a_killed_restore_left_beside_the_database_goes(path, folder, writer):
    await filled(path)
    backup = back_up(path, folder)
    kill(writer("_finish", "restore", backup, path))
    assert len(unfinished(path.parent)) == 1
    restore(backup, path)
    assert unfinished(path.parent) == []
    damage(path)
    kill(writer("make_single", "restore", backup, path))
    assert len(unfinished(path.parent)) == 1
    remove_unfinished(path.parent)
    assert unfinished(path.parent) == []


async def test_files_of_others_stay_whatever_they_end_in(path, folder):
    await filled(path)
    folder.mkdir()
    others = {"film.mkv.part", "reeltwin-notes.part", "x.before-dinner.part"}
    for name in others:
        (folder / name).write_text("mine")
    back_up(path, folder)
    remove_unfinished(folder)
    assert others < {file.name for file in folder.iterdir()}
