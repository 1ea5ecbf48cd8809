"""Measured text, in inches: how wide it is, and where it breaks."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts.look import FONT, PITCH, POINTS, SIZES, nfc

_PRECISE = 100.0  # points at which letters are measured
_SAFE = 1.01  # letters are set on whole fractions of a pixel


@functools.cache
def _advance(letter: str, weight: str) -> float:
    """Return the width of one letter in units of the font size."""
    font = get_font(findfont(FontProperties(family=FONT, weight=weight)))
    if not font.get_char_index(ord(letter)):
        raise CbanalysisError(f"charts can't draw {letter!r}: their font, {FONT}, has no such letter")
    font.set_size(_PRECISE, POINTS)
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / _PRECISE


def text_width(text: str, size: float = SIZES["text"], weight: str = "normal") -> float:
    """Return how wide a line of text will be, in inches (kerning, which only narrows, is left out).

    Letters are measured once each: laying out every line with the font engine costs more than drawing it.
    """
    return sum(_advance(letter, weight) for letter in nfc(text)) * size / POINTS * _SAFE


def widest(texts: Collection[str], size: float = SIZES["text"], weight: str = "normal") -> float:
    """Return the width of the widest of several lines, in inches (0 when there is none)."""
    return max((text_width(text, size, weight) for text in texts), default=0.0)


def line_height(size: float = SIZES["text"]) -> float:
    """Return the height of a line of text with its lead, in inches."""
    return size * PITCH / POINTS


def wrap(text: str, width: float, size: float = SIZES["text"], weight: str = "normal") -> list[str]:
    """Break a text into lines that fit a width in inches; a single longer word keeps a line of its own.

    Examples
    --------
    >>> wrap("chi bộ cơ quan xã", 0.55, 9.0)
    ['chi bộ', 'cơ quan', 'xã']
    >>> wrap("Xã, 2012 †", 0.35, 9.0)
    ['Xã,', '2012 †']
    """
    if text_width(text, size, weight) <= width:
        return [nfc(text)] if text else []
    lines: list[str] = []
    for word in filter(None, re.split(" (?!†)", nfc(text))):  # a dagger stays with its period
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
