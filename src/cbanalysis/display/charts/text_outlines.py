"""Lines of text as outlines, as matplotlib draws them: each letter and each pair of letters is laid out once.

matplotlib lays out every line twice, letter by letter, which takes half of a chart's drawing. Where a line
is only letters side by side its width and its letters' places are sums of what is known of the pairs in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.textpath import TextToPath

# Latin letters, digits and punctuation, written from left to right.
_PLAIN = re.compile("[ -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2027\u202f-\u205e\u2190-\u22ff\u25a0-\u25ff]+")
# What the font draws as one.
_SIGN = re.compile("ff[il]|f[fil]|.")
_PART = 64  # of a pixel


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter at 100 points: its place in the font, name, outline; lengths in 64ths of a pixel."""

    index: int
    name: str
    advance: int
    low: int
    high: int
    outline: Any


class Letters(TextToPath):
    """matplotlib's way from text to outlines, with a memory; what isn't plain goes matplotlib's own way."""

    def __init__(self) -> None:
        super().__init__()
        self._letters: dict[tuple[str, str], _Letter] = {}
        self._steps: dict[tuple[str, str, str], int | None] = {}

    def _letter(self, font: FT2Font, sign: str) -> _Letter:
        key = (font.postscript_name, sign)
        if key not in self._letters:
            laid = font._layout(sign, LoadFlags.NO_HINTING)  # noqa: SLF001 -- as matplotlib does
            # a letter that another font of the family lends has its number there, not here
            index: Any = laid[0].glyph_index if len(laid) == 1 and laid[0].ft_object is font else 0
            drawn = font.load_glyph(index, flags=LoadFlags.NO_HINTING)
            name = self._get_glyph_repr(font, index)  # type: ignore[attr-defined]
            low, high = drawn.bbox[1], drawn.bbox[3]
            self._letters[key] = _Letter(index, name, drawn.horiAdvance, low, high, font.get_path())
        return self._letters[key]

    def _step(self, font: FT2Font, first: str, second: str) -> int | None:
        """Return how far the second letter stands behind the first; None where they are no two letters."""
        key = (font.postscript_name, first, second)
        if key not in self._steps:
            laid = font._layout(first + second, LoadFlags.NO_HINTING)  # noqa: SLF001 -- as above
            meant = [self._letter(font, one).index for one in (first, second)]
            own = all(one.ft_object is font and not one.y for one in laid)
            alone = own and [one.glyph_index for one in laid] == meant
            self._steps[key] = round(laid[1].x * _PART) if alone else None
        return self._steps[key]

    def _line(self, font: FT2Font, text: str) -> tuple[list[_Letter], list[int]] | None:
        """Return the letters of a line, where each stands and where it ends; None if it isn't plain."""
        if not _PLAIN.fullmatch(text):
            return None
        signs = _SIGN.findall(text)
        letters = [self._letter(font, one) for one in signs]
        places = [0]
        for two in pairwise(signs):
            step = self._step(font, *two)
            if step is None:
                return None
            places.append(places[-1] + step)
        return (letters, places) if all(one.index for one in letters) else None

    def get_text_width_height_descent(
        self,
        s: str,
        prop: FontProperties,
        ismath: bool | Literal["TeX"],  # noqa: FBT001 -- matplotlib's
    ) -> tuple[float, float, float]:
        """Return width, height and depth of a line in points, as matplotlib does."""
        line = None if ismath else self._line(self._get_font(prop), s)  # type: ignore[attr-defined]
        if line is None:
            return super().get_text_width_height_descent(s, prop, ismath)
        letters, places = line
        low, high = min(one.low for one in letters), max(one.high for one in letters)
        lengths = (places[-1] + letters[-1].advance, high - low, -low)
        scale = prop.get_size_in_points() / self.FONT_SCALE
        width, height, depth = (length / _PART * scale for length in lengths)
        return width, height, depth

    def get_glyphs_with_font(
        self,
        font: FT2Font,
        s: str,
        glyph_map: dict[str, Any] | None = None,
        return_new_glyphs_only: bool = False,  # noqa: FBT001, FBT002 -- matplotlib's
        **options: Any,  # noqa: ANN401 -- matplotlib's
    ) -> Any:  # noqa: ANN401 -- as above
        """Return the letters' names and places, and their outlines, as matplotlib does."""
        line = None if any(options.values()) or not return_new_glyphs_only else self._line(font, s)
        if line is None:
            return super().get_glyphs_with_font(font, s, glyph_map, return_new_glyphs_only, **options)
        new = {one.name: one.outline for one in line[0] if one.name not in (glyph_map or ())}
        placed = [(one.name, place / _PART, 0.0, 1.0) for one, place in zip(*line, strict=True)]
        return placed, new, []


_LETTERS = Letters()


def draw_letters(renderer: RendererBase) -> None:
    """Have what writes SVG take its letters from here, with all that earlier charts have laid out."""
    drawing = getattr(renderer, "_vector_renderer", renderer)
    if hasattr(drawing, "_text2path"):
        drawing._text2path = _LETTERS  # noqa: SLF001 -- matplotlib has no other way
