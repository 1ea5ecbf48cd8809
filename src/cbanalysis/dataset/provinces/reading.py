"""Reads provinces.csv and lists everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from cbanalysis.common.errors import Fault
from cbanalysis.dataset.provinces.cells import UNIT_FILE, read_rows, unit_fault
from cbanalysis.dataset.provinces.checks import contradictions
from cbanalysis.dataset.provinces.units import TYPES, Unit

UNIT_COLUMNS = (
    "unit_id", "gso_code", "iso_3166_2", "name_vi", "name_en", "type", "region_vi", "region_en", "valid_from",
    "valid_to", "successor_code", "predecessor_codes", "territory_2004", "lat", "lon", "aliases", "change",
    "source",
)  # fmt: skip
FILLED_COLUMNS = ("unit_id", "gso_code", "name_vi", "name_en", "type", "region_vi", "region_en", "valid_from",
                  "territory_2004")  # fmt: skip
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_units(folder: Path, keys: Callable[[Unit], frozenset[str]]) -> tuple[tuple[Unit, ...], list[Fault]]:
    """Return the dated units of a folder's provinces.csv and all that is wrong with it.

    Parameters
    ----------
    folder : Path
        The data folder.
    keys : callable
        Gives the search keys of a unit; no two units may share one on the same day.

    Returns
    -------
    tuple of units and faults
        Units that could be read; with faults they are not to be used.
    """
    rows, faults = read_rows(folder / UNIT_FILE, UNIT_COLUMNS)
    units: dict[int, Unit] = {}
    for number, cells in rows:
        unit, wrong = _unit(number, cells)
        faults += wrong
        if unit:
            units[number] = unit
    if not faults:
        faults = contradictions(units, keys)
    return tuple(units.values()), faults


def _unit(row: int, cells: Mapping[str, str]) -> tuple[Unit | None, list[Fault]]:
    faults = [unit_fault("the cell is empty", row, name) for name in FILLED_COLUMNS if not cells[name]]
    days: dict[str, date | None] = {}
    points: dict[str, float | None] = {}
    for name in ("valid_from", "valid_to"):
        days[name], wrong = _day(row, name, cells[name])
        faults += wrong
    for name, largest in (("lat", 90.0), ("lon", 180.0)):
        points[name], wrong = _degrees(row, name, cells[name], largest)
        faults += wrong
    if cells["type"] and cells["type"] not in TYPES:
        faults.append(unit_fault("not a type of unit", row, "type", cells["type"], " or ".join(TYPES)))
    start, end = days["valid_from"], days["valid_to"]
    if start and end and end < start:
        faults.append(unit_fault("the unit ends before it begins", row, "valid_to", cells["valid_to"]))
    if faults or start is None:
        return None, faults
    unit = Unit(
        unit_id=cells["unit_id"],
        gso_code=cells["gso_code"],
        iso_3166_2=cells["iso_3166_2"],
        name_vi=cells["name_vi"],
        name_en=cells["name_en"],
        type=cells["type"],
        region_vi=cells["region_vi"],
        region_en=cells["region_en"],
        valid_from=start,
        valid_to=end,
        successor_code=cells["successor_code"],
        predecessor_codes=_several(cells["predecessor_codes"], "|"),
        territory_2004=_several(cells["territory_2004"], "+"),
        aliases=_several(cells["aliases"], "|"),
        lat=points["lat"],
        lon=points["lon"],
        change=cells["change"],
        source=cells["source"],
    )
    return unit, []


def _several(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(mark) if part.strip())


def _day(row: int, column: str, cell: str) -> tuple[date | None, list[Fault]]:
    if not cell:
        return None, []
    try:
        day = date.fromisoformat(cell) if _ISO_DAY.fullmatch(cell) else None
    except ValueError:
        day = None
    # a margin at both ends of the calendar leaves room for the day before and after
    if day and 1900 <= day.year <= 2200:
        return day, []
    return None, [unit_fault("not a date that can be", row, column, cell, "YYYY-MM-DD, 1900 to 2200")]


def _degrees(row: int, column: str, cell: str, largest: float) -> tuple[float | None, list[Fault]]:
    if not cell:
        return None, []
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if -largest <= value <= largest:
        return value, []
    return None, [unit_fault("not degrees", row, column, cell, f"{-largest:g} to {largest:g}")]
