"""A grid: the cells of one table as they lie in a file, each with its address."""

from __future__ import annotations

import gc
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal, Self, TypeVar

import numpy as np


class Formatted(float):
    """A stored number that its sheet shows as another one: 0.17 as 17.0%, 1200000 as 1,200, 96.6666 as 96.7.

    It is the stored number, so whoever wants that takes it as a float; what a reader of the sheet sees are
    the fields. A number that is shown as it is stored (12.5 as 12.50 too) is a plain float.

    Parameters
    ----------
    stored : float
        The number in the file.
    code : str
        The number format, e.g. ``"0.0%"`` or ``"#,##0,"``.
    number : Decimal
        The number that stands in the cell as shown, without its percent sign: 17.0, 1200, 96.7.
    shown : str
        The whole text that is shown, with marks as in English: ``"17.0%"``, ``"1,200"``; ``""`` where the
        format hides the number.
    percent : bool
        Whether it is shown as a percentage: `number` is the stored number times 100, rounded.
    thousands : int
        How often the format divides by 1,000 before it shows; 0 for not at all. Which of the two numbers is
        meant only a person knows.

    Attributes
    ----------
    code, number, shown, percent, thousands
        As given. Two are equal only if stored number and format are, and none equals a plain float.

    Examples
    --------
    >>> cell = Formatted(0.17, "0.0%", Decimal("17.0"), "17.0%", percent=True)
    >>> float(cell), cell.shown, cell.percent
    (0.17, '17.0%', True)
    """

    __slots__ = ("code", "number", "percent", "shown", "thousands")

    code: str
    number: Decimal
    shown: str
    percent: bool
    thousands: int

    def __new__(  # noqa: PLR0913 -- one for each field
        cls,
        stored: float,
        code: str,
        number: Decimal,
        shown: str,
        *,
        percent: bool = False,
        thousands: int = 0,
    ) -> Self:
        """Make one."""
        cell = super().__new__(cls, stored)
        cell.code, cell.number, cell.shown = code, number, shown
        cell.percent, cell.thousands = percent, thousands
        return cell

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formatted) and float(self) == float(other) and self.code == other.code

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((float(self), self.code))

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True)
class NoValue:
    """A cell that holds something and yet no figure; it is never "not published".

    Attributes
    ----------
    kind : {"error", "formula"}
        An error cell, or a formula that no program computed before the file was saved.
    text : str
        The error's name (``"#DIV/0!"``), or the formula with its equals sign.
    """

    kind: Literal["error", "formula"]
    text: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | float | bool | date | datetime | time | timedelta | NoValue
"""What a cell holds; ``""`` where it is empty. A formula is its stored value, never computed anew."""

