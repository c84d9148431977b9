"""What the tests of imports share: the films that ship, and reading a text as an upload."""

from collections.abc import Callable

import pytest

from bot.imports.history import ImportedHistory
from bot.imports.movie_matching import MovieIndex
from bot.imports.reader import read_history
from engine import TasteModel

Read = Callable[..., ImportedHistory]


@pytest.fixture(scope="session")
def films(model: TasteModel) -> MovieIndex:
    return MovieIndex(model.catalogue)


@pytest.fixture
def read(films: MovieIndex) -> Read:
    """Read a file that is given as a text or as bytes."""

    def read(content: str | bytes, name: str = "file") -> ImportedHistory:
        data = content.encode() if isinstance(content, str) else content
        return read_history(name, data, films)

    return read
