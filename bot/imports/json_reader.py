"""JSON as the services write it: a list of objects."""

import json

from bot.imports.errors import UnreadableFileError
from bot.imports.format import JsonItem

# Far more than 10 MB of ratings have, and few enough to take up little memory.
_MAX_VALUES = 1_500_000
_MAX_BRACKETS = 500_000


def read_items(text: str) -> list[JsonItem]:
    """Return the items of the list that a text is; {} for one that is no object, [] for no list.

    Raises
    ------
    UnreadableFileError
        Where the text is no JSON, or too much of it.
    """
    if text.count(",") > _MAX_VALUES or text.count("{") + text.count("[") > _MAX_BRACKETS:
        raise UnreadableFileError("The file has more JSON in it than any list of ratings.")
    try:
        items = json.loads(text)
    except RecursionError:
        raise UnreadableFileError(
            "The JSON in the file is nested deeper than any list of ratings."
        ) from None
    except ValueError as error:
        where = f" at line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableFileError(f"The file looks like JSON, but it breaks off{where}.") from None
    if not isinstance(items, list):
        return []
    return [item if isinstance(item, dict) else {} for item in items]
