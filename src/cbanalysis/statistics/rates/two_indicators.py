"""Two indicators beside each other, place by place: which figures pair, and how far their order agrees."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
import pandas as pd

from cbanalysis.common.errors import CbanalysisError, NotComparable, UnknownName
from cbanalysis.dataset.observations.comparability import require_comparable
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, places, strings
from cbanalysis.statistics.rates.choosing_and_ranking import RATED, one_each
from cbanalysis.statistics.rates.column_values import Floats, side_by_side

_FEWEST = 5  # places: fewer have no order worth a number
_EXACT = 7  # places: up to 5,040 orders are all tried
_DRAWS = 9_999
_SEED = 20_070_601  # any number, but always the same


@reads
def together(rated: pd.DataFrame, first: str, second: str, *, apart: int = 0) -> pd.DataFrame:
    """Put the figures of two indicators side by side, place by place.

    Each indicator takes one year for all places: the two years (``apart`` at the most) in which most places
    have both figures, of equals the closest, then the newest. Several figures of a place are chosen among as
    by `one_each`.

    Parameters
    ----------
    rated : DataFrame
        Rows from `add_rates` with ``indicator`` and ``year``; those of each indicator comparable but for
        places and years (see `standard`).
    first, second : str
        The two indicators, for the horizontal and the vertical axis.
    apart : int
        How many years may lie between the two figures.

    Returns
    -------
    DataFrame
        One row a place that has either figure, in the order of the rows, with the columns of the place, and

        - ``rate_x``, ``rate_low_x``, ``rate_high_x``, ``interval_x``, ``year_x``, ``observation_id_x`` of the
          first indicator, the same with ``_y`` of the second; empty where there is none,
        - ``missing``: ``x`` or ``y``, the figure that isn't there (or is a floor or range, no one value),
          else empty,
        - ``other_years``: the years for which the missing figure was published, if any.

    Raises
    ------
    UnknownName
        When one of the indicators has no row with a rate.
    NotComparable
        When the rows of one indicator can't stand beside each other.
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"indicator": ["a", "a", "b"], "province": ["P", "Q", "P"], "year": 2020,
    ...     "period_start": "2020", "period_end": "2020", "rate": [1.0, 2.0, 3.0], "rate_low": 0.0,
    ...     "rate_high": 4.0, "interval": "rounding", "observation_id": ["A1", "A2", "B1"]})
    >>> together(rows, "a", "b")[["province", "rate_x", "rate_y", "missing"]].to_numpy().tolist()
    [['P', 1.0, 3.0, ''], ['Q', 2.0, nan, 'y']]
    """
    need(rated, (*RATED, "indicator", "year", "period_end"), "together")
    sides = {}
    rated = rated.assign(_place=places(rated))
    for side, name in (("x", first), ("y", second)):
        rows = rated[(strings(rated, "indicator") == name) & rated["rate"].notna() & rated["year"].notna()]
        if rows.empty:
            there = rated.loc[rated["rate"].notna() & rated["year"].notna(), "indicator"]
            raise UnknownName("indicator with rates and years", name, sorted(set(there)))
        require_comparable(rows, across=("province", "period"))
        sides[side] = one_each(rows, yearly=True)
    if set(strings(sides["x"], "geo_level")) != set(strings(sides["y"], "geo_level")):
        raise NotComparable("the level differs", [*identify(sides["x"])[:1], *identify(sides["y"])[:1]])
    years = dict(zip("xy", _best_years(sides["x"], sides["y"], apart), strict=True))
    every = pd.concat([sides["x"], sides["y"]], ignore_index=True)
    of_year = {side: rows[rows["year"] == years[side]] for side, rows in sides.items()}
    paired = side_by_side(every, of_year, ("observation_id", *RATED, "year", "count", "base"))
    paired = paired[paired["rate_x"].notna() | paired["rate_y"].notna()]
    missing = np.select([paired["rate_x"].isna(), paired["rate_y"].isna()], ["x", "y"], "")
    known = {
        side: rows.groupby("_place")["year"].agg(lambda found: ", ".join(map(str, sorted(found))))
        for side, rows in sides.items()
    }
    others = [
        known[side].get(place, "") if side else "" for place, side in zip(paired.index, missing, strict=True)
    ]
    told = {"missing": pd.array(missing, dtype="str"), "other_years": pd.array(others, dtype="str")}
    return paired.assign(**told).reset_index(drop=True)


def _best_years(first: pd.DataFrame, second: pd.DataFrame, apart: int) -> tuple[int, int]:
    """Return the two years in which most places have both figures; of equals the closest, then the newest."""
    at = [
        {int(year): set(rows.loc[rows["year"] == year, "_place"]) for year in rows["year"].unique()}
        for rows in (first, second)
    ]
    pairs = [(x, y) for x, y in product(*at) if abs(x - y) <= apart]
    if not pairs:
        spans = [f"{min(years)}-{max(years)}" for years in at]
        raise NotComparable(
            f"no years within {apart} of each other: figures of the first indicator are of {spans[0]}, those "
            f"of the second of {spans[1]}; apart= allows more years between them",
            [*identify(first)[:1], *identify(second)[:1]],
        )
    return max(
        pairs, key=lambda pair: (len(at[0][pair[0]] & at[1][pair[1]]), -abs(pair[0] - pair[1]), sum(pair))
    )


@dataclass(frozen=True)
class Correlation:
    """How far the order of places by one figure agrees with that by another.

    Attributes
    ----------
    rho : float
        Spearman's rank correlation, -1 to 1; NaN where it can't be told.
    low, high : float
        Its 95 % interval: percentiles of 9,999 draws of as many places with replacement (bootstrap).
    p : float
        How often a chance order agrees as much, either way.
    exact : bool
        Whether all orders were tried for ``p`` (up to seven places), else 9,999 drawn at random.
    places : int
        How many places have both figures.
    """

    rho: float
    low: float
    high: float
    p: float
    exact: bool
    places: int


def rank_correlation(first: Floats | pd.Series, second: Floats | pd.Series) -> Correlation:
    """Return Spearman's rank correlation of two figures of the same places, with its interval.

    Parameters
    ----------
    first, second : array_like of float
        The figures, place by place, those of two Series by their index; places that lack either are left out.

    Returns
    -------
    Correlation
        ``rho`` alone is NaN-free from three places on; interval and ``p`` need five.

    Notes
    -----
    Normal theory doesn't hold for a dozen places, so the interval is a percentile bootstrap over places and
    ``p`` a permutation test (exact up to seven places); both draw from a fixed seed, so that the same figures
    give the same numbers. Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 and 15.
    Chance here is that of places, not of the figures' own intervals.

    Examples
    --------
    >>> found = rank_correlation(np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, 1, 4, 3, 6, 5]))
    >>> round(found.rho, 3), round(found.p, 3), found.exact, found.places
    (0.829, 0.058, True, 6)
    """
    if (
        isinstance(first, pd.Series)
        and isinstance(second, pd.Series)
        and not first.index.equals(second.index)
    ):
        for one in (first, second):
            if len(twice := one.index[one.index.duplicated()]):
                raise CbanalysisError(f"figures meet by their index, and {twice[0]!r} stands there twice")
        first, second = first.align(second)
    x, y = (np.asarray(one, dtype="float64") for one in (first, second))
    if x.shape != y.shape:
        raise CbanalysisError(f"figures of the same places are as many: {x.size} aren't {y.size}")
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = np.round(x[both], 9), np.round(y[both], 9)
    nothing = float("nan")
    if len(x) < 3 or len(set(x)) < 2 or len(set(y)) < 2:
        return Correlation(nothing, nothing, nothing, nothing, exact=False, places=len(x))
    rho = float(_spearman(x[None, :], y[None, :])[0])
    if len(x) < _FEWEST:
        return Correlation(rho, nothing, nothing, nothing, exact=False, places=len(x))
    random = np.random.default_rng(_SEED)
    drawn = random.integers(0, len(x), size=(_DRAWS, len(x)))
    low, high = np.nanpercentile(_spearman(x[drawn], y[drawn]), [2.5, 97.5])
    exact = len(x) <= _EXACT
    orders = (
        np.array(list(permutations(range(len(x)))))
        if exact
        else random.permuted(np.tile(np.arange(len(x)), (_DRAWS, 1)), axis=1)
    )
    ranked = _ranks(y[None, :])[0]
    by_chance = np.abs(_pearson(_ranks(x[None, :]), ranked[orders])) >= abs(rho) - 1e-12
    p = by_chance.mean() if exact else (by_chance.sum() + 1) / (_DRAWS + 1)
    return Correlation(rho, float(low), float(high), float(p), exact=exact, places=len(x))


def _spearman(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the rank correlation of each row; NaN where one side has only one value."""
    return _pearson(_ranks(x), _ranks(y))


def _ranks(values: np.ndarray) -> np.ndarray:
    return pd.DataFrame(values).rank(axis=1).to_numpy()


def _pearson(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1)))
