"""Reads provinces.csv and the tile grids, and lists everything that is wrong with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.dataset.csv_reading import read_rows
from cbanalysis.dataset.provinces.unit import TYPES, Unit, territories

UNIT_FILE = "provinces.csv"
UNIT_COLUMNS = tuple(field.name for field in fields(Unit))
FILLED_COLUMNS = ("unit_id", "gso_code", "name_vi", "name_en", "type", "region_vi", "region_en", "valid_from",
                  "territory_2004")  # fmt: skip
_SEPARATED = {"predecessor_codes": "|", "territory_2004": "+", "aliases": "|"}
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_DAY = timedelta(days=1)


def read_units(folder: Path, keys: Callable[[Unit], frozenset[str]]) -> tuple[tuple[Unit, ...], list[Fault]]:
    """Return the dated units of a folder's provinces.csv and all that is wrong with it.

    No two units may share one of their search keys on the same day. With faults the units are not to be used.
    """
    faults: list[Fault] = []
    units: dict[int, Unit] = {}
    for number, cells in read_rows(folder / UNIT_FILE, UNIT_COLUMNS, faults, exact=False):
        unit, wrong = _unit(number, cells)
        faults += wrong
        if unit:
            units[number] = unit
    if not faults:
        faults = _contradictions(units, keys)
    return tuple(units.values()), faults


def _unit(row: int, cells: Mapping[str, str]) -> tuple[Unit | None, list[Fault]]:
    faults = [unit_fault("the cell is empty", row, name) for name in FILLED_COLUMNS if not cells[name]]
    start, end = (_day(row, name, cells[name], faults) for name in ("valid_from", "valid_to"))
    lat, lon = (_degrees(row, *one, cells[one[0]], faults) for one in (("lat", 90.0), ("lon", 180.0)))
    if cells["type"] and cells["type"] not in TYPES:
        faults.append(unit_fault("not a type of unit", row, "type", cells["type"], " or ".join(TYPES)))
    if start and end and end < start:
        faults.append(unit_fault("the unit ends before it begins", row, "valid_to", cells["valid_to"]))
    if faults or start is None:
        return None, faults
    read: dict[str, Any] = {**cells, "valid_from": start, "valid_to": end, "lat": lat, "lon": lon}
    for name, mark in _SEPARATED.items():
        read[name] = tuple(filter(None, map(str.strip, cells[name].split(mark))))
    return Unit(**{name: read[name] for name in UNIT_COLUMNS}), []


def _day(row: int, column: str, cell: str, faults: list[Fault]) -> date | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell) if _ISO_DAY.fullmatch(cell) else None
    except ValueError:
        day = None
    # a margin at both ends of the calendar leaves room for the day before and after
    if day and 1900 <= day.year <= 2200:
        return day
    faults.append(unit_fault("not a date that can be", row, column, cell, "YYYY-MM-DD, 1900 to 2200"))
    return None


def _degrees(row: int, column: str, largest: float, cell: str, faults: list[Fault]) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if -largest <= value <= largest:
        return value
    faults.append(unit_fault("not degrees", row, column, cell, f"{-largest:g} to {largest:g}"))
    return None


def unit_fault(what: str, row: int, column: str, value: object = None, allowed: str | None = None) -> Fault:
    """Return a fault in provinces.csv."""
    return Fault(what, file=UNIT_FILE, row=row, column=column, value=value, allowed=allowed)


def _contradictions(units: Mapping[int, Unit], keys: Callable[[Unit], frozenset[str]]) -> list[Fault]:
    """Return what the rows, each right by itself, say against each other."""
    return [
        *_repeated(units),
        *_lost_successors(units),
        *_lost_predecessors(units),
        *_broken_territory(units),
        *ambiguous(units, keys),
    ]


def _repeated(units: Mapping[int, Unit]) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, unit in units.items():
        if unit.unit_id in first:
            what = f"the id stands in row {first[unit.unit_id]} already"
            faults.append(unit_fault(what, row, "unit_id", unit.unit_id))
        first.setdefault(unit.unit_id, row)
    return faults


def _lost_successors(units: Mapping[int, Unit]) -> list[Fault]:
    faults = []
    for row, unit in units.items():
        if unit.valid_to is None:
            if unit.successor_code:
                what = "a unit that still exists has no successor"
                faults.append(unit_fault(what, row, "successor_code", unit.successor_code))
            continue
        after = unit.valid_to + _DAY
        living = [one for one in units.values() if one.valid(after)]
        codes = [one.gso_code for one in living if territories(unit) <= territories(one)]
        if unit.successor_code not in codes:
            what = f"no unit of that code holds its land on {after}"
            faults.append(
                unit_fault(what, row, "successor_code", unit.successor_code, " or ".join(codes) or None)
            )
    return faults


def _lost_predecessors(units: Mapping[int, Unit]) -> list[Fault]:
    faults = []
    for row, unit in units.items():
        before = unit.valid_from - _DAY
        living = [one for one in units.values() if one.valid(before)]
        codes = {one.gso_code for one in living if territories(one) <= territories(unit)}
        what, allowed = f"no unit of that code lay in it on {before}", " or ".join(sorted(codes)) or None
        faults += [
            unit_fault(what, row, "predecessor_codes", code, allowed)
            for code in unit.predecessor_codes
            if code not in codes
        ]
    return faults


def _broken_territory(units: Mapping[int, Unit]) -> list[Fault]:
    """Return where land is held twice, by nobody, or was never there."""
    beginning = min(unit.valid_from for unit in units.values())
    known = frozenset(unit.gso_code for unit in units.values() if unit.valid_from == beginning)
    faults = [
        unit_fault("not a code of a unit of 2004", row, "territory_2004", code)
        for row, unit in units.items()
        for code in unit.territory_2004
        if code not in known
    ]
    for day in sorted({unit.valid_from for unit in units.values()}):
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for row, unit in units.items():
            for code in territories(unit) if unit.valid(day) else ():
                holders[code].append(row)
        faults += [
            unit_fault(f"row {rows[0]} holds the same land on {day}", rows[-1], "territory_2004", code)
            for code, rows in holders.items()
            if len(rows) > 1
        ]
        faults += [
            Fault(f"nobody holds that land on {day}", file=UNIT_FILE, column="territory_2004", value=code)
            for code in sorted(known - set(holders))
        ]
    return faults


def ambiguous(units: Mapping[int, Unit], keys: Callable[[Unit], frozenset[str]]) -> list[Fault]:
    """Return the names that two units have on the same day."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for row, unit in units.items():
        for key in sorted(keys(unit)):
            holders[key].append(row)
    return [
        unit_fault(f"row {row} has that name too, on the same day", other, "aliases", key)
        for key, rows in holders.items()
        for row, other in combinations(rows, 2)
        if units[row].valid(later := max(units[row].valid_from, units[other].valid_from))
        and units[other].valid(later)
    ]


