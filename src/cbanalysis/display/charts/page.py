"""The page of a chart: words above and below, a key that covers nothing, and room for the plot between.

Charts are laid out once, in inches from the top left corner, with margins that come from measured text: no
tight_layout, no constrained_layout, no ``bbox_inches="tight"`` (they take about half of a chart's time).
Nothing here touches pyplot.
"""

from __future__ import annotations

import io
import math
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import typst
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.folders import PAGE_VARIABLE
from cbanalysis.display.charts import look
from cbanalysis.display.charts.text_outlines import draw_letters
from cbanalysis.display.charts.text_width import line_height, text_width, wrap

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
    """Return a chart's SVG as PNG of so many pixels per inch; the same bytes for the same SVG."""
    # Typst reads files in memory as its own markup as well, unless a comment begins that never ends.
    drawn = svg.replace("<svg", "<!--/*--><svg", 1)
    files = {"main.typ": _PAGE, "chart.svg": _on_whole_pixels(drawn, dpi).encode()}
    # Files in memory, which its types don't know yet.
    made: bytes = typst.compile(files, font_paths=_fonts(), format="png", ppi=dpi)  # type: ignore[call-overload]
    return made


def _on_whole_pixels(svg: str, dpi: float) -> str:
    """Return an SVG with a page of whole pixels, less a hair; what is added at its edges stays white.

    The picture is drawn on a sheet whose height and width are rounded up to whole pixels, then pressed into
    the page by leaving out rows and columns: with a page of 671.6 pixels letters lose strokes and marks.
    """

    def page(found: re.Match[str]) -> str:
        across, down = (math.ceil(float(one) * dpi / look.POINTS - _HAIR) for one in found.groups())
        width = (across - _HAIR) * look.POINTS / dpi
        # the sheet's height is reckoned from its width, which was rounded up
        height = (down - _HAIR * (1 + down / across)) * look.POINTS / dpi
        return f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'

    return _SIZE.sub(page, svg, count=1)


_GAP = 0.09
_LEAST_MARK, _LEAST_PLOT = 0.15, 1.0


def require_rows(frame: pd.DataFrame, kind: str) -> None:
    """Refuse a frame that would give an empty picture.

    Raises
    ------
    CbanalysisError
        If the frame has no rows that can be drawn; a notebook says so in words instead.
    """
    if frame.empty:
        raise CbanalysisError(f"nothing to draw: no row has a value that a {kind} could show")


def write_around(axes: Axes, across: float, middle: float, lines: Sequence[str], **font: Any) -> None:  # noqa: ANN401
    """Write lines below each other around a height, in axes whose vertical unit is the inch, downwards."""
    pitch = line_height(font.get("fontsize", look.SIZES["text"]))
    for step, line in enumerate(lines):
        place = middle + (step - (len(lines) - 1) / 2) * pitch
        axes.text(across, place, line, va="center_baseline", **font)


@dataclass(frozen=True)
class Caption:
    """The words around a chart.

    Attributes
    ----------
    name : str
        File stem.
    alt : str
        What a reader hears instead of the picture.
    title, subtitle : str
        The finding or the subject; then indicator, unit, base and period.
    notes : tuple of str
        Lines below the plot: coverage, inferred provinces, what isn't drawn.
    source : str
        Publishers and years.
    apart : mapping of str to str
        Notes that lead to figures which aren't drawn, with their ids.
    """

    name: str
    alt: str
    title: str
    subtitle: str
    notes: tuple[str, ...] = ()
    source: str = ""
    apart: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Key:
    """One entry of a chart's key: words and what draws their symbol.

    Attributes
    ----------
    words : str
        What the symbol means.
    symbol : callable
        Called with the key's axes (unit: inches, y downwards) and the symbol's left end and middle height.
    width : float
        Width of the symbol in inches.
    """

    words: str
    symbol: Callable[[Axes, float, float], object]
    width: float = 0.3


