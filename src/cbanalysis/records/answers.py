"""Answers as observations: count and base of each place and period, so that every rate has an interval."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cbanalysis.errors import DataError, Fault, NotComparable, UnknownName
from cbanalysis.observations import COLUMNS
from cbanalysis.provinces import Gazetteer, Unit, territories
from cbanalysis.rates import require_comparable
from cbanalysis.records import expressions
from cbanalysis.records.checks import Checked, check, month_text, months_of
from cbanalysis.records.contract import NUMBERS, PLACES, Every, Excused, Level
from cbanalysis.records.register import Register
from cbanalysis.words import WHOLE_REGISTER

__all__ = ["attendance", "meetings_held", "over_the_year"]

_DAYS = {64: "2008-07-31", 63: "2025-06-30", 34: "2025-07-01"}
_SHOWN = 20
_NEVER = (0, 9999 * 12)
"""Months between which a place lives that neither begins nor ends."""
_LENGTH = {"month": 1, "quarter": 3, "year": 12}
_ADDED = (
    "unit_id",
    "year",
    "decimals",
    "region",
    "cell",
    "commune",
    "district",
    "months",
    "records",
    "left_out",
)
_WIDE = ("country", "region", "province")
_ADDED_UP = ("count", "base", "records", "left_out", "months", "excused")
_COUNTED = ("records", *NUMBERS, "held", "meetings", "thematic")
_SUMS = (*_COUNTED, "left_out")


def attendance(
    records: Register | Checked,
    *,
    by: Level = "province",
    every: Every = "year",
    excused: Excused = "both",
    units: Literal[64, 63, 34] | None = None,
) -> pd.DataFrame:
    """Say how many of the members due came, by place and period.

    Parameters
    ----------
    records : Register or Checked
        A register is checked first.
    by : {"cell", "commune", "district", "province", "region", "country"}
        For which places; ``"country"`` is all records together.
    every : {"month", "quarter", "year", "all"}
        For which periods; ``"all"`` is the register's, from its first month to its last.
    excused : {"in_base", "out_of_base", "both"}
        Whether members excused count among those due. No published figure says which it used, so both are
        given unless told.
    units : {64, 63, 34}, optional
        Regroup provinces to those of one map; dated units by default, so that a province or region that
        grew within a year has two rows.

    Returns
    -------
    DataFrame
        Observations (give them to `rates.add_rates`), one row a place, period and reading: ``count`` present,
        ``base`` due (``base_of`` is ``all_due``) or due without those excused (``not_excused``). Added:
        ``months`` (from first to last record), ``records`` (used), ``left_out`` (records with a fault that
        are in neither), ``excused`` (members), ``reading_gap`` (how many percentage points the rate without
        excused members lies above the other), ``region``, ``cell``, ``commune``, ``district``, ``unit_id``
        and ``year`` (unless the whole register is one period).

    Raises
    ------
    DataError
        If the register lacks the columns of the place, or has too many faults (see `check`).
    UnknownName
        If a choice is none.
    NotComparable
        If units of today are to be split into those of earlier.
    """
    for name, value, known in (("level", by, Level), ("period", every, Every), ("reading", excused, Excused)):
        _choice(name, value, known)
    checked = records if isinstance(records, Checked) else check(records)
    summed = _summed(checked, by, every, units)
    gap = _reading_gap(summed["present"], summed["due"], summed["excused"])
    readings = {
        "in_base": ("all_due", summed["due"]),
        "out_of_base": ("not_excused", summed["due"] - summed["excused"]),
    }
    parts = [
        _observed(
            summed.assign(count=summed["present"], base=base, base_of=code, reading_gap=gap),
            checked,
            by=by,
            every=every,
            indicator="meeting_attendance",
            subject="member",
        )
        for name, (code, base) in readings.items()
        if excused in (name, "both")
    ]
    return _numbered(parts)


def meetings_held(
    records: Register | Checked,
    *,
    by: Level = "province",
    every: Every = "year",
    thematic: bool = False,
    units: Literal[64, 63, 34] | None = None,
) -> pd.DataFrame:
    """Say in how many of the cell-months on record a meeting was held.

    A month without a record is not counted as one without a meeting: nobody knows. Nor is a month in which
    nobody was due: nobody could have met.

    Parameters
    ----------
    records : Register or Checked
        A register is checked first.
    by, every, units
        As in `attendance`.
    thematic : bool
        Count thematic meetings instead.

    Returns
    -------
    DataFrame
        Observations: ``count`` cell-months in which anybody was present (or whose record says that the
        meeting was thematic), ``base`` cell-months on record in which anybody was due; added columns as in
        `attendance`.

    Raises
    ------
    DataError
        If the register lacks a column that is needed, has too many faults (see `check`), or says of some
        meetings neither that they were thematic nor that they weren't.
    UnknownName
        If a choice is none.
    NotComparable
        If units of today are to be split into those of earlier.
    """
    for name, value, known in (("level", by, Level), ("period", every, Every)):
        _choice(name, value, known)
    checked = records if isinstance(records, Checked) else check(records)
    if thematic:
        _need(checked, ["thematic"], "meetings_held(thematic=True)")
        _need_yes_or_no(checked)
    summed = _summed(checked, by, every, units, scan=True)
    counted = summed["thematic" if thematic else "held"]
    made = summed.assign(
        count=counted,
        base=summed["meetings"],
        base_of="cell_months",
        definition="thematic" if thematic else "each_month",
    )
    return _numbered([_observed(made, checked, by=by, every=every, indicator="meeting_held", subject="cell")])


def over_the_year(observations: pd.DataFrame) -> pd.DataFrame:
    """Add the months of several years to the twelve months of one.

    Parameters
    ----------
    observations : DataFrame
        Months of one place, from `attendance` or `meetings_held`; those withheld are left out.

    Returns
    -------
    DataFrame
        One row a month of the year (and reading): ``month`` (1 to 12), sums of ``count``, ``base``,
        ``records``, ``left_out`` and ``excused``, the ``reading_gap`` of these sums; give it to
        `rates.add_rates`.

    Raises
    ------
    NotComparable
        When rows aren't months, or differ in more than their month and reading.
    """
    if (observations["period_start"] != observations["period_end"]).any() or (
        observations["period_start"].str.len() != 7
    ).any():
        raise NotComparable("only months make up a year's rhythm", observations["observation_id"])
    kept = observations[observations["count"].notna()]
    if kept.empty:
        return kept.assign(month=pd.Series(dtype="int64"))
    require_comparable(kept, across=("period", "base_of"))
    keys = ["base_of", "month"]
    sums = [one for one in _ADDED_UP if one in kept]
    firsts = [one for one in map(str, kept) if one not in {*keys, *sums}]
    summed = (
        kept.assign(month=kept["period_start"].str.slice(5).astype("int64"))
        .groupby(keys, as_index=False)
        .agg(**{one: (one, "first") for one in firsts}, **{one: (one, "sum") for one in sums})
    )
    summed["period_start"], summed["period_end"] = kept["period_start"].min(), kept["period_end"].max()
    summed["printed"] = _printed(summed)
    if "excused" in kept:
        due = summed["base"] + summed["excused"].where(summed["base_of"] == "not_excused", 0)
        summed["reading_gap"] = _reading_gap(summed["count"], due, summed["excused"])
    return summed[[*kept.columns, "month"]]


def _choice(kind: str, value: str, known: Any) -> None:  # noqa: ANN401 - a Literal
    if value not in get_args(known):
        raise UnknownName(kind, value, get_args(known))


def _need(checked: Checked, columns: Iterable[str], wanted_by: str) -> None:
    faults = [
        Fault(f"{wanted_by} needs this column", file=checked.register.name, column=one)
        for one in columns
        if one not in checked.register.given
    ]
    if faults:
        raise DataError(faults)


def _need_yes_or_no(checked: Checked) -> None:
    """Refuse to count thematic meetings where a record says neither yes nor no."""
    unread = expressions.undecided(checked.register.located)
    number = int(unread.count().execute())
    if not number:
        return
    rows = unread.order_by("file", "before").limit(_SHOWN).execute()
    raise DataError(
        [
            Fault(
                "neither yes nor no",
                file=file if isinstance(file, str) else checked.register.name,
                row=None if pd.isna(before) else int(before) + 1,
                column="thematic",
                value=value,
                allowed="1, x, có, yes; 0, không, no, nothing",
            )
            for file, before, value in zip(
                rows["file"], rows["before"], rows["written_thematic"].astype("str"), strict=True
            )
        ],
        f"records that don't say whether the meeting was thematic: {number}",
    )


def _reading_gap(present: pd.Series, due: pd.Series, excused: pd.Series) -> pd.Series:
    """Return how many percentage points the rate without excused members lies above the one with them."""
    without, all_due = (100 * present / base.where(base > 0) for base in (due - excused, due))
    return without - all_due


def _printed(summed: pd.DataFrame) -> list[str]:
    return [f"{one}/{other}" for one, other in zip(summed["count"], summed["base"], strict=True)]


def _summed(
    checked: Checked, by: Level, every: Every, units: int | None, *, scan: bool = False
) -> pd.DataFrame:
    """Return sums by place and period: unit, places, ``slot``, ``first``, ``last``, ``months``, sums."""
    if by in ("province", "region") or units is not None:
        _need(checked, ["province"], f"by={by!r}" if units is None else f"units={units}")
    if by in _WIDE:
        monthly = _monthly(checked) if scan else checked.tallied
        return _wide(monthly, checked.gazetteer, by, every, units)
    _need(checked, [by], f"by={by!r}")
    return _narrow(checked, by, every, units)


def _monthly(checked: Checked) -> pd.DataFrame:
    """Return `Checked.tallied` with the meetings held, from one more scan."""
    summed = _less_left_out(checked, ["province"], "month")
    summed["unit_id"] = _unit_ids(summed, checked)
    summed["number"] = summed["slot"]
    return summed.groupby(["unit_id", "number"], as_index=False)[list(_SUMS)].sum()


def _less_left_out(checked: Checked, names: list[str], every: Every) -> pd.DataFrame:
    """Return the sums of the register without the records left out."""
    table = checked.register.table
    gross: pd.DataFrame = expressions.sums(table, names, every, checked.eras).execute()
    gross[names] = gross[names].astype("object").fillna("")
    out = checked.left_out.dropna(subset="number").copy()
    number = out["number"].astype("int64")
    out["slot"] = number // _LENGTH[every] if every in _LENGTH else 0
    out["era"] = np.searchsorted(np.array(checked.eras, dtype="int64"), number.to_numpy(), side="right")
    out["held"] = (out["present"] > 0).fillna(value=False).astype("int64")
    out["meetings"] = (out["due"] > 0).fillna(value=False).astype("int64")
    out = out.assign(records=1, left_out=1, thematic=out["thematic"] * out["meetings"])
    less = out[[*names, "slot", "era", *_SUMS]].fillna(dict.fromkeys(NUMBERS, 0))
    less = less.groupby([*names, "slot", "era"], as_index=False).sum()
    keys = [*names, "slot", "era"]
    types = dict.fromkeys(names, "str") | dict.fromkeys(("slot", "era"), "int64")
    both = gross.astype(types).merge(less.astype(types), on=keys, how="left", suffixes=("", "_less"))
    for one in _COUNTED:
        both[one] = both[one].fillna(0).astype("int64") - both[f"{one}_less"].fillna(0).astype("int64")
    both["left_out"] = both["left_out"].fillna(0).astype("int64")
    return both[[*keys, "first", "last", *_SUMS]]


def _unit_ids(summed: pd.DataFrame, checked: Checked) -> pd.Series:
    """Return the dated unit of each row's province at the end of its months; empty without one."""
    found: dict[tuple[str, int], str] = {}
    for name, last in zip(summed["province"], summed["last"], strict=True):
        if (str(name), int(last)) not in found:
            try:
                unit = checked.gazetteer.find(str(name), month_text(int(last))) if name else None
            except UnknownName:
                unit = None
            found[str(name), int(last)] = unit.unit_id if unit else ""
    named = zip(summed["province"], summed["last"], strict=True)
    return pd.Series([found[str(name), int(last)] for name, last in named], index=summed.index, dtype="str")


