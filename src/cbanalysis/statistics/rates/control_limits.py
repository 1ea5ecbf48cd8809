"""Control charts: which periods of a series stand out from its own chance; before and after an event."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cbanalysis.common.errors import NotComparable, UnknownName
from cbanalysis.dataset.observations.comparability import Dimension, require_comparable
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.periods import period_days
from cbanalysis.dataset.observations.places_and_years import identify, strings
from cbanalysis.statistics.rates.column_values import Floats, days_of, floats
from cbanalysis.statistics.rates.intervals import newcombe

Rule = Literal["we1", "we2", "we3", "we4"]

RULES: tuple[Rule, ...] = ("we1", "we2", "we3", "we4")
"""The four rules of Western Electric, in their order."""

_PERIODS: tuple[Dimension, ...] = ("period",)
_RUN = 8
_MOVING_RANGE = 1.128  # mean range of two values from a normal distribution, in standard deviations


@reads
def control_limits(
    rated: pd.DataFrame, *, baseline_end: str | None = None, overdispersion: bool = False
) -> pd.DataFrame:
    """Tell signal from noise in a series: a p-chart with the rules of Western Electric.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates` with count and base, one a period, of one place; any order.
    baseline_end : str, optional
        The last period of the baseline that centre and limits come from, e.g. the last month before an event:
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. A row belongs to the baseline where it ends by the last day
        of that period; undated rows don't. The whole series by default.
    overdispersion : bool
        Widen the limits to the variation from one period to the next (Laney's p'-chart). With bases of many
        thousands nearly every point lies outside the plain limits, for chance is not all that varies.

    Returns
    -------
    DataFrame
        The rows by period, with

        - ``centre``: all counts out of all bases of the baseline, percent,
        - ``lower``, ``upper``: three standard deviations from it for the row's base, percent, cut at 0 and
          100,
        - ``sigmas``: how many standard deviations the rate lies from the centre,
        - ``rules``: the rules that the point breaks, joined by ``+``; empty for noise,
        - ``baseline``: whether the row is part of it,
        - ``spread``: what the standard deviation was multiplied by (1 for a plain p-chart),
        - ``slot``: where the period stands in time, 0 for the first; missing periods leave slots empty.

    Raises
    ------
    NotComparable
        When rows differ in anything but their period, a period stands twice, or fewer than two rows of the
        baseline have a base.
    UnknownName
        When `baseline_end` is no period.
    DataError
        When a column is missing.

    Notes
    -----
    ``p̄ ± 3 √(p̄(1-p̄)/n)``. Rules after the Statistical Quality Control Handbook (Western Electric, 1956),
    on one side of the centre: *we1* a point beyond 3 standard deviations; *we2* two of three in a row beyond
    2; *we3* four of five beyond 1; *we4* eight in a row on one side. Marked is the point that completes the
    pattern; a run ends where a period is missing. All four together give a false alarm in about one of 92
    points of pure chance (Champ and Woodall 1987, Technometrics 29:393-399). Laney (2002), Quality
    Engineering 14:531-537: the standard deviation times the mean moving range of the baseline's z-scores,
    from one period to the next, over 1.128.

    Examples
    --------
    >>> rows = pd.DataFrame({"period_start": ["2024-01", "2024-02", "2024-03"], "period_end": ["2024-01",
    ...     "2024-02", "2024-03"], "count": [80, 82, 60], "base": [100] * 3, "rate": [80.0, 82.0, 60.0],
    ...     "interval": "wilson"})
    >>> found = control_limits(rows, baseline_end="2024-02")
    >>> found[["centre", "lower", "upper", "sigmas", "rules"]].round(1).tail(1)
       centre  lower  upper  sigmas rules
    2    81.0   69.2   92.8    -5.4   we1
    """
    need(rated, ("period_start", "period_end", "count", "base", "rate", "interval"), "control_limits")
    rows = rated[rated["interval"] == "wilson"]
    rows = rows.sort_values(["period_start", "period_end"], kind="stable", ignore_index=True)
    require_comparable(rows, across=_PERIODS)
    _require_one_a_period(rows)
    baseline = np.ones(len(rows), dtype=bool)
    if baseline_end is not None:
        last = days_of("end of the baseline", baseline_end)[1]
        ends = [period_days(end) for end in strings(rows, "period_end")]
        baseline = np.array([end is not None and end[1] <= last for end in ends], dtype=bool)
    if baseline.sum() < 2:
        raise NotComparable("a control chart needs two periods with a base in its baseline", identify(rated))
    count, base = floats(rows, "count"), floats(rows, "base")
    centre = count[baseline].sum() / base[baseline].sum()
    sigma = np.sqrt(centre * (1 - centre) / base)
    plain = np.divide(count / base - centre, sigma, out=np.zeros(len(rows)), where=sigma > 0)
    slot = _slots(rows)
    spread = 1.0
    ranges = np.abs(np.diff(plain[baseline]))[np.diff(slot[baseline]) == 1]
    if overdispersion and len(ranges):
        spread = max(1.0, float(ranges.mean()) / _MOVING_RANGE)
    sigmas = plain / spread
    stretches = np.split(sigmas, np.flatnonzero(np.diff(slot) > 1) + 1)
    return rows.assign(
        centre=100 * centre,
        lower=np.clip(100 * (centre - 3 * spread * sigma), 0, 100),
        upper=np.clip(100 * (centre + 3 * spread * sigma), 0, 100),
        sigmas=sigmas,
        rules=pd.Series([one for some in stretches for one in _broken(some)], index=rows.index, dtype="str"),
        baseline=baseline,
        spread=spread,
        slot=slot,
    )


def _require_one_a_period(rows: pd.DataFrame) -> None:
    twice = (strings(rows, "period_start") + "|" + strings(rows, "period_end")).duplicated(keep=False)
    if twice.any():
        raise NotComparable("a period stands more than once", identify(rows)[twice])


def _slots(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return where each period stands in steps of the series, which are its shortest from start to start.

    Periods that aren't dated, or several of one month, stand side by side.
    """
    first, last = (
        np.array(
            [12 * days[at].year + days[at].month for one in strings(rows, name) if (days := period_days(one))]
        )
        for at, name in enumerate(("period_start", "period_end"))
    )
    step = int(np.diff(first).min()) if len(first) == len(last) == len(rows) else 0
    if step < 1:
        return np.arange(len(rows))
    missing = np.maximum((first[1:] - last[:-1] - 1) // step, 0)
    return np.concatenate([[0], np.cumsum(1 + missing)])


def _broken(sigmas: Floats) -> list[str]:
    """Return the rules that each point completes."""
    broken: dict[str, npt.NDArray[np.bool_]] = {one: np.zeros(len(sigmas), dtype=bool) for one in RULES}
    for side in (sigmas, -sigmas):
        broken["we1"] |= side > 3
        broken["we2"] |= _of_last(side > 2, 3, 2)
        broken["we3"] |= _of_last(side > 1, 5, 4)
        broken["we4"] |= _of_last(side > 0, _RUN, _RUN)
    return ["+".join(one for one in RULES if broken[one][at]) for at in range(len(sigmas))]


def _of_last(beyond: npt.NDArray[np.bool_], window: int, least: int) -> npt.NDArray[np.bool_]:
    """Return where a point is beyond, and with it at least so many of the last few."""
    counted = np.convolve(beyond.astype("int64"), np.ones(window, dtype="int64"))[: len(beyond)]
    return beyond & (counted >= least)


@reads
def before_after(rated: pd.DataFrame, event: str, *, periods: int | None = None) -> pd.DataFrame:
    """Set the periods before an event against those from it on.

    It shows that two stretches of time differ, not why: whatever else changed at that time, the season and
    the slow drift of the series are in the difference. Months of one cell resemble each other, so that the
    interval, which takes all attendances for independent, is too narrow rather than too wide.

    Parameters
    ----------
    rated : DataFrame
        Rows with count and base, one a period, of one place.
    event : str
        The first period that counts as after: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. Undated rows stand on
        neither side.
    periods : int, optional
        How many periods on either side; with 12 months either side sees each season once. As many as there
        are on the shorter side by default.

    Returns
    -------
    DataFrame
        One row: ``event``, ``periods``, ``count_before``, ``base_before``, ``rate_before``, the same
        ``_after``, ``difference`` (percentage points, after less before), ``difference_low``,
        ``difference_high`` (Newcombe, 95 %).

    Raises
    ------
    NotComparable
        When rows differ in anything but their period, a period stands twice or contains the first day of the
        event, or one side has no period or fewer than asked for.
    DataError
        When a column is missing.
    UnknownName
        When `event` is no period, or `periods` no positive number.

    Examples
    --------
    >>> rows = pd.DataFrame({"period_start": ["2024-01", "2024-02"], "period_end": ["2024-01", "2024-02"],
    ...     "count": [48, 56], "base": [80, 70], "interval": "wilson"})
    >>> before_after(rows, "2024-02")[["rate_before", "rate_after", "difference"]].round(1)
       rate_before  rate_after  difference
    0         60.0        80.0        20.0
    """
    need(rated, ("period_start", "period_end", "count", "base", "interval"), "before_after")
    if periods is not None and periods < 1:
        raise UnknownName("number of periods", periods, hint="(1 or more)")
    rows = rated[rated["interval"] == "wilson"].sort_values("period_start", kind="stable")
    require_comparable(rows, across=_PERIODS)
    _require_one_a_period(rows)
    day = days_of("event", event)[0]
    dated = [
        (position, first[0], last[1])
        for position, (start, end) in enumerate(zip(rows["period_start"], rows["period_end"], strict=True))
        if (first := period_days(str(start))) and (last := period_days(str(end)))
    ]
    if within := [position for position, first, last in dated if first < day <= last]:
        raise NotComparable(
            f"{event} begins inside a period; take shorter periods or an event at the start of one",
            identify(rows.iloc[within]),
        )
    before = rows.iloc[[position for position, _, last in dated if last < day]]
    after = rows.iloc[[position for position, first, _ in dated if first >= day]]
    if before.empty or after.empty:
        raise NotComparable(f"there is no period on one side of {event}", identify(rated))
    most = min(len(before), len(after)) if periods is None else periods
    if most > min(len(before), len(after)):
        there = f"{len(before)} before {event} and {len(after)} from it on"
        raise NotComparable(
            f"{most} periods on either side were asked for, there are {there}", identify(rated)
        )
    before, after = before.tail(most), after.head(most)
    sums = {
        f"{name}_{when}": int(some[name].sum())
        for when, some in (("before", before), ("after", after))
        for name in ("count", "base")
    }
    low, high = newcombe(
        [sums["count_after"]], [sums["base_after"]], [sums["count_before"]], [sums["base_before"]]
    )
    rates = {
        f"rate_{when}": 100 * sums[f"count_{when}"] / sums[f"base_{when}"] for when in ("before", "after")
    }
    found = {"event": event, "periods": most, **sums, **rates}
    found["difference"] = rates["rate_after"] - rates["rate_before"]
    found |= {"difference_low": float(low[0]), "difference_high": float(high[0])}
    return pd.DataFrame([found])
