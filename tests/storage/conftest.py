import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from storage import Store, open_store
from tests.postgresql import PostgresServer

# What a statement is refused with that breaks the schema's rules.
REFUSED = (
    sqlite3.IntegrityError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
)

# What follows INSERT INTO for a rating, before its values.
RATING = "ratings (user_id, movie_id, half_stars, rated_at) VALUES"

Sql = Callable[..., list[Any]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ratings.sqlite3"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> Path | str:
    """Where an empty database is, as `open_store` takes it; each test runs on both engines."""
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("path")
        return path
    server: PostgresServer = request.getfixturevalue("postgresql")
    return server.database()


@pytest.fixture
async def store(database: Path | str) -> AsyncIterator[Store]:
    async with open_store(database) as opened:
        yield opened


@pytest.fixture
def sql(request: pytest.FixtureRequest, database: Path | str) -> Sql:
    """Run one statement on the database as another program would, past the store."""

    def on_sqlite(statement: str, *values: object) -> list[Any]:
        named = {str(number): value for number, value in enumerate(values, 1)}
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            return connection.execute(statement, named).fetchall()

    if isinstance(database, Path):
        return on_sqlite
    server: PostgresServer = request.getfixturevalue("postgresql")

    def on_postgresql(statement: str, *values: object) -> list[Any]:
        rows = server.run(lambda connection: connection.fetch(statement, *values), database)
        return [tuple(row) for row in rows]

    return on_postgresql


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Each time asked for is one millisecond after the one before; return the latest, in ms."""
    clock = SimpleNamespace(now=0)

    def time_ns() -> int:
        clock.now += 1
        return int(clock.now) * 1_000_000

    monkeypatch.setattr("storage.timestamps.time", SimpleNamespace(time_ns=time_ns))
    return clock
