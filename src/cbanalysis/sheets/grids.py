"""A grid: the cells of one table as they lie in a file, each with its address."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import TypeVar

import numpy as np

__all__ = ["Cell", "Grid", "Span", "address", "distinct_cells"]

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; ``""`` where it is empty. A formula is its stored value, never computed anew."""

Span = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, counted from 0."""

_Key = TypeVar("_Key", bound=Hashable)


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


def distinct_cells(cells: Sequence[Cell]) -> tuple[np.ndarray, list[Cell]]:
    """Return the place of each cell among the distinct ones, and these; 1, 1.0, True and "1" are distinct.

    Examples
    --------
    >>> distinct_cells(["a", 1.0, True, "a"])
    (array([0, 1, 2, 0]), ['a', 1.0, True])
    """
    if len(set(map(type, cells))) < 2:
        return _numbered(cells)
    codes, pairs = _numbered(list(zip(map(type, cells), cells, strict=True)))
    return codes, [cell for _, cell in pairs]


def _numbered(keys: Sequence[_Key]) -> tuple[np.ndarray, list[_Key]]:
    distinct = list(dict.fromkeys(keys))
    places = {key: at for at, key in enumerate(distinct)}
    return np.fromiter(map(places.__getitem__, keys), dtype=np.intp, count=len(keys)), distinct


@dataclass(frozen=True)
class Grid:
    """The cells of one table.

    Attributes
    ----------
    file : str
        Name of the file, without its folders.
    sha256 : str
        Hash of the file's bytes.
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
    """

    file: str
    sha256: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Span, ...] = ()
    above: tuple[str, ...] = ()
    letters: str = ""
    remarks: tuple[str, ...] = ()
    transposed: bool = False
    offset: tuple[int, int] = (0, 0)

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

    def part(self, first: int, last: int) -> Grid:
        """Return some of the rows; cells keep their addresses."""
        spans = tuple(
            (max(top, first) - first, left, min(bottom, last - 1) - first, right)
            for top, left, bottom, right in self.merged
            if bottom >= first and top < last
        )
        down, across = self.offset
        return replace(self, rows=self.rows[first:last], merged=spans, offset=(down + first, across))

    def turned(self) -> Grid:
        """Return the grid with rows for columns."""
        spans = tuple((left, top, right, bottom) for top, left, bottom, right in self.merged)
        rows = list(zip(*self.rows, strict=True))
        return replace(self, rows=rows, merged=spans, transposed=not self.transposed)

    def top(self, count: int) -> list[list[Cell]]:
        """Return the first rows with the value of each merged range in all of its cells."""
        rows = [list(row) for row in self.rows[:count]]
        for top, left, bottom, right in self.merged:
            for row in range(top, min(bottom + 1, len(rows))):
                for column in range(left, min(right + 1, self.width)):
                    rows[row][column] = rows[top][left]
        return rows

    def column(self, at: int, *, spread: bool = False) -> list[Cell]:
        """Return one column; with ``spread`` the value of a merged range stands in all of its rows."""
        cells = list(map(itemgetter(at), self.rows))
        if spread:
            for top, left, bottom, right in self.merged:
                if left <= at <= right and bottom > top:
                    cells[top : bottom + 1] = [self.rows[top][left]] * (min(bottom + 1, len(cells)) - top)
        return cells
