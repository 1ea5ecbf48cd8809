"""One figure a place: refused where there are several, or chosen by rule."""

from __future__ import annotations

import pandas as pd

from cbanalysis.common.errors import NotComparable
from cbanalysis.dataset.observations.comparable import identify, places, strings
from cbanalysis.statistics.rates.rows import need


def require_one_each(rows: pd.DataFrame, *, yearly: bool = False) -> None:
    """Refuse rows in which a place (or, with ``yearly``, a place and year) stands twice.

    Raises
    ------
    NotComparable
        Naming the rows; `one_each` chooses among them by rule.
    """
    keys = places(rows) + ("|" + strings(rows, "year") if yearly else "")
    twice = keys.duplicated(keep=False)
    if twice.any():
        ids = identify(rows)[twice].tolist()
        reason = (
            f"the same place{' and year' if yearly else ''} stands more than once; one_each() chooses by rule"
        )
        raise NotComparable(reason, ids)


_BEST_FIRST = ("wilson", "rounding", "about", "range", "floor", "none")


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
            "sureness": rated["interval"].map(_BEST_FIRST.index),
            "end": pd.to_numeric(ends.str.replace("-", "").str.ljust(8, "0"), errors="coerce").fillna(0) * -1,
            "position": range(len(rated)),
            "observation_id": identify(rated),
        },
        index=rated.index,
    ).sort_values(["key", "year", "sureness", "end", "position"])
    first = order.drop_duplicates("key").set_index("key")["position"]
    rest = order[order["key"].duplicated()].groupby("key")["observation_id"].agg("+".join)
    kept = sorted(first.tolist())
    beside = {position: rest.get(key, "") for key, position in first.items()}
    return rated.iloc[kept].assign(beside=pd.array([beside[one] for one in kept], dtype="str"))
