"""Attendance as observations: count and base of each place and period, so that every rate has an interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from cbanalysis.common.errors import DataError, Fault, NotComparable, require_known
from cbanalysis.dataset.observations.given_frames import plain, reads
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.records import dated_places
from cbanalysis.records.checked_register import Checked, check, less
from cbanalysis.records.contract import NUMBERS, PLACES, Every, Excused, Level
from cbanalysis.records.fault_criteria import era_of, month_number
from cbanalysis.records.register_opening import Register, require_columns
from cbanalysis.statistics.rates import require_comparable

_SHOWN = 20
_ADDED = (
    "unit_id", "year", "decimals", "region", "cell", "commune", "district", "months", "records", "left_out",
)  # fmt: skip
_OF_PEOPLE = ("excused", "exempt", "reading_gap")
_TYPES = {
    **dict.fromkeys(("region", "cell", "commune", "district"), "str"),
    **dict.fromkeys(("months", "records", "left_out"), "int64"),
    **dict.fromkeys(("count", "base"), "Int64"),
}
_ADDED_UP = ("count", "base", "records", "left_out", "months", "excused", "exempt")
_READINGS = {"both": ("in_base", "out_of_base"), "all": ("in_base", "out_of_base", "exempt_out")}
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
    excused : {"in_base", "out_of_base", "exempt_out", "both", "all"}
        Who counts among those due. ``"in_base"``: all that the register counts; ``"out_of_base"``: neither
        those excused nor those exempt; ``"exempt_out"``: those excused, not those exempt, as the guidance of
        2025 has it. No published figure says which it used, so the first two are given unless told;
        ``"all"`` gives three.
    units : {64, 63, 34}, optional
        Regroup provinces to those of one map; dated units by default, so that a province or region that
        grew within a year, came to another region or only got another id (Thanh Hóa in July 2025) has two
        rows.

    Returns
    -------
    DataFrame
        Observations (give them to `rates.add_rates`), one row a place, period and reading: ``count`` present,
        ``base`` due (``base_of`` is ``all_due``), without those excused (``not_excused``) or without those
        exempt only (``without_exempt``). Added:
        ``months`` (from first to last record), ``records`` (used), ``left_out`` (records of cells with a
        fault that are in neither; of a place that has no others, ``records`` is 0 and it has no count),
        ``excused`` (members), ``exempt`` (members among those due, where the register counts
        them so), ``reading_gap`` (how many percentage points the rate without
        excused members lies above the one of all due),
        ``region``, ``cell``, ``commune``, ``district``, ``unit_id``
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
        require_known(name, value, get_args(known))
    checked = records if isinstance(records, Checked) else check(records)
    summed = _summed(checked, by, every, units)
    counted = checked.register.exempt == "in_due"
    all_due = summed["due"] + (summed["exempt"] if counted else 0)
    without = summed["due"] - summed["excused"]
    gap = _reading_gap(summed["present"], all_due, without)
    readings = {
        "in_base": ("all_due", all_due),
        "out_of_base": ("not_excused", without),
        "exempt_out": ("without_exempt", summed["due"]),
    }
    asked = _READINGS.get(excused, (excused,))
    summed = summed if counted else summed.drop(columns="exempt")
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
        if name in asked
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
        require_known(name, value, get_args(known))
    checked = records if isinstance(records, Checked) else check(records)
    if thematic:
        require_columns(["thematic"], checked.register, "meetings_held(thematic=True) needs")
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


@reads
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
        exempt = summed.get("exempt", 0)
        asked = summed["base"] + summed["excused"].where(summed["base_of"] == "not_excused", 0)
        asked -= exempt * (summed["base_of"] == "all_due")
        summed["reading_gap"] = _reading_gap(summed["count"], asked + exempt, asked - summed["excused"])
    return summed[[*kept.columns, "month"]]


def _need_yes_or_no(checked: Checked) -> None:
    """Refuse to count thematic meetings where a record says neither yes nor no."""
    located = checked.register.located
    unread = located.filter(located["thematic"].isnull())  # noqa: PD003 -- ibis has no other name for it
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


def _reading_gap(present: pd.Series, all_due: pd.Series, without: pd.Series) -> pd.Series:
    """Return how many percentage points the rate without excused members lies above the one with them."""
    high, low = (100 * present / base.where(base > 0) for base in (without, all_due))
    return high - low


def _printed(summed: pd.DataFrame) -> list[str]:
    return [f"{one}/{other}" for one, other in zip(summed["count"], summed["base"], strict=True)]


def _summed(
    checked: Checked, by: Level, every: Every, units: int | None, *, scan: bool = False
) -> pd.DataFrame:
    """Return sums by place and period: unit, places, ``slot``, ``first``, ``last``, ``months``, sums."""
    if by in ("province", "region") or units is not None:
        wanted_by = f"by={by!r}" if units is None else f"units={units}"
        require_columns(["province"], checked.register, f"{wanted_by} needs")
    if by in dated_places.WIDE:
        monthly = _monthly(checked) if scan else checked.tallied
        return _wide(monthly, checked.gazetteer, by, every, units)
    require_columns([by], checked.register, f"by={by!r} needs")
    return _narrow(checked, by, every, units)


def _monthly(checked: Checked) -> pd.DataFrame:
    """Return `Checked.tallied` with the meetings held, from one more scan."""
    summed = _less_left_out(checked, ["province"], "month")
    summed["unit_id"] = dated_places.unit_ids(summed, checked)
    summed["number"] = summed["slot"]
    return summed.groupby(["unit_id", "number"], as_index=False)[list(_SUMS)].sum()


def _less_left_out(checked: Checked, names: list[str], every: Every) -> pd.DataFrame:
    """Return the sums of the register without the records left out."""
    table = checked.register.table
    gross: pd.DataFrame = _sums(table, names, every, checked.eras).execute()
    gross[names] = gross[names].astype("object").fillna("")
    out = _marked(checked.left_out, checked, every).assign(records=1)
    out["left_out"] = out["own"].astype("int64")
    out = pd.concat([out, _meetings_again(checked, every)], ignore_index=True)
    out[names] = out[names].astype("object").fillna("")
    keys = [*names, "slot", "era"]
    summed = less(gross, out, keys, _COUNTED, first="min", last="max")
    return summed[[*keys, "first", "last", *_SUMS]]


def _marked(rows: pd.DataFrame, checked: Checked, every: Every) -> pd.DataFrame:
    """Return records with their slot and era, and with what they count as cell-months."""
    dated = rows.dropna(subset="number").copy()
    number = dated["number"].astype("int64")
    dated["slot"] = number // dated_places.LENGTH[every] if every in dated_places.LENGTH else 0
    dated["era"] = np.searchsorted(np.array(checked.eras, dtype="int64"), number.to_numpy(), side="right")
    dated["held"] = (dated["present"] > 0).fillna(value=False).astype("int64")
    dated["meetings"] = (dated["due"] > 0).fillna(value=False).astype("int64")
    return dated.assign(thematic=dated["thematic"] * dated["meetings"])


def _meetings_again(checked: Checked, every: Every) -> pd.DataFrame:
    """Return what several meetings of a cell in one month count too often: a cell-month is one."""
    rows = checked.faults[checked.faults["kind"] == "several_meetings"]
    rows = _marked(rows[~rows["record"].isin(checked.left_out["record"])], checked, every)
    counted = ["held", "meetings", "thematic"]
    months = rows.groupby(["cell", *PLACES, "number", "slot", "era"])[counted]
    extra = (months.sum() - months.max()).reset_index()
    return extra.assign(**dict.fromkeys((*NUMBERS, "records", "left_out"), 0))


def _narrow(checked: Checked, by: Level, every: Every, units: int | None) -> pd.DataFrame:
    """Return sums of places below the province."""
    names = dated_places.PATHS[by]
    summed = _less_left_out(checked, names, every)
    summed["unit_id"] = dated_places.unit_ids(summed, checked)
    if units is not None:
        summed["unit_id"] = dated_places.regrouped(summed["unit_id"], checked.gazetteer, units)
    keys = ["unit_id", *names[1:], "slot"]
    grouped = summed.groupby(keys, as_index=False).agg(
        first=("first", "min"), last=("last", "max"), **{one: (one, "sum") for one in _SUMS}
    )
    grouped["months"] = grouped["last"] - grouped["first"] + 1
    named = grouped[by].str.strip() != ""
    if "province" in checked.register.given:
        named &= grouped["unit_id"] != ""
    return _on_record(grouped, named).reset_index(drop=True)


def _on_record(summed: pd.DataFrame, named: pd.Series) -> pd.DataFrame:
    """Return the sums of places with records that count, and those of a known place that has only others."""
    return summed[(summed["records"] > 0) | (named & (summed["left_out"] > 0))]


def _wide(
    monthly: pd.DataFrame, gazetteer: Gazetteer, by: Level, every: Every, units: int | None
) -> pd.DataFrame:
    """Return sums of provinces, regions or the country from those of provinces and months."""
    rows = monthly.copy()
    if units is not None:
        rows["unit_id"] = dated_places.regrouped(rows["unit_id"], gazetteer, units)
    rows["slot"] = rows["number"] // dated_places.LENGTH[every] if every in dated_places.LENGTH else 0
    rows["region"] = [gazetteer.by_id(one).region_vi if one else "" for one in rows["unit_id"]]
    place = {"province": ["unit_id"], "region": ["region"], "country": []}[by]
    if by == "region" and units is None:
        # the same name is other land after a merger: dated, as provinces are
        rows = rows.join(dated_places.eras_of_regions(rows, gazetteer))
        place = [*place, "begins", "ceases"]
    present = [one for one in _SUMS if one in rows]
    summed = rows.groupby([*place, "slot"], as_index=False).agg(
        first=("number", "min"), last=("number", "max"), **{one: (one, "sum") for one in present}
    )
    summed = _on_record(summed, summed[place[0]] != "" if place else summed["records"] >= 0)
    # of the rows that stay: a frame without rows takes on those of what it is given
    summed = summed.assign(months=summed["last"] - summed["first"] + 1)
    return summed.reset_index(drop=True) if by == "province" else summed.assign(unit_id="")


def _observed(  # noqa: PLR0913 - the columns that a register doesn't have
    summed: pd.DataFrame, checked: Checked, *, by: Level, every: Every, indicator: str, subject: str
) -> pd.DataFrame:
    """Return sums as observations."""
    starts, ends = dated_places.periods(summed, every, checked)
    some = summed["records"] > 0
    units = [checked.gazetteer.by_id(one) if one else None for one in summed["unit_id"]]
    made = summed.assign(
        indicator=indicator,
        subject=subject,
        geo_level=by,
        province=[unit.name_vi if unit else "" for unit in units],
        province_basis="stated",
        area=dated_places.areas(summed, by),
        period_start=starts,
        period_end=ends,
        period_basis="stated",
        count=summed["count"].where(some),
        base=summed["base"].where(summed["base"] > 0),
        printed=pd.Series(_printed(summed), index=summed.index).where(some, ""),
        qualifier="exact",
        aggregation="cumulative",
        source_id=checked.register.name,
        year=(summed["last"] // 12).astype("Int64"),
        **{one: summed.get(one, "") for one in ("cell", "commune", "district")},
        region=summed.get("region", [unit.region_vi if unit else "" for unit in units]),
    )
    # the register as a whole belongs to no one year
    added = [one for one in _ADDED if one != "year" or every != "all"]
    extra = [] if indicator == "meeting_held" else [one for one in _OF_PEOPLE if one in made]
    frame = plain(made.reindex(columns=[*COLUMNS, *added, *extra]), "attendance")
    order = ["period_start", "province", "district", "commune", "cell", "area"]
    return frame.astype(_TYPES).sort_values(order, kind="stable", ignore_index=True)


def _numbered(parts: list[pd.DataFrame]) -> pd.DataFrame:
    together = pd.concat(parts, ignore_index=True)
    ids = [f"R{number:06d}" for number in range(1, len(together) + 1)]
    return together.assign(observation_id=pd.Series(ids, dtype="str"))


def _sums(table: ir.Table, names: Iterable[str], every: Every, eras: Sequence[int]) -> ir.Table:
    """Return the sums of places and periods (``slot``: months, quarters or years since the year 0).

    Apart by ``era``, too: after a merger the same name may mean more land. ``held`` are records with anybody
    present, ``meetings`` those with anybody due, ``thematic`` some of these.
    """
    number = month_number(table["month"])
    slot = number // dated_places.LENGTH[every] if every in dated_places.LENGTH else ibis.literal(0, "int64")
    marked = table.drop_null("month").mutate(
        number=number,
        slot=slot.cast("int64"),
        era=era_of(number, eras),
        anybody=_one_where(table["present"] > 0),
        asked=_one_where(table["due"] > 0),
    )
    return marked.group_by(*names, "slot", "era").agg(
        first=marked["number"].min(),
        last=marked["number"].max(),
        records=marked.count(),
        **{name: marked[name].sum() for name in NUMBERS},
        held=marked["anybody"].sum(),
        meetings=marked["asked"].sum(),
        thematic=(marked["thematic"] * marked["asked"]).sum(),
    )


def _one_where(condition: ir.Value) -> ir.Value:
    return ibis.coalesce(condition, ibis.literal(value=False)).cast("int64")
