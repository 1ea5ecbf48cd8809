"""Printed periods to days: a year, a month of a year, or a date."""

from __future__ import annotations

import calendar
import re
from datetime import date

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FIRST_YEAR, _LAST_YEAR = (
    1930,
    2099,
)  # the party was founded in 1930; later years than this are slips of the hand


def period_days(period: str) -> tuple[date, date] | None:
    """Return the first and the last day of a year, a month or a date.

    Parameters
    ----------
    period : str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, from 1930 to 2099.

    Returns
    -------
    tuple of date, or None
        None for anything that is no real year, month or date.

    Examples
    --------
    >>> period_days("2012-02")
    (datetime.date(2012, 2, 1), datetime.date(2012, 2, 29))
    >>> period_days("2018-02-30") is None
    True
    """
    found = _PERIOD.fullmatch(period)
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return None
    year = int(found[1])
    first_month, last_month = (int(found[2]), int(found[2])) if found[2] else (1, 12)
    if not 1 <= first_month <= 12:
        return None
    month_end = calendar.monthrange(year, last_month)[1]
    first_day, last_day = (int(found[3]), int(found[3])) if found[3] else (1, month_end)
    if not 1 <= first_day <= last_day <= month_end:
        return None
    return date(year, first_month, first_day), date(year, last_month, last_day)
