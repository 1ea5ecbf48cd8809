"""Observations as the audit sees them, and which of them belong together."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cbanalysis.dataset.catalogue import Catalogue, Scheme
from cbanalysis.dataset.observations.given_frames import need
from cbanalysis.dataset.provinces.district_names import one_name_each

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SAME = (
    "indicator", "subject", "geo_level", "province", "area", "category", "qualifier", "aggregation",
    "definition", "base_of", "scheme", "category_id", "printed",
)  # fmt: skip
# Of each text of a row the column that gives it.
_TEXTS = {name: name for name in _SAME} | {
    "id": "observation_id", "unit": "unit_id", "start": "period_start", "end": "period_end",
    "source": "source_id", "kind": "category_kind", "basis": "period_basis",
}  # fmt: skip
_MOST_DECIMALS = 9  # beyond that binary fractions, not print, make the digits


@dataclass(frozen=True)
class Row:
    """One observation: the columns that an audit reads, ``""`` and None for what is empty or no number.

    Attributes
    ----------
    unit : str
        Dated unit of the province, its name where the unit isn't known.
    decimals : int
        Digits printed after the point of the percentage.
    kind : str
        ``category_kind``.
    basis : str
        ``period_basis``.
    printed : str
        The words of the source.
    place_name : str
        The area by the one name that it has among the rows: see `one_name_each`.
    """

    id: str
    indicator: str
    subject: str
    geo_level: str
    unit: str
    province: str
    inferred: bool
    area: str
    start: str
    end: str
    category: str
    count: int | None
    count_max: int | None
    base: int | None
    percent: float | None
    percent_max: float | None
    decimals: int
    qualifier: str
    aggregation: str
    complement: bool
    source: str
    definition: str
    base_of: str
    scheme: str
    category_id: str
    kind: str
    basis: str = ""
    printed: str = ""
    place_name: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Level, unit and area without title: one key a place."""
        return self.geo_level, self.unit, self.place_name

    @property
    def scope(self) -> tuple[Hashable, ...]:
        """What a figure is about, apart from its category, base and definition, in one document."""
        return self.indicator, self.subject, self.place, self.start, self.end, self.aggregation, self.source

    @property
    def exact_count(self) -> int | None:
        """The count, if it is one number that the source stands by."""
        return self.count if self.qualifier == "exact" and self.count_max is None else None

    @property
    def exact_percent(self) -> float | None:
        """The percentage, if it is one number that the source stands by."""
        return self.percent if self.qualifier == "exact" else None

    @property
    def share(self) -> float | None:
        """Count out of base, in percent; None where the row doesn't give both."""
        return 100 * self.count / self.base if self.count is not None and self.base else None