@dataclass(frozen=True)
class Box:
    """A rectangle of a chart, in inches from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """From where to where it reaches, across and down."""
        return (self.left, self.left + self.width), (self.top, self.top + self.height)


class Chart(Figure):
    """A picture that knows its file name, its alternative text and the rows behind it.

    Attributes
    ----------
    name : str
        File stem for saving.
    alt : str
        Alternative text, made from the rows.
    frame : DataFrame
        The rows that were drawn.
    """

    def __init__(self, *, name: str, alt: str, frame: pd.DataFrame, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), dpi=look.DPI)
        self.name = name
        self.alt = alt
        self.frame = frame
        self.title = ""
        self.narrow: Callable[[], Chart] | None = None  # lays it out again for a phone
        self._marks: list[tuple[Axes, tuple[float, float], tuple[float, float], str]] = []

    @property
    def width(self) -> float:
        """Width in inches."""
        return float(self.get_figwidth())

    @property
    def height(self) -> float:
        """Height in inches."""
        return float(self.get_figheight())

    def place(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:  # noqa: ANN401
        """Add axes at a place given in inches from the top left corner."""
        if look.is_narrow() and width < _LEAST_PLOT:
            raise look.TooNarrow
        place = (
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        )
        return self.add_axes(place, **options)

    def write(  # noqa: PLR0913
        self,
        left: float,
        top: float,
        text: str,
        *,
        size: float = look.SIZES["text"],
        colour: str = look.INK,
        weight: str = "normal",
        align: str = "left",
    ) -> Text:
        """Write one line whose upper edge is ``top`` inches below the upper edge of the chart."""
        baseline = top + size * look.PITCH * 0.76 / look.POINTS
        place = left / self.width, 1 - baseline / self.height
        font: dict[str, Any] = {"fontsize": size, "color": colour, "fontweight": weight}
        return self.text(*place, look.nfc(text), ha=align, va="baseline", **font)

    def write_lines(self, left: float, top: float, lines: Sequence[str], **font: Any) -> float:  # noqa: ANN401
        """Write lines below each other, each as `write` does; return the lower edge of the last one."""
        for line in lines:
            self.write(left, top, line, **font)
            top += line_height(font.get("size", look.SIZES["text"]))
        return top

    def trace(self, axes: Axes, across: Sequence[float], along: Sequence[float], figures: str) -> None:
        """Remember which figures a mark stands for, so that a page can lead from it to where they come from.

        Parameters
        ----------
        axes : Axes
            What the mark is drawn in.
        across, along : sequence of float
            Where it lies on the horizontal and the vertical axis, in their units: one value, or both ends.
        figures : str
            Ids of the observations, separated by blanks, ``+`` or ``;``; without any nothing is traced.
        """
        ends = [(float(min(one)), float(max(one))) for one in (across, along)]
        if figures and np.isfinite(ends).all():
            self._marks.append((axes, ends[0], ends[1], figures))

    def marks(self) -> list[tuple[float, float, float, float, str]]:
        """Return each traced mark: left, top, width, height (0 to 1 of the chart), and its figures.

        A mark is at least as large as a finger or a mouse needs, whatever it measures.
        """
        found = []
        for axes, across, along, figures in self._marks:
            ends = axes.transData.transform([*zip(across, along, strict=True)])
            ends = self.transFigure.inverted().transform(ends)
            middle, size = ends.mean(axis=0), np.abs(ends[1] - ends[0])
            wide, tall = np.maximum(size, _LEAST_MARK / np.array([self.width, self.height]))
            place = (middle[0] - wide / 2, 1 - middle[1] - tall / 2, wide, tall)
            left, top, width, height = (round(float(one), 4) for one in place)
            found.append((left, top, width, height, figures))
        return found

    def draw(self, renderer: RendererBase) -> None:
        """Draw in the charts' style, whatever the reader's rcParams say by then."""
        draw_letters(renderer)
        with look.chart_style():
            super().draw(renderer)

    def png(self) -> bytes:
        """Return the picture as PNG: its SVG, pixel by pixel (`DPI` to the inch)."""
        return rasterised(self.svg(), look.DPI)

    def svg(self) -> str:
        """Return the picture as SVG: the same rows give the same bytes (no date, letters as paths)."""
        target = io.StringIO()
        words = {"Title": self.title, "Description": self.alt, "Date": None, "Creator": None}
        before = self.dpi
        try:
            with look.chart_style():
                FigureCanvasSVG(self).print_svg(target, metadata=words)  # type: ignore[no-untyped-call]
        finally:
            self.dpi = before  # it leaves 72, and a PNG made later would be smaller
        return target.getvalue()

    def csv(self) -> str:
        """Return the rows that were drawn as CSV, without columns that hold nothing or a colour."""
        rows = self.frame.drop(columns="colour", errors="ignore")
        held = rows.replace("", None).notna().any()
        return rows.loc[:, held].to_csv(index=False, lineterminator="\n")

    def _for_a_phone(self) -> dict[str, Any] | None:
        """Return drawing and marks as they are laid out for a phone; None where that can't be read."""
        if self.narrow is None:
            return None
        try:
            chart = self.narrow()
        except look.TooNarrow:
            return None
        return {"svg": chart.svg(), "marks": [list(one) for one in chart.marks()]}

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        drawn = cache(self.svg)  # once for both pictures
        makers: dict[str, Callable[[], Any]] = {
            "image/png": lambda: rasterised(drawn(), look.DPI),
            "image/svg+xml": drawn,
            "text/plain": lambda: self.alt,
            "text/csv": self.csv,
        }
        kinds = [kind for kind in makers if (not include or kind in include) and kind not in (exclude or ())]
        pictures = {kind: {"alt": self.alt} for kind in kinds if kind.startswith("image/")}
        about: dict[str, Any] = {"name": self.name, "kind": "chart", "alt": self.alt}
        about |= {"marks": [list(one) for one in self.marks()]} if self._marks else {}
        if self.narrow is not None and os.environ.get(PAGE_VARIABLE):
            about["narrow"] = self._for_a_phone()
        return {kind: makers[kind]() for kind in kinds}, {**pictures, "cbanalysis": about}