Span = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, counted from 0."""

_Key = TypeVar("_Key", bound=Hashable)


def general(number: float) -> str:
    """Return a number as a sheet shows it that no format was chosen for: with 10 digits at the most.

    Examples
    --------
    >>> general(96.66666666666667), general(0.1 + 0.2), general(1200.0)
    ('96.66666667', '0.3', '1200')
    """
    if float(number).is_integer():
        return str(int(number))
    return f"{Decimal(f'{number:.10g}'):f}"


def address(row: int, column: int) -> str:
    """Return the address of a cell as spreadsheets write it; row and column count from 0.

    Examples
    --------
    >>> address(6, 2), address(0, 26)
    ('C7', 'AA1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def named_columns(first: int, last: int) -> str:
    """Return columns as spreadsheets write them; both count from 0.

    Examples
    --------
    >>> named_columns(1, 1), named_columns(1, 27)
    ('B', 'B:AB')
    """
    return ":".join(dict.fromkeys(address(0, column)[:-1] for column in (first, last)))


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """Return text that stands above the line with the signs for that: the 1 of a footnote isn't a figure's.

    Examples
    --------
    >>> "45" + raised("1")
    '45¹'
    """
    return text.translate(_RAISED)


def distinct_cells(cells: Sequence[Cell]) -> tuple[np.ndarray, list[Cell]]:
    """Return the place of each cell among the distinct ones, and these; 1, 1.0, True and "1" are distinct.

    Examples
    --------
    >>> distinct_cells(["a", 1.0, True, "a"])
    (array([0, 1, 2, 0]), ['a', 1.0, True])
    """
    # a text equals nothing else
    if len(set(map(type, cells)) - {str}) < 2:
        return _numbered(cells)
    codes, pairs = _numbered(list(zip(map(type, cells), cells, strict=True)))
    return codes, [cell for _, cell in pairs]


def _numbered(keys: Sequence[_Key]) -> tuple[np.ndarray, list[_Key]]:
    distinct = list(dict.fromkeys(keys))
    places = {key: at for at, key in enumerate(distinct)}
    return np.fromiter(map(places.__getitem__, keys), dtype=np.intp, count=len(keys)), distinct


@contextmanager
def uncollected() -> Iterator[None]:
    """Don't look for cycles meanwhile: a large table is many lists and tuples, and none is in a cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # what was made meanwhile is called old, else all of it would be looked through right here
        if was and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if was:
            gc.enable()


@dataclass(frozen=True)
class Grid:
    """The cells of one table.

    Attributes
    ----------
    sheet : str
        Name of the sheet; ``table 2`` in a document; ``""`` in a CSV file.
    rows : sequence of sequence of Cell
        All rows, equally long, from the sheet's first cell on.
    merged : tuple of Span
        Merged ranges; only the first cell of each holds its value.
    above : tuple of str
        Text that stands right above the table in a document: its title, mostly.
    letters : str
        ``tcvn3`` or ``vni`` where the text was in that encoding (and is Unicode now), else ``""``.
    remarks : tuple of str
        What a person should know about how the file was read.
    transposed : bool
        Whether rows here are columns in the file.
    offset : tuple of int
        Row and column of its first cell in the file.
    file : str
        Name of the file, without its folders.
    sha256 : str
        Hash of the file's bytes.
    """

    sheet: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Span, ...] = ()
    above: tuple[str, ...] = ()
    letters: str = ""
    remarks: tuple[str, ...] = ()
    transposed: bool = False
    offset: tuple[int, int] = (0, 0)
    file: str = ""
    sha256: str = ""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0]) if self.rows else 0

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell in the file."""
        down, across = self.offset
        if self.transposed:
            row, column = column, row
        return address(down + row, across + column)

    def columns(self, first: int, last: int) -> Grid:
        """Return some of the columns; cells keep their addresses."""
        return self.turned().part(first, last).turned()

    def part(self, first: int, last: int, left: int = 0) -> Grid:
        """Return some of the rows, without columns on the left; cells keep their addresses."""
        if left:
            return self.part(first, last).columns(left, self.width)
        spans = tuple(
            (max(top, first) - first, left, min(bottom, last - 1) - first, right)
            for top, left, bottom, right in self.merged
            if bottom >= first and top < last
        )
        down, across = self.offset
        offset = (down, across + first) if self.transposed else (down + first, across)
        return replace(self, rows=self.rows[first:last], merged=spans, offset=offset)

    def turned(self) -> Grid:
        """Return the grid with rows for columns."""
        spans = tuple((left, top, right, bottom) for top, left, bottom, right in self.merged)
        return replace(self, rows=self._columns, merged=spans, transposed=not self.transposed)

    def top(self, count: int) -> list[list[Cell]]:
        """Return the first rows with the value of each merged range in all of its cells."""
        rows = [list(row) for row in self.rows[:count]]
        for top, left, bottom, right in self.merged:
            for row in range(top, min(bottom + 1, len(rows))):
                for column in range(left, min(right + 1, self.width)):
                    rows[row][column] = rows[top][left]
        return rows

    @cached_property
    def _columns(self) -> list[tuple[Cell, ...]]:
        return list(zip(*self.rows, strict=True))

    def column(self, at: int, *, spread: bool = False) -> list[Cell]:
        """Return one column; with ``spread`` the value of a merged range stands in all of its rows."""
        cells = list(self._columns[at])
        if spread:
            for top, left, bottom, right in self.merged:
                if left <= at <= right and bottom > top:
                    cells[top : bottom + 1] = [self.rows[top][left]] * (min(bottom + 1, len(cells)) - top)
        return cells
