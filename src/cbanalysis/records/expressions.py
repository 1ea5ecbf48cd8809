"""The questions, each one ibis expression: the same for DuckDB, Spark and whatever else ibis speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from cbanalysis.records.contract import NUMBERS, Every

__all__ = [
    "BLOCK",
    "JUMP_FACTOR",
    "JUMP_LEAST",
    "Suspects",
    "cells",
    "faulty",
    "month_number",
    "sums",
    "tally",
]

JUMP_FACTOR, JUMP_LEAST = 3, 15
"""Members due jump where one record is at least so many times, and so many members, above the one before."""

BLOCK = 45
"""Months whose set fits into one sum of powers of two without reaching the 63rd bit, repeats included."""


def month_number(month: ir.Value) -> ir.Value:
    """Return months counted from the year 0, so that neighbours differ by one."""
    return (month.year() * 12 + month.month() - 1).cast("int64")


def _sound(table: ir.Table) -> ir.Value:
    """Return whether a record's month and numbers can be right as they stand; null counts as no."""
    right = (
        table["month"].notnull()
        & (table["present"] >= 0)
        & (table["excused"] >= 0)
        & (table["present"] + table["excused"] <= table["due"])
    )
    return ibis.coalesce(right, ibis.literal(value=False))


def tally(table: ir.Table) -> ir.Table:
    """Return the sums of each province (as written) and month, and how many records can't be right.

    One pass. Whatever is asked about provinces, regions or the country follows from these few rows.
    """
    marked = table.mutate(wrong=(~_sound(table)).cast("int64"))
    return marked.group_by("province", "month").agg(
        records=marked.count(),
        **{name: marked[name].sum() for name in NUMBERS},
        wrong=marked["wrong"].sum(),
    )


