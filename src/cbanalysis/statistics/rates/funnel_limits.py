"""Funnel plots: how far a rate may stray by chance, given its base."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from cbanalysis.common.errors import NotComparable, UnknownName
from cbanalysis.dataset.observations.comparability import PLACES, Dimension
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, places
from cbanalysis.statistics.rates.choosing_and_ranking import RATED, require_one_each, shown
from cbanalysis.statistics.rates.column_values import Floats, floats, percent_of

Overdispersion = Literal["additive", "multiplicative"]

_LIMITS = {"lower_95": -0.975, "upper_95": 0.975, "lower_998": -0.999, "upper_998": 0.999}
_BEYOND = 0.05  # the share of places that chance puts outside the 95 % limits
_TRIM = 0.1  # Spiegelhalter's share of extreme z-scores pulled in at either end


@dataclass(frozen=True)
class _Funnel:
    """The overall share (0 to 1) and how much more than chance the rates vary.

    ``dispersion`` is the mean squared z-score, ``inflation`` what the chance variance is multiplied by,
    ``between`` the variance added to it.
    """

    overall: float
    dispersion: float
    inflation: float
    between: float

    def limits(self, base: Floats) -> dict[str, Floats]:
        variance = self.overall * (1 - self.overall) / base
        spread = np.sqrt(self.inflation * variance + self.between)
        return {
            name: np.clip(100 * (self.overall + np.sign(at) * stats.norm.ppf(abs(at)) * spread), 0, 100)
            for name, at in _LIMITS.items()
        }


def _funnel(
    rated: pd.DataFrame,
    overdispersion: bool | Overdispersion,  # noqa: FBT001 passed on
    centre: float | None,
) -> _Funnel:
    with_base = rated[rated["interval"] == "wilson"]
    if with_base.empty:
        raise NotComparable("a funnel needs rows with a base", identify(rated))
    count, base = floats(with_base, "count"), floats(with_base, "base")
    overall = count.sum() / base.sum() if centre is None else percent_of("centre", centre) / 100
    if overdispersion and len(with_base) < 2:
        raise NotComparable("over-dispersion shows only between two or more places", identify(with_base))
    variance = overall * (1 - overall) / base
    if overall in (0.0, 1.0):
        return _Funnel(overall, 0.0, 1.0, 0.0)
    z = (count / base - overall) / np.sqrt(variance)
    dispersion = float(np.mean(np.clip(z, *np.quantile(z, [_TRIM, 1 - _TRIM])) ** 2))
    places = len(z)
    inflation, between = 1.0, 0.0
    if overdispersion and places * dispersion > places - 1:
        if overdispersion == "multiplicative":
            inflation = max(dispersion, 1.0)
        else:
            weights = 1 / variance
            between = (places * dispersion - (places - 1)) / (
                weights.sum() - (weights**2).sum() / weights.sum()
            )
    return _Funnel(float(overall), dispersion, inflation, float(between))


@reads
def funnel_limits(
    rated: pd.DataFrame,
    *,
    overdispersion: bool | Overdispersion = False,
    centre: float | None = None,
    across: Collection[Dimension] = PLACES,
) -> pd.DataFrame:
    """Say which rates lie outside what chance alone would give, for their base.

    Parameters
    ----------
    rated : DataFrame
        Comparable rows from `add_rates`, one a place.
    overdispersion : bool or {"additive", "multiplicative"}
        Widen the limits where the rates vary more than chance would let them; True means "additive".
    centre : float, optional
        The rate in percent around which the limits lie, such as that of the whole province where only some of
        its districts are known; all counts out of all bases unless told.
    across : collection of str
        What may differ between the rows, see `require_comparable`.

    Returns
    -------
    DataFrame
        The same rows with

        - ``overall``: all counts out of all bases, or the centre given, percent,
        - ``lower_95``, ``upper_95``, ``lower_998``, ``upper_998``: control limits at the row's base, percent;
          empty without a base,
        - ``funnel``: within, above_95, below_95, above_998, below_998, or no_base (to be listed beside the
          plot),
        - ``dispersion``: the mean squared winsorised z-score; far above 1 means that chance isn't all,
        - ``between``: standard deviation between places added to chance, percentage points (0 unless
          additive),
        - ``inflation``: what the chance variance was multiplied by (1 unless multiplicative),
        - ``chance``: how often chance alone would put so many places or more outside the 95 % limits, percent
          (binomial with 5 %).

    Raises
    ------
    NotComparable
        When the rows can't stand beside each other, a place stands twice, no row has a base, or
        over-dispersion is asked of one.
    UnknownName
        When `centre` is no rate from 0 to 100.
    DataError
        When a column is missing.

    Notes
    -----
    ``p ± z √(p(1-p)/n)`` cut at 0 and 100, z = 1.960 and 3.090: what PHEindicatormethods' ``phe_funnels``
    computes for proportions. A rate lies outside exactly when its own Wilson interval (of 95 or 99.8 %)
    leaves out the overall rate. Over-dispersion after Spiegelhalter (2005), Qual Saf Health Care 14:347-351:
    z-scores winsorised by 10 % at either end, φ their mean square over I places. Where I·φ > I - 1: additive,
    ``τ² = (I·φ - (I-1)) / (Σw - Σw²/Σw)`` with w = n / p(1-p), is added to the variance; multiplicative, the
    variance is multiplied by φ (if above 1).

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "B", "C"], "count": [20, 250, 30], "base": [100, 500, 50],
    ...     "rate": [20.0, 50.0, 60.0], "rate_low": 0.0, "rate_high": 100.0, "interval": "wilson"})
    >>> funnel_limits(rows)[["overall", "lower_998", "upper_95", "funnel"]].round(1)
       overall  lower_998  upper_95     funnel
    0     46.2       30.7      55.9  below_998
    1     46.2       39.3      50.5     within
    2     46.2       24.4      60.0   above_95
    """
    need(rated, (*RATED, "count", "base"), "funnel_limits")
    present = rated[shown(rated)]
    require_one_each(present, across=across)
    funnel = _funnel(rated, overdispersion, centre)
    with_base = (rated["interval"] == "wilson").to_numpy()
    limits = funnel.limits(np.where(with_base, floats(rated, "base"), np.nan))
    rate = floats(rated, "rate")
    tests = [~with_base, rate < limits["lower_998"], rate > limits["upper_998"]]
    tests += [rate < limits["lower_95"], rate > limits["upper_95"]]
    place = np.select(tests, ["no_base", "below_998", "above_998", "below_95", "above_95"], "within")
    outside = int((~np.isin(place, ["no_base", "within"])).sum())
    return rated.assign(
        overall=100 * funnel.overall,
        **limits,
        funnel=pd.Series(place, index=rated.index, dtype="str"),
        dispersion=funnel.dispersion,
        between=100 * np.sqrt(funnel.between),
        inflation=funnel.inflation,
        chance=100 * stats.binom.sf(outside - 1, int(with_base.sum()), _BEYOND),
    )


@reads
def funnel_curve(
    rated: pd.DataFrame,
    *,
    overdispersion: bool | Overdispersion = False,
    centre: float | None = None,
    bases: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Return the control limits as curves over the base, to draw.

    Parameters
    ----------
    rated : DataFrame
        The rows given to `funnel_limits`.
    overdispersion : bool or {"additive", "multiplicative"}
        As there.
    centre : float, optional
        As there.
    bases : sequence of float, optional
        Where to compute them; 200 points, closer together for small bases, unless told.

    Returns
    -------
    DataFrame
        ``base``, ``lower_95``, ``upper_95``, ``lower_998``, ``upper_998``, ``overall`` (percent), one row for
        each base.

    Raises
    ------
    NotComparable
        When no row has a base, or over-dispersion is asked of one.
    UnknownName
        When `centre` is no rate from 0 to 100, or a base isn't above 0.
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"count": [50], "base": [100], "interval": ["wilson"]})
    >>> funnel_curve(rows, bases=[25, 100])[["base", "lower_95", "upper_95"]].round(1)
        base  lower_95  upper_95
    0   25.0      30.4      69.6
    1  100.0      40.2      59.8
    """
    need(rated, ("interval", "count", "base"), "funnel_curve")
    funnel = _funnel(rated, overdispersion, centre)
    known = floats(rated[rated["interval"] == "wilson"], "base")
    at = np.geomspace(max(1.0, 0.8 * known.min()), 1.05 * known.max(), 200) if bases is None else bases
    points = np.asarray(at, dtype="float64")
    if not (right := (points > 0) & np.isfinite(points)).all():
        raise UnknownName("base", float(points[~right][0]), hint="(a number above 0)")
    return pd.DataFrame({"base": points, **funnel.limits(points), "overall": 100 * funnel.overall})


@reads
def districts_of_one(rated: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the districts of the province and period of which most are published with count and base.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates` of one measure.

    Returns
    -------
    tuple of DataFrame
        The rows of the districts, one each, and those of the whole province in the same period (none where
        it isn't published); no rows in both where no province has two districts.

    Raises
    ------
    DataError
        When a column is missing.
    """
    same = ["province", "period_start", "period_end"]
    need(rated, (*same, "geo_level", "area", "interval"), "districts_of_one")
    based = rated[rated["interval"] == "wilson"]
    districts = based[based["geo_level"] == "district"]
    districts = districts[~districts[same].assign(_place=places(districts)).duplicated()]
    if districts.empty:
        return districts, districts
    sizes = districts.groupby(same)["area"].transform("size")
    if sizes.max() < 2:
        return districts[:0], districts[:0]
    chosen = districts[sizes == sizes.max()].iloc[0][same]

    whole = based[based["geo_level"] == "province"]
    return districts[(districts[same] == chosen).all(axis=1)], whole[(whole[same] == chosen).all(axis=1)]
