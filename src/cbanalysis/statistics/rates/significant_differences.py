"""Places against one comparator: differences with Newcombe's interval, corrected for being many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cbanalysis.common.errors import NotComparable, UnknownName
from cbanalysis.dataset.observations.comparability import PLACES, Dimension, require_comparable
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, strings
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.statistics.rates.choosing_and_ranking import (
    RATED,
    Direction,
    require_one_each,
    shown,
    wanted_way,
)
from cbanalysis.statistics.rates.column_values import Floats, floats, percent_of
from cbanalysis.statistics.rates.intervals import newcombe, wilson, with_rates

_ALPHA = 0.05
_NOT_SHOWN = "not shown to differ"
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


@reads
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
        - ``difference_low``, ``difference_high``: Newcombe's interval at ``confidence`` (percent); only where
          both have a base,
        - ``p_value``, ``p_holm``: two-sided, before and after Holm's correction over all tests,
        - ``verdict``: better or worse where a direction is wanted, else higher or lower, where the interval
          leaves out 0, else ``not shown to differ``; undecided where a base is missing; empty for the
          comparator itself.

    Raises
    ------
    NotComparable
        When the rows can't stand beside each other, a place stands twice, or so does the comparator.
    UnknownName
        When the comparator is none of the above, or a number that is no rate from 0 to 100.
    DataError
        When a column is missing.

    Notes
    -----
    Interval: `newcombe`; against a fixed rate the Wilson limits less that rate. Test: Pearson's chi-squared
    without continuity correction (the score test that Wilson's interval inverts), Fisher's exact test where
    an expected count is below 5; against a fixed rate the score test, else the exact binomial test.

    Many comparisons (Holm 1979): of m tests the one with the smallest p-value has its interval at a
    confidence of 1 - 0.05/m, the next at 1 - 0.05/(m-1) and so on (equal p-values at the same); from the
    first interval that holds 0, all others have its confidence. So the interval beside a verdict is the one
    that the verdict rests on. Two places that are each other's only comparator are one test.

    Against the country or a region as published the place itself is inside the comparator, which makes the
    interval a little too wide, never too narrow. "Not shown to differ" says that chance could have made the
    difference, not that there is none.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "B"], "count": [56, 48], "base": [70, 80],
    ...     "rate": [80.0, 60.0], "rate_low": [69.2, 49.0], "rate_high": [87.7, 70.0], "interval": "wilson"})
    >>> compare(rows, to="B", direction="higher")[["verdict", "comparator", "difference"]]
      verdict comparator  difference
    0  better          B        20.0
    1                            NaN
    """
    rated = with_rates(rated)
    need(rated, (*RATED, "count", "base"), "compare")
    comparator = _comparator(rated, to, gazetteer)
    present = rated[shown(rated) & ~comparator.own]
    require_one_each(present, across=across)
    if comparator.own.any() and len(present):
        levels: tuple[Dimension, ...] = ("geo_level",) if to == "country" else ()
        beside = pd.concat([present.head(1), rated[comparator.own]])
        require_comparable(beside, across=(*across, *levels))

    tested = (rated["interval"] == "wilson").to_numpy() & ~comparator.own & comparator.sure
    difference = floats(rated, "rate") - comparator.rate
    p_values = _p_values(rated, comparator, tested)
    first = comparator.first_of_test()  # two places against each other: one test, counted once
    counted = tested & (first == np.arange(len(rated)))
    p_holm = holm(np.where(counted, p_values, np.nan))[first]
    low, high, confidence = _intervals(rated, comparator, counted, p_values)
    swapped = tested & ~counted
    low, high = np.where(swapped, -high[first], low), np.where(swapped, -low[first], high)
    confidence = np.where(tested, confidence[first], np.nan)
    above, below = {"higher": ("better", "worse"), "lower": ("worse", "better")}.get(
        wanted_way(rated, direction), ("higher", "lower")
    )
    verdict = np.select(
        [comparator.own, tested & (low > 0), tested & (high < 0), tested],
        ["", above, below, _NOT_SHOWN],
        "undecided",
    )
    return rated.assign(
        comparator=pd.Series(comparator.label, index=rated.index, dtype="str"),
        comparator_rate=comparator.rate,
        difference=difference,
        difference_low=low,
        difference_high=high,
        confidence=confidence,
        p_value=p_values,
        p_holm=p_holm,
        verdict=pd.Series(verdict, index=rated.index, dtype="str"),
    )


