"""Lines of text as bitmaps, remembered: pictures write much the same words again and again.

To lay a line out and to rasterise its letters takes Matplotlib milliseconds; to copy the bitmap,
microseconds. New lines of Latin letters are put together from the bitmaps of these. A halo is the
text dilated by a disc (a grey-scale dilation; Sternberg 1986), which looks like the outline that
Matplotlib would stroke around each letter.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from math import ceil, floor, hypot

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import get_hinting_flag
from matplotlib.font_manager import FontProperties, findfont, get_font

Opacity = npt.NDArray[np.uint8]

_REMEMBERED, _HALOS = 1000, 300  # lines; some five kilobytes each
_LETTERS = 1000  # in all sizes
# Latin letters and signs, "…" and dashes, which stand side by side, kerned, or are ligatures.
_PLAIN = re.compile(r"[\u0020-\u024f\u2010-\u2027]{2,}")
_FREETYPE = 64  # of FreeType's units make a pixel


@dataclass(frozen=True, eq=False)
class TextBitmap:
    """A line of text in pixels.

    Attributes
    ----------
    opacity
        0 to 255, [rows, columns], the uppermost row first.
    left
        Columns from where the line begins to the first of the bitmap.
    below
        Rows of the bitmap below the line's base.
    width, height, descent
        What layouts reckon with: of the whole line, and of what is below its base.
    """

    opacity: Opacity
    left: int
    below: int
    width: float
    height: float
    descent: float

    def turned(self) -> "TextBitmap":
        """Return the line running upwards, its beginning and its base where they were."""
        rows, _ = self.opacity.shape
        return TextBitmap(
            np.ascontiguousarray(np.rot90(self.opacity)),
            self.below - rows,
            -self.left,
            self.width,
            self.height,
            self.descent,
        )


@lru_cache(_REMEMBERED)
def text_bitmap(text: str, size: float, weight: str | int, dpi: float) -> TextBitmap:
    """Return a line in Matplotlib's own font, ``size`` in points.

    Not to be called by two threads at once.
    """
    if not _PLAIN.fullmatch(text):
        return _shaped(text, size, weight, dpi)
    steps = [_step(*two, size, weight, dpi) for two in pairwise(text)]
    if not all(steps):  # a ligature
        return _shaped(text, size, weight, dpi)
    letters = [_letter(letter, size, weight, dpi) for letter in text]
    begin = [0.0, *accumulate(steps)]
    left = [round(x) + letter.left for x, letter in zip(begin, letters, strict=True)]
    first, below = min(left), max(letter.below for letter in letters)
    above = max(len(letter.opacity) - letter.below for letter in letters)
    columns = max(x + letter.opacity.shape[1] for x, letter in zip(left, letters, strict=True))
    opacity = np.zeros((above + below, columns - first), dtype=np.uint8)
    for x, letter in zip(left, letters, strict=True):
        rows, width = letter.opacity.shape
        top = above + letter.below - rows
        part = opacity[top : top + rows, x - first : x - first + width]
        np.maximum(part, letter.opacity, out=part)
    descent = max(letter.descent for letter in letters)
    ascent = max(letter.height - letter.descent for letter in letters)
    return TextBitmap(
        opacity, first, below, begin[-1] + letters[-1].width, ascent + descent, descent
    )


def _shaped(text: str, size: float, weight: str | int, dpi: float) -> TextBitmap:
    """A line as Matplotlib lays it out, in whatever script."""
    font = get_font(_font_file(weight))
    font.set_size(size, dpi)
    font.set_text(text, flags=get_hinting_flag())  # type: ignore[no-untyped-call]
    font.draw_glyphs_to_bitmap(antialiased=True)
    width, height, descent, left, _ = (
        pixels / _FREETYPE
        for pixels in (*font.get_width_height(), font.get_descent(), *font.get_bitmap_offset())
    )
    below = round(descent) + 1  # the bitmap has a row to spare
    first = floor(left) if len(text) == 1 else round(left)  # others are cut off to the left
    return TextBitmap(np.array(font.get_image()), first, below, width, height, descent)


_letter = lru_cache(_LETTERS)(_shaped)


@lru_cache(8 * _LETTERS)
def _step(one: str, other: str, size: float, weight: str | int, dpi: float) -> float:
    """The pixels from where a letter begins to where the next one does; 0 where the two are one."""
    font = get_font(_font_file(weight))
    font.set_size(size, dpi)
    begin = font.set_text(one + other, flags=get_hinting_flag())  # type: ignore[no-untyped-call]
    return float(begin[1, 0]) / _FREETYPE if len(begin) == 2 else 0.0


@lru_cache(4 * _REMEMBERED)
def text_size(text: str, size: float, weight: str, dpi: float) -> tuple[float, float]:
    """Return width and height in pixels of a text of one line or more, without space between."""
    lines = text.split("\n")
    widest = max(text_bitmap(line, size, weight, dpi).width for line in lines)
    return widest, len(lines) * size * dpi / 72 * _line_height(weight)


@cache
def _line_height(weight: str | int) -> float:
    """The height of a line of text as a share of the font's size."""
    font = get_font(_font_file(weight))
    metrics = font.get_sfnt_table("OS/2")
    if metrics is None:  # as old fonts are
        return (font.ascender - font.descender) / font.units_per_EM
    return (metrics["sTypoAscender"] - metrics["sTypoDescender"]) / font.units_per_EM


@lru_cache(_HALOS)
def halo_bitmap(text: str, size: float, weight: str | int, dpi: float, reach: float) -> TextBitmap:
    """Return what lies within ``reach`` pixels of a line's letters."""
    line = text_bitmap(text, size, weight, dpi)
    away = ceil(reach)
    around = np.pad(line.opacity, 2 * away)
    rows, columns = (length + 2 * away for length in line.opacity.shape)
    halo = np.zeros((rows, columns), dtype=np.uint8)
    for across, up, share in _disc(reach):
        moved = around[away + up : away + up + rows, away + across : away + across + columns]
        np.maximum(halo, moved if share == 1 else (share * moved).astype(np.uint8), out=halo)
    return TextBitmap(
        halo, line.left - away, line.below + away, line.width, line.height, line.descent
    )


@cache
def _disc(radius: float) -> tuple[tuple[int, int, float], ...]:
    """The pixels of a disc: where they are, and the share of each that lies in it."""
    away = ceil(radius)
    steps = range(-away, away + 1)
    pixels = ((x, y, min(radius + 0.5 - hypot(x, y), 1.0)) for x in steps for y in steps)
    return tuple(pixel for pixel in pixels if pixel[2] > 0)


@cache
def _font_file(weight: str | int) -> str:
    return findfont(FontProperties(weight=weight))
