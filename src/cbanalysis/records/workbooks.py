"""Workbooks as registers: their visible sheets as text, each with its own headings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.text import clean
from cbanalysis.importing.files import Cell, Grid, tables
from cbanalysis.records.contract import PLACES, REQUIRED, known_headings, match_columns
from cbanalysis.records.sheet import Sheet

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TITLE = 20  # rows among which the headings stand


def read_workbook(file: Path, columns: Mapping[str, str] | None = None) -> tuple[list[Sheet], list[str]]:
    """Return the sheets of a workbook that are registers, and the names of those that aren't.

    Parameters
    ----------
    file : Path
        A workbook.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.

    Returns
    -------
    tuple
        Sheets, whose records are already in memory; names. A value that cells merged below each other share
        stands in all their rows.

    Raises
    ------
    DataError
        If the workbook can't be read, no sheet of it has the headings of a register, or one of these lacks a
        column.
    """
    grids = [(grid, _heading_row(grid, columns)) for grid in tables(file)]
    registers = [(grid, at) for grid, at in grids if at is not None]
    if not registers:
        allowed = ", ".join(REQUIRED)
        raise DataError([Fault("no sheet with the headings of a register", file=str(file), allowed=allowed)])
    several = len(grids) > 1
    sheets = [_sheet(file, grid, at, columns, several=several) for grid, at in registers]
    return sheets, [f"{file.name}, sheet {grid.sheet}" for grid, at in grids if at is None]


def _heading_row(grid: Grid, columns: Mapping[str, str] | None) -> int | None:
    for at, row in enumerate(grid.top(_TITLE)):
        if known_headings([_as_text(cell) for cell in row], columns) >= len(REQUIRED) - 1:
            return at
    return None


def _sheet(file: Path, grid: Grid, at: int, columns: Mapping[str, str] | None, *, several: bool) -> Sheet:
    name = f"{file}, sheet {grid.sheet}" if several else str(file)
    headings = [clean(_as_text(cell)) for cell in grid.top(at + 1)[at]]
    asked = {name: clean(heading) for name, heading in (columns or {}).items()}
    matched = match_columns(headings, asked, file=Path(name).name)
    texts = {
        column: [
            _as_text(cell) or None
            for cell in grid.column(headings.index(heading), spread=column in ("cell", *PLACES, "month"))[
                at + 1 :
            ]
        ]
        for column, heading in matched.items()
    }
    frame = pd.DataFrame(texts, dtype="object")
    # rows without anything are no records, yet count as a spreadsheet counts
    frame = frame.assign(before=range(at + 1, at + 1 + len(frame)))[frame.notna().any(axis="columns")]

    def records() -> ir.Table:
        return ibis.memtable(frame, schema=dict.fromkeys(matched, "string") | {"before": "int64"})

    unused = tuple(heading for heading in headings if heading and heading not in matched.values())
    return Sheet(name, matched, unused, at + 1, len(frame), records, lambda _: [])


def _as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a fraction, days as 2024-05-31."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
