"""The page of rows: a label left of each row, marks on one axis of percent, columns of words at the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from cbanalysis.dataset.catalogue import PERCENT, Unit
from cbanalysis.display.charts.labels_and_values import weight_of
from cbanalysis.display.charts.look import (
    FAINT,
    INK,
    MARGIN,
    MUTED,
    SIZES,
    is_narrow,
    page_width,
)
from cbanalysis.display.charts.page import Box, Caption, Chart, Key, compose, write_around
from cbanalysis.display.charts.text_width import line_height, text_width, widest, wrap
from cbanalysis.display.charts.value_axis import percent_axis

HEADER, FOOTER = 0.24, 0.27
_GAP = 0.12
_MARKS, _APART = 0.14, 0.09  # height of the marks below a label, and what parts them from the next one


@dataclass(frozen=True)
class Column:
    """One column of words to the right of the marks."""

    heading: str
    cells: tuple[str, ...]
    colour: str = INK
    size: float = SIZES["text"]


@dataclass(frozen=True)
class Lines:
    """Rows of words below each other: labels in lines, upper edges, middles, height of all (inches)."""

    labels: tuple[str, ...]
    lines: tuple[list[str], ...]
    tops: npt.NDArray[np.float64]
    centres: npt.NDArray[np.float64]
    body: float

    @classmethod
    def of(  # noqa: PLR0913
        cls,
        labels: Sequence[str],
        *,
        room: float = 2.5,
        row: float = 0.235,
        pad: float = 0.05,
        above: Sequence[float] = (),
        columns: Sequence[Column] = (),
    ) -> Lines:
        """Stack labels: most inches for a line, least height of a row, free space above each row.

        On a narrow page a label stands above its marks, with the words of its columns at its right.
        """
        narrow = is_narrow()
        if narrow:
            beside = [text_width(one) + 0.15 if one else 0.0 for one in together(columns, len(labels))]
            rooms = [page_width() - 2 * MARGIN - wide for wide in beside]
        else:
            rooms = [room] * len(labels)
        lines = tuple(wrap(label, wide) for label, wide in zip(labels, rooms, strict=True))
        body = np.array([len(one) * line_height() for one in lines])
        heights = body + _MARKS + _APART if narrow else np.maximum(row, body + pad)
        ends = np.cumsum(heights + (np.array(above) if len(above) else 0))
        centres = ends - _APART - _MARKS / 2 if narrow else ends - heights / 2
        return cls(tuple(labels), lines, ends - heights, centres, float(ends[-1]))


def together(columns: Sequence[Column], rows: int) -> list[str]:
    """Return the words of the columns of each row in one line, as they stand on a narrow page."""
    # a bare number says nothing without its heading
    heads = [f"{one.heading} " if all(map(str.isdecimal, one.cells)) else "" for one in columns]
    cells = [
        [one.cells[row] and head + one.cells[row] for one, head in zip(columns, heads, strict=True)]
        for row in range(rows)
    ]
    return [" · ".join(filter(None, one)) for one in cells]


def rows_page(  # noqa: PLR0913
    rows: pd.DataFrame,
    words: Caption,
    labels: Lines,
    *,
    limits: tuple[float, float, float],
    columns: Sequence[Column] = (),
    keys: Sequence[Key] = (),
    highlight: Collection[str] = (),
    least: float = 0.0,
    unit: Unit = PERCENT,
    name: str = "dots",
) -> tuple[Chart, Axes, Box]:
    """Lay out a page of rows: labels, guides and columns are written, the axes still hold no marks.

    Parameters
    ----------
    rows : DataFrame
        The rows behind the chart.
    words : Caption
        The words around them.
    labels : Lines
        The rows' labels.
    limits : tuple of float
        Of the axis of percent: see `percent_limits`.
    columns : sequence of Column
        Words beside the marks, from left to right.
    keys : sequence of Key
        The key.
    highlight : collection of str
        Labels set in bold.
    least : float
        The least width for labels, in inches.
    unit : Unit
        What the values are in.
    name : str
        What the axes are called.

    Returns
    -------
    chart : Chart
    axes : Axes
        Its vertical unit is the inch, downwards.
    box : Box
        The plot with its labels; the axes begin ``HEADER`` inches below its upper edge.
    """
    chart, box = compose(rows, words, height=HEADER + labels.body + FOOTER, keys=keys)
    if is_narrow():
        axes = chart.place(box.left + _GAP, box.top + HEADER, box.width - 3 * _GAP, labels.body, label=name)
        rows_axes(axes, labels.body, limits, unit)
        _write_above(chart, axes, box, labels, together(columns, len(labels.labels)), highlight)
        return chart, axes, box
    bold = "bold" if highlight else "normal"
    left = max(widest([line for one in labels.lines for line in one], weight=bold) + 0.12, least)
    widths = _widths(columns)
    right = sum(widths) + _GAP * len(columns) + 0.1
    axes = chart.place(box.left + left, box.top + HEADER, box.width - left - right, labels.body, label=name)
    rows_axes(axes, labels.body, limits, unit)
    write_labels(axes, labels.labels, labels.lines, labels.centres, highlight)
    edge = box.left + box.width - right + 0.1
    for column, width in zip(columns, widths, strict=True):
        edge += width + _GAP
        chart.write(edge, box.top, column.heading, size=SIZES["small"], colour=MUTED, align="right")
        for cell, centre in zip(column.cells, labels.centres, strict=True):
            top = box.top + HEADER + centre - line_height() / 2
            if cell:
                chart.write(edge, top, cell, size=column.size, colour=column.colour, align="right")
    return chart, axes, box


def _widths(columns: Sequence[Column]) -> list[float]:
    """Return the widths of columns in inches: a heading also stands above those before it that have none."""
    widths: list[float] = []
    spare = 0.0
    for column in columns:
        heading = text_width(column.heading, SIZES["small"]) - spare
        widths.append(max(widest(column.cells, column.size), heading))
        spare = 0.0 if column.heading else spare + widths[-1] + _GAP
    return widths


def _write_above(  # noqa: PLR0913, PLR0917
    chart: Chart, axes: Axes, box: Box, labels: Lines, words: Sequence[str], highlight: Collection[str]
) -> None:
    """Write each row's label above its marks, its words at the right end of the first line."""
    _guides(axes, labels.centres)
    for name, lines, told, start in zip(labels.labels, labels.lines, words, labels.tops, strict=True):
        weight = weight_of(name, highlight)
        top = box.top + HEADER + float(start)
        chart.write_lines(box.left, top, lines, weight=weight)
        if told:
            chart.write(box.left + box.width, top, told, align="right", colour=MUTED)


