"""How texts and lists are put in words: the texts users wrote shortened, counts, enumerations."""

import re
from collections.abc import Iterable

# Control characters but for tabs and line breaks: these could take over a terminal.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\ufffd")
# Line breaks, and an empty cell of Braille.
_REPLACED = _CONTROLS | dict.fromkeys([0x2028, 0x2029, 0x2800], " ")

# Nobody sees these, so two names could differ in them alone; some turn about what stands around
# them. Default_Ignorable_Code_Point of Unicode 16, and what annotates between lines.
_UNSEEN = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_EMOJI = "[©®‼⁉™ℹ\u2190-\u27ff\u2900-\u2bff〰〽㊗㊙\U0001f000-\U0001faff]\ufe0f?"
_VIRAMAS = "[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]"
# They stay where they only choose how their neighbours look: in emoji, and behind or between
# letters of scripts that join them (CONTEXTJ of RFC 5892).
_WELCOME = (
    f"[#*0-9]\ufe0f\u20e3|{_EMOJI}(?:\u200d{_EMOJI})*|{_VIRAMAS}[\u200c\u200d]"
    "|(?<=[\u0620-\u064a\u066e-\u06d3])\u200c(?=[\u0620-\u064a\u066e-\u06d3])"
)
_WELCOME_OR_UNSEEN = re.compile(f"({_WELCOME})|{_UNSEEN}")


def visible(text: str) -> str:
    """Return a text as it is seen: nothing in it hides, or turns what stands around it about."""
    if text.isascii() and text.isprintable():  # most texts, and then there is nothing to do
        return text
    return _WELCOME_OR_UNSEEN.sub(lambda found: found[1] or "", text.translate(_REPLACED))


def one_line(text: str) -> str:
    """Return a text as it is seen, on one line."""
    return " ".join(visible(text).split())


def shortened(text: str, maximum: int = 60) -> str:
    """Return a text as it is seen on one line, cut with "…" to at most ``maximum`` characters."""
    text = one_line(text)
    return text if len(text) <= maximum else text[: maximum - 1].rstrip() + "…"


def counted(n: int, noun: str, plural: str = "") -> str:
    """Return ``1 film``, ``2 films``, ``2,000 films``; ``3 people`` where the plural is given."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