@dataclass(frozen=True)
class _Comparator:
    """What each row is compared to: its words, its rate, and count out of base where they are known.

    ``own`` marks the comparator's own row; ``fixed`` says that it is a rate without chance; ``members`` says
    for each row which others are in its comparator.
    """

    label: npt.NDArray[np.object_]
    rate: Floats
    count: Floats
    base: Floats
    own: npt.NDArray[np.bool_]
    fixed: bool = False
    members: npt.NDArray[np.bool_] | None = None

    @property
    def sure(self) -> npt.NDArray[np.bool_]:
        return np.full(len(self.rate), fill_value=True) if self.fixed else ~np.isnan(self.base)

    def first_of_test(self) -> npt.NDArray[np.int64]:
        """Return for each row the first row of the same test: of two that have only each other, the upper."""
        rows = np.arange(len(self.rate))
        if self.members is None or not len(rows):
            return rows
        other = self.members.argmax(axis=1)
        only = self.members.sum(axis=1) == 1
        paired = only & only[other] & (other[other] == rows)
        return np.where(paired, np.minimum(rows, other), rows)


def _comparator(rated: pd.DataFrame, to: float | str, gazetteer: Gazetteer | None) -> _Comparator:
    if not isinstance(to, str):
        none = np.full(len(rated), np.nan)
        label = np.full(len(rated), str(to), dtype=object)
        rate = np.full(len(rated), percent_of("rate to compare with", to))
        return _Comparator(label, rate, none, none, np.zeros(len(rated), dtype=bool), fixed=True)
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
        known = ("pooled", "country", "region", *strings(rated[_whole(rated)], "province"), *regions)
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
    return _Comparator(labels, 100 * count / base, count, base, nobody, members=members & with_base)


def _p_values(rated: pd.DataFrame, comparator: _Comparator, tested: npt.NDArray[np.bool_]) -> Floats:
    """Return the p-values of the rows tested, NaN elsewhere."""
    count, base = floats(rated, "count"), floats(rated, "base")
    p_values = np.full(len(rated), np.nan)
    for at in np.flatnonzero(tested):
        p_values[at] = (
            _p_of_one(count[at], base[at], comparator.rate[at])
            if comparator.fixed
            else _p_of_two(count[at], base[at], comparator.count[at], comparator.base[at])
        )
    return p_values


def _intervals(
    rated: pd.DataFrame, comparator: _Comparator, tested: npt.NDArray[np.bool_], p_values: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the limits of the differences and their confidence in percent, NaN elsewhere; Holm's steps."""
    low, high, confidence = (np.full(len(rated), np.nan) for _ in range(3))
    order = np.flatnonzero(tested)[np.argsort(p_values[tested], kind="stable")]
    clearer = np.searchsorted(p_values[order], p_values[order])  # tests with a smaller p-value
    level = 1 - _ALPHA / (len(order) - clearer)
    lower, upper = _limits(rated, comparator, order, level)
    holds_zero = (lower <= 0) & (upper >= 0)
    if holds_zero.any():
        stop = int(holds_zero.argmax())
        level[stop:] = level[stop]
        lower, upper = _limits(rated, comparator, order, level)
    low[order], high[order], confidence[order] = lower, upper, 100 * level
    return low, high, confidence


def _limits(
    rated: pd.DataFrame, comparator: _Comparator, rows: npt.NDArray[np.int64], level: Floats
) -> tuple[Floats, Floats]:
    count, base = floats(rated, "count")[rows], floats(rated, "base")[rows]
    if comparator.fixed:
        low, high = wilson(count, base, level)
        return low - comparator.rate[rows], high - comparator.rate[rows]
    return newcombe(count, base, comparator.count[rows], comparator.base[rows], level)


def _regions(rated: pd.DataFrame, gazetteer: Gazetteer | None) -> pd.Series[str]:
    if "region" in rated.columns:
        return strings(rated, "region")
    units = strings(rated, "unit_id")
    dated = [one for one in units.unique() if one]
    known = (gazetteer or Gazetteer.read()) if dated else None
    names = {one: known.by_id(one).region("vi") for one in dated} if known else {}
    return units.map(lambda one: names.get(one, "")).astype("str")


def _whole(rated: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows are figures of whole provinces."""
    return strings(rated, "geo_level").isin(["province", ""]) & shown(rated)


def _province(rated: pd.DataFrame, name: str, gazetteer: Gazetteer | None) -> pd.Series[bool]:
    """Return which rows are the province of that name, in any usual spelling."""
    candidates = _whole(rated)
    own = candidates & (strings(rated, "province") == name)
    units = strings(rated, "unit_id")
    if not own.any() and (units != "").any():
        ever = [one.unit_id for one in (gazetteer or Gazetteer.read()).named(name)]
        own = candidates & units.isin(ever)
    return own
