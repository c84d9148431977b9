"""Texts that can be drawn and that fit: letters the font has, cut short where there is no room."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, count

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

from engine.plots.canvas import canvas_of
from engine.plots.text_bitmaps import text_size

_WORD_END = re.compile(r"(?<=\S)(?=\s)")
_LEFT_TO_RIGHT = "\u200e"  # the mark
_VARIATION_SELECTORS = frozenset(range(0xFE00, 0xFE10))


def drawable(text: str, otherwise: str = "?") -> str:
    """Return a text as far as the font can draw it; ``otherwise`` where nothing is left.

    Letters in disguise, as in names like 𝓐𝓵𝓲𝓬𝓮, are drawn as what they stand for.
    """
    glyphs = _glyphs()
    plain = "".join(c if ord(c) in glyphs else unicodedata.normalize("NFKC", c) for c in text)
    kept = (c for c in plain if c.isspace() or (c.isprintable() and ord(c) in glyphs))
    return _from_the_left(" ".join("".join(kept).split())) or otherwise


def drawable_name(name: str) -> str:
    """Return a name as far as the font can draw it; "" where too little is left to know it by."""
    left = drawable(name, "")
    return left if any(map(str.isalpha, left)) or left == " ".join(name.split()) else ""


def drawn_names(names: Sequence[str], otherwise: Sequence[str] = ()) -> list[str]:
    """Return how a picture writes the names of several people, no two of them the same.

    Parameters
    ----------
    names
        Of the people, [n].
    otherwise
        What to write for those whose names cannot be drawn, [n]; "member 1", … if left out.
    """
    others = otherwise or [f"member {number}" for number in range(1, len(names) + 1)]
    return distinct(
        [drawable_name(name) or other for name, other in zip(names, others, strict=True)]
    )


def distinct(names: Sequence[str]) -> list[str]:
    """Return names no two of which are the same: behind one that was there stands its number."""
    made: list[str] = []
    for number, name in enumerate(names, start=1):
        numbered = (f"{name} ({n})" for n in count(number))
        made.append(next(one for one in chain([name], numbered) if one not in made))
    return made


def _from_the_left(text: str) -> str:
    """Return a text that runs from left to right though it may begin with Hebrew or Arabic."""
    directions = [unicodedata.bidirectional(c) for c in text]
    first = next((one for one in directions if one in ("L", "R", "AL")), "L")
    return text if first == "L" or "L" not in directions else _LEFT_TO_RIGHT + text


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font has in both its weights, but for what only varies others."""
    regular, bold = (
        set(get_font(findfont(FontProperties(weight=weight))).get_charmap())
        for weight in ("normal", "bold")
    )
    return frozenset(regular & bold) - _VARIATION_SELECTORS


def shorten(text: str, fits: Callable[[str], bool], *, at_words: bool = False) -> str:
    """Return the text, or the longest beginning of it that fits, with "…" for what is cut off.

    Parameters
    ----------
    text
        What is to be written.
    fits
        Whether a text has room; of a text that fits, every beginning fits too.
    at_words
        Cut between words alone, unless the first one is too long by itself.

    """
    if fits(text):
        return text
    ends = [cut.start() for cut in _WORD_END.finditer(text)] if at_words else range(1, len(text))
    cut = [text[:end].rstrip(" -–:,.&") + "…" for end in ends]
    n_fitting = bisect_left(cut, True, key=lambda one: not fits(one))
    if n_fitting == 0 and at_words:
        return shorten(text, fits)
    return cut[n_fitting - 1] if n_fitting else "…"


def fit_width(figure: Figure, text: Text, widest: float) -> Text:
    """Cut a line of text of a figure short where it is longer than ``widest`` inches; return it."""
    look = text.get_fontsize(), text.get_fontweight(), figure.dpi

    def fits(written: str) -> bool:
        return text_size(written, *look)[0] <= widest * figure.dpi

    text.set_text(shorten(text.get_text(), fits))
    return text


def renderer_of(figure: Figure) -> RendererBase:
    """Return what measures the figure's texts."""
    return canvas_of(figure).get_renderer()
