"""A real disk that is full, or may only be read, costs no rating that was confirmed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ALONE = ["unshare", "--map-root-user", "--mount"]  # with mounts of its own


def test_on_a_full_disk_nothing_confirmed_is_lost_and_rating_goes_on_once_there_is_room(tmp_path):
    if not shutil.which(ALONE[0]) or subprocess.run([*ALONE, "true"], check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    run = subprocess.run(
        [*ALONE, sys.executable, HERE / "on_a_small_disk.py", tmp_path],
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    path = tmp_path / "ratings.sqlite3"
    full, all_kept, goes_on, only_read = run.stdout.splitlines()
    assert str(path) in full
    assert "disk is full" in full
    assert (all_kept, goes_on) == ("True", "True")
    assert str(path) in only_read
    assert "a folder that can be written" in only_read
