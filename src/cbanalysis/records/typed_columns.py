"""The contract's columns out of whatever a file or an engine holds; rows of single members added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.records.contract import CONTRACT, NUMBERS, PLACES, Dates, Reading

WRITTEN = ("month", *NUMBERS, "thematic")
"""The columns that are kept as they were written, too."""

_BYTES = 4
"""Of the largest number of members that is read."""
_YES = ("1", "1.0", "x", "có", "co\u0301", "co", "yes", "true", "y")
_NO = ("", "0", "0.0", "không", "kho\u0302ng", "khong", "no", "false", "n")

# Regular expressions that DuckDB and Spark read alike; blanks are of any kind.
_BLANK, _BETWEEN = r"[\s\p{Z}]*", "[-–/.]"
_DAY, _MONTH, _TIME = "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])", "(?:[ Tt][0-9:.]+)?"
_WORD = "(?:t(?:h(?:[aáÁ]\u0301?ng)?)?[.]?" + _BLANK + ")?"
_OF_YEAR = f"{_BLANK}(?:{_BETWEEN}|n(?:[aăĂ]|a\u0306)m){_BLANK}"
_YEAR = "([1-9][0-9]{3})"
_YEAR_FIRST = (rf"{_YEAR}{_BETWEEN}{_MONTH}(?:{_BETWEEN}{_DAY})?", 1, 2, 3)
_DAY_FIRST = (rf"(?:{_DAY}{_BETWEEN})?{_MONTH}{_OF_YEAR}{_YEAR}", 3, 2, 1)
_MONTH_FIRST = (rf"{_MONTH}{_BETWEEN}(?:{_DAY}{_BETWEEN})?{_YEAR}", 3, 1, 2)
NO_MONTH = rf"^{_BLANK}[1-9][0-9]{{3}}[.]1{_BLANK}$"
"""2026.1, which a spreadsheet makes of 2026.10 as well."""
NO_DAY = rf"(?i)^{_BLANK}{_WORD}(?:{_MONTH}{_OF_YEAR}{_YEAR}|{_YEAR}{_BETWEEN}{_MONTH}){_TIME}{_BLANK}$"
"""A month and a year, or a year and a month."""
TWO_NUMBERS = rf"^{_BLANK}([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}[1-9][0-9]{{3}}{_TIME}{_BLANK}$"
"""A day and a month, or a month and a day, and a year."""


def typed(
    table: ir.Table,
    matched: Mapping[str, str],
    reading: Reading,
    place: Mapping[str, ir.Value] | None = None,
    *,
    file: str | None = None,
) -> ir.Table:
    """Return the contract's columns with its types; what can't be read is null, what is absent a constant.

    Parameters
    ----------
    table : ibis table
        The records, under any headings.
    matched : mapping
        Contract name to heading.
    reading : Reading
        What dates mean, and whether those due count the members exempt.
    place : mapping, optional
        ``file`` and ``before``; with it the columns are kept as they were written too.
    file : str, optional
        The file, for the message.

    Returns
    -------
    ibis table

    Raises
    ------
    DataError
        If a column has a type that can't be meant.
    """
    given = {name: _kept(table[heading]) for name, heading in matched.items()}
    faults = [
        Fault("a type that can't be read", file, column=name, value=str(column.type()), allowed=kinds)
        for name, column in given.items()
        if (kinds := _kinds_unlike(name, column.type()))
    ]
    DataError.raise_if(faults)
    columns: dict[str, ir.Value] = {}
    for name in CONTRACT:
        if name == "month":
            columns[name] = _month(given[name], reading.dates)
        elif name in NUMBERS:
            columns[name] = _whole(given[name]) if name in given else ibis.literal(0, "int64")
        elif name == "thematic":
            columns[name] = _yes(given[name]) if name in given else ibis.literal(0, "int64")
        else:
            columns[name] = _text(given[name]) if name in given else ibis.literal("", "string")
    if reading.exempt == "in_due":
        columns["due"] = columns["due"].cast("int64") - columns["exempt"]
    if place is not None:
        columns |= place
        # as they were written, for the rows in which one of them can't be read
        columns |= {f"written_{name}": given.get(name, ibis.null("string")) for name in WRITTEN}
    return table.select(**columns)


def united(parts: Sequence[ir.Table]) -> ir.Table:
    """Return the records of several tables of `typed` columns as one."""
    if len(parts) > 1:
        # files may hold the same column with different types
        wide = dict.fromkeys((*NUMBERS, "thematic"), "int64")
        parts = [
            part.cast(wide | {name: "string" for name in part.columns if name.startswith("written_")})
            for part in parts
        ]
    return reduce(lambda left, right: left.union(right), parts)


def _kept(column: ir.Value) -> ir.Value:
    """Return a column as it is; one that is empty in all rows has no type and counts as text."""
    kind = column.type()
    return column.cast("string") if kind.is_null() or kind.is_unknown() else column


def _kinds_unlike(name: str, kind: dt.DataType) -> str:
    """Return which types a column may have; nothing where its own is one of them."""
    simple = kind.is_string() or kind.is_numeric()
    if name == "month":
        # without a zone: the first of a month in Hà Nội is the last of the month before elsewhere
        dated = kind.is_date() or (kind.is_timestamp() and kind.timezone is None)
        return "" if simple or dated else "dates, times without a zone, or text"
    if name in NUMBERS:
        return "" if simple and not kind.is_boolean() else "whole numbers, or text"
    if name == "thematic":
        return "" if simple or kind.is_boolean() else "yes or no (boolean), 1 or 0, or text"
    return "" if simple else "text"


def _text(column: ir.Value) -> ir.Value:
    return column if column.type().is_string() else column.cast("string")


def _whole(column: ir.Value) -> ir.Value:
    """Return whole numbers; text that is none, and fractions, become null.

    ``20.0`` and ``20,00`` are 20; ``1.000`` may be one or a thousand and is neither. More than 32 bits hold
    are no members, and would run over when they are added up.
    """
    kind = column.type()
    if kind.is_string():
        way = rf"^{_BLANK}([+-]?[0-9]{{1,10}})(?:[.,]00?)?{_BLANK}$"
        return column.re_extract(way, 1).try_cast("int32")
    if kind.is_signed_integer() and kind.nbytes <= _BYTES:
        return column
    whole = column.try_cast("int32")
    return whole if kind.is_integer() else (whole == column).ifelse(whole, ibis.null("int32"))


def _yes(column: ir.Value) -> ir.Value:
    """Return 1 for yes, 0 for no or nothing, and null for what is neither."""
    kind = column.type()
    if kind.is_string():
        word = column.strip().lower()
        yes, no = word.isin(_YES), word.isin(_NO)
    else:
        number = column.cast("int64") if kind.is_boolean() else column
        yes, no = number == 1, number == 0
    return ibis.cases((yes, 1), (no | column.isnull(), 0), else_=ibis.null("int64")).cast("int64")


def _month(column: ir.Value, dates: Dates) -> ir.Value:
    """Return a day of the month, from a date or from text, each year with four digits.

    ``2024-05``, ``2024/05/31``, ``05/2024``, ``15-05-2024``, ``15.5.2024``, ``Tháng 5/2024``, ``T5/2024``,
    ``tháng 5 năm 2024``, with a time or without. Without a day it is the first of the month.
    """
    kind = column.type()
    if kind.is_date():
        return column
    if kind.is_timestamp():
        return column.date()
    written = column if kind.is_string() else column.cast("string")
    ways = (_YEAR_FIRST, _MONTH_FIRST if dates == "month_first" else _DAY_FIRST)
    read = ibis.coalesce(*(_day(written, *way) for way in ways))
    return written.re_search(NO_MONTH).ifelse(ibis.null("date"), read)


def _day(written: ir.StringValue, way: str, year: int, month: int, day: int) -> ir.Value:
    way = rf"(?i)^{_BLANK}{_WORD}{way}{_TIME}{_BLANK}$"
    text = written.re_extract(way, year) + "-" + written.re_extract(way, month).lpad(2, "0") + "-"
    number = written.re_extract(way, day)
    return (text + (number == "").ifelse("01", number.lpad(2, "0"))).try_cast("date")


def by_cell(table: ir.Table) -> ir.Table:
    """Return one record for each cell, place and day, out of those of single members.

    A number that can't be right or read in one row is missing in the sum, so that the cell's record is left
    out and named; ``file`` and ``before`` are those of the first row.
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
