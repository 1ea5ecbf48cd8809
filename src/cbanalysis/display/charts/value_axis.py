"""The axis on which values run: where it begins and ends, its ticks, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.dataset.catalogue import PERCENT, Unit
from cbanalysis.display.charts.marks import Along
from cbanalysis.display.words import amount, unit_of


def percent_limits(*values: Iterable[float], unit: Unit = PERCENT) -> tuple[float, float, float]:
    """Return lower end, upper end and step of an axis of percentages (or another unit) for all values.

    The axis runs from 0 to 100 where values are spread widely, from 0 where they are small, else around
    them: marks are points, not bars, so that an axis needn't start at 0.

    Examples
    --------
    >>> percent_limits([62.0, 97.5]), percent_limits([3.0, 11.0]), percent_limits([91.0, 98.2])
    ((60.0, 100.0, 10.0), (0.0, 12.0, 2.0), (90.0, 100.0, 2.0))
    """
    known = np.concatenate([np.asarray(list(one), dtype="float64") for one in values])
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    if unit.own:
        return _own_limits(low, high, unit)
    if low >= 0 and (high - low >= 55 or low < 0.3 * high):
        low = 0.0
    if low == 0 and 60 < high <= 100:
        high = 100.0
    # of a target it may be many times 100
    steps = (10.0**power * times for power in range(16) for times in (1, 2, 5))
    step = next(one for one in steps if max(high - low, 4.0) / one <= 6)
    start, end = step * np.floor(low / step + 1e-9), step * np.ceil(high / step - 1e-9)
    if end - start < 4:
        start, end = start - 2, end + 2
    if low >= 0 and high <= 100:
        start, end = max(start, 0.0), min(end, 100.0)
    return float(start), float(end), step


def rate_limits(rows: pd.DataFrame, *more: float) -> tuple[float, float, float]:
    """Return `percent_limits` of the rates of rows, their intervals, and some more values."""
    ends = (rows[one] for one in ("rate", "rate_low", "rate_high"))
    return percent_limits(*ends, more, unit=unit_of(rows))


def _own_limits(low: float, high: float, unit: Unit) -> tuple[float, float, float]:
    """Return the ends and the step of an axis of any size: some steps of 1, 2 or 5 by a power of 10."""
    if 0 <= low < 0.3 * high:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** np.floor(np.log10(span / 6))
    step = float(next(power * times for times in (1, 2, 5, 10) if power * times >= span / 6 - 1e-12))
    start, end = step * np.floor(low / step + 1e-9), step * np.ceil(high / step - 1e-9)
    if start == end:
        start, end = start - step, end + step
    least, most = unit.bounds
    return float(max(start, least)), float(min(end, most)), step


def percent_axis(
    axes: Axes, limits: tuple[float, float, float], along: Along = "x", unit: Unit = PERCENT
) -> None:
    """Set limits, ticks and tick labels of the axis on which values run, with fine lines across."""
    low, high, step = limits
    ticks = np.arange(low, high + step / 2, step)
    axis = axes.xaxis if along == "x" else axes.yaxis
    (axes.set_xlim if along == "x" else axes.set_ylim)(low, high)
    # words behind every tick would only repeat what the subtitle says
    bare = unit.model_copy(update={"sign": None}) if unit.sign and unit.sign.en[0].isalpha() else unit
    decimals = max(0, -int(np.floor(np.log10(step) + 1e-9))) if unit.own else None
    axis.set_ticks(ticks, [amount(float(tick), bare, decimals=decimals) for tick in ticks])
    axis.grid(visible=True)


def upright_axis(axes: Axes, limits: tuple[float, float, float], unit: Unit = PERCENT) -> None:
    """Let values run upwards: `percent_axis` without a line and ticks of its own."""
    percent_axis(axes, limits, along="y", unit=unit)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