def _narrow(checked: Checked, by: Level, every: Every, units: int | None) -> pd.DataFrame:
    """Return sums of places below the province."""
    names = {"district": ["province", "district"], "commune": ["province", "district", "commune"]}.get(
        by, [*PLACES[::-1], "cell"]
    )
    summed = _less_left_out(checked, names, every)
    summed["unit_id"] = _unit_ids(summed, checked)
    if units is not None:
        summed["unit_id"] = _regrouped(summed["unit_id"], checked.gazetteer, units)
    keys = ["unit_id", *names[1:], "slot"]
    grouped = summed.groupby(keys, as_index=False).agg(
        first=("first", "min"),
        last=("last", "max"),
        **{one: (one, "sum") for one in _SUMS},
    )
    grouped["months"] = grouped["last"] - grouped["first"] + 1
    return grouped[grouped["records"] > 0].reset_index(drop=True)


def _wide(
    monthly: pd.DataFrame, gazetteer: Gazetteer, by: Level, every: Every, units: int | None
) -> pd.DataFrame:
    """Return sums of provinces, regions or the country from those of provinces and months."""
    rows = monthly.copy()
    if units is not None:
        rows["unit_id"] = _regrouped(rows["unit_id"], gazetteer, units)
    rows["slot"] = rows["number"] // _LENGTH[every] if every in _LENGTH else 0
    rows["region"] = [gazetteer.by_id(one).region_vi if one else "" for one in rows["unit_id"]]
    place = {"province": ["unit_id"], "region": ["region"], "country": []}[by]
    if by == "region" and units is None:
        # the same name is other land after a merger: dated, as provinces are
        rows = rows.join(_eras_of_regions(rows, gazetteer))
        place = [*place, "begins", "ceases"]
    present = [one for one in _SUMS if one in rows]
    summed = rows.groupby([*place, "slot"], as_index=False).agg(
        first=("number", "min"),
        last=("number", "max"),
        **{one: (one, "sum") for one in present},
    )
    summed = summed[summed["records"] > 0]
    # of the rows that stay: a frame without rows takes on those of what it is given
    summed = summed.assign(months=summed["last"] - summed["first"] + 1)
    return summed.reset_index(drop=True) if by == "province" else summed.assign(unit_id="")


