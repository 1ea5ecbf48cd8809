"""Places against one comparator: differences with Newcombe's interval, corrected for being many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cbanalysis.errors import NotComparable, UnknownName
from cbanalysis.provinces import Gazetteer
from cbanalysis.rates.comparable import PLACES, Dimension, require_comparable, require_one_each
from cbanalysis.rates.intervals import newcombe
from cbanalysis.rates.ranking import RATED, Direction, shown, wanted_way
from cbanalysis.rates.rows import Floats, floats, identify, need, strings

__all__ = ["compare", "holm"]

_ALPHA = 0.05
_FEW = 5  # expected cells below this: the chi-squared approximation is left for the exact test


def _p_of_two(count: float, base: float, other_count: float, other_base: float) -> float:
    """Return the two-sided p-value for equal shares: Pearson's chi-squared, Fisher's exact test for few."""
    table = np.array([[count, base - count], [other_count, other_base - other_count]])
    margins = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if margins.min() == 0:
        return 1.0
    if margins.min() < _FEW:
        return float(stats.fisher_exact(table).pvalue)
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def _p_of_one(count: float, base: float, percent: float) -> float:
    """Return the two-sided p-value for a share of ``percent``: score test, exact binomial test for few."""
    share = percent / 100
    if min(base * share, base * (1 - share)) < _FEW:
        return float(stats.binomtest(round(count), round(base), share).pvalue)
    z = (count / base - share) / np.sqrt(share * (1 - share) / base)
    return float(2 * stats.norm.sf(abs(z)))


def holm(p_values: Floats) -> Floats:
    """Correct p-values for being many; NaN stays NaN.

    Holm (1979), Scand J Stat 6:65-70: the smallest of m is multiplied by m, the next by m - 1 and so on, none
    falls below the one before, none exceeds 1. Written out here because statsmodels' ``multipletests`` sweeps
    the whole process for garbage at each call (0.2 s in a notebook); a test holds it to the same numbers.

    Examples
    --------
    >>> [round(float(one), 3) for one in holm(np.array([0.5, 0.01, 0.03, 0.02]))]
    [0.5, 0.04, 0.06, 0.06]
    """
    corrected = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    times = np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(times * p_values[order]), 1.0)
    return corrected


def compare(
    rated: pd.DataFrame,
    to: float | str = "pooled",
    *,
    direction: Direction = "none",
    gazetteer: Gazetteer | None = None,
    across: Collection[Dimension] = PLACES,
) -> pd.DataFrame:
    """Compare every place with one comparator, corrected for being many.

    Parameters
    ----------
    rated : DataFrame
        Comparable rows from `add_rates`, one a place; with ``to="country"`` also the country's row.
    to : str or float
        ``"pooled"``: all other places together (counts and bases summed; a place is never compared with
        itself). ``"country"``: the row of level country. ``"region"``: the other places of the same region
        together. The name of a province: its row. The name of a region (a value of ``region``, in
        Vietnamese): its places together. A number: a fixed rate in percent.
    direction : {"higher", "lower", "none"}
        Which way is wanted, as the indicator says; turned round where the rows are complements.
    gazetteer : Gazetteer, optional
        Tells regions apart where there is no column ``region``; the one that ships with the package.
    across : collection of str
        What may differ between the rows, see `require_comparable`.

    Returns
    -------
    DataFrame
        The same rows with

        - ``comparator``: what it was compared to, empty for the comparator's own row,
        - ``comparator_rate``: its rate, percent,
        - ``difference``: own rate less the comparator's, percentage points,
        - ``difference_low``, ``difference_high``: Newcombe's 95 % interval; only where both have a base,
        - ``p_value``, ``p_holm``: two-sided, before and after Holm's correction over all rows tested,
        - ``verdict``: better, similar or worse where a direction is wanted, else higher, similar or lower, at
          ``p_holm`` < 0.05; undecided where a base is missing; empty for the comparator itself.

    Raises
    ------
    NotComparable
        When the rows can't stand beside each other, a place stands twice, or so does the comparator.
    UnknownName
        When the comparator is none of the above.
    DataError
        When a column is missing.

    Notes
    -----
    Interval: `newcombe`; against a fixed rate the Wilson limits less that rate. Test: Pearson's chi-squared
    without continuity correction (the score test that Wilson's interval inverts), Fisher's exact test where
    an expected count is below 5; against a fixed rate the score test, else the exact binomial test. Against
    the country or a region as published the place itself is inside the comparator, which makes the interval
    a little too wide, never too narrow. "Similar" says that chance could have made the difference, not that
    there is none.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "B"], "count": [56, 48], "base": [70, 80],
    ...     "rate": [80.0, 60.0], "rate_low": [69.2, 49.0], "rate_high": [87.7, 70.0], "interval": "wilson"})
    >>> compare(rows, to="B", direction="higher")[["verdict", "comparator", "difference"]]
      verdict comparator  difference
    0  better          B        20.0
    1                            NaN
    """
    need(rated, (*RATED, "count", "base"), "compare")
    comparator = _comparator(rated, to, gazetteer)
    present = rated[shown(rated) & ~comparator.own]
    require_comparable(present, across=across)
    require_one_each(present)
    if comparator.own.any() and len(present):
        levels: tuple[Dimension, ...] = ("geo_level",) if to == "country" else ()
        beside = pd.concat([present.head(1), rated[comparator.own]])
        require_comparable(beside, across=(*across, *levels))

    tested = (rated["interval"] == "wilson").to_numpy() & ~comparator.own & comparator.sure
    difference = floats(rated, "rate") - comparator.rate
    low, high, p_values = _tests(rated, comparator, tested)
    p_holm = holm(p_values)
    above, below = {"higher": ("better", "worse"), "lower": ("worse", "better")}.get(
        wanted_way(rated, direction), ("higher", "lower")
    )
    decided = tested & (np.nan_to_num(p_holm, nan=1.0) < _ALPHA)
    verdict = np.select(
        [comparator.own, decided & (difference > 0), decided & (difference < 0), tested],
        ["", above, below, "similar"],
        "undecided",
    )
    return rated.assign(
        comparator=pd.Series(comparator.label, index=rated.index, dtype="str"),
        comparator_rate=comparator.rate,
        difference=difference,
        difference_low=low,
        difference_high=high,
        p_value=p_values,
        p_holm=p_holm,
        verdict=pd.Series(verdict, index=rated.index, dtype="str"),
    )


@dataclass(frozen=True)
class _Comparator:
    """What each row is compared to: its words, its rate, and count out of base where they are known.

    ``own`` marks the comparator's own row; ``fixed`` says that it is a rate without chance.
    """

    label: npt.NDArray[np.object_]
    rate: Floats
    count: Floats
    base: Floats
    own: npt.NDArray[np.bool_]
    fixed: bool = False

    @property
    def sure(self) -> npt.NDArray[np.bool_]:
        return np.full(len(self.rate), fill_value=True) if self.fixed else ~np.isnan(self.base)


def _comparator(rated: pd.DataFrame, to: float | str, gazetteer: Gazetteer | None) -> _Comparator:
    if not isinstance(to, str):
        none = np.full(len(rated), np.nan)
        label = np.full(len(rated), str(to), dtype=object)
        return _Comparator(
            label, np.full(len(rated), float(to)), none, none, np.zeros(len(rated), dtype=bool), fixed=True
        )
    if to == "pooled":
        everywhere = pd.Series([to] * len(rated), index=rated.index, dtype="str")
        return _others(rated, everywhere)
    if to == "region":
        return _others(rated, _regions(rated, gazetteer))
    if to == "country":
        own = (strings(rated, "geo_level") == "country") & shown(rated)
        if not own.any():
            raise UnknownName("comparator", to, hint="(no row of level country is among the rows)")
        return _row(rated, own, to)
    own = _province(rated, to, gazetteer)
    if own.any():
        return _row(rated, own, to)
    regions = _regions(rated, gazetteer)
    if not (regions == to).any():
        known = ("pooled", "country", "region", *strings(rated, "province"), *regions)
        raise UnknownName("comparator", to, [one for one in dict.fromkeys(known) if one])
    return _others(rated, regions, to)


def _row(rated: pd.DataFrame, own: pd.Series[bool], name: str) -> _Comparator:
    """Return one row as the comparator of all others."""
    if own.sum() > 1:
        raise NotComparable(f"more than one row for {name}; one_each() chooses by rule", identify(rated)[own])
    mine = own.to_numpy(dtype=bool)
    with_base = mine & (rated["interval"] == "wilson").to_numpy()

    def spread(column: str, rows: npt.NDArray[np.bool_]) -> Floats:
        values = floats(rated, column)[rows]
        return np.where(mine, np.nan, values[0] if len(values) else np.nan)

    label = np.where(mine, "", name).astype(object)
    return _Comparator(
        label, spread("rate", mine), spread("count", with_base), spread("base", with_base), mine
    )


def _others(rated: pd.DataFrame, pools: pd.Series[str], only: str = "") -> _Comparator:
    """Return for each row the sums of the other rows of its pool (or of the pool ``only``)."""
    with_base = (rated["interval"] == "wilson").to_numpy()
    own = pools.to_numpy(dtype=object)
    labels = np.full(len(rated), only, dtype=object) if only else own
    counts, bases = (np.where(with_base, floats(rated, one), 0.0) for one in ("count", "base"))
    members = (own[None, :] == labels[:, None]) & (labels[:, None] != "")
    np.fill_diagonal(members, val=False)
    count, base = members @ counts, members @ bases
    base = np.where(base > 0, base, np.nan)
    nobody = np.zeros(len(rated), dtype=bool)
    return _Comparator(labels, 100 * count / base, count, base, nobody)


def _tests(
    rated: pd.DataFrame, comparator: _Comparator, tested: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats]:
    """Return the limits of the differences and the p-values of the rows tested, NaN elsewhere."""
    count, base = floats(rated, "count"), floats(rated, "base")
    low, high, p_values = (np.full(len(rated), np.nan) for _ in range(3))
    if comparator.fixed:
        low[tested] = (floats(rated, "rate_low") - comparator.rate)[tested]
        high[tested] = (floats(rated, "rate_high") - comparator.rate)[tested]
    else:
        four = (count, base, comparator.count, comparator.base)
        low[tested], high[tested] = newcombe(*(one[tested] for one in four))
    for at in np.flatnonzero(tested):
        p_values[at] = (
            _p_of_one(count[at], base[at], comparator.rate[at])
            if comparator.fixed
            else _p_of_two(count[at], base[at], comparator.count[at], comparator.base[at])
        )
    return low, high, p_values


def _regions(rated: pd.DataFrame, gazetteer: Gazetteer | None) -> pd.Series[str]:
    if "region" in rated.columns:
        return strings(rated, "region")
    units = strings(rated, "unit_id")
    dated = [one for one in units.unique() if one]
    known = (gazetteer or Gazetteer.read()) if dated else None
    names = {one: known.by_id(one).region("vi") for one in dated} if known else {}
    return units.map(lambda one: names.get(one, "")).astype("str")


def _province(rated: pd.DataFrame, name: str, gazetteer: Gazetteer | None) -> pd.Series[bool]:
    """Return which rows are the province of that name, in any usual spelling."""
    candidates = strings(rated, "geo_level").isin(["province", ""]) & shown(rated)
    own = candidates & (strings(rated, "province") == name)
    units = strings(rated, "unit_id")
    if not own.any() and (units != "").any():
        ever = [one.unit_id for one in (gazetteer or Gazetteer.read()).named(name)]
        own = candidates & units.isin(ever)
    return own