def cells(table: ir.Table, identity: Sequence[str], first: int, last: int, eras: Sequence[int]) -> ir.Table:
    """Return what tells, of each cell, whether its records may contradict each other.

    Parameters
    ----------
    table : ibis table
        The records.
    identity : sequence of str
        The columns that tell one cell from another.
    first, last : int
        First and last month of the register, as `month_number` counts.
    eras : sequence of int
        The first months of later maps of provinces within the register: places are compared within a map.

    Returns
    -------
    ibis table
        ``identity``, ``records``, ``due_low``, ``due_high``; ``months_0`` and so on: for each `BLOCK` of
        months the sum of 2 to the power of each record's month. A sum of n powers of two has n bits set
        exactly when all n differ: so a repeated month shows, whatever the order and however many months lack.
        ``place_low_0``, ``place_high_0`` and so on: least and greatest hash of the place in each era, equal
        when the cell stays; without them where a cell is known by its place.
    """
    # a record without its cell belongs to none
    table = table.filter(table["cell"].notnull())
    number = month_number(table["month"])
    columns: dict[str, ir.Value] = {}
    for block in range((last - first) // BLOCK + 1):
        start = first + block * BLOCK
        power = ibis.literal(1, "int64") << (number - start)
        columns[f"bit_{block}"] = number.between(start, start + BLOCK - 1).ifelse(
            power, ibis.literal(0, "int64")
        )
    moving = tuple(identity) == ("cell",)
    if moving:
        place = _place(table)
        for era, inside in enumerate(_eras(number, eras)):
            columns[f"place_{era}"] = place if not eras else inside.ifelse(place, ibis.null("int64"))
    marked = table.mutate(**columns)
    found: dict[str, ir.Value] = {
        "records": marked.count(),
        "due_low": marked["due"].min(),
        "due_high": marked["due"].max(),
    }
    found |= {one.replace("bit", "months"): marked[one].sum() for one in columns if one.startswith("bit")}
    for one in columns:
        if one.startswith("place"):
            suffix = one.removeprefix("place")
            found |= {f"place_low{suffix}": marked[one].min(), f"place_high{suffix}": marked[one].max()}
    return marked.group_by(*identity).agg(**found)


def _place(table: ir.Table) -> ir.Value:
    # shifted, so that the same name on two levels doesn't cancel out
    commune, district, province = (table[one].hash() for one in ("commune", "district", "province"))
    return commune ^ (district >> 1) ^ (province >> 2)


def _eras(number: ir.Value, eras: Sequence[int]) -> list[ir.Value]:
    edges = [None, *eras, None]
    return [
        reduce(
            lambda one, other: one & other,
            [
                *([number >= start] if start is not None else []),
                *([number < end] if end is not None else []),
            ]
            or [ibis.literal(value=True)],
        )
        for start, end in pairwise(edges)
    ]


@dataclass(frozen=True)
class Suspects:
    """Where faults may be: what `tally` and `cells` point at.

    Attributes
    ----------
    rows : bool
        Whether any record can't be right as it stands.
    provinces : mapping of str or None to sequence of int
        Names that meant no province, each with the months.
    cells : ibis table or None
        The cells whose records may contradict each other.
    """

    rows: bool
    provinces: Mapping[str | None, Sequence[int]]
    cells: ir.Table | None


def faulty(located: ir.Table, identity: Sequence[str], suspects: Suspects, eras: Sequence[int]) -> ir.Table:
    """Return the records that have a fault, one row each, with a column a kind.

    Parameters
    ----------
    located : ibis table
        The records with ``file`` and ``row``.
    identity : sequence of str
        The columns that tell one cell from another.
    suspects : Suspects
        Where to look; everything else is right.
    eras : sequence of int
        As `cells` takes them.

    Returns
    -------
    ibis table
        The columns of ``located``, ``number`` (the month's) and a boolean column for each kind of fault.
    """
    number = month_number(located["month"])
    table = located.mutate(number=number, unknown=_unknown(located, number, suspects.provinces))
    # one scan with a join: two scans of one table would be kept in memory in between
    if suspects.cells is None:
        table = table.mutate(suspect=ibis.literal(value=False))
    else:
        marked = suspects.cells.mutate(suspect=ibis.literal(value=True))
        same = [table[one] == marked[one] for one in identity]
        table = table.left_join(marked, same).select(
            *(table[one] for one in table.columns),
            suspect=ibis.coalesce(marked["suspect"], ibis.literal(value=False)),
        )
    flagged = table.filter(~_sound(table) | table["cell"].isnull() | table["unknown"] | table["suspect"])
    flagged = flagged.mutate(**_row_flags(flagged))
    if suspects.cells is None:
        flagged = flagged.mutate(**dict.fromkeys(_OF_CELLS, ibis.literal(value=False)))
    else:
        flagged = _cell_flags(flagged, identity, eras)
    written = reduce(
        lambda one, other: one + " | " + other,
        (
            ibis.coalesce(flagged[f"written_{one}"].cast("string"), ibis.literal(""))
            for one in ("month", *NUMBERS)
        ),
    )
    kept = [one for one in located.columns if not one.startswith("written_")]
    return flagged.filter(reduce(lambda one, other: one | other, (flagged[one] for one in _FLAGS))).select(
        *kept, "number", *_FLAGS, as_written=written
    )


_OF_CELLS = ("month_repeated", "month_contradicted", "cell_moved", "due_jumped")
_OF_ROWS = ("unreadable", "negative", "present_above_due", "parts_above_due", "unknown_province")
_FLAGS = (*_OF_ROWS, *_OF_CELLS)


def _unknown(table: ir.Table, number: ir.Value, provinces: Mapping[str | None, Sequence[int]]) -> ir.Value:
    found = [
        (table["province"].isnull() if name is None else table["province"] == name)
        & number.isin(list(months))
        for name, months in provinces.items()
    ]
    either = reduce(lambda one, other: one | other, found, ibis.literal(value=False))
    return ibis.coalesce(either, ibis.literal(value=False))


def _row_flags(table: ir.Table) -> dict[str, ir.Value]:
    no = ibis.literal(value=False)
    unreadable = reduce(
        lambda one, other: one | other, (table[one].isnull() for one in ("cell", "month", *NUMBERS))
    )
    above = ibis.coalesce(table["present"] > table["due"], no)
    negative = reduce(lambda one, other: one | other, (ibis.coalesce(table[one] < 0, no) for one in NUMBERS))
    return {
        "unreadable": unreadable,
        "negative": negative,
        "present_above_due": above & ~negative,
        "parts_above_due": ibis.coalesce(table["present"] + table["excused"] > table["due"], no)
        & ~above
        & ~negative,
        "unknown_province": table["unknown"],
    }


def _cell_flags(table: ir.Table, identity: Sequence[str], eras: Sequence[int]) -> ir.Table:
    """Add what only a cell's other records tell. All its records are here when it is suspect."""
    era = (
        sum((table["number"] >= start).cast("int64") for start in eras) if eras else ibis.literal(0, "int64")
    )
    table = table.mutate(era=era)
    order = [table["number"], table["file"], table["row"]]
    month = ibis.window(group_by=[*(table[one] for one in identity), table["number"]])
    in_month = ibis.window(
        group_by=[*(table[one] for one in identity), table["number"]], order_by=[table["file"], table["row"]]
    )
    places = [*(table[one] for one in ("cell", "era", "commune", "district", "province"))]
    here = ibis.window(group_by=places)
    first_here = ibis.window(group_by=places, order_by=order)
    line = ibis.window(group_by=[table[one] for one in identity], order_by=order)
    differs = reduce(
        lambda one, other: one | other,
        (table[one].min().over(month) < table[one].max().over(month) for one in NUMBERS),
    )
    nulls = reduce(lambda one, other: one + other, (table[one].isnull().cast("int64") for one in NUMBERS))
    table = table.mutate(
        times=table.count().over(month),
        copy=ibis.row_number().over(in_month),
        differs=ibis.coalesce(differs, ibis.literal(value=False)) | (nulls.max().over(month) > 0),
        # the place with most records is home; of two with as many, the earlier one
        weight=table.count().over(here) * 100_000 - table["number"].min().over(here),
        nth=ibis.row_number().over(first_here),
        before=table["due"].lag().over(line),
        earlier=table["due"].lag(2).over(line),
    )
    known = table["suspect"] & table["number"].notnull() & table["cell"].notnull()
    home = ibis.window(group_by=[table["cell"], table["era"]])
    away = (table["weight"] < table["weight"].max().over(home)) & (table["nth"] == 0)
    moving = ibis.literal(value=tuple(identity) == ("cell",))
    # coming back from a jump to where it was is no second one
    back = _jumped(table["earlier"], table["before"]) & ~_jumped(table["earlier"], table["due"])
    return table.mutate(
        month_repeated=known & (table["times"] > 1) & ~table["differs"] & (table["copy"] > 0),
        month_contradicted=known & (table["times"] > 1) & table["differs"],
        cell_moved=known & moving & away & ~table["unknown_province"],
        due_jumped=known & _jumped(table["before"], table["due"]) & ~back,
    )


def _jumped(before: ir.Value, after: ir.Value) -> ir.Value:
    high, low = ibis.greatest(before, after), ibis.least(before, after)
    jumped = (high - low >= JUMP_LEAST) & (high >= JUMP_FACTOR * ibis.greatest(low, 1)) & (low >= 0)
    return ibis.coalesce(jumped & before.notnull() & after.notnull(), ibis.literal(value=False))


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
        As `cells` takes them: the same name may mean more land in the next era.

    Returns
    -------
    ibis table
        ``names``, ``slot`` (months, quarters or years since the year 0), ``era``, ``first``, ``last``
        (months), ``records``, the sums of the numbers, ``held`` (records with anybody present) and
        ``thematic``.
    """
    length = {"month": 1, "quarter": 3, "year": 12}
    number = month_number(table["month"])
    slot = number // length[every] if every in length else ibis.literal(0, "int64")
    era = sum((number >= start).cast("int64") for start in eras) if eras else ibis.literal(0, "int64")
    marked = table.filter(table["month"].notnull()).mutate(
        number=number,
        slot=slot.cast("int64"),
        era=era,
        anybody=ibis.coalesce(table["present"] > 0, ibis.literal(value=False)).cast("int64"),
    )
    return marked.group_by(*names, "slot", "era").agg(
        first=marked["number"].min(),
        last=marked["number"].max(),
        records=marked.count(),
        **{name: marked[name].sum() for name in NUMBERS},
        held=marked["anybody"].sum(),
        thematic=marked["thematic"].sum(),
    )
