"""Tables on standard output that a spreadsheet may open."""

from __future__ import annotations

import csv
import io

import pandas as pd

from cbanalysis.text import disarmed

__all__ = ["safe_csv"]


def safe_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV (comma, LF) in which no cell is a formula."""
    safe = io.StringIO()
    cells = csv.reader(io.StringIO(frame.to_csv(index=False)))
    csv.writer(safe, lineterminator="\n").writerows([disarmed(cell) for cell in row] for row in cells)
    return safe.getvalue()
