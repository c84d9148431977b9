"""Texts that people wrote, as they are repeated to them."""


def shortened(text: str, maximum: int = 60) -> str:
    """Return a text on one line, cut with "…" to at most ``maximum`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= maximum else text[: maximum - 1].rstrip() + "…"
