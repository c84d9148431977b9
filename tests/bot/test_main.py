"""It starts, or says in one line why not: in this process, and as people start it."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import Settings
from engine.bundle.io import EMBEDDED
from tests.bot.chat_helpers import BOT, bare_environment


@dataclass(frozen=True)
class Ended:
    """How it ended, and what it had printed."""

    status: int
    output: str
    errors: str


Start = Callable[..., Ended]


@pytest.fixture(params=["in this process", pytest.param("as a process", marks=pytest.mark.slow)])
def start(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Start:
    """Start it in an empty folder with the given settings, and with nothing to read."""

    def in_this_process(**settings: str) -> Ended:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.stdin", io.StringIO())
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in bare_environment(tmp_path, **settings).items():
            monkeypatch.setenv(name, value)
        return Ended(main([]), *capsys.readouterr())

    def as_a_process(**settings: str) -> Ended:
        ended = subprocess.run(
            BOT,
            cwd=tmp_path,
            env=bare_environment(tmp_path, **settings),
            input="",
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return in_this_process if request.param == "in this process" else as_a_process


def the_line(ended: Ended) -> str:
    """The one line of a start that failed."""
    assert (ended.status, ended.output) == (1, "")
    (line,) = ended.errors.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(".")
    return line


def test_with_nothing_to_read_it_says_in_one_line_how_to_go_to_discord(start: Start) -> None:
    ended = start()
    assert (ended.status, ended.errors) == (0, "")
    (line,) = ended.output.strip().splitlines()
    assert "DISCORD_TOKEN" in line
    assert ".env" in line


def test_a_wrong_setting_is_one_line_without_the_token(start: Start) -> None:
    secret = "MTIzNDU2.not-a-real.token"
    line = the_line(start(COMMAND_PREFIX="a b", DISCORD_TOKEN=secret))
    assert "COMMAND_PREFIX" in line
    assert secret not in line


def test_a_damaged_model_is_one_line_that_names_it(start: Start, tmp_path: Path) -> None:
    bundle = tmp_path / "model"
    shutil.copytree(EMBEDDED, bundle)
    vectors = bundle / "vectors.safetensors"
    os.truncate(vectors, vectors.stat().st_size // 2)
    line = the_line(start(MODEL_PATH=str(bundle)))
    assert "vectors.safetensors" in line


def test_a_database_of_garbage_is_one_line_that_names_it(start: Start, tmp_path: Path) -> None:
    (tmp_path / "garbage.sqlite3").write_bytes(b"no database " * 1000)
    line = the_line(start(DATABASE_PATH="garbage.sqlite3"))
    assert "garbage.sqlite3 is not an SQLite database" in line


def test_a_server_that_is_not_there_is_one_line_without_the_password(start: Start) -> None:
    address = "postgresql://reeltwin:secret@127.0.0.1:1/films"
    line = the_line(start(DATABASE_URL=address))
    assert "postgresql://127.0.0.1:1/films cannot be reached" in line
    assert "secret" not in line