def rows_of(observations: pd.DataFrame) -> tuple[Row, ...]:
    """Return the observations as records, sorted by id, so that the order of the frame plays no part.

    Columns that are missing, and what can't be read, count as empty.
    """
    need(observations, (), "the audit")
    once = observations.loc[:, ~observations.columns.duplicated()]
    # column by column: a tenth of itertuples' time
    given: dict[str, list[Any]] = defaultdict(lambda: [None] * len(once))
    given |= {str(name): cells.tolist() for name, cells in once.items()}
    read: dict[str, list[Any]] = {
        name: [_text(cell) for cell in given[column]] for name, column in _TEXTS.items()
    }
    for name in ("count", "count_max", "base"):
        read[name] = [_whole(cell) for cell in given[name]]
    for name in ("percent", "percent_max"):
        read[name] = [_share(cell) for cell in given[name]]
    read["complement"] = [
        cell == "yes" if isinstance(cell, str) else _float(cell) == 1 for cell in given["complement"]
    ]
    read["inferred"] = [_text(cell) == "inferred" for cell in given["province_basis"]]
    read["qualifier"] = [cell or "exact" for cell in read["qualifier"]]
    read["unit"] = [unit or province for unit, province in zip(read["unit"], read["province"], strict=True)]
    read["id"] = [cell or f"row {number}" for number, cell in enumerate(read["id"], start=1)]
    printed = zip(given["decimals"], read["percent"], read["printed"], strict=True)
    read["decimals"] = [_decimals(*cells) for cells in printed]
    places = [*zip(read["geo_level"], read["unit"], read["area"], strict=True)]
    names = one_name_each(places)
    read["place_name"] = [names[place] for place in places]
    rows = [Row(**dict(zip(read, cells, strict=True))) for cells in zip(*read.values(), strict=True)]
    # What a row says decides only between rows of one id.
    tied = len({*read["id"]}) < len(rows)
    return tuple(sorted(rows, key=lambda row: (row.id, repr(row) if tied else "")))


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> list[tuple[Row, ...]]:
    """Return the rows that share a key, groups in the order of their first rows."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return [tuple(group) for group in groups.values()]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    number = _whole(value)  # a year that was read as a number
    return "" if number is None or isinstance(value, bool) else str(number)


def _float(value: object) -> float | None:
    if value is None or value is pd.NA:
        return None
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever can't be a number is caught
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e15 else None


def _share(value: object) -> float | None:
    number = _float(value)
    return number if number is not None and number >= 0 else None


def _whole(value: object) -> int | None:
    number = _float(value)
    return int(number) if number is not None and number.is_integer() and number >= 0 else None


def _decimals(given: object, percent: float | None, printed: str) -> int:
    """Return the decimals of the percentage: as loaded, else as printed, else as many as the number needs."""
    known = _whole(given)
    if known is None:
        tokens = [token.replace(",", ".") for token in _NUMBER.findall(printed)]
        seen = [
            len(token.partition(".")[2])
            for token in tokens
            if percent is not None and float(token) == percent
        ]
        shortest = len(f"{percent:.{_MOST_DECIMALS}g}".partition(".")[2]) if percent is not None else 0
        known = max([shortest, *seen])
    return min(known, _MOST_DECIMALS)


_NOT_SAID = "unclear"


@dataclass(frozen=True)
class Groups:
    """The rows of an audit, with what the checks look up in them.

    Attributes
    ----------
    rows : tuple of Row
        All observations, sorted by id.
    catalogue : Catalogue
        Schemes and sources.
    totals : dict
        Exact counts that no category narrows, by indicator, place, period and subject.
    beside : dict
        Rows by scope (one indicator, subject, place, period and document).
    """

    rows: tuple[Row, ...]
    catalogue: Catalogue
    totals: dict[Hashable, tuple[Row, ...]]
    beside: dict[Hashable, tuple[Row, ...]]

    def scheme(self, row: Row) -> Scheme | None:
        """Return the rating scheme of a row; None if it has none that is known."""
        return self.catalogue.schemes.get(row.scheme)

    def named_totals(self, row: Row) -> tuple[Row, ...]:
        """Return every total of the same place, period and subject, whatever it counts.

        Of what happened in a period: the totals of that. Parts of a year need not be the same part in two
        documents, so that these stay with their own.
        """
        flow = self._is_flow(row)
        totals = self.catalogue.totals
        named = (row.indicator,) if flow or row.indicator in totals else totals
        found = tuple(one for name in named for one in self.totals.get(_counted(row, name), ()))
        if not flow:
            return found
        alike = (
            one for one in found if (one.aggregation, one.definition) == (row.aggregation, row.definition)
        )
        return tuple(one for one in alike if not row.definition or one.source == row.source)

    def _is_flow(self, row: Row) -> bool:
        indicator = self.catalogue.indicators.get(row.indicator)
        return indicator is not None and indicator.flow

    def total_rows(self, row: Row) -> tuple[Row, ...]:
        """Return the totals that a row without a printed base should be a share of.

        Those rated where it is a rating and their number is known; otherwise all, or those of which it isn't
        said. The rating of members leaves out the exempt (one in six, where both numbers are printed), so all
        members are no base of it. Totals of the same document go first.
        """
        flow = self._is_flow(row)
        if row.base_of not in {"", "all"} or (not row.category if flow else row.definition):
            return ()
        found = self.named_totals(row)
        rated = bool(row.scheme) and row.base_of == ""
        if flow:
            wanted = {row.definition}
        elif rated and any(total.definition == "rated" for total in found):
            wanted = {"rated"}
        elif rated and row.subject == "member":
            wanted = {_NOT_SAID}
        else:
            wanted = {"", _NOT_SAID}
        fitting = tuple(total for total in found if total.definition in wanted)
        own = tuple(total for total in fitting if total.source == row.source)
        return own or fitting

    def candidates(self, row: Row) -> tuple[tuple[int, Row], ...]:
        """Return the numbers that a row without a base should be a share of, each with the row that gives it.

        The count of the category that it is a share of, or a total; of a rating the base printed beside
        another class of it, too.
        """
        same = [
            other
            for other in self.beside.get(row.scope, ())
            if (other.definition, other.base_of, other.scheme) == (row.definition, row.base_of, row.scheme)
        ]
        if row.base_of and row.base_of != "all":
            whole = (one for one in self.beside.get(row.scope, ()) if one.category_id == row.base_of)
            own = [one for one in whole if not one.base_of and one.definition == row.definition]
            numbers = [(one.exact_count, one) for one in own]
        else:
            numbers = [(total.exact_count, total) for total in self.total_rows(row) if total is not row]
        if row.scheme:
            numbers += [(one.base, one) for one in same]
        return tuple((number, other) for number, other in numbers if number)


def groups_of(rows: tuple[Row, ...], catalogue: Catalogue) -> Groups:
    """Return the rows with their totals and scopes looked up."""
    counted = (row for row in rows if row.exact_count and not row.category)
    totals = _keyed(counted, lambda row: _counted(row, row.indicator))
    return Groups(rows, catalogue, totals, beside=_keyed(rows, lambda row: row.scope))


def _counted(row: Row, indicator: str) -> Hashable:
    return indicator, row.place, row.start, row.end, row.subject


def _keyed(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, tuple[Row, ...]]:
    return {key(group[0]): group for group in grouped(rows, key)}


def atoms_of(scheme: Scheme) -> dict[str, frozenset[str]]:
    """Return the indivisible classes that each category of a scheme is made of; none where it is unclear."""
    return {one.id: scheme.leaves(one.id) for one in scheme.categories if one.kind != "unclear"}


def rated(groups: Groups, *, across_bases: bool = False) -> Iterator[tuple[Scheme, tuple[Row, ...]]]:
    """Yield the ratings that one document gives one place, subject and period, with their scheme."""
    usable = []
    for row in groups.rows:
        scheme = groups.scheme(row)
        known = {category.id: category for category in scheme.categories} if scheme else {}
        category = known.get(row.category_id)
        if category is None or row.kind in {"", "unclear"} or row.complement:
            continue
        # printed as plain "good" but with the excellent inside it: not the class that its id names
        if row.kind != "cumulative" or category.kind == "cumulative":
            usable.append(row)
    for group in grouped(
        usable, lambda row: (*row.scope, row.definition, row.scheme, across_bases or row.base_of)
    ):
        yield groups.catalogue.schemes[group[0].scheme], group