def trace(axes: Axes, across: Sequence[float], along: Sequence[float], figures: object) -> None:
    """Tell the chart that axes belong to which figures a mark in them stands for: see :meth:`Chart.trace`."""
    if isinstance(axes.figure, Chart) and isinstance(figures, str):
        axes.figure.trace(axes, across, along, figures)


def trace_points(
    axes: Axes, across: Iterable[float], along: Iterable[float], figures: Iterable[object]
) -> None:
    """Tell the chart which figures the points of some axes stand for."""
    for x, y, ids in zip(across, along, figures, strict=True):
        trace(axes, (x,), (y,), ids)


def _placed(keys: Sequence[Key], width: float, *, stacked: bool) -> list[tuple[float, int, Key]]:
    placed: list[tuple[float, int, Key]] = []
    left, row = 0.0, 0
    for key in keys:
        needs = key.width + 0.08 + text_width(key.words, look.SIZES["small"])
        if left and (stacked or left + needs > width):
            left, row = 0.0, row + 1
        placed.append((left, row, key))
        left += needs + 0.22
        # words longer than a row go on below
        row += len(_key_lines(key, width)) - 1
    return placed


def _key_lines(key: Key, width: float) -> list[str]:
    return wrap(key.words, width - key.width - 0.08, look.SIZES["small"])


def keys_height(keys: Sequence[Key], width: float, *, stacked: bool = False) -> float:
    """Return how many inches a key takes when it is set in rows of a width, or one entry a row."""
    placed = _placed(keys, width, stacked=stacked)
    rows = max((row + len(_key_lines(key, width)) for _, row, key in placed), default=0)
    return rows * (line_height(look.SIZES["small"]) + 0.03)


