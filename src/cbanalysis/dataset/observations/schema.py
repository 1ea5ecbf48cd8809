"""The columns of the one table, their types and closed lists, as a pandera schema."""

from __future__ import annotations

import pandas as pd

from cbanalysis.dataset.observations.checker import pa

COLUMNS = (
    "observation_id",
    "indicator",
    "subject",
    "geo_level",
    "province",
    "province_basis",
    "area",
    "period_start",
    "period_end",
    "period_basis",
    "category",
    "count",
    "base",
    "percent",
    "percent_max",
    "printed",
    "qualifier",
    "aggregation",
    "complement",
    "source_id",
    "note",
    "definition",
    "base_of",
    "scheme",
    "category_id",
    "category_kind",
    "count_max",
    "value",
)
"""Columns of observations.csv, in the order in which checked frames have them."""

COUNTS = ("count", "base", "count_max")
OPTIONAL = ("value",)
"""Columns that a file needn't have."""
PERCENTS = ("percent", "percent_max")
NUMBERS = (*PERCENTS, "value")
"""Columns of numbers with decimals."""
BOOLEANS = ("complement",)

CLOSED = {
    "geo_level": ("country", "region", "province", "district", "commune"),
    "province_basis": ("stated", "inferred", ""),
    "period_basis": ("stated", "publication", ""),
    "qualifier": ("exact", "about", "at_least", "range"),
    "aggregation": ("point", "mean", "cumulative"),
    "category_kind": ("exclusive", "cumulative", "part", "unclear", ""),
}
"""Columns that take a closed list of values; ``""`` stands for an empty cell."""

_FILLED = ("observation_id", "indicator", "subject", "printed", "source_id")


def _one_of(column: str) -> pa.Check:
    listed = ", ".join(value for value in CLOSED[column] if value) + (
        " or empty" if "" in CLOSED[column] else ""
    )
    what = f"no such {column}"
    return pa.Check.isin(CLOSED[column], error=what, description=listed)


def _column(name: str) -> pa.Column:
    if name in BOOLEANS or name == "value":  # its bounds are those of the unit
        return pa.Column(bool) if name in BOOLEANS else pa.Column(float, nullable=True)
    if name in PERCENTS:
        bounds = pa.Check.ge(0, error="percent below 0", description="0 to 100")
        return pa.Column(float, bounds, nullable=True)
    if name in COUNTS:
        # a share of nothing is no share: a base of 0 would make every rate undefined
        least = 1 if name == "base" else 0
        bounds = pa.Check.ge(
            least, error=f"{name} below {least}", description=f"a whole number from {least} on"
        )
        return pa.Column(pd.Int64Dtype(), bounds, nullable=True)
    if name in CLOSED:
        return pa.Column(str, _one_of(name))
    if name in _FILLED:
        filled = pa.Check.ne("", error=f"{name} is empty", description="a value in every row")
        return pa.Column(str, filled, unique=name == "observation_id")
    return pa.Column(str)


SCHEMA = pa.DataFrameSchema({name: _column(name) for name in COLUMNS}, strict=True, name="observations")
"""Types and closed lists of a checked frame; what depends on other cells is in ``rules``."""
