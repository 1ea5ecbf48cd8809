"""Where a table begins, what its headers say, and where it ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cbanalysis.errors import TextError
from cbanalysis.files import Cell, Formatted, Grid, NoValue, distinct_cells, general
from cbanalysis.layouts.records import YEAR
from cbanalysis.layouts.vocabulary import plain, without_marks
from cbanalysis.text import NumberStyle, clean, parse_figure

__all__ = ["Body", "find_body", "is_number", "labels_of", "shown", "shown_all"]

_LOOKED_AT = 80
_STYLES: tuple[NumberStyle, ...] = ("vi", "en")
_YEAR = re.compile(r"\b(?:19[3-9][0-9]|20[0-9]{2})\b")
_NUMBER = re.compile(r"[<>≥≤~]?\s*[0-9][0-9.,\s\u00a0]*(?:%|\b).{0,40}", re.DOTALL)
_NUMBERING = re.compile(r"\(?([0-9]{1,2})\)?(?:\s*[=:].*)?")
_ORDER = re.compile(r"(?:[IVX]{1,5}|[0-9]{1,3}|[A-ZĐ])[.)]?")
_UNIT = ("đơn vị tính", "đvt", "bảng", "biểu", "phụ lục", "unit", "table")


@dataclass(frozen=True)
class Body:
    """A table found in a grid.

    Attributes
    ----------
    headers : tuple of str
        One a column: the levels joined by ``|``, years replaced by ``{year}``; ``""`` where there is none.
    years : tuple of tuple of str
        The years that stood in each header.
    title : tuple of str
        The lines above the headers.
    top, first, last : int
        First row of the headers, first row beneath them, the row behind the last one with a figure.
    """

    grid: Grid
    headers: tuple[str, ...]
    years: tuple[tuple[str, ...], ...]
    title: tuple[str, ...]
    top: int
    first: int
    last: int

    def notes(self) -> list[str]:
        """Return the lines under the table."""
        rows = self.grid.rows[self.last : self.last + _LOOKED_AT]
        lines = (" ".join(dict.fromkeys(filter(None, map(shown, row)))) for row in rows)
        return [line for line in lines if line]


def shown(cell: Cell) -> str:
    """Return what a cell shows as clean text; whole numbers without a decimal point."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, float):
        return (cell.shown if isinstance(cell, Formatted) else "") or general(float(cell))
    return str(cell)


def shown_all(cells: Sequence[Cell]) -> list[str]:
    """Return what cells show; each distinct one is cleaned once."""
    codes, distinct = distinct_cells(cells)
    texts = [shown(cell) for cell in distinct]
    return [texts[code] for code in codes.tolist()]


def is_number(cell: Cell) -> bool:
    """Return whether a cell holds a figure rather than a label; a year is a label."""
    if isinstance(cell, str):
        text = without_marks(cell)
        if _NUMBER.fullmatch(text):
            return not _YEAR.fullmatch(text)
        return any(map(str.isdigit, text)) and len(text) < 60 and _is_figure(text)
    if isinstance(cell, NoValue):
        return True  # its column is one of figures, and it a fault there
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return not (float(cell).is_integer() and 1930 <= cell <= 2099)


def _is_figure(text: str) -> bool:
    """Return whether words with a digit are a figure in either style: từ 90% trở lên, gần 3 nghìn."""
    for style in _STYLES:
        try:
            return parse_figure(text, style) is not None
        except TextError:
            continue
    return False


def _values(row: Sequence[Cell]) -> list[str]:
    return [text for text in map(shown, row) if text]


def labels_of(row: Sequence[Cell]) -> list[str]:
    """Return the distinct values of a row that aren't its number: I, 1, A."""
    return [text for text in dict.fromkeys(_values(row)) if not _ORDER.fullmatch(text)]


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """Return whether a row counts the columns: A, B, 1, 2, 3=2/1."""
    values = _values(row)
    numbers = [int(found[1]) for value in values if (found := _NUMBERING.fullmatch(value))]
    others = [value for value in values if not _NUMBERING.fullmatch(value)]
    rising = (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 3
    )
    return rising and all(len(value.strip("()")) == 1 for value in others)


