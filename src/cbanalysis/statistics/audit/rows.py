"""Observations as plain records, read so that nothing in a cell can stop an audit."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import pandas as pd

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
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
    printed : str
        The words of the source.
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
    printed: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Level, unit and area: one key a place."""
        return self.geo_level, self.unit, self.area

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

    Parameters
    ----------
    observations : DataFrame
        Any frame; columns that are missing count as empty.

    Returns
    -------
    tuple of Row

    Raises
    ------
    Nothing
        What can't be read counts as empty.
    """
    once = observations.loc[:, ~observations.columns.duplicated()]
    records = (
        dict(zip(once.columns, cells, strict=True)) for cells in once.itertuples(index=False, name=None)
    )
    rows = (_row(record, position) for position, record in enumerate(records, start=1))
    return tuple(sorted(rows, key=lambda row: (row.id, repr(row))))


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> list[tuple[Row, ...]]:
    """Return the rows that share a key, groups in the order of their first rows."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return [tuple(group) for group in groups.values()]


def _row(record: dict[str, object], position: int) -> Row:
    def text(column: str) -> str:
        value = record.get(column)
        if isinstance(value, str):
            return value.strip()
        number = _whole(value)  # a year that was read as a number
        return "" if number is None or isinstance(value, bool) else str(number)

    percent = _share(record.get("percent"))
    province = text("province")
    complement = record.get("complement")
    return Row(
        id=text("observation_id") or f"row {position}",
        indicator=text("indicator"),
        subject=text("subject"),
        geo_level=text("geo_level"),
        unit=text("unit_id") or province,
        province=province,
        inferred=text("province_basis") == "inferred",
        area=text("area"),
        start=text("period_start"),
        end=text("period_end"),
        category=text("category"),
        count=_whole(record.get("count")),
        count_max=_whole(record.get("count_max")),
        base=_whole(record.get("base")),
        percent=percent,
        percent_max=_share(record.get("percent_max")),
        decimals=_decimals(record.get("decimals"), percent, text("printed")),
        qualifier=text("qualifier") or "exact",
        aggregation=text("aggregation"),
        complement=complement == "yes" if isinstance(complement, str) else _float(complement) == 1,
        source=text("source_id"),
        definition=text("definition"),
        base_of=text("base_of"),
        scheme=text("scheme"),
        category_id=text("category_id"),
        kind=text("category_kind"),
        printed=text("printed"),
    )


def _float(value: object) -> float | None:
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