def _eras_of_regions(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
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


def _regrouped(unit_ids: pd.Series, gazetteer: Gazetteer, units: int) -> pd.Series:
    """Return the unit of one map that holds each unit's land."""
    if units not in _DAYS:
        raise UnknownName("number of provinces", units, (str(one) for one in _DAYS))
    found: dict[str, str] = {"": ""}
    divided: list[Unit] = []
    for unit_id in unit_ids.unique():
        if unit_id:
            unit = gazetteer.by_id(unit_id)
            holders = gazetteer.successors(unit, _DAYS[units])
            found[unit_id] = holders[0].unit_id if holders else ""
            divided += [] if holders else [unit]
    if divided:
        names = ", ".join(unit.name_vi for unit in divided)
        reason = f"records of {names} speak of land that was several provinces on {_DAYS[units]}"
        raise NotComparable(reason, [unit.unit_id for unit in divided])
    return unit_ids.map(found).astype("str")


def _observed(  # noqa: PLR0913 - the columns that a register doesn't have
    summed: pd.DataFrame, checked: Checked, *, by: Level, every: Every, indicator: str, subject: str
) -> pd.DataFrame:
    """Return sums as observations."""
    gazetteer = checked.gazetteer
    blank = {
        one: "" for one in COLUMNS if one not in ("count", "base", "percent", "percent_max", "count_max")
    }
    starts, ends = _periods(summed, every, checked)
    columns: dict[str, Any] = {
        **blank,
        "indicator": indicator,
        "subject": subject,
        "geo_level": by,
        "province": [gazetteer.by_id(one).name_vi if one else "" for one in summed["unit_id"]],
        "province_basis": "stated",
        "area": _areas(summed, by),
        "period_start": starts,
        "period_end": ends,
        "period_basis": "stated",
        "count": summed["count"].astype("Int64"),
        "base": summed["base"].where(summed["base"] > 0).astype("Int64"),
        "percent": np.nan,
        "percent_max": np.nan,
        "count_max": pd.array([pd.NA] * len(summed), dtype="Int64"),
        "printed": _printed(summed),
        "qualifier": "exact",
        "aggregation": "cumulative",
        "complement": False,
        "source_id": checked.register.name,
        "base_of": summed["base_of"],
        "definition": summed.get("definition", ""),
        "unit_id": summed["unit_id"],
        "year": (summed["last"] // 12).astype("Int64"),
        "decimals": pd.array([pd.NA] * len(summed), dtype="Int64"),
        "region": summed["region"]
        if "region" in summed
        else [gazetteer.by_id(one).region_vi if one else "" for one in summed["unit_id"]],
        **{one: summed.get(one, "") for one in ("cell", "commune", "district")},
        **{one: summed[one].astype("int64") for one in ("months", "records", "left_out")},
    }
    if every == "all":
        # the register as a whole belongs to no one year
        del columns["year"]
    extra = {
        one: summed[one]
        for one in ("excused", "reading_gap")
        if one in summed and indicator != "meeting_held"
    }
    frame = pd.DataFrame({**columns, **extra}, index=summed.index)
    texts = {
        one: "str"
        for one in (*blank, "unit_id", "region", "cell", "commune", "district")
        if one != "complement"
    }
    frame = frame.astype(texts)
    order = ["period_start", "province", "district", "commune", "cell", "area"]
    added = [one for one in _ADDED if one in frame]
    return frame[[*COLUMNS, *added, *extra]].sort_values(order, kind="stable", ignore_index=True)


def _periods(summed: pd.DataFrame, every: Every, checked: Checked) -> tuple[list[str], list[str]]:
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
        if every in _LENGTH:
            start, end = int(slot) * _LENGTH[every], (int(slot) + 1) * _LENGTH[every] - 1
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


def _areas(summed: pd.DataFrame, by: Level) -> list[str]:
    """Return the name of the place below the province; with the district where communes share a name."""
    if by == "region":
        return _regions(summed)
    if by == "country":
        # of all records together, which needn't be the country's
        return [WHOLE_REGISTER] * len(summed)
    if by in _WIDE:
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


def _numbered(parts: list[pd.DataFrame]) -> pd.DataFrame:
    together = pd.concat(parts, ignore_index=True)
    ids = [f"R{number:06d}" for number in range(1, len(together) + 1)]
    return together.assign(observation_id=pd.Series(ids, dtype="str"))
