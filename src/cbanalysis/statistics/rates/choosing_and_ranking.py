"""Which rates stand beside each other: one a place, the standard ones, a province's peers; their order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import pandas as pd

from cbanalysis.common.errors import NotComparable, require_known
from cbanalysis.dataset.observations.comparability import PLACES, Dimension, kinds, require_comparable
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, places, strings
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.statistics.rates.column_values import floats, sure_counts
from cbanalysis.statistics.rates.intervals import with_rates


def require_one_each(
    rows: pd.DataFrame, *, across: Collection[Dimension] = PLACES, yearly: bool = False
) -> None:
    """Refuse rows that can't stand beside each other, or in which a place stands twice.

    With ``yearly`` a place may stand once a year.

    Raises
    ------
    NotComparable
        Naming the rows; `one_each` chooses among those of a place by rule.
    """
    require_comparable(rows, across=across)
    keys = places(rows) + ("|" + strings(rows, "year") if yearly else "")
    twice = keys.duplicated(keep=False)
    if twice.any():
        ids = identify(rows)[twice].tolist()
        reason = (
            f"the same place{' and year' if yearly else ''} stands more than once; one_each() chooses by rule"
        )
        raise NotComparable(reason, ids)


_BEST_FIRST = ("wilson", "rounding", "about", "range", "floor", "none")


@reads
def one_each(rated: pd.DataFrame, *, yearly: bool = False) -> pd.DataFrame:
    """Keep one row a place, by rule, and name the rows set aside.

    Of several rows of a place the latest year goes first, then the surest kind of interval (base known, exact
    percentage, about, range, floor), then the latest period, then the first row.

    Parameters
    ----------
    rated : DataFrame
        Rows from `add_rates`, with ``period_end``.
    yearly : bool
        Keep one row for each place and year instead.

    Returns
    -------
    DataFrame
        The rows kept, in their order, with ``beside``: the ids of the rows set aside for each, joined by
        ``+``.

    Raises
    ------
    DataError
        When a column is missing.
    """
    need(rated, ("interval", "period_end"), "one_each")
    ends = strings(rated, "period_end")
    years = ends.str.slice(0, 4)
    order = pd.DataFrame(
        {
            "key": places(rated) + ("|" + years if yearly else ""),
            "year": pd.to_numeric(years, errors="coerce").fillna(0) * -1,
            "sureness": rated["interval"].map({one: at for at, one in enumerate(_BEST_FIRST)}),
            # a year ends behind its months, and what isn't dated before all
            "end": ends.where(ends == "", ends + "-99-99").str.slice(0, 10),
            "position": range(len(rated)),
            "observation_id": identify(rated),
        },
        index=rated.index,
    ).sort_values(["key", "year", "sureness", "end", "position"], ascending=[True, True, True, False, True])
    first = order.drop_duplicates("key").set_index("key")["position"]
    rest = order[order["key"].duplicated()].groupby("key")["observation_id"].agg("+".join)
    kept = sorted(first.tolist())
    beside = {position: rest.get(key, "") for key, position in first.items()}
    return rated.iloc[kept].assign(beside=pd.array([beside[one] for one in kept], dtype="str"))


# What tells one measure from another in one year.
MEASURE = (
    "indicator", "subject", "definition", "base_of", "complement", "scheme", "category_id", "category_kind",
    "aggregation", "year",
)  # fmt: skip


@reads
def peers(rated: pd.DataFrame, province: str) -> pd.DataFrame:
    """Find the provinces' rates that can stand beside one province's own.

    Two rates are of one measure where `require_comparable` lets them stand beside each other. Only rates at
    province level count, and only measures for which the province and at least one other have a value. Values
    in another unit than percent stay away: one line is one scale.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates`, of all provinces.
    province : str
        The province as named in the rows.

    Returns
    -------
    DataFrame
        The rows of the shared measures, in the given order, with ``measure`` (number from 1, most recent year
        first) and ``own`` (True for the province's rows). Empty where nothing can be compared.

    Raises
    ------
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "B", "A"], "geo_level": "province", "rate": [97.0, 85.0, 60.0],
    ...     "year": [2010, 2010, 2012]} | {name: "" for name in MEASURE if name != "year"})
    >>> peers(rows, "A")[["province", "rate", "measure", "own"]]
      province  rate  measure    own
    0        A  97.0        1   True
    1        B  85.0        1  False
    """
    rated = with_rates(rated)
    need(rated, (*MEASURE, "geo_level", "province", "rate"), "peers")
    rows = rated[(rated["geo_level"] == "province") & rated["rate"].notna() & rated["year"].notna()]
    if "value" in rows:
        rows = rows[rows["value"].isna()]
    ever = Gazetteer.read().named(province)
    if not ever:
        require_known("province", province, sorted(set(rated["province"])))
    own = rows["province"].isin([province, *(one.name_vi for one in ever)])
    kind = kinds(rows)
    grouped = own.groupby([kind, rows["year"]])
    shared = grouped.transform("any") & ~grouped.transform("all") & (kind != "")
    rows = rows.assign(own=own, _kind=kind)[shared]
    keys = ["_kind", "year"]
    order = rows.drop_duplicates(keys).sort_values(keys).sort_values("year", ascending=False, kind="stable")
    numbers = order[keys].assign(measure=range(1, len(order) + 1))
    return rows.merge(numbers, on=keys, how="left", validate="many_to_one").drop(columns="_kind")


@reads
def standard(rated: pd.DataFrame) -> pd.DataFrame:
    """Take the rates on the indicator's own definition and base; leave variants, complements and counts out.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates`.

    Returns
    -------
    DataFrame
        The rows with empty ``definition`` and ``base_of``, no complement, ``aggregation`` point, and a rate,
        a floor or a range; in the given order.

    Raises
    ------
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"definition": ["", "with_committee"], "base_of": "", "complement": False,
    ...     "aggregation": "point", "interval": "wilson", "rate": [50.0, 60.0]})
    >>> standard(rows)["rate"].tolist()
    [50.0]
    """
    rated = with_rates(rated)
    need(rated, ("definition", "base_of", "complement", "aggregation", "interval"), "standard")
    own = (rated["definition"] == "") & (rated["base_of"] == "") & ~rated["complement"].astype(bool)
    return rated[own & (rated["aggregation"] == "point") & (rated["interval"] != "none")]


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


@reads
def rank(
    rated: pd.DataFrame,
    *,
    direction: Direction = "higher",
    across: Collection[Dimension] = PLACES,
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

        - ``rank``: 1 is first; tied rates share the smallest rank; empty without a rate (floors and ranges
          have no place in an order). Where no row has one, exact counts are ranked as counts,
        - ``tied``: True where others have the same rate,
        - ``rank_low``, ``rank_high``: the ranks that chance leaves open: 1 + the number of places whose
          Wilson interval lies wholly before its own, to the number of places less those wholly behind. A rate
          without a base decides nothing, for a range of rounding holds no chance: ``rank`` is then the order
          of the figures as printed, and the open ranks go from first to last. Values in a unit of their own
          have no base: rounding alone leaves their ranks open. Counts leave only ties open,
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
    rated = with_rates(rated)
    need(rated, RATED, "rank")
    counted = not shown(rated).any() and "count" in rated
    present = rated[rated["count"].notna() if counted else shown(rated)]
    require_one_each(present, across=across)
    sign = -1.0 if wanted_way(rated, direction) == "lower" else 1.0
    values = floats(rated, "count" if counted else "rate")
    values = np.where(sure_counts(rated), values, np.nan) if counted else values
    # the printed and the computed form of one rate differ in the last binary digits
    rates = np.round(sign * values, 9)
    ranked = ~np.isnan(rates)
    lows, highs = sign * floats(rated, "rate_low"), sign * floats(rated, "rate_high")
    if sign < 0:
        lows, highs = highs, lows
    valued = "value" in rated and bool(rated["value"].notna().all())
    bounded = rated["interval"].isin(["wilson", *["rounding"] * valued]).to_numpy()
    lows, highs = np.where(bounded, lows, -np.inf), np.where(bounded, highs, np.inf)
    among = int(ranked.sum())
    before = (rates[ranked][None, :] > rates[:, None]).sum(axis=1)
    same = (rates[ranked][None, :] == rates[:, None]).sum(axis=1)
    surely_before = (lows[ranked][None, :] > highs[:, None]).sum(axis=1)
    surely_behind = (highs[ranked][None, :] < lows[:, None]).sum(axis=1)

    def whole(values: np.ndarray) -> pd.Series[int]:
        return pd.Series(values, index=rated.index).where(ranked).astype("Int64")

    low, high = (1 + before, before + same) if counted else (1 + surely_before, among - surely_behind)
    ranks = {"rank": whole(1 + before), "tied": ranked & (same > 1)}
    return rated.assign(**ranks, rank_low=whole(low), rank_high=whole(high), ranked_of=among)
