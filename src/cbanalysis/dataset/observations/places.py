"""Which dated unit the name of a province meant in a period."""

from __future__ import annotations

from datetime import date

from cbanalysis.dataset.provinces import Gazetteer, Unit


def dated_unit(name: str, days: tuple[date, date] | None, gazetteer: Gazetteer) -> Unit | None:
    """Return the unit that bore a name at the end of a period.

    Parameters
    ----------
    name : str
        The province as provinces.csv writes it.
    days : tuple of date, or None
        First and last day of the period; None when it isn't known.
    gazetteer : Gazetteer
        Where the units are.

    Returns
    -------
    Unit or None
        The unit at the last day; if the name had gone by then, the last one of that name within the period.
        Without a period the earliest unit, provided that all units of that name cover the same land.
        None where that can't be decided.

    Raises
    ------
    Nothing
    """
    named = _named(name, gazetteer)
    if days is None:
        return named[0] if len({unit.territory_2004 for unit in named}) == 1 else None
    living = [unit for unit in named if _alive(unit, *days)]
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
    return sorted((unit for unit in gazetteer.units if unit.name_vi == name), key=_start)


def _alive(unit: Unit, first: date, last: date) -> bool:
    return unit.valid_from <= last and (unit.valid_to is None or unit.valid_to >= first)


def _start(unit: Unit) -> date:
    return unit.valid_from
