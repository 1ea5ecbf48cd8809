"""A matrix of fields with words in them: rows of places or indicators, columns of years or levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes

from cbanalysis.display.charts.colour_classes import BLANK, HATCH, draw_fields, fitting, ink_on
from cbanalysis.display.charts.look import FAINT, INK, MUTED, SIZES, TooNarrow, is_narrow, nfc
from cbanalysis.display.charts.page import Box, Chart, trace, write_around
from cbanalysis.display.charts.text_width import line_height, text_width, widest, wrap

CELL_SIZE = 7.4
_LEAST = 5.6
_SEAM = 0.025
_GAP, _MOST = 0.1, 0.4  # inches; of the page for labels
_ROW = 0.235  # inches of a row whose fields and label have one line
_SKIP = 0.1
_TURN_BELOW = 0.06
_MOST_SHOWN_GAP = 2


@dataclass(frozen=True)
class Cell:
    """What one field shows: its lines of text on a colour; and the figures behind it."""

    lines: tuple[str, ...]
    colour: str
    figures: str = ""
    hatch: str = ""


_EMPTY = Cell((), BLANK, hatch=HATCH)


@dataclass(frozen=True)
class Layout:
    """Measures of a matrix, in inches: where columns and rows begin, how wide and high they are.

    Attributes
    ----------
    labels : tuple of tuple of str
        Each row's label, broken into lines.
    headings : tuple of tuple of str
        Each column's, broken into lines.
    lefts, tops, heights : tuple of float
        Columns from the matrix's left edge, rows from its upper one.
    wide : float
        Width of a column.
    room : float
        Width of the labels.
    header : float
        Height of the headings.
    turned : bool
        Whether headings stand upright for want of width.
    """

    labels: tuple[tuple[str, ...], ...]
    headings: tuple[tuple[str, ...], ...]
    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    heights: tuple[float, ...]
    wide: float
    room: float
    header: float
    turned: bool

    @property
    def width(self) -> float:
        """Width of the fields."""
        return self.lefts[-1] + self.wide

    @property
    def body(self) -> float:
        """Height of the fields."""
        return self.tops[-1] + self.heights[-1]


def time_columns(years: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """Return years with a column, the columns before which years are left out, and the years left out.

    Examples
    --------
    >>> time_columns([1997, 2004, 2006])
    ([1997, 2004, 2005, 2006], [1], [1998, 1999, 2000, 2001, 2002, 2003])
    """
    known = sorted(set(years))
    shown, skips, left_out = [known[0]], [], []
    for before, year in pairwise(known):
        between = list(range(before + 1, year))
        if len(between) <= _MOST_SHOWN_GAP:
            shown += between
        else:
            skips.append(len(shown))
            left_out += between
        shown.append(year)
    return shown, skips, left_out


def runs(years: Sequence[int]) -> str:
    """Return years as runs.

    Examples
    --------
    >>> runs([2006, 2007, 2008, 2011])
    '2006–2008, 2011'
    """
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found)


def layout(  # noqa: PLR0913
    labels: Sequence[str],
    headings: Sequence[str],
    cells: Mapping[tuple[int, int], Cell],
    *,
    width: float,
    skips: Sequence[int] = (),
    label_room: float = 2.2,
    widest_column: float = 0.75,
) -> Layout:
    """Measure a matrix so that all words fit.

    Parameters
    ----------
    labels, headings : sequence of str
        Rows and columns in words.
    cells : mapping of (int, int) to Cell
        Fields with text, by row and column number; the others are empty.
    width : float
        Inches for labels and fields together.
    skips : sequence of int
        Columns before which a gap shows that something is left out.
    label_room : float
        Most inches for labels.
    widest_column : float
        Most inches for a column.

    Returns
    -------
    Layout
    """
    wrapped = tuple(tuple(wrap(label, min(label_room, _MOST * width))) for label in labels)
    room = widest([line for lines in wrapped for line in lines]) + _GAP
    wide = min(widest_column, (width - room - len(skips) * _SKIP) / len(headings))
    if is_narrow() and wide < widest([line for cell in cells.values() for line in cell.lines], CELL_SIZE):
        raise TooNarrow
    lines = [1] * len(labels)
    for (number, _), cell in cells.items():
        lines[number] = max(lines[number], len(cell.lines))
    pitch = CELL_SIZE * 1.3 / 72
    heights = tuple(
        max(_ROW + (count - 1) * pitch, len(label) * line_height() + 0.05)
        for count, label in zip(lines, wrapped, strict=True)
    )
    turned = any(
        text_width(word, SIZES["small"]) > wide - _TURN_BELOW for one in headings for word in one.split()
    )
    names = tuple(
        (nfc(one),) if turned else tuple(wrap(one, wide - _TURN_BELOW, SIZES["small"])) for one in headings
    )
    tallest = max(len(lines) for lines in names) * line_height(SIZES["small"])
    header = (widest(headings, SIZES["small"]) if turned else tallest) + 0.08
    lefts = tuple(
        number * wide + sum(skip <= number for skip in skips) * _SKIP for number in range(len(headings))
    )
    tops = tuple(sum(heights[:number]) for number in range(len(heights)))
    return Layout(wrapped, names, lefts, tops, heights, wide, room, header, turned)


def draw_matrix(chart: Chart, plan: Layout, cells: Mapping[tuple[int, int], Cell], box: Box) -> Axes:
    """Draw labels, headings and fields; a field without a cell is hatched.

    Returns
    -------
    Axes
        Over the fields; its unit is the inch, downwards.
    """
    axes = chart.place(box.left + plan.room, box.top + plan.header, plan.width, plan.body, label="matrix")
    axes.set(xlim=(0, plan.width), ylim=(plan.body, 0))
    axes.set_axis_off()
    pitch = line_height(SIZES["small"])
    for number, lines in enumerate(plan.headings):
        centre = plan.lefts[number] + (plan.wide - _SEAM) / 2
        for step, line in enumerate(lines):
            above = -0.05 - (len(lines) - 1 - step) * pitch
            turn = 90 if plan.turned else 0
            axes.text(
                centre, above, line, size=SIZES["small"], color=MUTED, ha="center", va="bottom", rotation=turn
            )
    for lines, start, height in zip(plan.labels, plan.tops, plan.heights, strict=True):
        write_around(axes, -_GAP, start + height / 2 - _SEAM / 2, lines, color=INK, ha="right")
    fields = []
    for number, (start, height) in enumerate(zip(plan.tops, plan.heights, strict=True)):
        for column, begin in enumerate(plan.lefts):
            place = Box(begin, start, plan.wide - _SEAM, height - _SEAM)
            cell = cells.get((number, column), _EMPTY)
            fields.append((place, cell.colour, cell.hatch))
            trace(axes, *place.ends, cell.figures)
            if cell.lines:
                _write_cell(axes, place, cell)
    # Most fields of a thin record are empty: their hatching is pale so that it doesn't drown the values.
    draw_fields(axes, fields, ink=FAINT)
    return axes


def _write_cell(axes: Axes, place: Box, cell: Cell) -> None:
    size = min(fitting(line, place.width - 0.03, CELL_SIZE, _LEAST) for line in cell.lines)
    pitch = size * 1.3 / 72
    for step, line in enumerate(cell.lines):
        axes.text(
            place.left + place.width / 2,
            place.top + place.height / 2 + (step - (len(cell.lines) - 1) / 2) * pitch,
            line,
            size=size,
            color=MUTED if cell.hatch else ink_on(cell.colour),
            ha="center",
            va="center_baseline",
            zorder=4,
            bbox={"facecolor": cell.colour, "edgecolor": "none", "pad": 0.8} if cell.hatch else None,
        )
