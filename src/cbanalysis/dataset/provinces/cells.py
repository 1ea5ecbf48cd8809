"""Rows of a CSV file with their numbers, and faults that name file, row and column."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.common.limits import open_bytes

UNIT_FILE = "provinces.csv"


def read_rows(path: Path, columns: Iterable[str]) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the rows of a CSV file with their row numbers, and what is wrong with its form."""
    try:
        text = open_bytes(path, within=path.parent).decode("utf-8-sig")
        table = list(csv.reader(StringIO(text, newline=""), strict=True))
    except FileNotFoundError:
        return [], [Fault("the file is missing", file=path.name)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], [Fault(f"the file can't be read as UTF-8 CSV: {error}", file=path.name)]
    header = table[0] if table else []
    missing = [column for column in columns if column not in header]
    if missing:
        what = "the column is missing"
        return [], [
            Fault(what, file=path.name, row=1, column=column, nearest=nearest(column, header))
            for column in missing
        ]
    rows, faults = [], []
    for number, cells in enumerate(table[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(header):
            faults.append(
                Fault("wrong number of cells", path.name, None, number, None, len(cells), str(len(header)))
            )
        else:
            rows.append((number, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    if not rows and not faults:
        faults.append(Fault("there are no rows", file=path.name))
    return rows, faults


def unit_fault(what: str, row: int, column: str, value: object = None, allowed: str | None = None) -> Fault:
    """Return a fault in provinces.csv."""
    return Fault(what, file=UNIT_FILE, row=row, column=column, value=value, allowed=allowed)