GRID_COLUMNS = ("code", "name", "name_en", "row", "col")

_PLACE = re.compile("[1-9][0-9]?")

GridNumber = Literal[63, 34]

# A day on which the units of each grid were in force.
GRIDS: dict[GridNumber, date] = {63: date(2008, 8, 1), 34: date(2025, 7, 1)}


@dataclass(frozen=True)
class Tile:
    """One cell of a tile grid: where a province stands on the map."""

    code: str
    name: str
    name_en: str
    row: int
    col: int


Grid = tuple[Tile, ...]


def read_grid(folder: Path, number: GridNumber, units: Iterable[Unit]) -> tuple[Grid, list[Fault]]:
    """Return one tile grid (63 or 34) of a folder and all that is wrong with it.

    Each unit that was in force then stands on it once. With faults the tiles are not to be used.
    """
    path = folder / f"tilegrid_{number}.csv"
    faults: list[Fault] = []
    rows = read_rows(path, GRID_COLUMNS, faults, exact=False)
    names = {unit.gso_code: unit.name_vi for unit in units if unit.valid(GRIDS[number])}
    tiles: list[Tile] = []
    codes: dict[str, int] = {}
    places: dict[tuple[int, int], int] = {}
    for row, cells in rows:
        wrong = [
            Fault("not a place on the grid", path.name, None, row, column, cells[column][:20], "1 to 99")
            for column in ("row", "col")
            if not _PLACE.fullmatch(cells[column])
        ]
        if cells["code"] not in names:
            what, near = f"not a code of the {number}", nearest(cells["code"], names)
            wrong.append(Fault(what, path.name, None, row, "code", cells["code"], nearest=near))
        if cells["code"] in codes:
            what = f"the code stands in row {codes[cells['code']]} already"
            wrong.append(Fault(what, path.name, None, row, "code", cells["code"]))
        codes.setdefault(cells["code"], row)
        faults += wrong
        if wrong:
            continue
        tile = Tile(cells["code"], cells["name"], cells["name_en"], int(cells["row"]), int(cells["col"]))
        place = (tile.row, tile.col)
        if place in places:
            what = f"row {places[place]} has that place already"
            faults.append(Fault(what, path.name, None, row, "col", f"{tile.row}, {tile.col}"))
        places.setdefault(place, row)
        tiles.append(tile)
    if rows:
        faults += [
            Fault(f"no tile for {names[code]}", file=path.name, column="code", allowed=code)
            for code in names
            if code not in codes
        ]
    return tuple(tiles), faults
