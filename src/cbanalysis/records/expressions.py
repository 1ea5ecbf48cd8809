"""Sums of a register as ibis expressions: the same for DuckDB, Spark and whatever else ibis speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from cbanalysis.records.contract import NUMBERS, Every


def counted(table: ir.Table) -> tuple[str, ...]:
    """Return the numbers that a table has of its own: those not given are one 0 for all records."""
    found = []
    for name in NUMBERS:
        value: ops.Node | None = table[name].op()
        while isinstance(value, ops.Field) and isinstance(value.rel, ops.Project):
            value = value.rel.values[value.name]
        found += [] if isinstance(value, ops.Literal) else [name]
    return tuple(found)


def month_number(month: ir.Value) -> ir.Value:
    """Return months counted from the year 0, so that neighbours differ by one."""
    return (month.year() * 12 + month.month() - 1).cast("int64")


def era_of(number: ir.Value, eras: Sequence[int]) -> ir.Value:
    """Return how many of the eras have begun by a month, all as `month_number` counts."""
    return reduce(
        lambda one, start: one + (number >= start).cast("int64"), eras, ibis.literal(0, "int64")
    ).cast("int64")


def sound(table: ir.Table) -> ir.Value:
    """Return whether a record's numbers can be right as they stand; null where one of them is missing."""
    least = (table[name] >= 0 for name in counted(table) if name != "due")
    return reduce(lambda left, right: left & right, least) & (parts_of_due(table) <= table["due"])


def parts_of_due(table: ir.Table) -> ir.Value:
    """Return how many of those due a record accounts for: present, excused, absent without a reason."""
    # wider than the file's own whole numbers may be, so that no sum of two runs over
    parts = (table[name] for name in ("excused", "absent_without_reason") if name in counted(table))
    return reduce(lambda one, other: one + other, parts, table["present"].cast("int64"))


def unknown(table: ir.Table, provinces: Mapping[str | None, Sequence[int]]) -> ir.Value:
    """Return whether a record names no province that there was.

    Parameters
    ----------
    table : ibis table
        Records.
    provinces : mapping of str or None to sequence of int
        Names that meant no province, each with the months, as `month_number` counts.

    Returns
    -------
    ibis value
    """
    number = month_number(table["month"])
    found = [
        (table["province"].isnull() if name is None else table["province"] == name)
        & number.isin(list(months))
        for name, months in provinces.items()
    ]
    either = reduce(lambda one, other: one | other, found, ibis.literal(value=False))
    return ibis.coalesce(either, ibis.literal(value=False))


def tally(table: ir.Table) -> ir.Table:
    """Return the sums of each province (as written) and day, with the ``number`` of its month.

    Whatever is asked about attendance of provinces, regions or the country follows from these few rows.
    """
    own = counted(table)
    summed = table.group_by("province", "month").agg(
        records=table.count(), **{name: table[name].sum() for name in own}
    )
    none = {name: ibis.literal(0, "int64") for name in NUMBERS if name not in own}
    # numbered by the engine, for Python has no day after the year 9999
    return summed.mutate(number=month_number(summed["month"]), **none).drop("month")


def undecided(located: ir.Table) -> ir.Table:
    """Return the records that say neither yes nor no of whether the meeting was thematic."""
    return located.filter(located["thematic"].isnull())


def sums(table: ir.Table, names: Iterable[str], every: Every, eras: Sequence[int]) -> ir.Table:
    """Return the sums of places and periods.

    Parameters
    ----------
    table : ibis table
        The records.
    names : iterable of str
        The columns of the place, e.g. province, district, commune.
    every : {"month", "quarter", "year", "all"}
        How long a period is.
    eras : sequence of int
        The first months of later maps of provinces within the register: the same name may mean more land in
        the next era.

    Returns
    -------
    ibis table
        ``names``, ``slot`` (months, quarters or years since the year 0), ``era``, ``first``, ``last``
        (months), ``records``, the sums of the numbers, ``held`` (records with anybody present),
        ``meetings`` (with anybody due) and ``thematic`` (of these).
    """
    length = {"month": 1, "quarter": 3, "year": 12}
    number = month_number(table["month"])
    slot = number // length[every] if every in length else ibis.literal(0, "int64")
    marked = table.filter(table["month"].notnull()).mutate(
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