def find_body(grid: Grid) -> Body | None:
    """Return the table of a grid, None where nothing looks like one.

    The first row with a figure and something beside it is data; the headers are the last rows above it that
    hold more than one value; what stands above them is the title.
    """
    top = grid.top(_LOOKED_AT)
    start = next((at for at, row in enumerate(top) if _is_data(row)), None)
    if start is None or start == 0:
        return None
    # columns are counted right under their headers; sub-headings may follow, they belong to the data
    counted = next((at for at in range(start - 1, 0, -1) if _numbers_columns(top[at])), None)
    first = start if counted is None else counted
    while first > 0 and (_numbers_columns(top[first - 1]) or len(labels_of(top[first - 1])) < 2):
        first -= 1
    begin = first
    while begin > 0 and (len(labels_of(top[begin - 1])) > 1 or _is_parent(top, begin)):
        begin -= 1
    if begin == first:
        return None
    beneath = first
    while beneath < start and (_numbers_columns(top[beneath]) or not _values(top[beneath])):
        beneath += 1
    headers, years = _headers(grid, top[begin:first], begin)
    title = dict.fromkeys(text for row in top[:begin] for text in _values(row))
    return Body(grid, headers, years, (*grid.above, *title), begin, beneath, _end(grid, start))


def _is_data(row: Sequence[Cell]) -> bool:
    values = _values(row)
    return len(values) > 1 and any(map(is_number, row)) and not _numbers_columns(row)


def _is_parent(top: Sequence[Sequence[Cell]], begin: int) -> bool:
    """Return whether the one value above the headers is a header of some of them, not a title."""
    filled = [at for at, cell in enumerate(top[begin - 1]) if shown(cell)]
    if not filled or filled[0] == 0 or len(filled) == len(top[begin]):
        return False
    text = plain(shown(top[begin - 1][filled[0]]))
    beneath = shown(top[begin][filled[0]])
    return bool(beneath) and len(text) < 60 and not text.startswith(_UNIT)


def _end(grid: Grid, start: int) -> int:
    last = len(grid.rows)
    while last > start + 1 and not _is_data(grid.rows[last - 1]):
        last -= 1
    return last


def _headers(
    grid: Grid, rows: Sequence[Sequence[Cell]], begin: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    levels = [[_level(cell) for cell in row] for row in rows]
    if not any(top < begin + len(rows) and bottom >= begin for top, _, bottom, _ in grid.merged):
        levels = _filled(levels)
    headers, years = [], []
    for column in range(grid.width):
        path = list(dict.fromkeys(level[column] for level in levels if level[column]))
        text = " | ".join(path)
        years.append(tuple(_YEAR.findall(text)))
        headers.append(_YEAR.sub(YEAR, text))
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    named = []
    for header, found in zip(headers, years, strict=True):
        seen[header, found] += 1
        number = seen[header, found]
        named.append(f"{header} ({number})" if header and number > 1 else header)
    return tuple(named), tuple(years)


def _level(cell: Cell) -> str:
    return without_marks(" ".join(shown(cell).replace("|", "/").split()))


def _filled(levels: list[list[str]]) -> list[list[str]]:
    """Return levels in which a header reaches over the columns to its right that only have lower headers."""
    filled = [list(level) for level in levels]
    for at, level in enumerate(filled[:-1]):
        for column in range(1, len(level)):
            beneath = any(lower[column] for lower in levels[at + 1 :])
            above = any(upper[column] for upper in levels[:at])
            # a column whose left neighbour has no header beneath stands alone
            parent = level[column - 1] and any(lower[column - 1] for lower in levels[at + 1 :])
            if not level[column] and beneath and not above and parent:
                level[column] = level[column - 1]
    return filled
