"""Cells to values: any frame to text cells, text cells to typed columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from cbanalysis.dataset.observations.schema import BOOLEANS, COLUMNS, COUNTS, NUMBERS
from cbanalysis.dataset.observations.verdicts import Verdict

_WHOLE = r"-?[0-9]{1,15}"  # more digits would not survive a float column
_DECIMAL = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the declared columns of a frame as text cells, ``""`` for empty cells and missing columns."""
    once = frame.loc[:, ~frame.columns.duplicated()].reset_index(drop=True)
    columns = {
        name: _text(once[name]) if name in once else pd.Series("", index=once.index) for name in COLUMNS
    }
    return pd.DataFrame({name: column.astype("str") for name, column in columns.items()}, index=once.index)


def as_typed(text: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[Verdict, int]]]:
    """Return typed columns and, for each cell that can't be read, a verdict with its position."""
    typed = text.copy()
    verdicts: list[tuple[Verdict, int]] = []
    for column in COUNTS:
        verdicts += _unreadable(
            text[column], _WHOLE, "not a whole number", "digits only, 15 at the most, e.g. 4175"
        )
        typed[column] = _numbers(text[column], _WHOLE).astype("Int64")
    for column in NUMBERS:
        verdicts += _unreadable(
            text[column], _DECIMAL, "not a number", "digits and a decimal point, e.g. 63.71"
        )
        typed[column] = _numbers(text[column], _DECIMAL).astype("float64")
    for column in BOOLEANS:
        verdicts += _unreadable(text[column], "yes", f"no such {column}", "yes or empty")
        typed[column] = text[column].eq("yes").astype("bool")
    return typed, verdicts


def _text(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("")
    return cells.astype("object").map(_cell)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-")
    # a checked frame has True and False where the file has yes and nothing
    return {"True": "yes", "False": ""}.get(str(value), str(value))


def _numbers(cells: pd.Series, pattern: str) -> pd.Series:
    # each distinct text is read once
    matches = re.compile(pattern).fullmatch
    codes, distinct = pd.factorize(cells)
    readable = pd.Series([text if matches(text) else None for text in distinct], dtype="object")
    numbers: pd.Series = pd.to_numeric(readable).take(codes)
    return numbers.set_axis(cells.index)


def _unreadable(cells: pd.Series, pattern: str, what: str, allowed: str) -> Iterator[tuple[Verdict, int]]:
    # a loop: the pattern must mean the same whatever engine the strings lie in
    matches = re.compile(pattern).fullmatch
    wrong = {value for value in cells.unique() if value and not matches(value)}
    if wrong:
        for position, value in enumerate(cells.to_numpy(dtype=object)):
            if value in wrong:
                yield Verdict(what, str(cells.name), value, allowed), position
