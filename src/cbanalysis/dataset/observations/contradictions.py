"""Cells of a row that contradict one another, as rules over whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

Given = Mapping[str, np.ndarray]

_IN_PROVINCE = ("province", "district", "commune")
_IN_AREA = ("region", "district", "commune")
_NONE_THERE = "empty at this geo_level"
_RATING = ("scheme", "category_id", "category_kind")


@dataclass(frozen=True)
class Contradiction:
    """Two cells of a row that can't both be right.

    ``broken`` takes, for each column, which cells are filled, and the frame of typed cells; it marks the
    broken rows. ``needs`` are the columns that it reads.
    """

    what: str
    column: str
    allowed: str
    needs: tuple[str, ...]
    broken: Callable[[Given, pd.DataFrame], pd.Series | np.ndarray]

    def rows(self, given: Given, typed: pd.DataFrame) -> list[int]:
        """Return the positions of the broken rows."""
        broken = self.broken(given, typed)
        marks = broken if isinstance(broken, np.ndarray) else broken.to_numpy(dtype=bool, na_value=False)
        return [int(position) for position in np.flatnonzero(marks)]


# what, its column, the levels that it is about, whether the cell is filled there, what would be right
_AT_LEVELS = (
    (
        "no province",
        "province",
        _IN_PROVINCE,
        False,
        "a province for every figure of a province, district or commune",
    ),
    (
        "a province on a figure of the country or a region",
        "province",
        ("country", "region"),
        True,
        _NONE_THERE,
    ),
    ("no area", "area", _IN_AREA, False, "the name of the region, district or commune"),
    ("an area on a figure of the country or a province", "area", ("country", "province"), True, _NONE_THERE),
)
# what, its column, what is filled, what is empty, what would be right
_ALONE = (
    ("province without province_basis", "province_basis", "province", "province_basis", "stated, inferred"),
    (
        "province_basis without province",
        "province_basis",
        "province_basis",
        "province",
        "empty where there is no province",
    ),
    ("period_end without period_start", "period_start", "period_end", "period_start", "both or neither"),
    ("period_start without period_end", "period_end", "period_start", "period_end", "both or neither"),
    ("period without period_basis", "period_basis", "period_end", "period_basis", "stated, publication"),
    *(
        (f"{upper} without {lower}", upper, upper, lower, f"the lower end of the range in {lower}")
        for lower, upper in (("percent", "percent_max"), ("count", "count_max"))
    ),
)
# what, its column, the larger one, the smaller one, what would be right
_LARGER = (
    ("count above base", "count", "count", "base", "at most the base"),
    ("count_max below count", "count_max", "count", "count_max", "count or more"),
    ("count_max above base", "count_max", "count_max", "base", "at most the base"),
)

CONTRADICTIONS = (
    *(
        Contradiction(
            what,
            column,
            allowed,
            (column, "geo_level"),
            lambda given, typed, column=column, levels=levels, filled=filled: (
                typed["geo_level"].isin(levels) & (given[column] == filled)
            ),  # type: ignore[misc]
        )
        for what, column, levels, filled, allowed in _AT_LEVELS
    ),
    *(
        Contradiction(
            what,
            column,
            allowed,
            (filled, empty),
            lambda given, _, filled=filled, empty=empty: given[filled] & ~given[empty],  # type: ignore[misc]
        )
        for what, column, filled, empty, allowed in _ALONE
    ),
    *(
        Contradiction(
            what,
            column,
            allowed,
            (larger, smaller),
            lambda _, typed, larger=larger, smaller=smaller: typed[larger].gt(typed[smaller]),  # type: ignore[misc]
        )
        for what, column, larger, smaller, allowed in _LARGER
    ),
    Contradiction(
        "neither count nor percent",
        "count",
        "a row gives at least one of them, or a value in the unit of its indicator",
        ("count", "percent"),
        lambda given, _: ~given["count"] & ~given["percent"] & ~given["value"],
    ),
    *(
        Contradiction(
            f"a value beside {other}",
            "value",
            "one of them: shares stand in percent, numbers in count, any other unit in value",
            ("value", other),
            lambda given, _, other=other: given["value"] & given[other],  # type: ignore[misc]
        )
        for other in ("count", "base", "percent", "percent_max", "count_max")
    ),
    Contradiction(
        "a value whose complement nobody knows",
        "complement",
        "empty where value is filled",
        ("value", "complement"),
        lambda given, _: given["value"] & given["complement"],
    ),
    Contradiction(
        "percent above 100",
        "percent",
        "0 to 100; more only where base_of says that the share is of another base",
        ("percent", "base_of"),
        lambda given, typed: typed["percent"].gt(100) & ~given["base_of"],
    ),
    Contradiction(
        "percent_max above 100",
        "percent_max",
        "0 to 100",
        ("percent_max",),
        lambda _, typed: typed["percent_max"].gt(100),
    ),
    Contradiction(
        "range without its upper end",
        "qualifier",
        "percent_max or count_max filled",
        ("qualifier", "percent_max", "count_max"),
        lambda given, typed: typed["qualifier"].eq("range") & ~given["percent_max"] & ~given["count_max"],
    ),
    *(
        Contradiction(
            f"{upper} on a figure that is no range",
            upper,
            "only with qualifier range",
            ("qualifier", upper),
            lambda given, typed, upper=upper: given[upper] & typed["qualifier"].ne("range"),  # type: ignore[misc]
        )
        for upper in ("percent_max", "count_max")
    ),
    Contradiction(
        "percent_max is not above percent",
        "percent_max",
        "more than percent",
        ("percent", "percent_max"),
        lambda _, typed: typed["percent_max"].le(typed["percent"]),
    ),
    *(
        Contradiction(
            f"{column} is empty though the row is a rating",
            column,
            "scheme, category_id and category_kind: all filled or all empty",
            _RATING,
            lambda given, _, column=column: (
                ~given[column] & (given["scheme"] | given["category_id"] | given["category_kind"])
            ),  # type: ignore[misc]
        )
        for column in _RATING
    ),
)
