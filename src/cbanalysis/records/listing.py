"""The records that have a fault, one by one: read by file and row, of the cells that are suspect only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from cbanalysis.records.contract import NUMBERS, PLACES
from cbanalysis.records.expressions import era_of, month_number, parts_of_due, unknown
from cbanalysis.records.suspects import JUMP_FACTOR, JUMP_LEAST
from cbanalysis.records.totals import sum_row

_OF_CELLS = ("month_repeated", "month_contradicted", "several_meetings", "cell_moved", "due_jumped")
_OF_ROWS = ("sum_row", "unreadable", "negative", "present_above_due", "parts_above_due", "unknown_province")
_FLAGS = (*_OF_ROWS, *_OF_CELLS)
_DAYS = 32
"""More than a month has."""


def faulty(
    located: ir.Table,
    suspects: ir.Table | None,
    identity: Sequence[str],
    provinces: Mapping[str | None, Sequence[int]],
    eras: Sequence[int],
) -> ir.Table:
    """Return the records that have a fault, one row each, with a column a kind.

    Parameters
    ----------
    located : ibis table
        The records with ``file`` and ``before``.
    suspects : ibis table or None
        From `suspects.unproven` and `suspects.misplaced`, each cell once; none for the records without a
        cell, which no join finds.
    identity : sequence of str
        The columns that tell one cell from another.
    provinces : mapping of str or None to sequence of int
        Names that meant no province, each with the months.
    eras : sequence of int
        The first months of later maps of provinces within the register.

    Returns
    -------
    ibis table
        The columns of ``located`` but the month, ``number`` (the month's), ``row`` (``before`` and one),
        ``as_written`` (month and numbers) and a boolean column for each kind of fault.
    """
    if suspects is None:
        rows = located.filter(located["cell"].isnull()).mutate(together=ibis.literal(value=False))
    else:
        rows = located.join(suspects, [*identity])
    numbers = {one: rows[one].cast("int64") for one in NUMBERS}
    number = month_number(rows["month"])
    # as a number, for Python has no day after the year 9999
    day = number * _DAYS + rows["month"].day().cast("int64")
    wide = rows.mutate(**numbers, number=number, day=day, as_written=_written(rows))
    flagged = wide.mutate(unknown=unknown(wide, provinces))
    flagged = flagged.mutate(**_row_flags(flagged))
    # where records don't contradict each other those that are right needn't be sorted
    flagged = flagged.filter(_any(flagged, ("together", *_OF_ROWS)))
    kept = [one for one in flagged.columns if one != "month" and not one.startswith("written_")]
    flagged = _cell_flags(flagged.select(*kept), identity, eras)
    return flagged.filter(_any(flagged, _FLAGS)).mutate(row=flagged["before"] + 1)


def _written(table: ir.Table) -> ir.Value:
    """Return month and numbers as they were written, those that few registers have with their names."""
    texts = [_plain(table, name) for name in ("month", *NUMBERS[:3])]
    first = reduce(lambda left, right: left + " | " + right, texts)
    named = (
        (table[f"written_{name}"].isnull()).ifelse("", f" | {name} " + _plain(table, name))
        for name in NUMBERS[3:]
    )
    return reduce(lambda left, right: left + right, named, first)


def _plain(table: ir.Table, name: str) -> ir.Value:
    return ibis.coalesce(table[f"written_{name}"].cast("string"), ibis.literal(""))


def _any(table: ir.Table, columns: Sequence[str]) -> ir.Value:
    return reduce(lambda one, other: one | other, (table[one] for one in columns))


def _row_flags(table: ir.Table) -> dict[str, ir.Value]:
    no = ibis.literal(value=False)
    unreadable = reduce(
        lambda one, other: one | other, (table[one].isnull() for one in ("cell", "month", *NUMBERS))
    )
    above = ibis.coalesce(table["present"] > table["due"], no)
    negative = reduce(lambda one, other: one | other, (ibis.coalesce(table[one] < 0, no) for one in NUMBERS))
    flags = {
        "unreadable": unreadable,
        "negative": negative,
        "present_above_due": above & ~negative,
        "parts_above_due": ibis.coalesce(parts_of_due(table) > table["due"], no) & ~above & ~negative,
        "unknown_province": table["unknown"],
    }
    adds = sum_row(table)
    return {"sum_row": adds, **{name: flag & ~adds for name, flag in flags.items()}}


def _cell_flags(table: ir.Table, identity: Sequence[str], eras: Sequence[int]) -> ir.Table:
    """Add what only a cell's other records tell."""
    table = table.mutate(era=era_of(table["number"], eras))
    order = [table["number"], table["day"], table["file"], table["before"]]
    places = [*(table[one] for one in ("cell", "era", "commune", "district", "province"))]
    here = ibis.window(group_by=places)
    first_here = ibis.window(group_by=places, order_by=order)
    # one order for records, days and months of a cell: the engine sorts once for windows that share it
    own = [table[name] for name in identity]
    line = ibis.window(group_by=own, order_by=order)
    start_of_day = ibis.window(group_by=own, order_by=order[:2])
    day = ibis.window(group_by=own, order_by=order[:2], range=(0, 0))
    month = ibis.window(group_by=own, order_by=order[:1], range=(0, 0))
    # a month in which nobody was due is nothing that members due could jump from, or to
    asked = ibis.coalesce(table["due"] > 0, ibis.literal(value=False))
    steps = ibis.window(group_by=[*own, asked], order_by=order)
    nulls = reduce(lambda one, other: one + other, (table[one].isnull().cast("int64") for one in NUMBERS))
    names = [ibis.coalesce(table[name], ibis.literal("")) for name in PLACES]
    table = table.mutate(
        due_before=table["due"].lag().over(steps),
        due_earlier=table["due"].lag(2).over(steps),
        again=table.count().over(day) > 1,
        copy=ibis.row_number().over(line) - ibis.rank().over(start_of_day),
        differs=_differ([table[name] for name in NUMBERS], day) | (nulls.max().over(day) > 0),
        apart=_differ(names, month),
        several=_differ([table["day"]], month),
        # the place with most records is home; of two with as many, the earlier one
        weight=table.count().over(here) * 100_000 - table["number"].min().over(here),
        nth=ibis.row_number().over(first_here),
    )
    known = table["together"] & table["number"].notnull() & table["cell"].notnull()
    known &= ~table["sum_row"]
    home = ibis.window(group_by=[table["cell"], table["era"]])
    away = (table["weight"] < table["weight"].max().over(home)) & (table["nth"] == 0)
    moving = ibis.literal(value=tuple(identity) == ("cell",))
    # coming back from a jump to where it was is no second one
    back = _jumped(table["due_earlier"], table["due_before"]) & ~_jumped(table["due_earlier"], table["due"])
    repeated = table["again"] & ~table["differs"] & ~table["apart"]
    contradicted = (table["again"] & table["differs"]) | table["apart"]
    return table.mutate(
        month_repeated=known & repeated & (table["copy"] > 0),
        month_contradicted=known & contradicted,
        several_meetings=known & table["several"] & ~contradicted & ~(repeated & (table["copy"] > 0)),
        cell_moved=known & moving & away & ~table["unknown_province"],
        due_jumped=known & _jumped(table["due_before"], table["due"]) & ~back,
    )


def _differ(columns: Sequence[ir.Value], window: ibis.expr.builders.WindowBuilder) -> ir.Value:
    """Return whether one of the columns has several values in a window."""
    several = (column.min().over(window) < column.max().over(window) for column in columns)
    return ibis.coalesce(reduce(lambda left, right: left | right, several), ibis.literal(value=False))


def _jumped(before: ir.Value, after: ir.Value) -> ir.Value:
    high, low = ibis.greatest(before, after), ibis.least(before, after)
    jumped = (high - low >= JUMP_LEAST) & (high >= JUMP_FACTOR * low) & (low > 0)
    return ibis.coalesce(jumped & before.notnull() & after.notnull(), ibis.literal(value=False))
