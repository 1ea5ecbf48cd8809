"""Printed periods to days, and the dated unit that the name of a province meant in one."""

from __future__ import annotations

import calendar
import re
from datetime import date

from cbanalysis.dataset.provinces import Gazetteer, Unit

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
# the party was founded in 1930; later years than this are slips of the hand
_YEARS = range(1930, 2100)


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
    if found is None or int(found[1]) not in _YEARS:
        return None
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    last = first if month else first.replace(month=12)
    return first, last if day else last.replace(day=calendar.monthrange(last.year, last.month)[1])


def dated_unit(name: str, days: tuple[date, date] | None, gazetteer: Gazetteer) -> Unit | None:
    """Return the unit that bore a name on the last day of a period, None where that can't be decided.

    If the name had gone by then it is the last one of that name within the period; without a period the
    earliest one, provided that all units of that name cover the same land.
    """
    named = _named(name, gazetteer)
    if days is None:
        return named[0] if len({unit.territory_2004 for unit in named}) == 1 else None
    first, last = days
    living = [
        unit
        for unit in named
        if unit.valid_from <= last and (unit.valid_to is None or unit.valid_to >= first)
    ]
    return living[-1] if living else None


def lifetimes(name: str, gazetteer: Gazetteer) -> str:
    """Say from when until when a name was in use: ``2004-01-01 to 2008-07-31``; empty if it never was."""
    spans: list[tuple[date, date | None]] = []
    for unit in _named(name, gazetteer):
        # units that follow one another (a merger that kept the name) make one span
        if spans and spans[-1][1] is not None and (unit.valid_from - spans[-1][1]).days <= 1:
            spans[-1] = (spans[-1][0], unit.valid_to)
        else:
            spans.append((unit.valid_from, unit.valid_to))
    return ", ".join(f"{first} to {last or 'today'}" for first, last in spans)


def _named(name: str, gazetteer: Gazetteer) -> list[Unit]:
    units = (unit for unit in gazetteer.units if unit.name_vi == name)
    return sorted(units, key=lambda unit: unit.valid_from)
