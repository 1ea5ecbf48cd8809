"""Tables on standard output that a spreadsheet may open."""

from __future__ import annotations

import csv
import io

import pandas as pd

from cbanalysis.text import csv_for_spreadsheets

__all__ = ["safe_csv"]


def safe_csv(frame: pd.DataFrame) -> str:
    """Return a frame as `text.csv_for_spreadsheets` writes rows."""
    return csv_for_spreadsheets(csv.reader(io.StringIO(frame.to_csv(index=False))))
