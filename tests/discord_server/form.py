"""The two questions that every form is asked: how long is this text, how many are these things."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.discord_server.refusals import Fault


def length(path: str, text: str | None, most: int, least: int = 0) -> Iterator[Fault]:
    """A fault where `text` (None counts as absent, so as fine) has a length out of bounds."""
    if text is not None and not isinstance(text, str):
        yield Fault(path, "STRING_TYPE_CONVERT", f'Could not interpret "{text}" as string.')
    elif text is not None and not least <= len(text) <= most:
        if least:
            words = f"Must be between {least} and {most} in length."
            yield Fault(path, "BASE_TYPE_BAD_LENGTH", words)
        else:
            yield Fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def count(path: str, things: Sequence[Any], most: int, least: int = 0) -> Iterator[Fault]:
    if not least <= len(things) <= most:
        words = f"Must be between {least} and {most} in length."
        yield Fault(path, "BASE_TYPE_BAD_LENGTH", words)
