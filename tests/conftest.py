"""What all tests share: few threads, and the model that ships."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine import TasteModel
    from tests.postgresql import PostgresServer

# The same examples on every run, however slow the machine.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")

# Set before anything imports numpy, torch or numba, and inherited by the processes of tests.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL server as slow; the same tests run on SQLite in any case."""
    for item in items:
        if isinstance(item, pytest.Function) and "postgresql" in item.fixturenames:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def model() -> TasteModel:
    """The embedded model."""
    from engine import load_model

    return load_model()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server; the test is skipped where none is installed."""
    from tests.postgresql import MISSING, postgresql_server, programs

    bin_folder = programs()
    if bin_folder is None:
        pytest.skip(MISSING)
    # Not below pytest's folder, which is closed to the user that the server runs as.
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql_server(Path(folder), bin_folder) as server,
    ):
        yield server
