"""How texts and lists are put in words: the texts users wrote shortened, counts, enumerations."""

from collections.abc import Iterable


def shortened(text: str, maximum: int = 60) -> str:
    """Return a text on one line, cut with "…" to at most ``maximum`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= maximum else text[: maximum - 1].rstrip() + "…"


def counted(n: int, noun: str, plural: str = "") -> str:
    """Return ``1 film``, ``2 films``, ``2,000 films``; ``3 people`` where the plural is given."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