def _guides(axes: Axes, centres: Any) -> None:  # noqa: ANN401 -- an array or a list of floats
    axes.hlines(centres, 0, 1, transform=axes.get_yaxis_transform(), colors=FAINT, linewidth=0.7, zorder=1)


def rows_axes(axes: Axes, body: float, limits: tuple[float, float, float], unit: Unit = PERCENT) -> None:
    """Set the axes of rows: values across, inches downwards, no frame."""
    axes.set_ylim(body, 0)
    percent_axis(axes, limits, unit=unit)
    bare(axes)


def bare(axes: Axes) -> None:
    """Leave out frame and ticks, and what would stand beside rows of words."""
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)


def write_labels(
    axes: Axes,
    labels: Sequence[str],
    lines: Sequence[Sequence[str]],
    centres: Any,  # noqa: ANN401 -- an array or a list of floats
    highlight: Collection[str] = (),
) -> None:
    """Write each row's label left of the axes, in bold where highlighted, and a guide line through it."""
    _guides(axes, centres)
    margin = blended_transform_factory(axes.transAxes, axes.transData)
    gap = 0.09 / (axes.get_position().width * axes.get_figure(root=True).get_figwidth())  # type: ignore[union-attr]
    for name, centre, words in zip(labels, centres, lines, strict=True):
        weight = weight_of(name, highlight)
        write_around(axes, -gap, centre, words, transform=margin, ha="right", color=INK, fontweight=weight)
