import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storage import Store, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ratings.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    async with open_store(path) as opened:
        yield opened


@pytest.fixture
def sql(path: Path) -> Callable[..., list[Any]]:
    """Run one statement on the file as another program would, past the store."""

    def run(statement: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            return connection.execute(statement, values).fetchall()

    return run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Each time asked for is one millisecond after the one before; return the latest, in ms."""
    clock = SimpleNamespace(now=0)

    def time_ns() -> int:
        clock.now += 1
        return int(clock.now) * 1_000_000

    monkeypatch.setattr("storage.times.time", SimpleNamespace(time_ns=time_ns))
    return clock
