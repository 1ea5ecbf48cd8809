"""Which cells have to be looked at record by record: all but those proven right by one group a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from cbanalysis.records.expressions import sound, unknown
from cbanalysis.records.totals import sum_row

JUMP_FACTOR, JUMP_LEAST = 3, 15
"""Members due jump where one record is at least so many times, and so many members, above the one before."""

_YEARS = 5
"""Years whose months are the bits of one whole number: months 1 to 60 of 63."""


@ibis.udf.scalar.builtin(name="hash", signature=(("string", "string", "string"), "int64"))
def _hash(commune, district, province):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a number for a place in one call; ibis' own hash of each name takes DuckDB seconds."""


@ibis.udf.scalar.builtin(name="bit_count", signature=(("int64",), "int8"))
def _bit_count(bits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return how many bits are set."""


@ibis.udf.agg.builtin(name="bit_xor", signature=(("int64",), "int64"))
def _odd_bits(bits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the bits that an odd number of records sets; ibis' own bit_xor doesn't know Spark."""


def unproven(
    table: ir.Table, identity: Sequence[str], months: Iterable[int], eras: Sequence[int]
) -> ir.Table:
    """Return the cells whose records may be wrong or contradict each other.

    One group a cell and no order, so that a register without faults is never sorted. A cell is proven right
    when the numbers of each record can be right, no month stands twice, it never moves and its least and most
    members due are no jump apart. What isn't proven may still be right.

    Parameters
    ----------
    table : ibis table
        The records.
    identity : sequence of str
        The columns that tell one cell from another.
    months : iterable of int
        The months in the register, as `month_number` counts.
    eras : sequence of int
        The first months of later maps of provinces within the register: places are compared within a map.

    Returns
    -------
    ibis table
        ``identity`` (the cell is null where records name none) and ``together``: whether its records may
        contradict each other, not only be wrong one by one.

    Notes
    -----
    Months: exclusive or of 2 to the power of each record's month, five years a number. It has as many bits
    set as there are records exactly when all have a month and no two the same. Places: least and greatest
    hash, equal when the cell stays; two places of one hash would hide a move (DuckDB: 64 bits, Spark: 32).
    """
    found: dict[str, ir.Value] = {
        "records": table.count(),
        "right": table.count(where=sound(table)),
        "due_low": table["due"].min(where=table["due"] > 0),
        "due_high": table["due"].max(),
    }
    year = table["month"].year()
    bit = ibis.literal(1, "int64") << (year % _YEARS * 12 + table["month"].month())
    blocks = sorted({number // 12 // _YEARS for number in months})
    for block in blocks:
        inside = year.between(block * _YEARS, block * _YEARS + _YEARS - 1)
        found[f"months_{block}"] = _odd_bits(bit, where=inside)
    moving = tuple(identity) == ("cell",)
    if moving:
        place = _hash(table["commune"], table["district"], table["province"])
        for era, inside in enumerate(_within(table["month"], eras)):
            found |= {f"low_{era}": place.min(where=inside), f"high_{era}": place.max(where=inside)}
    cells = table.group_by(*identity).agg(**found)
    zero = ibis.literal(0, "int64")
    different = reduce(
        lambda one, block: one + ibis.coalesce(_bit_count(cells[f"months_{block}"]).cast("int64"), zero),
        blocks,
        zero,
    )
    low, high = (cells[one].cast("int64") for one in ("due_low", "due_high"))
    jumped = (high - low >= JUMP_LEAST) & (high >= JUMP_FACTOR * ibis.greatest(low, 1))
    moved = [cells[f"low_{era}"] < cells[f"high_{era}"] for era in range(len(eras) + 1)] if moving else []
    no = ibis.literal(value=False)
    together = reduce(
        lambda one, other: one | ibis.coalesce(other, no), [jumped, *moved], different < cells["records"]
    )
    suspect = cells.mutate(together=together)
    wrong = (suspect["right"] < suspect["records"]) | suspect["cell"].isnull() | sum_row(suspect)
    return suspect.filter(suspect["together"] | wrong).select(*identity, "together")


def _within(month: ir.Value, eras: Sequence[int]) -> list[ir.Value | None]:
    """Return for each era whether a day is in it; none where there is but one era."""
    if not eras:
        return [None]
    starts = [ibis.date(one // 12, one % 12 + 1, 1) for one in eras]
    between = [(month >= one) & (month < other) for one, other in pairwise(starts)]
    return [month < starts[0], *between, month >= starts[-1]]


def misplaced(
    table: ir.Table, identity: Sequence[str], provinces: Mapping[str | None, Sequence[int]]
) -> ir.Table:
    """Return the cells with records that name no province that there was.

    Parameters
    ----------
    table : ibis table
        The records.
    identity : sequence of str
        The columns that tell one cell from another.
    provinces : mapping of str or None to sequence of int
        As `unknown` takes them.

    Returns
    -------
    ibis table
        ``identity`` and ``together``, which is false: each cell once.
    """
    # by name first, which an engine can look up in the file's own dictionary
    names = [one for one in provinces if one is not None]
    named = table["province"].isin(names) if names else ibis.literal(value=False)
    if None in provinces:
        named |= table["province"].isnull()
    return (
        table.filter(named & unknown(table, provinces))
        .select(*identity, together=ibis.literal(value=False))
        .distinct()
    )
