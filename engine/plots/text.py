"""Texts that can be drawn and that fit: letters the font has, cut short where there is no room."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from functools import cache

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

from engine.plots.theme import agg_canvas

_WORD_END = re.compile(r"(?<=\S)(?=\s)")


def drawable(text: str, otherwise: str = "?") -> str:
    """Return a text as far as the font can draw it; ``otherwise`` where nothing is left.

    Letters in disguise, as in names like 𝓐𝓵𝓲𝓬𝓮, are drawn as what they stand for.
    """
    glyphs = _glyphs()
    plain = "".join(c if ord(c) in glyphs else unicodedata.normalize("NFKC", c) for c in text)
    kept = (c for c in plain if c.isspace() or (c.isprintable() and ord(c) in glyphs))
    return " ".join("".join(kept).split()) or otherwise


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font has in both its weights."""
    regular, bold = (
        set(get_font(findfont(FontProperties(weight=weight))).get_charmap())
        for weight in ("normal", "bold")
    )
    return frozenset(regular & bold)


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
    """Cut a text of a figure short where it is longer than ``widest`` inches; return it."""
    renderer = renderer_of(figure)

    def fits(written: str) -> bool:
        text.set_text(written)
        return bool(max(text.get_window_extent(renderer).size) <= widest * figure.dpi)

    text.set_text(shorten(text.get_text(), fits))
    return text


def renderer_of(figure: Figure) -> RendererBase:
    """Return what measures the figure's texts."""
    return agg_canvas(figure).get_renderer()  # type: ignore[no-any-return, no-untyped-call]
