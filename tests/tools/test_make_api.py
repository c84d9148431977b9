"""What the document of the API makes of docstrings; a test of documents says it is up to date."""

import re

import pytest

import engine
from tools.make_api import api, entry_of, markdown_of

DOC = """Return the films, best first: see :meth:`engine.model.TasteModel.fit`.

``n`` is at most :data:`MOST`.

Parameters
----------
n : int
    How many;
    20 by default.

Raises
------
ValueError
    Where n is 0.
"""


def test_everything_that_is_exported_has_an_entry():
    headings = re.findall(r"^### (\w+)$", api(), re.MULTILINE)
    assert set(engine.__all__) <= set(headings)
    assert len(headings) == len(set(headings))


def test_a_method_stands_with_its_signature_and_its_words():
    (entry,) = re.findall(r"#### TasteModel\.fit\n\n(.+?)####", api(), re.DOTALL)
    assert entry.startswith("    def fit(self, ratings: Mapping[int, float]) -> Taste\n\n")
    assert "closed form" in entry


def test_roles_become_code_and_sections_lists():
    assert markdown_of(DOC) == (
        "Return the films, best first: see `engine.model.TasteModel.fit`.\n\n"
        "`n` is at most `MOST`.\n\n"
        "**Parameters**\n\n- `n : int`:\n  How many;\n  20 by default.\n\n"
        "**Raises**\n\n- `ValueError`:\n  Where n is 0."
    )


def test_something_public_without_a_docstring_is_an_error():
    def silent() -> None: ...

    with pytest.raises(ValueError, match="silent is public and has no docstring"):
        entry_of("###", "silent", "def silent()", silent)
