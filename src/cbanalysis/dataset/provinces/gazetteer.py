"""The gazetteer: any usual spelling to the dated unit, and units across mergers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from cbanalysis.common.errors import DataError, UnknownName, nearest, require_known
from cbanalysis.common.folders import content_of, data_folder
from cbanalysis.common.language import language, spoken, words_of
from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.provinces import province_files
from cbanalysis.dataset.provinces.unit import TYPES, Unit, When, last_day, named_aloud, territories

WHOLE_REGISTER = "Toàn sổ"
"""The area of all records of a register together, whatever it covers."""
_REGISTER = {"vi": WHOLE_REGISTER, "en": "Whole register"}
_Asked = Literal["", "province", "city"]

# What is written before or behind a name, folded, and the kind of unit that it claims.
_TITLES: tuple[tuple[str, _Asked], ...] = (
    ("tinh", "province"), ("province of", "province"), ("thanh pho", "city"), ("tp", "city"), ("t p", "city"),
    ("city of", "city"),
)  # fmt: skip
_ENDINGS: tuple[tuple[str, _Asked], ...] = (("province", "province"), ("city", "city"))


def _key(name: str) -> tuple[str, _Asked]:
    """Return the letters that identify a name and the kind of unit that its title claims."""
    folded = fold(name)
    for title, kind in _TITLES:
        if folded.startswith(f"{title} "):
            return folded.removeprefix(title).replace(" ", ""), kind
    for ending, kind in _ENDINGS:
        if folded.endswith(f" {ending}"):
            return folded.removesuffix(ending).replace(" ", ""), kind
    return folded.replace(" ", ""), ""


def _keys(unit: Unit) -> frozenset[str]:
    keys = {_key(name)[0] for name in (unit.name_vi, unit.name_en, *unit.aliases)}
    # cities are also written in one word with their title: TPHCM
    return frozenset(keys | {f"tp{key}" for key in keys} if unit.is_city else keys)


@dataclass(frozen=True)
class Gazetteer:
    """Vietnam's provinces since 2004, each with the dates on which it was what it was.

    Attributes
    ----------
    units : tuple of Unit
        All dated units, in the order of the file.
    grids : mapping of int to tuple of Tile
        The tile grids of the 63 and the 34.
    """

    units: tuple[Unit, ...]
    grids: MappingProxyType[province_files.GridNumber, province_files.Grid]

    @classmethod
    def read(cls, folder: Path | None = None) -> Gazetteer:
        """Return the gazetteer of a data folder.

        Parameters
        ----------
        folder : Path, optional
            Holds provinces.csv and both tile grids; None for the data that ship with the package.

        Returns
        -------
        Gazetteer
            Checked: on each day every name means one unit, and all land belongs to exactly one.

        Raises
        ------
        DataError
            When anything is wrong with the three files; it lists all faults with file, row and column.
        """
        place = data_folder(folder)
        files = (province_files.UNIT_FILE, *(f"tilegrid_{number}.csv" for number in province_files.GRIDS))
        return _read(place, content_of(*(place / file for file in files)))

    @cached_property
    def by_words(self) -> dict[tuple[str, ...], Unit]:
        """The units by the words of their names and aliases, in lower case."""
        found: dict[tuple[str, ...], Unit] = {}
        for unit in self.units:
            for name in (unit.name_vi, *unit.aliases):
                found.setdefault(tuple(name.casefold().replace("-", " ").replace(".", " ").split()), unit)
        return found

    @cached_property
    def slugs(self) -> dict[str, str]:
        """The names of units by what is left of them in an address: bacgiang."""
        return {fold(unit.name_vi).replace(" ", ""): unit.name_vi for unit in self.units}

    @cached_property
    def _by_key(self) -> dict[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for key in _keys(unit):
                found.setdefault(key, []).append(unit)
        return {key: tuple(units) for key, units in found.items()}

    @cached_property
    def oldest(self) -> dict[str, str]:
        """For each unit the id of the first one on the same land, which stays one place under a new id."""
        first: dict[frozenset[str], str] = {}
        for unit in sorted(self.units, key=lambda one: one.valid_from):
            first.setdefault(territories(unit), unit.unit_id)
        return {unit.unit_id: first[territories(unit)] for unit in self.units}

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        return {unit.unit_id: unit for unit in self.units}

    def on(self, when: When) -> tuple[Unit, ...]:
        """Return the units of a day: 64 until 2008-07-31, 63 until 2025-06-30, 34 since.

        Parameters
        ----------
        when : date, int or str
            A date, a year (its last day), or ``"2012"``, ``"2012-05"``, ``"2012-05-17"``.

        Returns
        -------
        tuple of Unit
            In the order of the file (by code).

        Raises
        ------
        UnknownName
            When it is no date, or one before the gazetteer begins.
        """
        day = last_day(when)
        found = tuple(unit for unit in self.units if unit.valid(day))
        if not found:
            raise UnknownName("date", when, hint=self._beginning)
        return found

    @property
    def _beginning(self) -> str:
        return f"(the gazetteer begins on {self._first_day})"

    @property
    def _first_day(self) -> date:
        return min(unit.valid_from for unit in self.units)

    def find(self, name: str, on: When) -> Unit:
        """Return the unit that a name meant on a day, in any usual spelling.

        Case, marks, tone placement, punctuation and blanks don't count, nor do titles (``Tỉnh``, ``TP.``,
        ``Province``); but ``thành phố Bắc Giang`` is a city inside the province and is refused.

        Parameters
        ----------
        name : str
            The name, e.g. ``"Đắc Lắc"``, ``"TP. HCM"``, ``"BR-VT"``, ``"Tỉnh Bắc Giang"``, ``"Hoa Binh"``.
        on : date, int or str
            The day; a year means its last one.

        Returns
        -------
        Unit
            The one unit of that name then.

        Raises
        ------
        UnknownName
            When nothing was so named on that day: the nearest names, or what it was and what it became.
        """
        day = last_day(on)
        key, asked = _key(str(name))
        ever = self._by_key.get(key, ())
        for unit in ever:
            if unit.valid(day) and (asked != "city" or unit.is_city):
                return unit
        if not ever:
            raise UnknownName("province", name, self._alike(key, day))
        if day < self._first_day:
            raise UnknownName("province", name, hint=self._beginning)
        raise UnknownName("province", name, hint=f"({self._story(ever, day)})")

    def _alike(self, key: str, day: date) -> tuple[str, ...]:
        names = {
            one: unit.name_vi for one, units in self._by_key.items() for unit in units if unit.valid(day)
        }
        return tuple(dict.fromkeys(names[one] for one in nearest(key, names)))

    def _story(self, ever: tuple[Unit, ...], day: date) -> str:
        """Say why a known name means nothing on a day: what it was, when, and what holds its land."""
        for unit in ever:
            if unit.valid(day):
                return (
                    f"on {day} {unit.name_vi} was a province, so a city of that name is none of these units"
                )
        ended = [unit for unit in ever if unit.valid_to and unit.valid_to < day]
        unit = ended[-1] if ended else ever[0]
        kind = TYPES[unit.type]["en"]
        holders = [
            one.name_vi for one in self.units if one.valid(day) and territories(one) & territories(unit)
        ]
        if ended:
            return f"a {kind} until {unit.valid_to}; on {day} its land belongs to {', '.join(holders)}"
        held = f"; on {day} its land was {', '.join(holders)}" if holders else ""
        return f"a {kind} since {unit.valid_from}{held}"

    def named(self, name: str) -> tuple[Unit, ...]:
        """Return all dated units that were ever so named, in any usual spelling; empty when there is none.

        Parameters
        ----------
        name : str
            The name; a title (``Tỉnh``, ``TP.``) doesn't count here.

        Returns
        -------
        tuple of Unit
            In the order of the file.
        """
        return self._by_key.get(_key(name)[0], ())

    def unit_on(self, on: When, unit_id: str, name: str = "") -> Unit | None:
        """Return the unit of a day that covers the same land; for a figure without a date, by its name.

        Parameters
        ----------
        on : When
            The day of the map.
        unit_id : str
            Of a unit of any time; empty where a figure has no date.
        name : str
            The province as named, which decides where there is no ``unit_id``.

        Returns
        -------
        Unit or None
            None where no unit of that day is the same.
        """
        if unit_id:
            # land decides, not the id: Thừa Thiên Huế became the city of Huế in January 2025 on the same land
            land = territories(self.by_id(unit_id))
            return next((unit for unit in self.on(on) if territories(unit) == land), None)
        named = self.named(name) if name else ()
        return next((unit for unit in self.on(on) if unit in named), None)

    def by_id(self, unit_id: str) -> Unit:
        """Return the unit of an id.

        Parameters
        ----------
        unit_id : str
            Such as ``"24-2025"``.

        Returns
        -------
        Unit
            The one unit of that id.

        Raises
        ------
        UnknownName
            When there is no such id, with the nearest ones.
        """
        require_known("unit", unit_id, self._by_id)
        return self._by_id[unit_id]

    def coded(self, code: str, on: When) -> Unit:
        """Return the unit that a statistics office code meant on a day.

        After 2025-07-01 the codes 15, 24, 44, 52, 80, 82 and 91 name another province than before.

        Parameters
        ----------
        code : str
            Two digits, e.g. ``"01"``.
        on : date, int or str
            The day; a year means its last one.

        Returns
        -------
        Unit
            The one unit of that code then.

        Raises
        ------
        UnknownName
            When no unit had that code then, or `on` is no date.
        """
        codes = {unit.gso_code: unit for unit in self.on(on)}
        require_known("province code", code, codes, hint=f"on {last_day(on)}")
        return codes[code]

    def successors(self, unit: Unit, on: When) -> tuple[Unit, ...]:
        """Return the unit of a day that holds all land of a unit: what it became (or still is).

        Parameters
        ----------
        unit : Unit
            Any dated unit.
        on : date, int or str
            The day.

        Returns
        -------
        tuple of Unit
            One unit; empty where its land was still divided on that day (see `parts`).

        Raises
        ------
        UnknownName
            When `on` is no date or before the gazetteer begins.
        """
        return tuple(one for one in self.on(on) if territories(unit) <= territories(one))

    def parts(self, unit: Unit, on: When) -> tuple[Unit, ...]:
        """Return the units of a day that lie wholly inside a unit: what it was made of (or itself).

        Parameters
        ----------
        unit : Unit
            Any dated unit. Where ``unit.partial`` its parts leave out some of its land.
        on : date, int or str
            The day.

        Returns
        -------
        tuple of Unit
            Empty where its land was only a piece of something larger on that day (see `successors`).

        Raises
        ------
        UnknownName
            When `on` is no date or before the gazetteer begins.
        """
        return tuple(one for one in self.on(on) if territories(one) <= territories(unit))

    def tile_grid(self, number: province_files.GridNumber) -> pd.DataFrame:
        """Return a tile grid: each province one square of a map.

        Parameters
        ----------
        number : {63, 34}
            The provinces of 2008-08-01 to 2025-06-30, or those since.

        Returns
        -------
        DataFrame
            Columns ``code``, ``name``, ``name_en``, ``row``, ``col`` (1, 1 is the upper left).

        Raises
        ------
        UnknownName
            When there is no such grid.
        """
        require_known("tile grid", number, self.grids)
        return pd.DataFrame(
            [astuple(tile) for tile in self.grids[number]], columns=list(province_files.GRID_COLUMNS)
        )


@lru_cache(maxsize=8)
def _read(place: Path, content: str) -> Gazetteer:
    """Read the three files once for each content: checking that all land has one owner takes a while."""
    del content
    units, faults = province_files.read_units(place, _keys)
    grids: dict[province_files.GridNumber, province_files.Grid] = {}
    # tiles can only be checked against units that are right
    for number in () if faults else province_files.GRIDS:
        grids[number], wrong = province_files.read_grid(place, number, units)
        faults = [*faults, *wrong]
    DataError.raise_if(faults)
    return Gazetteer(units, MappingProxyType(grids))


def place(row: Mapping[str, Any], gazetteer: Gazetteer | None = None) -> str:
    """Return where an observation belongs, from the smallest unit up; ``*`` marks an inferred province.

    Provinces are named in the language that is spoken; smaller places keep their Vietnamese name.

    Parameters
    ----------
    row : mapping
        ``geo_level``, ``province``, ``province_basis``, ``area`` and ``unit_id``, as far as they are there.
    gazetteer : Gazetteer, optional
        Names of the dated units; without it the province stays as printed.

    Returns
    -------
    str
        E.g. ``Sơn Động (Bắc Giang)``, ``Bình Thuận*``, ``Cả nước``, ``Toàn sổ`` for all of a register.
    """
    if row.get("geo_level") == "country":
        return spoken(_REGISTER if row.get("area") == WHOLE_REGISTER else words_of("words")["country"])
    province, area = str(row.get("province") or ""), str(row.get("area") or "")
    name = named_aloud(province) if language() == "vi" else province
    if gazetteer is not None and row.get("unit_id"):
        name = gazetteer.by_id(str(row["unit_id"])).name(language())
    elif gazetteer is not None and name:  # without a date it may be any of several units of one name
        named = [unit for unit in gazetteer.named(name) if unit.name_vi == province]
        name = named[0].name(language()) if named else name
    name += "*" if row.get("province_basis") == "inferred" else ""
    if not area or not name:
        return area or name
    if area == province:  # the provincial city has the province's name
        area = spoken({"vi": f"TP. {area}", "en": f"{name} city"})
    return f"{area[:-1]}, {name})" if area.endswith(")") else f"{area} ({name})"
