"""Tile grids: each province one square of a map."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.dataset.provinces.cells import read_rows
from cbanalysis.dataset.provinces.units import Unit

GRID_COLUMNS = ("code", "name", "name_en", "row", "col")

_PLACE = re.compile("[1-9][0-9]?")

GridNumber = Literal[63, 34]

# A day on which the units of each grid were in force.
GRIDS: dict[GridNumber, date] = {
    63: date(2008, 8, 1),
    34: date(2025, 7, 1),
}


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
    """Return one tile grid of a folder and all that is wrong with it.

    Parameters
    ----------
    folder : Path
        The data folder.
    number : {63, 34}
        Which grid.
    units : iterable of Unit
        All dated units; each that was in force then stands on the grid once.

    Returns
    -------
    tuple of grid and faults
        Tiles that could be read; with faults they are not to be used.
    """
    path = folder / f"tilegrid_{number}.csv"
    rows, faults = read_rows(path, GRID_COLUMNS)
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
            wrong.append(
                Fault(f"not a code of the {number}", path.name, None, row, "code", cells["code"],
                      nearest=nearest(cells["code"], names))
            )  # fmt: skip
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
