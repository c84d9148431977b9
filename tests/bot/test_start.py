"""The real process: it starts, or says in one line why not."""

import os
import shutil
import subprocess
from pathlib import Path

from engine.bundle.io import EMBEDDED
from tests.bot.chat_helpers import BOT, bare_environment


def start(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start it with nothing to read."""
    return subprocess.run(
        BOT,
        cwd=folder,
        env=bare_environment(folder, **settings),
        input="",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def the_line(started: subprocess.CompletedProcess[str]) -> str:
    """The one line of a start that failed."""
    assert (started.returncode, started.stdout) == (1, "")
    (line,) = started.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(".")
    return line


def test_with_nothing_to_read_it_says_in_one_line_how_to_go_to_discord(tmp_path: Path) -> None:
    started = start(tmp_path)
    assert (started.returncode, started.stderr) == (0, "")
    (line,) = started.stdout.strip().splitlines()
    assert "DISCORD_TOKEN" in line
    assert ".env" in line


def test_a_wrong_setting_is_one_line_without_the_token(tmp_path: Path) -> None:
    secret = "MTIzNDU2.not-a-real.token"
    line = the_line(start(tmp_path, COMMAND_PREFIX="a b", DISCORD_TOKEN=secret))
    assert "COMMAND_PREFIX" in line
    assert secret not in line


def test_a_damaged_model_is_one_line_that_names_it(tmp_path: Path) -> None:
    bundle = tmp_path / "model"
    shutil.copytree(EMBEDDED, bundle)
    vectors = bundle / "vectors.safetensors"
    os.truncate(vectors, vectors.stat().st_size // 2)
    line = the_line(start(tmp_path, MODEL_PATH=str(bundle)))
    assert "vectors.safetensors" in line


def test_a_database_of_garbage_is_one_line_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "garbage.sqlite3").write_bytes(b"no database " * 1000)
    line = the_line(start(tmp_path, DATABASE_PATH="garbage.sqlite3"))
    assert "garbage.sqlite3 is not an SQLite database" in line


def test_a_server_that_is_not_there_is_one_line_without_the_password(tmp_path: Path) -> None:
    address = "postgresql://reeltwin:secret@127.0.0.1:1/films"
    line = the_line(start(tmp_path, DATABASE_URL=address))
    assert "postgresql://127.0.0.1:1/films cannot be reached" in line
    assert "secret" not in line
