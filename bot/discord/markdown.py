"""Plain text made safe for Discord's markdown, and lines packed into its limits."""

import re
from collections.abc import Iterable, Iterator

from bot.replies import Cell, Link

_ANYWHERE = re.compile(r"[\\*_~|`\[\]<]")
_AT_LINE_START = re.compile(r"^(\s*)([#>+-])|^(\s*\d+)(\.)(?=\s)", re.MULTILINE)
_EVERYONE = re.compile(r"@(?=everyone|here)")


def escape(text: str) -> str:
    """`text` as it stands, with no markdown, no mention and no link made of it."""
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    text = _AT_LINE_START.sub(r"\1\3\\\2\4", text)
    return _EVERYONE.sub("@\u200b", text)


def shown(cell: Cell) -> str:
    """A cell in markdown: escaped, and linked where it is a link to a web page."""
    if isinstance(cell, str):
        return escape(cell)
    if not cell.url.startswith(("https://", "http://")):
        return escape(cell.text)
    return f"[{escape(cell.text)}]({_address(cell)})"


def cut(text: str, most: int) -> str:
    """`text`, or its beginning with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def pack(units: Iterable[str], most: int) -> list[str]:
    """Join units by line breaks into as few texts of at most `most` characters as fit, in order.

    A unit stays in one piece unless it is longer than `most` by itself.
    """
    texts: list[str] = []
    for unit in units:
        for piece in _pieces(unit, most):
            if texts and len(texts[-1]) + 1 + len(piece) <= most:
                texts[-1] += "\n" + piece
            else:
                texts.append(piece.lstrip("\n"))
    return texts


def _pieces(unit: str, most: int) -> Iterator[str]:
    """Cut at the last line break or space that fits, else wherever no escape is torn apart."""
    while len(unit) > most:
        end = max(unit.rfind("\n", 1, most), unit.rfind(" ", 1, most))
        if end <= 0:
            backslashes = most - len(unit[:most].rstrip("\\"))
            end = most - backslashes % 2
        yield unit[:end]
        unit = unit[end:].lstrip()
    yield unit


def _address(link: Link) -> str:
    return link.url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