def draw_keys(  # noqa: PLR0913
    chart: Chart, keys: Sequence[Key], left: float, top: float, width: float, *, stacked: bool = False
) -> float:
    """Draw a key on the page, in rows of a width, and return its lower edge (inches from the top).

    Stacked, each entry takes a row of its own.
    """
    height, pitch = keys_height(keys, width, stacked=stacked), line_height(look.SIZES["small"]) + 0.03
    strip = chart.place(0, top, chart.width, height, label="key")
    strip.set(xlim=(0, chart.width), ylim=(height, 0))
    strip.set_axis_off()
    for start, row, key in _placed(keys, width, stacked=stacked):
        middle = (row + 0.5) * pitch
        key.symbol(strip, left + start, middle)
        above = top + middle - line_height(look.SIZES["small"]) / 2
        words = left + start + key.width + 0.08
        for line in _key_lines(key, width):
            chart.write(words, above, line, size=look.SIZES["small"], colour=look.MUTED)
            above += pitch
    return top + height


def _height(lines: Sequence[str], size: float) -> float:
    return sum(line_height(size) for _ in lines)


def _lead_on(chart: Chart, caption: Caption, top: float, width: float) -> None:
    """Lead from the notes on figures that aren't drawn to these figures."""
    pitch = line_height(look.SIZES["small"])
    for note in caption.notes:
        tall = pitch * len(wrap(note, width, look.SIZES["small"]))
        if ids := caption.apart.get(note, ""):
            strip = chart.place(look.MARGIN, top, width, tall, label="apart")
            strip.set(xlim=(0, 1), ylim=(1, 0))
            strip.set_axis_off()
            chart.trace(strip, (0, 1), (0, 1), ids)
        top += tall


def compose(
    frame: pd.DataFrame, caption: Caption, *, height: float, keys: Sequence[Key] = ()
) -> tuple[Chart, Box]:
    """Lay out the page of a chart: title, subtitle and key above, notes and source below, the plot between.

    Parameters
    ----------
    frame : DataFrame
        The rows that will be drawn.
    caption : Caption
        The words around the plot.
    height : float
        Inches that the plot needs, with its own axis labels.
    keys : sequence of Key
        The key, set in rows between subtitle and plot, so that it never covers a mark.

    Returns
    -------
    chart : Chart
        With all words written; the plot is still empty.
    box : Box
        Where the plot goes, axis labels included.
    """
    room = look.page_width() - 2 * look.MARGIN
    sizes = look.SIZES
    title = wrap(caption.title, room, sizes["title"], "bold")
    subtitle = wrap(caption.subtitle, room, sizes["subtitle"])
    notes = [line for note in (*caption.notes, caption.source) for line in wrap(note, room, sizes["small"])]
    above = look.MARGIN + _height(title, sizes["title"]) + _height(subtitle, sizes["subtitle"]) + _GAP
    above += keys_height(keys, room) + _GAP if keys else 0
    below = _GAP + _height(notes, sizes["small"]) + look.MARGIN
    width = look.page_width()
    chart = Chart(name=caption.name, alt=caption.alt, frame=frame, width=width, height=above + height + below)
    chart.title = look.nfc(caption.title)
    top = chart.write_lines(look.MARGIN, look.MARGIN, title, size=sizes["title"], weight="bold")
    top = chart.write_lines(look.MARGIN, top, subtitle, size=sizes["subtitle"], colour=look.MUTED)
    if keys:
        draw_keys(chart, keys, look.MARGIN, top + _GAP, room)
    chart.write_lines(look.MARGIN, above + height + _GAP, notes, size=sizes["small"], colour=look.MUTED)
    _lead_on(chart, caption, above + height + _GAP, room)
    return chart, Box(look.MARGIN, above, room, height)
