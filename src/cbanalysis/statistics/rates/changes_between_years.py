"""Two years beside each other, place by place."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.observations.comparability import Dimension
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import places, strings
from cbanalysis.statistics.rates.choosing_and_ranking import RATED, require_one_each, shown
from cbanalysis.statistics.rates.column_values import Floats, floats, side_by_side
from cbanalysis.statistics.rates.intervals import newcombe, with_rates

_OVER_TIME: tuple[Dimension, ...] = ("province", "period")
_OF_A_YEAR = ("observation_id", "rate", "rate_low", "rate_high", "interval", "count", "base")


@reads
def change(
    rated: pd.DataFrame, first: int, last: int, *, across: Collection[Dimension] = _OVER_TIME
) -> pd.DataFrame:
    """Return the change of each place from one year to another.

    Parameters
    ----------
    rated : DataFrame
        Comparable rows from `add_rates` with ``year``, one for a place and year (see `one_each`).
    first, last : int
        The two years.
    across : collection of str
        What may differ between the rows, see `require_comparable`.

    Returns
    -------
    DataFrame
        One row a place that has a figure in either year, in the order of the rows, with the columns of the
        place, and

        - ``observation_id_first``, ``rate_first``, ``count_first``, ``base_first`` and so on, and the same
          for ``_last``: what each year's row holds; empty where there is none,
        - ``difference``: last less first, percentage points,
        - ``difference_low``, ``difference_high``: its limits, percentage points,
        - ``interval``: what they are: ``newcombe`` (both years have a base: Newcombe's 95 % interval),
          ``one_base`` (one year has a base, of the other only rounding is known: the interval is at least
          this wide), ``rounding`` (neither has a base: what rounding leaves open), ``bounds`` (a floor or a
          range in one of the years: what the difference can be at least and at most; no difference),
          ``about`` (no limits), ``none``,
        - ``missing``: ``first`` or ``last``, the year without a figure, else empty.

    Raises
    ------
    NotComparable
        When rows of the two years can't stand beside each other (another rating scheme, say), or a place has
        several rows in one year.
    CbanalysisError
        When nothing is known for one of the years: says what is missing, and which years have something.
    DataError
        When a column is missing.

    Notes
    -----
    Newcombe's interval treats the two years as independent. Mostly the same organisations are counted twice,
    which makes it too wide rather than too narrow. With a few yearly points: describe, don't test.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "A"], "year": [2008, 2012], "count": [62, 79],
    ...     "base": [124, 124], "rate": [50.0, 63.709677], "rate_low": [41.3, 54.9],
    ...     "rate_high": [58.7, 71.6], "interval": ["wilson", "wilson"]})
    >>> change(rows, 2008, 2012)[["difference", "difference_low", "difference_high"]].round(1)
       difference  difference_low  difference_high
    0        13.7             1.4             25.5
    """
    rated = with_rates(rated)
    need(rated, (*RATED, "count", "base", "year"), "change")
    years = floats(rated, "year")
    known = rated[shown(rated).to_numpy() & np.isin(years, [first, last])]
    require_one_each(known, across=across, yearly=True)
    if lacks := [
        _missing(rated, year) for year in (first, last) if not (floats(known, "year") == year).any()
    ]:
        there = ", ".join(_years_of(rated)) or "none"
        raise CbanalysisError(
            f"no change from {first} to {last}: {'; '.join(lacks)}; years with one: {there}"
        )
    by_place = known.assign(_place=places(known))
    sides = {
        name: by_place[floats(by_place, "year") == year] for name, year in (("first", first), ("last", last))
    }
    both = side_by_side(by_place, sides, _OF_A_YEAR).reset_index(drop=True)
    absent = {name: both[f"interval_{name}"].isna().to_numpy() for name in ("first", "last")}
    for name in absent:
        both[f"interval_{name}"] = strings(both, f"interval_{name}").replace("", "none")
    difference, low, high, kind = _differences(both)
    missing = np.select([absent["first"], absent["last"]], ["first", "last"], "")
    return both.assign(
        difference=difference,
        difference_low=low,
        difference_high=high,
        interval=pd.Series(kind, dtype="str"),
        missing=pd.Series(missing, dtype="str"),
    )


def _years_of(rated: pd.DataFrame) -> list[str]:
    """Return the years that have something to compare."""
    years = floats(rated, "year")
    return sorted({str(int(year)) for year in years[~np.isnan(years) & shown(rated).to_numpy()]})


def _missing(rated: pd.DataFrame, year: int) -> str:
    """Return what a year lacks: ``2022 has no 'good' with a rate, a floor or a range (2 rows without)``."""
    there = int((floats(rated, "year") == year).sum())
    (kind, *others) = {*(strings(rated, "category_id"))} or {""}
    what = repr(kind) if kind and not others else "row"
    rows = "1 row" if there == 1 else f"{there} rows"
    without = f" ({rows} without)" if there else ""
    if parts := [one for one in strings(rated[floats(rated, "year") == year], "missing").unique() if one]:
        without = f" (not published: {'; '.join(parts)})"  # of what `good_or_better` makes its sum
    return f"{year} has no {what} with a rate, a floor or a range{without}"


def _differences(both: pd.DataFrame) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Return difference, limits and kind for each row."""
    kinds = {name: strings(both, f"interval_{name}").to_numpy() for name in ("first", "last")}
    either = [kinds["first"], kinds["last"]]

    def has(*names: str) -> np.ndarray:
        return np.asarray(np.isin(either, names).any(axis=0))

    based = np.equal(either, "wilson")
    with_bases, one_base = based.all(axis=0), based.any(axis=0)
    kind = np.select(
        [has("none"), has("about"), has("floor", "range"), with_bases, one_base],
        ["none", "about", "bounds", "newcombe", "one_base"],
        "rounding",
    )
    difference = floats(both, "rate_last") - floats(both, "rate_first")
    below = {name: floats(both, f"rate_{name}") - floats(both, f"rate_low_{name}") for name in kinds}
    above = {name: floats(both, f"rate_high_{name}") - floats(both, f"rate_{name}") for name in kinds}
    # a rate with a base is exact as a printed figure: only chance blurs it, not rounding
    limits = {
        (name, side): np.where(
            kinds[name] == "wilson", floats(both, f"rate_{name}"), floats(both, f"rate_{side}_{name}")
        )
        for name in kinds
        for side in ("low", "high")
    }
    low = limits["last", "low"] - limits["first", "high"]
    high = limits["last", "high"] - limits["first", "low"]
    four = (floats(both, one)[with_bases] for one in ("count_last", "base_last", "count_first", "base_first"))
    low[with_bases], high[with_bases] = newcombe(*four)
    # as Newcombe: what chance leaves open of one rate and rounding of the other, squared and added
    mixed = kind == "one_base"
    low[mixed] = (difference - np.hypot(below["last"], above["first"]))[mixed]
    high[mixed] = (difference + np.hypot(above["last"], below["first"]))[mixed]
    unknown = has("none", "about")
    low[unknown], high[unknown] = np.nan, np.nan
    return difference, np.round(low, 9), np.round(high, 9), kind
