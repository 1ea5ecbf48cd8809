"""Attendance by class, as guidance asks: each month of each cell by the rule in force, or by one rule."""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd

from cbanalysis.common.errors import require_known
from cbanalysis.dataset.catalogue.attendance_rules import AttendanceClass, AttendanceRule, attendance_rules
from cbanalysis.records.checked_register import Checked, check
from cbanalysis.records.contract import NUMBERS, PLACES, Every
from cbanalysis.records.dated_places import LENGTH, PATHS, areas, periods, unit_ids
from cbanalysis.records.fault_criteria import era_of, month_number
from cbanalysis.records.register_opening import Register, require_columns

Absent = Literal["recorded", "rest"]
ClassLevel = Literal["cell", "commune", "district", "province", "country"]

_KEYS = ["cell", *PLACES, "number"]
_SHARES = 100
"""Of a percent: bounds are compared as whole numbers, so that 90 % of 20 is exactly 18."""


def classes(
    records: Register | Checked,
    *,
    by: ClassLevel = "commune",
    every: Every = "quarter",
    rule: str | None = None,
    absent: Absent = "recorded",
) -> pd.DataFrame:
    """Count the months of cells by the class that a rule on attendance gives them.

    Parameters
    ----------
    records : Register or Checked
        A register is checked first. The base of a month is those due without the exempt, the excused among
        them; several meetings of a cell in a month are added up.
    by : {"cell", "commune", "district", "province", "country"}
        For which places; ``"country"`` is all records together.
    every : {"month", "quarter", "year", "all"}
        For which periods; a province that got another id within one has two rows, as in `attendance`.
    rule : str, optional
        The rule for all months, e.g. ``"hd42"``; by default each month's own: the last one dated before it
        began.
    absent : {"recorded", "rest"}
        Who was absent without a reason: those of the column ``absent_without_reason``, or all who neither
        came nor were excused.

    Returns
    -------
    DataFrame
        One row a place, period, rule and class, those without a month too: ``geo_level``, ``province``,
        ``district``, ``commune``, ``cell``, ``area``, ``period_start``, ``period_end``, ``rule_id``,
        ``class_id``, ``count`` (cell-months of the class), ``base`` (cell-months under the rule in which
        anybody was due), ``share`` (percent), ``unexplained`` (cell-months of the class with members absent
        of whom the register doesn't say why). Months older than all rules have an empty ``rule_id``.

    Raises
    ------
    DataError
        If the register lacks a column that is needed, or has too many faults.
    UnknownName
        If there is no such rule, level or period.
    """
    for kind, choice, known in (("level", by, PATHS), ("period", every, (*LENGTH, "all"))):
        require_known(kind, choice, known)
    rules = attendance_rules(rule)
    checked = records if isinstance(records, Checked) else check(records)
    needed = [*PATHS[by][-1:], "absent_without_reason" if absent == "recorded" else "excused"]
    hints = {"absent_without_reason": 'or absent="rest": all who neither came nor were excused'}
    require_columns(needed, checked.register, "classes need", hints)
    names = PATHS[by]
    counted = [_classed(part, rules, rule, absent) for part in _cell_months(checked)]
    slot = LENGTH.get(every)
    parts: list[pd.DataFrame] = []
    for part in counted:
        placed = part.mutate(
            slot=(part["number"] // slot if slot else ibis.literal(0, "int64")).cast("int64"),
            era=era_of(part["number"], checked.eras),
        )
        keys = [*names, "slot", "era", "class_id"]
        months = placed["number"]
        sums = {"first": months.min(), "last": months.max(), "count": placed.count()}
        parts.append(placed.group_by(keys).agg(**sums, unexplained=placed["unexplained"].sum()).execute())
    return _shaped(pd.concat(parts, ignore_index=True), checked, by, every, rules)


def year_classes(records: Register | Checked, *, rule: str, absent: Absent = "recorded") -> pd.DataFrame:
    """Give each cell the class of its year, which follows from its months.

    Parameters
    ----------
    records, absent
        As in `classes`.
    rule : str
        The rule for all months.

    Returns
    -------
    DataFrame
        One row a cell and year, also where its province grew within it: the places, ``period_start`` (the
        year), ``months`` (on record with anybody due), a column of months for each class, and ``class_id``;
        empty where the rule for a year doesn't tell: only classes with ``year_months`` in
        data/attendance_rules.csv have such a rule.

    Raises
    ------
    DataError, UnknownName
        As in `classes`.
    """
    counted = classes(records, by="cell", every="year", rule=rule, absent=absent)
    (chosen,) = attendance_rules(rule)
    order = [one.class_id for one in chosen.classes]
    counted["period_start"] = counted["period_start"].str.slice(0, 4)
    keys = ["province", "district", "commune", "cell", "period_start"]
    wide = counted.pivot_table(index=keys, columns="class_id", values="count", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=order, fill_value=0).astype("int64").reset_index()
    wide.columns.name = None
    wide.insert(len(keys), "months", wide[order].sum(axis="columns"))
    wide["class_id"] = ""
    for one in reversed(chosen.classes):
        if one.year_months is not None:
            least = order.index(one.year_floor or order[-1])
            enough = wide[order[: order.index(one.class_id) + 1]].sum(axis="columns") >= one.year_months
            held = wide[order[: least + 1]].sum(axis="columns") == wide["months"]
            wide["class_id"] = wide["class_id"].mask(enough & held, one.class_id)
    return wide


def _cell_months(checked: Checked) -> list[ir.Table]:
    """Return the sums of each cell and month without the records left out.

    Months with such records are few: they are taken out, added up here and put beside the others.
    """
    table = checked.register.table
    table = table.drop_null(["month", "cell"])
    blank = ibis.literal("")
    table = table.mutate(
        number=month_number(table["month"]), **{name: ibis.coalesce(table[name], blank) for name in PLACES}
    )
    numbers = {
        name: ibis.coalesce(table[name].cast("int64").sum(), ibis.literal(0, "int64")) for name in NUMBERS
    }
    months = table.group_by(_KEYS).agg(records=table.count(), **numbers)
    out = checked.left_out.dropna(subset=["number"])
    out = out[out["cell"] != ""]
    if out.empty:
        return [months]
    sums = ["records", *NUMBERS]
    less = out.assign(records=1)[[*_KEYS, *sums]].fillna(dict.fromkeys(NUMBERS, 0))
    less = less.groupby(_KEYS, as_index=False)[sums].sum()
    texts = dict.fromkeys(_KEYS[:-1], "object")
    kinds = dict.fromkeys(_KEYS[:-1], "string") | {"number": "int64"}
    keys = ibis.memtable(less[_KEYS].astype(texts | {"number": "int64"}), schema=kinds)
    some: pd.DataFrame = months.semi_join(keys, _KEYS).execute()
    both = some.merge(less.astype({"number": "int64"}), on=_KEYS, suffixes=("", "_less"))
    net = both[_KEYS].assign(**{name: (both[name] - both[f"{name}_less"]).astype("int64") for name in sums})
    net = net[net["records"] > 0].astype(texts)
    rest = ibis.memtable(net, schema=kinds | dict.fromkeys(sums, "int64"))
    return [months.anti_join(keys, _KEYS), rest]


def _classed(
    months: ir.Table, rules: tuple[AttendanceRule, ...], chosen: str | None, absent: Absent
) -> ir.Table:
    """Return the months in which anybody was due, with ``class_id`` and ``unexplained``."""
    asked = months.filter(months["due"] > 0)
    rest = asked["due"] - asked["present"] - asked["excused"]
    without = asked["absent_without_reason"] if absent == "recorded" else rest
    branches: list[tuple[ir.Value, str]] = []
    for rule in reversed(rules):
        inside = ibis.literal(value=True) if chosen else asked["number"] >= rule.first_month()
        branches += [(inside & _reached(asked, one, without), one.class_id) for one in rule.classes]
    return asked.mutate(
        class_id=ibis.cases(*branches, else_="") if branches else ibis.literal(""),
        unexplained=(rest > without).cast("int64"),
    )


def _reached(months: ir.Table, one: AttendanceClass, without: ir.Value) -> ir.Value:
    conditions: list[ir.Value] = []
    came = months["present"] * 100 * _SHARES
    if one.at_least is not None:
        conditions.append(came >= months["due"] * round(one.at_least * _SHARES))
    if one.above is not None:
        conditions.append(came > months["due"] * round(one.above * _SHARES))
    if one.absent_allowed == "no":
        conditions.append(without <= 0)
    return ibis.and_(*conditions)


def _shaped(
    counted: pd.DataFrame, checked: Checked, by: ClassLevel, every: Every, rules: tuple[AttendanceRule, ...]
) -> pd.DataFrame:
    """Return counts of classes with places and periods in words, and a row for classes without a month."""
    names = PATHS[by]
    counted[names] = counted[names].astype("object").fillna("").astype("str")
    counted["unit_id"] = unit_ids(counted, checked) if names else ""
    place = ["unit_id", *names[1:], "slot"]
    counted = counted.groupby([*place, "class_id"], as_index=False).agg(
        first=("first", "min"),
        last=("last", "max"),
        count=("count", "sum"),
        unexplained=("unexplained", "sum"),
    )
    rule_of = {one.class_id: rule.rule_id for rule in rules for one in rule.classes} | {"": ""}
    counted["rule_id"] = counted["class_id"].map(rule_of)
    whole = counted.groupby([*place, "rule_id"], as_index=False).agg(
        first=("first", "min"), last=("last", "max"), base=("count", "sum")
    )
    order = [one.class_id for rule in rules for one in rule.classes]
    every_class = pd.DataFrame({"class_id": ["", *order]}).assign(order=range(len(order) + 1))
    every_class["rule_id"] = every_class["class_id"].map(rule_of)
    rows = whole.merge(every_class, on="rule_id").merge(
        counted.drop(columns=["first", "last"]), on=[*place, "rule_id", "class_id"], how="left"
    )
    rows[["count", "unexplained"]] = rows[["count", "unexplained"]].fillna(0).astype("int64")
    starts, ends = periods(rows, every, checked)
    gazetteer = checked.gazetteer
    texts = {name: rows.get(name, "") for name in ("district", "commune", "cell")}
    shaped = rows.assign(
        geo_level=by,
        province=[gazetteer.by_id(one).name_vi if one else "" for one in rows["unit_id"]],
        area=areas(rows, by),
        period_start=starts,
        period_end=ends,
        share=100 * rows["count"] / rows["base"],
        **texts,
    )
    shaped = shaped.sort_values(
        ["period_start", "province", "district", "commune", "cell", "order"], kind="stable"
    )
    columns = [
        "geo_level", "province", "district", "commune", "cell", "area", "period_start", "period_end",
        "rule_id", "class_id", "count", "base", "share", "unexplained",
    ]  # fmt: skip
    return shaped[columns].reset_index(drop=True)
