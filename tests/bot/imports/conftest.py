"""What the tests of imports share: the films that ship, and reading a text as an upload."""

from collections.abc import Callable

import pytest

from bot.imports import FilmIndex, History, read_history
from engine import TasteModel

Read = Callable[..., History]


@pytest.fixture(scope="session")
def films(model: TasteModel) -> FilmIndex:
    return FilmIndex(model.catalogue)


@pytest.fixture
def read(films: FilmIndex) -> Read:
    """Read a file that is given as a text or as bytes."""

    def read(content: str | bytes, name: str = "file") -> History:
        data = content.encode() if isinstance(content, str) else content
        return read_history(name, data, films)

    return read
