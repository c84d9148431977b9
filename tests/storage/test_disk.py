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
    assert run.stdout.splitlines() == [
        f"The database {path} cannot grow; its disk is full.",
        "True",
        "True",
        f"The database {path} cannot be opened; name a file in a folder that can be written, "
        "for example data/reeltwin.sqlite3.",
    ]
