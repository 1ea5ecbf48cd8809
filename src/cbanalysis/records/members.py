"""Registers with one row a member: added up to one record a cell and day."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from cbanalysis.records.columns import WRITTEN
from cbanalysis.records.contract import NUMBERS, PLACES


def by_cell(table: ir.Table) -> ir.Table:
    """Return one record for each cell, place and day.

    Parameters
    ----------
    table : ibis table
        Records of single members, with `columns.typed`'s columns.

    Returns
    -------
    ibis table
        The same columns. A number that can't be right or read in one row is missing in the sum, so that the
        cell's record is left out and named; ``file`` and ``before`` are those of the first row.
    """
    keys = ["cell", *PLACES, "month"]
    sums: dict[str, ir.Value] = {
        name: _sum(table[name], table[name].isnull() | (table[name] < 0)) for name in NUMBERS
    }
    away = table["present"] + table["excused"] + table["absent_without_reason"] > table["due"]
    sums["present"] = _sum(table["present"], table["present"].isnull() | (table["present"] < 0) | away)
    added: dict[str, ir.Value] = {
        **sums,
        "thematic": _sum(table["thematic"], table["thematic"].isnull()).clip(upper=1),
    }
    added["rating"] = table["rating"].min()
    if "file" in table.columns:
        # the row of the first member, in the first file
        added |= {"file": table["file"].min(), "before": table["before"].min()}
        added |= {f"written_{name}": table[f"written_{name}"].cast("string").max() for name in WRITTEN}
    return table.group_by(keys).agg(**added).select(*table.columns)


def _sum(column: ir.Value, wrong: ir.Value) -> ir.Value:
    """Return a sum; nothing where one of its parts is wrong."""
    faulty = ibis.coalesce(wrong, ibis.literal(value=True)).sum()
    return (faulty == 0).ifelse(column.cast("int64").sum(), ibis.null("int64"))
