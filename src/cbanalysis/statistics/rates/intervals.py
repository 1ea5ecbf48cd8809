"""Rates with the interval that the printed figure allows: chance with a base, rounding without."""

from __future__ import annotations

import reprlib
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.given_frames import need, plain, reads
from cbanalysis.dataset.observations.places_and_years import strings
from cbanalysis.dataset.observations.printed_against_stored import share_above
from cbanalysis.statistics.rates.column_values import Floats, floats, half_units, sure_counts

_TINY = 1e-9  # so that a gap of exactly one printed unit isn't lost to binary fractions


def wilson(
    count: npt.ArrayLike, base: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> tuple[Floats, Floats]:
    """Return the Wilson score interval of ``count`` out of ``base``, in percent.

    Parameters
    ----------
    count, base : array_like
        Whole numbers, 0 <= count <= base, base > 0.
    confidence : array_like
        Coverage, 0.95 unless told; one for all or one for each.

    Returns
    -------
    tuple of arrays
        Lower and upper limit, 0 to 100; NaN for NaN.

    Raises
    ------
    CbanalysisError
        When a count lies outside its base, a base isn't above 0 or a confidence isn't between 0 and 1.

    Notes
    -----
    ``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)``: Wilson (1927), J Am Stat Assoc 22:209-212;
    method 3 of Newcombe (1998), Stat Med 17:857-872.

    Examples
    --------
    >>> low, high = wilson([81], [263])
    >>> round(float(low[0]), 2), round(float(high[0]), 2)
    (25.53, 36.62)
    """
    counts, bases, levels = _numbers(count, base, confidence)
    if not (right := (levels > 0) & (levels < 1)).all():
        outside = levels[~right].flat[0]
        raise CbanalysisError(f"a confidence lies between 0 and 1, as 0.95 does, not {outside:g}")
    if (wrong := (counts < 0) | (counts > bases) | (bases <= 0) | np.isinf(bases)).any():
        one, of = (np.broadcast_to(some, wrong.shape)[wrong][0] for some in (counts, bases))
        raise CbanalysisError(f"a count lies between 0 and its base, a base above 0; found {one:g} of {of:g}")
    share = counts / bases
    z = stats.norm.isf((1 - levels) / 2)
    middle = share + z**2 / (2 * bases)
    reach = z * np.sqrt(share * (1 - share) / bases + z**2 / (4 * bases**2))
    low, high = (np.clip(100 * (middle + one) / (1 + z**2 / bases), 0, 100) for one in (-reach, reach))
    # the limits of 0 of n and n of n are 0 and 100 by the formula, a hair beside in binary
    return np.where(counts == 0, 0.0, low), np.where(counts == bases, 100.0, high)


def newcombe(
    count: npt.ArrayLike,
    base: npt.ArrayLike,
    other_count: npt.ArrayLike,
    other_base: npt.ArrayLike,
    confidence: npt.ArrayLike = 0.95,
) -> tuple[Floats, Floats]:
    """Return the interval of ``count/base - other_count/other_base``, in percentage points.

    Parameters
    ----------
    count, base, other_count, other_base : array_like
        Whole numbers, 0 <= count <= base, base > 0.
    confidence : array_like
        Coverage, 0.95 unless told; one for all or one for each.

    Returns
    -------
    tuple of arrays
        Lower and upper limit, -100 to 100.

    Raises
    ------
    CbanalysisError
        As `wilson`.

    Notes
    -----
    Newcombe's hybrid score interval without continuity correction, method 10 of Newcombe (1998), Stat Med
    17:873-890: with the Wilson limits l, u of each share, ``d - √((p1-l1)² + (u2-p2)²)`` to
    ``d + √((u1-p1)² + (p2-l2)²)``.

    Examples
    --------
    >>> low, high = newcombe([56], [70], [48], [80])
    >>> round(float(low[0]), 2), round(float(high[0]), 2)
    (5.24, 33.39)
    """
    # as arrays, for two Series would meet by their index in one place and by their order in another
    one, of, other_one, other_of, _ = _numbers(count, base, other_count, other_base, confidence)
    (low, high), (other_low, other_high) = (
        wilson(one, of, confidence),
        wilson(other_one, other_of, confidence),
    )
    share, other = 100 * one / of, 100 * other_one / other_of
    down, up = np.hypot(share - low, other_high - other), np.hypot(high - share, other - other_low)
    return np.clip(share - other - down, -100, 100), np.clip(share - other + up, -100, 100)


def _numbers(*given: npt.ArrayLike) -> list[Floats]:
    """Return numbers as arrays that go together.

    Raises
    ------
    CbanalysisError
        For anything else.
    """
    arrays = []
    for one in given:
        try:
            plain_one = one.to_numpy("float64", na_value=np.nan) if isinstance(one, pd.Series) else one
            arrays.append(np.asarray(plain_one, dtype="float64"))
        except (TypeError, ValueError):
            raise CbanalysisError(
                f"an interval is made of numbers or lists of them, not of {reprlib.repr(one)}"
            ) from None
    try:
        np.broadcast_shapes(*(one.shape for one in arrays))
    except ValueError:
        sizes = " and ".join(dict.fromkeys(str(one.size) for one in arrays if one.ndim))
        raise CbanalysisError(f"an interval is made of lists of one length, not of {sizes} numbers") from None
    return arrays


def add_rates(observations: pd.DataFrame) -> pd.DataFrame:
    """Give every observation its rate and the interval that what was printed allows.

    Parameters
    ----------
    observations : DataFrame
        Rows with ``count``, ``base``, ``percent``, ``percent_max`` and ``qualifier``; ``decimals`` (digits
        printed after the point), ``printed`` and ``note`` (which tell "above" from "about") are used where
        they are there, and so is ``value`` of indicators with a unit of their own.

    Returns
    -------
    DataFrame
        The same rows with

        - ``rate``: percent, 0 to 100, or the value in the indicator's unit; NaN where only bounds are known,
        - ``rate_low``, ``rate_high``: the limits of that kind of interval, within the unit's bounds,
        - ``interval``: ``wilson`` (count and base: 95 % Wilson score interval), ``rounding`` (a percentage
          without them: half a unit in its last printed place, so 97 % is 96.5 to 97.5), ``floor`` ("at
          least" and "above": from the value to 100, no rate), ``range`` (from ``percent`` to
          ``percent_max``, no rate), ``about`` (a rate, limits not known), ``none`` (no rate: a plain count),
        - ``base_from``, ``base_period``: the observation that the base was borrowed from and its years, empty
          here (see `borrow_base`),
        - ``conflict``: True where count, base and percentage can't all be right. The percentage then stands,
          with its rounding range. One unit in its last printed place is allowed for, since many sources cut
          instead of rounding (78 of 92, 84.78 %, printed as 84,7 %).

    Raises
    ------
    DataError
        When a column is missing.

    Notes
    -----
    The figures are complete counts, not samples: a Wilson interval speaks of chance variation in the process
    behind them. No base, no interval: a rounding range holds no chance.

    Examples
    --------
    >>> rows = pd.DataFrame({"count": [62, None], "base": [124, None], "percent": [50.0, 97.0],
    ...     "percent_max": [None, None], "qualifier": ["exact", "exact"], "decimals": [0, 0]})
    >>> add_rates(rows)[["rate", "rate_low", "rate_high", "interval"]].round(1)
       rate  rate_low  rate_high  interval
    0  50.0      41.3       58.7    wilson
    1  97.0      96.5       97.5  rounding
    """
    observations = plain(observations, "add_rates")
    need(observations, ("count", "base", "percent", "percent_max", "qualifier"), "add_rates")
    count, base = floats(observations, "count"), floats(observations, "base")
    percent, percent_max = floats(observations, "percent"), floats(observations, "percent_max")
    count_max = floats(observations, "count_max")
    half = half_units(observations)
    qualifier = strings(observations, "qualifier")
    about, at_least, is_range = (
        (qualifier == one).to_numpy(dtype=bool) for one in ("about", "at_least", "range")
    )
    printed = ~np.isnan(percent)
    counted = ~np.isnan(count) & ~np.isnan(base) & (base > 0)
    whole = counted & (count >= 0) & (count <= base)

    computed = np.full(len(observations), np.nan)
    computed[counted] = 100 * count[counted] / base[counted]
    top = np.where(at_least, np.inf, np.where(is_range & ~np.isnan(percent_max), percent_max, percent))
    fits = (computed >= percent - 2 * half - _TINY) & (computed <= top + 2 * half + _TINY)
    is_wilson = whole & sure_counts(observations) & (fits | ~printed)
    shown = np.where(whole & ~printed, computed, percent)
    valued = ~np.isnan(value := floats(observations, "value"))
    shown = np.where(valued, value, shown)
    shown_max = np.where(whole & ~printed, 100 * count_max / np.where(counted, base, np.nan), percent_max)
    known = ~np.isnan(shown) & ~is_wilson

    kind = np.full(len(observations), "none", dtype=object)
    rate, low, high = (np.full(len(observations), np.nan) for _ in range(3))
    kind[is_wilson], rate[is_wilson] = "wilson", computed[is_wilson]
    low[is_wilson], high[is_wilson] = wilson(count[is_wilson], base[is_wilson])

    above = _said_above(observations, about, valued)
    about, at_least = about & ~above, at_least | above
    rounding = known & ~about & ~at_least & ~is_range
    kind[rounding], rate[rounding] = "rounding", shown[rounding]
    # a printed share above 100 stands as printed: the audit speaks of it, the rates don't hide it
    least, most = _bounds(observations, valued)
    low[rounding] = np.maximum(shown - half, least)[rounding]
    high[rounding] = np.where(shown > most, shown + half, np.minimum(shown + half, most))[rounding]

    open_end = is_range & np.isnan(shown_max)
    gloss = known & (about | open_end)
    kind[gloss], rate[gloss] = "about", shown[gloss]

    floor = known & at_least
    kind[floor], low[floor] = "floor", shown[floor]
    high[floor] = np.where(np.isinf(most) | (shown > most), np.nan, most)[floor]

    between = known & is_range & ~open_end
    kind[between], low[between], high[between] = "range", shown[between], shown_max[between]

    return observations.assign(
        rate=rate,
        rate_low=np.round(low, 9),
        rate_high=np.round(high, 9),
        interval=pd.Series(kind, index=observations.index, dtype="str"),
        base_from=strings(observations, "base_from"),
        base_period=strings(observations, "base_period"),
        conflict=counted & (~whole | (printed & ~fits)),
    )


def _said_above(observations: pd.DataFrame, about: np.ndarray, valued: np.ndarray) -> np.ndarray:
    """Return which of the figures that are "about" one say in words that they are above it."""
    words = zip(strings(observations, "printed")[about], strings(observations, "note")[about], strict=True)
    above = np.zeros(len(observations), dtype=bool)
    above[about] = [share_above(*one, value=own) for one, own in zip(words, valued[about], strict=True)]
    return above


def with_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their rates, which are computed where they have none yet."""
    return rows if {"rate", "rate_low", "interval"} & set(rows) else add_rates(rows)


def _bounds(rows: pd.DataFrame, valued: np.ndarray) -> tuple[Floats, Floats]:
    """Return what each row's rate can be at least and at most: 0 to 100, or what its own unit allows."""
    low, high = np.zeros(len(rows)), np.full(len(rows), 100.0)
    if valued.any():
        catalogue = Catalogue.read()
        units = {one: catalogue.unit_of(one).bounds for one in set(strings(rows, "indicator")[valued]) - {""}}
        free = (-np.inf, np.inf)
        of_rows = [units.get(one, free) for one in strings(rows, "indicator")[valued]]
        low[valued], high[valued] = zip(*of_rows, strict=True)
    return low, high


@reads
def as_complement(rated: pd.DataFrame, *, count: Literal["do", "do_not"] = "do") -> pd.DataFrame:
    """Turn rows into their opposite, so that all count those who do, or all those who do NOT, and say so.

    488 of 706 village heads who are no party members become 218 of 706 who are; or the other way round. Rows
    that count so already stay as they are.

    Parameters
    ----------
    rated : DataFrame
        Rows from `add_rates`, with the column ``complement``.
    count : {"do", "do_not"}
        Whom all rows count afterwards.

    Returns
    -------
    DataFrame
        The same rows with one ``complement`` throughout and a new column ``turned``, True where a row was
        turned: ``count`` is base - count (empty without a base), ``percent`` and ``rate`` are 100 - percent,
        limits change sides (those of counts, too), a floor becomes a range from 0. ``printed`` stays as
        printed.

    Raises
    ------
    DataError
        When a column is missing.
    UnknownName
        When ``count`` is another one.

    Examples
    --------
    >>> rows = pd.DataFrame({"count": [488], "base": [706], "percent": [None], "percent_max": [None],
    ...     "qualifier": ["exact"], "complement": [True]})
    >>> as_complement(add_rates(rows))[["count", "base", "complement", "turned"]]
       count  base  complement  turned
    0    218   706       False    True
    """
    rated = with_rates(rated)
    need(
        rated, ("count", "base", "percent", "percent_max", "complement", "rate", "interval"), "as_complement"
    )
    turn = rated["complement"].astype(bool) != (count == "do_not")
    is_floor = turn & (rated["interval"] == "floor")
    was_range = turn & (rated["interval"] == "range")
    percent = rated["percent"].astype("float64")
    percent_max = rated["percent_max"].astype("float64")
    opposite = 100 - percent.where(~was_range, percent_max)
    given = rated["count"].astype("Int64")
    count_max = pd.Series(rated.get("count_max", pd.NA), index=rated.index).astype("Int64")
    rest = rated["base"] - given
    least = (rated["base"] - count_max).where(count_max.notna(), rest).mask(is_floor & rest.notna(), 0)
    ranged = {"count_max": count_max.where(~turn, rest.where(count_max.notna() | is_floor))}
    return rated.assign(
        count=given.where(~turn, least),
        **ranged if is_floor.any() or "count_max" in rated else {},
        **{"qualifier": rated["qualifier"].mask(is_floor, "range")} if "qualifier" in rated else {},
        percent=percent.where(~turn, opposite.mask(is_floor & percent.notna(), 0.0)),
        percent_max=percent_max.where(~turn, (100 - percent).where(was_range | is_floor)),
        rate=rated["rate"].where(~turn, 100 - rated["rate"]),
        rate_low=rated["rate_low"].where(~turn, 100 - rated["rate_high"]),
        rate_high=rated["rate_high"].where(~turn, 100 - rated["rate_low"]),
        interval=rated["interval"].where(~is_floor, "range"),
        complement=count == "do_not",
        turned=turn,
    )
