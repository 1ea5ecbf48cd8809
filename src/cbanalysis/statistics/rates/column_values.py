"""What every function of this package asks of the rows it gets: columns, precision, place, period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cbanalysis.common.errors import UnknownName
from cbanalysis.dataset.observations.periods import period_days
from cbanalysis.dataset.observations.places_and_years import strings

Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
_ABOUT_THE_PLACE = ("geo_level", "province", "province_basis", "area", "unit_id")


def days_of(what: str, period: str) -> tuple[date, date]:
    """Return the first and last day of a period (year, month or date) given as an argument.

    Raises
    ------
    UnknownName
        For anything else, saying ``what`` it was to be.
    """
    days = period_days(period) if isinstance(period, str) else None
    if days is None:
        raise UnknownName(what, period, hint="(write YYYY, YYYY-MM or YYYY-MM-DD: 2021, 2021-08, 2021-08-15)")
    return days


def percent_of(what: str, rate: float) -> float:
    """Return a rate given as an argument.

    Raises
    ------
    UnknownName
        Unless it is a number from 0 to 100, saying ``what`` it was to be.
    """
    if not 0 <= rate <= 100:
        raise UnknownName(what, rate, hint="(a rate in percent, from 0 to 100)")
    return float(rate)


def floats(rows: pd.DataFrame, column: str) -> Floats:
    """Return a column as floats, empty cells (and a missing column) as NaN."""
    if column not in rows.columns:
        return np.full(len(rows), np.nan)
    return pd.to_numeric(rows[column], errors="raise").to_numpy(dtype="float64", na_value=np.nan)


def half_units(rows: pd.DataFrame) -> Floats:
    """Return half a unit in the last printed place of each percentage (or value), in points of its unit.

    ``63,71 %`` gives 0.005, ``97 %`` gives 0.5. A column ``rounding`` (the half width of a sum of
    several printed percentages) goes before ``decimals``; where neither is known, the digits of the
    number itself count.

    Examples
    --------
    >>> [float(one) for one in half_units(pd.DataFrame({"percent": [63.71, 97.0], "decimals": [2, 0]}))]
    [0.005, 0.5]
    >>> rows = pd.DataFrame({"percent": [100.0, 100.0], "decimals": [0, 0], "printed": ["tất cả", "100%"]})
    >>> [float(one) for one in half_units(rows)]
    [0.0, 0.5]
    """
    decimals = floats(rows, "decimals")
    percent, value = floats(rows, "percent"), floats(rows, "value")
    shortest = [_digits(one) for one in np.where(np.isnan(value), percent, value)]
    decimals = np.where(np.isnan(decimals), shortest, decimals)
    given = floats(rows, "rounding")
    half = np.where(np.isnan(given), 0.5 * 10.0**-decimals, given)
    # "all" said in words is no rounded number
    worded = ~pd.Series(strings(rows, "printed")).str.contains(r"\d|^$").to_numpy(dtype=bool)
    return np.where(worded & np.isin(percent, (0, 100)), 0.0, half)


def _digits(percent: float) -> int:
    # rounded, for 100 - 63.71 is 36.29 and a hair; never as 1.2e+11
    written = np.format_float_positional(round(percent, 9), trim="-") if np.isfinite(percent) else ""
    return len(written.partition(".")[2])


def sure_counts(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which counts are exact: neither "about" nor "at least" nor a range.

    Beside a percentage such a word is the writer's gloss on the percentage; beside a bare count it says that
    the count itself isn't sure.

    Examples
    --------
    >>> rows = pd.DataFrame({"count": [120, 24], "percent": [None, 59], "qualifier": "about"})
    >>> sure_counts(rows).tolist()
    [False, True]
    """
    exact = strings(rows, "qualifier").isin(["exact", ""]).to_numpy()
    return (exact | ~np.isnan(floats(rows, "percent"))) & np.isnan(floats(rows, "count_max"))


def side_by_side(
    places: pd.DataFrame, sides: Mapping[str, pd.DataFrame], columns: Iterable[str]
) -> pd.DataFrame:
    """Return one row for each ``_place``: what it is, and of each side the columns, named by their side.

    Where a side has no row its figures are missing, and no id is empty text.
    """
    about = [one for one in _ABOUT_THE_PLACE if one in places]
    found = places.drop_duplicates("_place").set_index("_place")[about]
    for side, rows in sides.items():
        own = rows.set_index("_place")[[one for one in columns if one in rows]].add_suffix(f"_{side}")
        found = found.join(own)
        if (ids := f"observation_id_{side}") in found:
            found[ids] = found[ids].fillna("")
    return found


def join_ids(ids: Iterable[Any]) -> str:
    """Join observation ids in the order given, each once: ``"B062+B063"``."""
    return "+".join(dict.fromkeys(str(one) for one in ids))
