"""What one indicator can show: the measure with most figures, its newest full year, trends and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from cbanalysis.common.errors import UnknownName
from cbanalysis.dataset.observations.comparability import Dimension, differing, left_out
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, places, strings
from cbanalysis.statistics.rates.borrowed_bases import borrow_base
from cbanalysis.statistics.rates.changes_between_years import change
from cbanalysis.statistics.rates.choosing_and_ranking import MEASURE, one_each
from cbanalysis.statistics.rates.intervals import with_rates

_ONE = ("geo_level", *(one for one in MEASURE if one != "year"), "category")


@dataclass(frozen=True)
class Overview:
    """The rows of an indicator that can stand beside each other, and those that can't.

    Attributes
    ----------
    alike : DataFrame
        All rows of the measure chosen, one for a place and year.
    newest : DataFrame
        Those of the newest year in which at least half as many places have a figure as in the fullest.
    over_time : DataFrame
        Those of places with two years or more, with a base from another year where one publishes none
        (see `borrow_base`).
    first, last : int or None
        The two years in which most places have a figure, the newest of equals; None where no place has two.
    changed : DataFrame
        ``change`` between them, of places with a rate in both; no rows where there are only counts.
    left_out : DataFrame
        The rows that can't stand beside them, each with its ``reason``.
    counted : bool
        Whether they are counts, without rates.
    """

    alike: pd.DataFrame
    newest: pd.DataFrame
    over_time: pd.DataFrame
    first: int | None
    last: int | None
    changed: pd.DataFrame
    left_out: pd.DataFrame
    counted: bool


@reads
def overview(
    rated: pd.DataFrame, *, subject: str = "", category: str = "", level: str = "", years: Sequence[int] = ()
) -> Overview:
    """Choose from the rows of an indicator those of one measure that most places publish.

    One measure is one subject, definition, base, category (with how it counts), level and aggregation, and
    says those who do or those who do not. What is asked for is taken; of the rest the measure with most
    places and years, the indicator's own definition and base first among equals.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates` of one indicator.
    subject, category, level : str
        Of whom, which category (its id, or as printed), which level; that with most figures by default.
    years : sequence of int
        From and to; all by default. One year is both.

    Returns
    -------
    Overview

    Raises
    ------
    UnknownName
        When the rows have nothing of that subject, category or level; names the nearest.
    DataError
        When a column is missing.

    Examples
    --------
    >>> from cbanalysis.dataset.load import load_observations
    >>> from cbanalysis.statistics.rates import add_rates
    >>> found = overview(add_rates(load_observations("village_head_secretary")))
    >>> found.newest["year"].nunique(), set(found.alike["base_of"])
    (1, {''})
    """
    rated = with_rates(rated)
    need(rated, (*_ONE, "interval", "year"), "overview")
    rows = rated
    named = strings(rows, "category_id").where(strings(rows, "scheme") != "", strings(rows, "category"))
    for kind, values, wanted in (
        ("subject", rows["subject"], subject),
        ("category", named, category),
        ("level", rows["geo_level"], level),
    ):
        if wanted and wanted not in set(values):
            raise UnknownName(f"{kind} with figures", wanted, sorted(set(values) - {""}))
        rows = rows[values.loc[rows.index] == wanted] if wanted else rows
    if years:
        rows = rows[rows["year"].between(min(years), max(years)).fillna(value=False).astype(bool)]
    alike = _measure(rows)
    counted = bool(len(alike)) and bool((alike["interval"] == "none").all())
    full = alike.groupby("year")["observation_id"].size() if len(alike) else pd.Series(dtype="int64")
    year = max(full.index[full * 2 >= full.max()]) if len(full) else None
    newest = _uniform(alike[alike["year"] == year], across=("province",)) if year is not None else alike
    over_time = alike
    if len(alike):
        over_time = alike[alike.groupby(places(alike))["year"].transform("nunique") > 1]
        over_time = borrow_base(over_time, rated, same_period=False)
    first, last = _span(over_time)
    changed = over_time[:0]
    if first is not None and last is not None and not counted:
        changed = change(over_time, first, last)
        changed = changed[changed["difference"].notna()]
    return Overview(alike, newest, over_time, first, last, changed, left_out(rated, alike), counted)


def _measure(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the dated rows of the one measure with most places and years, one for a place and year."""
    known = rows[rows["year"].notna() & (rows["base_of"] != "unclear") & (rows["definition"] != "unclear")]
    shares = known[known["interval"] != "none"]
    known = shares if len(shares) else known[known["count"].notna()]
    if known.empty:
        return known
    keys = [strings(known, name) for name in _ONE]
    keys[-1] = keys[-1].mask(strings(known, "scheme") != "", "")  # a rating's category is its id
    size = places(known).add(known["year"].astype(str)).groupby(keys).transform("nunique")
    own = (known["definition"] == "") & (known["base_of"] == "") & (known["aggregation"] == "point")
    own &= ~known["complement"].astype(bool)
    chosen = pd.DataFrame({"size": size, "own": own, "group": known.groupby(keys).ngroup()})
    best = chosen.sort_values(["size", "own", "group"], ascending=[False, False, True], kind="stable").iloc[0]
    return one_each(_uniform(known[chosen["group"] == best["group"]]), yearly=True)


def _uniform(rows: pd.DataFrame, across: Sequence[Dimension] = ("province", "period")) -> pd.DataFrame:
    """Return the rows that have most in common where they differ in what can't stand together (a length)."""
    while differ := differing(rows, across=across):
        groups = next(iter(differ.values()))
        ids = max(groups.values(), key=len)
        if len(ids) == len(rows):
            return rows[:0]
        rows = rows[identify(rows).isin(ids)]
    return rows


def _span(rows: pd.DataFrame) -> tuple[int | None, int | None]:
    """Return the two years in which most places have a figure; the newest, then the farthest, of equals."""
    years = sorted({int(year) for year in rows["year"]}) if len(rows) else []
    keys = places(rows)
    at = {year: set(keys[rows["year"] == year]) for year in years}
    pairs = [(len(at[one] & at[other]), other, -one) for one, other in combinations(years, 2)]
    if not pairs or max(pairs)[0] == 0:
        return None, None
    _, last, first = max(pairs)
    return -first, last
