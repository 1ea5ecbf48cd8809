"""Dates that may be read in two ways: 5/6/2024 is May where months stand first, June where days do."""

from __future__ import annotations

import re

import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.records.columns import TWO_NUMBERS
from cbanalysis.records.register import Register

_NUMBERS = re.compile(TWO_NUMBERS.replace(r"[\s\p{Z}]", r"\s"))
_MONTHS, _SHOWN = 12, 20


def require_order(register: Register) -> None:
    """Ask what comes first in dates, where no date of their file tells.

    Raises
    ------
    DataError
        For files with dates such as 5/6/2024 and none such as 31/5/2024, or with 5/31/2024 as well.
    """
    located = register.located
    if register.dates != "unknown" or not located["written_month"].type().is_string():
        return
    rows = located.filter(located["written_month"].re_search(TWO_NUMBERS))
    dates: pd.DataFrame = (
        rows.group_by("file", written="written_month").agg(before=rows["before"].min()).execute()
    )
    faults: list[Fault] = []
    for file, written in dates.groupby("file", dropna=False, sort=True):
        numbers = [_numbers(text) for text in written["written"]]
        day_first = any(first > _MONTHS >= second for first, second in numbers)
        month_first = any(second > _MONTHS >= first for first, second in numbers)
        either = [max(pair) <= _MONTHS and pair[0] != pair[1] for pair in numbers]
        if any(either) and day_first == month_first:
            row = written[either].sort_values("before").iloc[0]
            faults.append(_fault(file if isinstance(file, str) else register.name, row))
        elif any(either) and month_first:
            row = written[[second > _MONTHS for _, second in numbers]].sort_values("before").iloc[0]
            faults.append(_fault(file if isinstance(file, str) else register.name, row))
    if faults:
        raise DataError(faults[:_SHOWN], "dates that may be day/month or month/day")


def _numbers(text: str) -> tuple[int, int]:
    match = _NUMBERS.match(text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _fault(file: str, row: pd.Series) -> Fault:
    number = None if pd.isna(row["before"]) else int(row["before"]) + 1
    allowed = 'dates="day_first" or dates="month_first" (--dates), or months as 2024-05'
    return Fault("day and month can't be told apart", file, None, number, "month", row["written"], allowed)
