"""Plain text made safe for Discord's markdown, and cut where it is too long."""

import re
from collections.abc import Iterator

from bot.replies import Cell
from bot.text import visible

_ANYWHERE = re.compile(r"[\\*_~|`\[\]<]")
_AT_LINE_START = re.compile(r"^(\s*)([#>+-])|^(\s*\d+)(\.)(?=\s)", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")
_EVERYONE = re.compile(r"@(?=everyone|here)")


def escape(text: str) -> str:
    """Return a text that is shown as it stands: no markdown, mention or link is made of it.

    Nothing in it hides, or turns what stands around it about (`bot.text.visible`).
    """
    text = visible(text)
    # Discord takes a backslash behind an address for part of it, and then sees a mention.
    text = _ADDRESS.sub(lambda address: address[0].replace("<", "<\u200b"), text)
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    text = _AT_LINE_START.sub(r"\1\3\\\2\4", text)
    return _EVERYONE.sub("@\u200b", text)


def cell_markdown(cell: Cell) -> str:
    """Return a cell in markdown: escaped, and linked where it is a link to a web page."""
    return escape(cell) if isinstance(cell, str) else link(cell.text, cell.url)


def link(text: str, url: str) -> str:
    """Return a text, escaped, with a link to ``url`` where that is a web page."""
    if not url.startswith(("https://", "http://")):
        return escape(text)
    address = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{escape(text)}]({address})"


def split_text(text: str, max_length: int) -> Iterator[str]:
    """Split markdown into parts of at most ``max_length`` characters.

    It is cut at the last line break or space that fits, else wherever no escape is torn apart.
    """
    while len(text) > max_length:
        end = max(text.rfind("\n", 1, max_length), text.rfind(" ", 1, max_length))
        if end <= 0:
            backslashes = max_length - len(text[:max_length].rstrip("\\"))
            end = max_length - backslashes % 2
        yield text[:end]
        text = text[end:].lstrip()
    yield text
