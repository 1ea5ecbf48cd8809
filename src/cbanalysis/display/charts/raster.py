"""From an SVG to a PNG: the same drawing once more, in a seventh of the time that drawing it anew takes."""

from __future__ import annotations

import math
import re
from functools import cache

import typst

from cbanalysis.display.charts.look import POINTS

_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image("chart.svg")
"""
_SIZE = re.compile(r'width="([0-9.]+)pt" height="([0-9.]+)pt" viewBox="0 0 [0-9.]+ [0-9.]+"')
_HAIR = 0.01  # of a pixel


@cache
def _fonts() -> typst.Fonts:
    """Return no fonts: letters are outlines already."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)


def rasterised(svg: str, dpi: float) -> bytes:
    """Return a chart's SVG as PNG; the same bytes for the same SVG.

    Parameters
    ----------
    svg : str
        As matplotlib writes it, letters as outlines.
    dpi : float
        Pixels per inch.

    Returns
    -------
    bytes
    """
    files = {"main.typ": _PAGE, "chart.svg": _on_whole_pixels(svg, dpi).encode()}
    # Files in memory, which its types don't know yet.
    made: bytes = typst.compile(files, font_paths=_fonts(), format="png", ppi=dpi)  # type: ignore[call-overload]
    return made


def _on_whole_pixels(svg: str, dpi: float) -> str:
    """Return an SVG with a page of whole pixels, less a hair; what is added at its edges stays white.

    The picture is drawn on a sheet whose height and width are rounded up to whole pixels, then pressed into
    the page by leaving out rows and columns: with a page of 671.6 pixels letters lose strokes and marks.
    """

    def page(found: re.Match[str]) -> str:
        across, down = (math.ceil(float(one) * dpi / POINTS - _HAIR) for one in found.groups())
        width = (across - _HAIR) * POINTS / dpi
        # the sheet's height is reckoned from its width, which was rounded up
        height = (down - _HAIR * (1 + down / across)) * POINTS / dpi
        return f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'

    return _SIZE.sub(page, svg, count=1)
