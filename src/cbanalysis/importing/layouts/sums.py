"""Sums: rows and columns that others add up to, whether they do, and which nobody calls sums."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from cbanalysis.common.messages import message
from cbanalysis.common.text.numbers import NumberStyle, format_number
from cbanalysis.importing.layouts.columns import Meaning
from cbanalysis.importing.layouts.heads import Body
from cbanalysis.importing.layouts.numbers import plain_number, plain_numbers
from cbanalysis.importing.layouts.records import YEAR

if TYPE_CHECKING:
    from cbanalysis.importing.layouts.rows import TableRows

_LOOKED_AT, _SUMS_TOLD = 300, 3


def base_of(
    meaning: Meaning, meanings: Mapping[int, Meaning], body: Body, style: NumberStyle, *, rating: bool
) -> tuple[str, str]:
    """Return the header of the column that a figure is a share of, and a remark on what it was taken from.

    Both are ``""`` where there is none. For ratings it is the column that the exclusive classes add up to,
    else those rated, else all.
    """
    same = {at: one for at, one in meanings.items() if one.subject == meaning.subject}
    counted = {"org_count", meaning.indicator}
    wholes = {at: one for at, one in same.items() if one.measure in {"total", "rated"} and not one.category}
    totals = {at: one for at, one in wholes.items() if one.indicator in counted}
    by_sum, remark = None, ""
    if rating and meaning.category_id:
        classes = [
            at
            for at, one in same.items()
            if one.category_kind == "exclusive" and one.scheme == meaning.scheme and one.measure != "percent"
        ]
        by_sum, remark = _added_up(classes, list(totals), body, style)
    wanted = "rated" if rating else "total"
    ordered = sorted(totals, key=lambda at: (at != by_sum, totals[at].measure != wanted, at))
    return (body.headers[ordered[0]] if ordered else ""), remark


def _added_up(
    classes: list[int], totals: list[int], body: Body, style: NumberStyle
) -> tuple[int | None, str]:
    """Return the total that classes add up to in every row, and the sum of the first row in words."""
    if len(classes) < 2:
        return None, ""
    parts = np.array([plain_numbers(body.cells(at, _LOOKED_AT), style) for at in classes])
    sums = parts.sum(axis=0)
    for at in totals:
        whole = plain_numbers(body.cells(at, _LOOKED_AT), style)
        both = ~np.isnan(sums) & ~np.isnan(whole)
        if both.any() and (sums[both] == whole[both]).all():
            first = int(np.flatnonzero(both)[0])
            added = " + ".join(f"{number:g}" for number in parts[:, first])
            return at, message("base_by_sum", header=body.headers[at], sum=f"{added} = {whole[first]:g}")
    return None, ""


def check_sums(table: TableRows) -> None:
    """Tell where rows of totals and regions aren't the sums of their parts."""
    sums = [row for row in table.sums if table.verdicts[row] in {"a_total", "sum_of_region"}]
    if not sums:
        return
    bounds = [table.body.first - 1, *(row for row, _, _ in table.sections), table.body.last]
    headers = {
        header: one.factor > 1 for one in table.table.figures for header in (one.count, one.base) if header
    }
    for column, rounded in sorted((at, headers[name]) for name in headers for at in table.at.get(name, ())):
        cells = table.body.grid.column(column)
        numbers = {row: plain_number(cells[row], table.table.number_style) for row in (*table.rows, *sums)}
        for row in sums:
            _check_sum(table, row, column, numbers, bounds, rounded=rounded)
    told = len(table.remarks) - _SUMS_TOLD
    if told > 0:
        table.remarks[_SUMS_TOLD:] = [message("more_sums", more=told)]


def _check_sum(  # noqa: PLR0913 -- what a sum is looked at beside
    table: TableRows, row: int, column: int, numbers: dict[int, float], bounds: list[int], *, rounded: bool
) -> None:
    first = max(bound for bound in bounds if bound < row)
    last = min(bound for bound in bounds if bound > row)
    # rows left out by their names may be sums too
    before = max([first, *(one for one in table.verdicts if one < row)])
    after = min([last, *(one for one in table.verdicts if one > row)])
    block = [one for one in table.rows if first < one < last]
    choices = [[one for one in block if before < one < row], [one for one in block if row < one < after]]
    of_regions = [one for one, verdict in table.verdicts.items() if verdict == "sum_of_region"]
    if row in table.heads:
        del choices[0]
    elif table.verdicts[row] == "a_total":
        choices += [block, [one for one in of_regions if first < one < last], table.rows]
        place = _place_of(table, row)
        choices += [[one for one in block if place and _place_of(table, one) == place]]
    elif table.rows:
        # the first region shows whether regions stand above their parts or beneath them
        del choices[0 if of_regions[0] < table.rows[0] else 1]
    whole = numbers[row]
    added = [[numbers[one] for one in choice] for choice in choices if choice]
    if np.isnan(whole) or not added:
        return
    # a part that isn't known may hold what is missing, and rounded parts don't sum up exactly
    if any(
        abs(np.nansum(parts) - whole) <= _rounding([*parts, whole], rounded=rounded)
        or (np.isnan(parts).any() and np.nansum(parts) <= whole)
        for parts in added
    ):
        return
    nearest_sum = min((float(np.nansum(parts)) for parts in added), key=lambda total: abs(total - whole))
    style, header = table.table.number_style, table.body.headers[column]
    for year in table.body.years[column]:
        header = header.replace(YEAR, year, 1)
    told = {"whole": format_number(whole, style), "sum": format_number(round(nearest_sum, 6), style)}
    table.remarks.append(message("not_the_sum", label=table.sums[row], header=header, **told))


def tell_sums_of_others(table: TableRows) -> None:
    """Tell of rows that no place is known by and that are the sums of all rows beneath or above them."""
    at = table.roles.get("area")
    headers = {header for one in table.table.figures for header in (one.count, one.base)} - {""}
    columns = sorted(column for header in headers for column in table.at.get(header, ()))
    if at is None or not columns:
        return
    cells = [table.body.grid.column(column) for column in columns]
    numbers = {row: [plain_number(one[row], table.table.number_style) for one in cells] for row in table.rows}
    for rows in (table.rows[::-1], table.rows):
        count, total = 0, [0.0] * len(cells)
        for row in rows:
            text, whole = table.texts[at][row], numbers[row]
            is_sum = count > 1 and any(total) and total == whole
            if is_sum and text and not (table.places.is_place(text) or table.places.is_district(text)):
                table.remarks.append(message("sum_of_others", label=text, count=count))
                count, total = 0, [0.0] * len(cells)
            else:
                count, total = count + 1, list(map(operator.add, total, whole))


def _place_of(table: TableRows, row: int) -> str:
    """Return the province beside the area of a row, ``""`` where no column or cell tells it."""
    first = table.labels[0][1]
    return table.texts[first][row] if len(table.labels) > 1 and first == table.roles.get("province") else ""


def _rounding(numbers: list[float], *, rounded: bool) -> float:
    """Return by how much a sum of rounded numbers may differ from its rounded total; counts are exact."""
    decimals = max(
        len(f"{number:.6f}".rstrip("0").partition(".")[2]) for number in numbers if not np.isnan(number)
    )
    return 0.5 * 10**-decimals * len(numbers) + 1e-9 if decimals or rounded else 0.0
