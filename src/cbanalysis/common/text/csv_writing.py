"""The one form of all CSV that goes out, and what readers call the columns of our frames."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cbanalysis.common.errors import harmless
from cbanalysis.common.language import words_by_language
from cbanalysis.common.text.letters import disarmed

COLUMN_NAMES = words_by_language("columns")
"""What readers of a language call a column of our frames."""


if TYPE_CHECKING:
    import pandas as pd


def csv_for_spreadsheets(rows: Iterable[Iterable[str]]) -> str:
    r"""Return rows as CSV for readers who may open it by a double click.

    UTF-8 with a byte order mark, without which Excel takes Vietnamese letters for others; comma, LF, no cell
    a formula (`disarmed`), no control characters. pandas reads it as it is, R with ``fileEncoding =
    "UTF-8-BOM"``.

    Parameters
    ----------
    rows : iterable of iterable of str
        The first row holds the headings.

    Examples
    --------
    >>> csv_for_spreadsheets([["tỉnh", "ghi chú"], ["Bắc Giang", "=1+1"]])
    "\ufefftỉnh,ghi chú\nBắc Giang,'=1+1\n"
    """
    written = io.StringIO("\ufeff")
    written.seek(1)
    csv.writer(written, lineterminator="\n").writerows(
        [disarmed(harmless(cell)) for cell in row] for row in rows
    )
    return written.getvalue()


def safe_csv(frame: pd.DataFrame) -> str:
    """Return a frame as `csv_for_spreadsheets` writes rows."""
    return csv_for_spreadsheets(csv.reader(io.StringIO(frame.to_csv(index=False))))
