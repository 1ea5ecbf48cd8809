"""Places and periods of attendance: dated units, regions and their land, areas and months in words."""

from __future__ import annotations

import bisect
from datetime import date

import pandas as pd

from cbanalysis.common.errors import NotComparable, require_known
from cbanalysis.dataset.provinces import WHOLE_REGISTER, Gazetteer, Unit, territories
from cbanalysis.dataset.provinces.unit import DAYS
from cbanalysis.records.checked_register import Checked, month_text, months_of, units_of
from cbanalysis.records.contract import Every, Level

LENGTH = {"month": 1, "quarter": 3, "year": 12}
"""Of periods, in months."""

WIDE = ("country", "region", "province")
"""Levels whose sums follow from those of provinces and months."""

_DOWN = ["province", "district", "commune", "cell"]
PATHS = {"country": [], **{level: _DOWN[: at + 1] for at, level in enumerate(_DOWN)}}
"""The columns that name a place of each level, the widest first."""

_NEVER = (0, 9999 * 12)
"""Months between which a place lives that neither begins nor ends."""


def unit_ids(summed: pd.DataFrame, checked: Checked) -> pd.Series:
    """Return the dated unit of each row's province at the end of its months; empty without one."""
    named = list(zip(summed["province"].astype(str), summed["last"].astype(int), strict=True))
    meant = units_of((pair for pair in named if pair[0]), checked.gazetteer)
    found = (meant.get(pair) for pair in named)
    ids = [unit.unit_id if isinstance(unit, Unit) else "" for unit in found]
    return pd.Series(ids, index=summed.index, dtype="str")


def eras_of_regions(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return, by row, between which months its region held the land that it holds in the row's month."""
    changes: dict[str, list[int]] = {}
    held: dict[str, frozenset[str]] = {}
    for start in sorted({_number(unit.valid_from) for unit in gazetteer.units}):
        now: dict[str, frozenset[str]] = {}
        for unit in gazetteer.on(month_text(start)):
            now[unit.region_vi] = now.get(unit.region_vi, frozenset()) | territories(unit)
        for region in held.keys() | now.keys():
            if held.get(region) != now.get(region):
                # the first map that we know begins nothing
                changes.setdefault(region, []).append(start if held else _NEVER[0])
        held = now
    found: list[tuple[int, int]] = []
    for region, number in zip(rows["region"], rows["number"], strict=True):
        starts = changes.get(str(region), [_NEVER[0]])
        at = bisect.bisect_right(starts, int(number))
        found.append((starts[at - 1], starts[at] - 1 if at < len(starts) else _NEVER[1]))
    return pd.DataFrame(found, columns=["begins", "ceases"], index=rows.index)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def regrouped(unit_ids: pd.Series, gazetteer: Gazetteer, units: int) -> pd.Series:
    """Return the unit of one map that holds each unit's land."""
    require_known("number of provinces", units, DAYS)
    found: dict[str, str] = {"": ""}
    divided: list[Unit] = []
    for unit_id in unit_ids.unique():
        if unit_id:
            unit = gazetteer.by_id(unit_id)
            holders = gazetteer.successors(unit, DAYS[units])
            found[unit_id] = holders[0].unit_id if holders else ""
            divided += [] if holders else [unit]
    if divided:
        names = ", ".join(unit.name_vi for unit in divided)
        reason = f"records of {names} speak of land that was several provinces on {DAYS[units]}"
        raise NotComparable(reason, [unit.unit_id for unit in divided])
    return unit_ids.map(found).astype("str")


def periods(summed: pd.DataFrame, every: Every, checked: Checked) -> tuple[list[str], list[str]]:
    """Return first and last month of each row; a whole year is written as a year."""
    starts, ends = [], []
    whole_register = months_of(checked)
    lives = [_life(str(one), checked.gazetteer) for one in summed["unit_id"]]
    if "begins" in summed:
        lives = list(zip(summed["begins"], summed["ceases"], strict=True))
    for first, last, slot, (begins, ceases) in zip(
        summed["first"], summed["last"], summed["slot"], lives, strict=True
    ):
        start, end = whole_register or (int(first), int(last))
        if every in LENGTH:
            start, end = int(slot) * LENGTH[every], (int(slot) + 1) * LENGTH[every] - 1
        # a unit that began or ended within the period speaks of its own months only
        if max(start, begins) <= int(first) and min(end, ceases) >= int(last):
            start, end = max(start, int(begins)), min(end, int(ceases))
        whole = every == "year" and end - start == 11
        starts.append(month_text(start)[: 4 if whole else 7])
        ends.append(month_text(end)[: 4 if whole else 7])
    return starts, ends


def _life(unit_id: str, gazetteer: Gazetteer) -> tuple[int, int]:
    """Return the first and the last month of a unit."""
    if not unit_id:
        return _NEVER
    unit = gazetteer.by_id(unit_id)
    return _number(unit.valid_from), _number(unit.valid_to) if unit.valid_to else _NEVER[1]


def areas(summed: pd.DataFrame, by: Level) -> list[str]:
    """Return the name of the place below the province; with the district where communes share a name."""
    if by == "region":
        return _regions(summed)
    if by == "country":
        # of all records together, which needn't be the country's
        return [WHOLE_REGISTER] * len(summed)
    if by in WIDE:
        return [""] * len(summed)
    names = {"district": ["district"], "commune": ["commune"]}.get(by, ["cell", "commune"])
    paths = [one for one in ("unit_id", "cell", "commune", "district") if one in summed]
    alike = summed[paths].drop_duplicates().groupby(["unit_id", *names], as_index=False).size()
    shared = summed[["unit_id", *names]].merge(alike, how="left")["size"] > 1
    areas = []
    for row, several in zip(summed.to_dict("records"), shared, strict=True):
        parts = [str(row[one]) for one in [*names, *(["district"] if several else [])]]
        areas.append(", ".join(one for one in parts if one))
    return areas


def _regions(summed: pd.DataFrame) -> list[str]:
    """Return the names of regions; with its months, in digits, where one name is two stretches of land."""
    if "begins" not in summed:
        return summed["region"].tolist()
    several = summed.groupby("region")["begins"].transform("nunique") > 1
    return [
        f"{name} ({_digits(begins)}–{_digits(ceases)})" if dated else name
        for name, begins, ceases, dated in zip(
            summed["region"], summed["begins"], summed["ceases"], several, strict=True
        )
    ]


def _digits(number: int) -> str:
    """Return a month as Vietnamese and English readers read it alike; nothing for one that never comes."""
    return "" if number in _NEVER else f"{number % 12 + 1}/{number // 12}"
