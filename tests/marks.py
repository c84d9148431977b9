"""Marks on the parameters of tests."""

from collections.abc import Iterable
from typing import Any

import pytest


def slow_but(quick: Iterable[Any], values: Iterable[Any]) -> list[Any]:
    """Return the values of a parameter, of which all but the quick ones are marked slow."""
    kept = [*quick]
    return [
        value if value in kept else pytest.param(value, marks=pytest.mark.slow) for value in values
    ]
