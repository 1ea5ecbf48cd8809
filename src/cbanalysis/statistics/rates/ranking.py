"""Places in an order: ranks with ties and with what the intervals leave undecided."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import pandas as pd

from cbanalysis.dataset.observations.comparable import PLACES, Dimension, require_comparable, strings
from cbanalysis.statistics.rates.comparable import require_one_each
from cbanalysis.statistics.rates.rows import floats, need

Direction = Literal["higher", "lower", "none"]

RATED = ("rate", "rate_low", "rate_high", "interval")
"""The columns that a comparison needs from `add_rates`."""


def shown(rated: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows have anything to compare: a rate, a floor or a range."""
    return rated["interval"] != "none"


def wanted_way(rated: pd.DataFrame, direction: Direction) -> Direction:
    """Turn the wanted direction round for rows that count those who do NOT."""
    if direction == "none" or not len(rated) or not (strings(rated, "complement") == "True").all():
        return direction
    return "lower" if direction == "higher" else "higher"


def rank(
    rated: pd.DataFrame, *, direction: Direction = "higher", across: Collection[Dimension] = PLACES
) -> pd.DataFrame:
    """Rank places by their rates, with ties and with what the intervals leave undecided.

    Parameters
    ----------
    rated : DataFrame
        Comparable rows from `add_rates`, one a place.
    direction : {"higher", "lower", "none"}
        Which rate stands first; "none" counts as "higher". Turned round where the rows are complements.
    across : collection of str
        What may differ between the rows, see `require_comparable`.

    Returns
    -------
    DataFrame
        The same rows with

        - ``rank``: 1 is first; tied rates share the smallest rank; empty without a rate (floors, ranges and
          plain counts have no place in an order),
        - ``tied``: True where others have the same rate,
        - ``rank_low``, ``rank_high``: the ranks that chance leaves open: 1 + the number of places whose
          Wilson interval lies wholly before its own, to the number of places less those wholly behind. A rate
          without a base decides nothing, for a range of rounding holds no chance: ``rank`` is then the order
          of the figures as printed, and the open ranks go from first to last,
        - ``ranked_of``: how many places have a rank.

    Raises
    ------
    NotComparable
        When the rows can't stand beside each other, or a place stands twice.
    DataError
        When a column is missing.

    Notes
    -----
    Overlapping intervals don't prove equality, so the open ranks are the cautious answer; compare Goldstein
    and Spiegelhalter (1996), J R Stat Soc A 159:385-443, on the weakness of league tables.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "B", "C"], "rate": [90.0, 50.0, 50.0],
    ...     "rate_low": [85.0, 40.0, 40.0], "rate_high": [94.0, 60.0, 60.0], "interval": "wilson"})
    >>> rank(rows)[["rank", "tied", "rank_low", "rank_high", "ranked_of"]]
       rank   tied  rank_low  rank_high  ranked_of
    0     1  False         1          1          3
    1     2   True         2          3          3
    2     2   True         2          3          3
    """
    need(rated, RATED, "rank")
    present = rated[shown(rated)]
    require_comparable(present, across=across)
    require_one_each(present)
    sign = -1.0 if wanted_way(rated, direction) == "lower" else 1.0
    # the printed and the computed form of one rate differ in the last binary digits
    rates = np.round(sign * floats(rated, "rate"), 9)
    ranked = ~np.isnan(rates)
    lows, highs = sign * floats(rated, "rate_low"), sign * floats(rated, "rate_high")
    if sign < 0:
        lows, highs = highs, lows
    chance = (rated["interval"] == "wilson").to_numpy()
    lows, highs = np.where(chance, lows, -np.inf), np.where(chance, highs, np.inf)
    among = int(ranked.sum())
    before = (rates[ranked][None, :] > rates[:, None]).sum(axis=1)
    same = (rates[ranked][None, :] == rates[:, None]).sum(axis=1)
    surely_before = (lows[ranked][None, :] > highs[:, None]).sum(axis=1)
    surely_behind = (highs[ranked][None, :] < lows[:, None]).sum(axis=1)

    def whole(values: np.ndarray) -> pd.Series[int]:
        return pd.Series(values, index=rated.index).where(ranked).astype("Int64")

    return rated.assign(
        rank=whole(1 + before),
        tied=ranked & (same > 1),
        rank_low=whole(1 + surely_before),
        rank_high=whole(among - surely_behind),
        ranked_of=among,
    )
