"""The records that have a fault, one by one: read by file and row, of the cells that are suspect only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from cbanalysis.records.contract import NUMBERS
from cbanalysis.records.expressions import era_of, month_number, unknown
from cbanalysis.records.suspects import JUMP_FACTOR, JUMP_LEAST

__all__ = ["faulty"]

_OF_CELLS = ("month_repeated", "month_contradicted", "cell_moved", "due_jumped")
_OF_ROWS = ("unreadable", "negative", "present_above_due", "parts_above_due", "unknown_province")
_FLAGS = (*_OF_ROWS, *_OF_CELLS)


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
    wide = rows.mutate(**numbers, number=month_number(rows["month"]), as_written=_written(rows))
    flagged = wide.mutate(unknown=unknown(wide, provinces))
    flagged = flagged.mutate(**_row_flags(flagged))
    # where records don't contradict each other those that are right needn't be sorted
    flagged = flagged.filter(_any(flagged, ("together", *_OF_ROWS)))
    kept = [one for one in flagged.columns if one != "month" and not one.startswith("written_")]
    flagged = _cell_flags(flagged.select(*kept), identity, eras)
    return flagged.filter(_any(flagged, _FLAGS)).mutate(row=flagged["before"] + 1)


def _written(table: ir.Table) -> ir.Value:
    """Return month and numbers as they were written."""
    texts = [
        ibis.coalesce(table[f"written_{one}"].cast("string"), ibis.literal("")) for one in ("month", *NUMBERS)
    ]
    return reduce(lambda one, other: one + " | " + other, texts)


def _any(table: ir.Table, columns: Sequence[str]) -> ir.Value:
    return reduce(lambda one, other: one | other, (table[one] for one in columns))


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
    """Add what only a cell's other records tell."""
    table = table.mutate(era=era_of(table["number"], eras))
    order = [table["number"], table["file"], table["before"]]
    places = [*(table[one] for one in ("cell", "era", "commune", "district", "province"))]
    here = ibis.window(group_by=places)
    first_here = ibis.window(group_by=places, order_by=order)
    line = ibis.window(group_by=[table[one] for one in identity], order_by=order)
    number = table["number"]
    table = table.mutate(
        due_before=table["due"].lag().over(line),
        due_earlier=table["due"].lag(2).over(line),
        again=_same(number.lag().over(line), number) | _same(number.lead().over(line), number),
    )
    # records alone in their month are one group: a window for each of them would take longest of all
    same = [*(table[one] for one in identity), table["again"].ifelse(table["number"], -1)]
    month = ibis.window(group_by=same)
    in_month = ibis.window(group_by=same, order_by=[table["file"], table["before"]])
    differs = reduce(
        lambda one, other: one | other,
        (table[one].min().over(month) < table[one].max().over(month) for one in NUMBERS),
    )
    nulls = reduce(lambda one, other: one + other, (table[one].isnull().cast("int64") for one in NUMBERS))
    table = table.mutate(
        copy=ibis.row_number().over(in_month),
        differs=ibis.coalesce(differs, ibis.literal(value=False)) | (nulls.max().over(month) > 0),
        # the place with most records is home; of two with as many, the earlier one
        weight=table.count().over(here) * 100_000 - table["number"].min().over(here),
        nth=ibis.row_number().over(first_here),
    )
    known = table["together"] & table["number"].notnull() & table["cell"].notnull()
    home = ibis.window(group_by=[table["cell"], table["era"]])
    away = (table["weight"] < table["weight"].max().over(home)) & (table["nth"] == 0)
    moving = ibis.literal(value=tuple(identity) == ("cell",))
    # coming back from a jump to where it was is no second one
    back = _jumped(table["due_earlier"], table["due_before"]) & ~_jumped(table["due_earlier"], table["due"])
    return table.mutate(
        month_repeated=known & table["again"] & ~table["differs"] & (table["copy"] > 0),
        month_contradicted=known & table["again"] & table["differs"],
        cell_moved=known & moving & away & ~table["unknown_province"],
        due_jumped=known & _jumped(table["due_before"], table["due"]) & ~back,
    )


def _same(one: ir.Value, other: ir.Value) -> ir.Value:
    return ibis.coalesce(one == other, ibis.literal(value=False))


def _jumped(before: ir.Value, after: ir.Value) -> ir.Value:
    high, low = ibis.greatest(before, after), ibis.least(before, after)
    jumped = (high - low >= JUMP_LEAST) & (high >= JUMP_FACTOR * ibis.greatest(low, 1)) & (low >= 0)
    return ibis.coalesce(jumped & before.notnull() & after.notnull(), ibis.literal(value=False))
