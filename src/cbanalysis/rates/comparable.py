"""Which figures may stand beside each other; the refusal names the rows and the reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

import pandas as pd

from cbanalysis.catalogue import Catalogue
from cbanalysis.errors import NotComparable, UnknownName
from cbanalysis.observations.periods import period_days
from cbanalysis.rates.rows import identify, name_ids, need, periods, places, strings

__all__ = ["PLACES", "Dimension", "one_each", "require_comparable", "require_one_each"]

Dimension = Literal[
    "indicator",
    "subject",
    "definition",
    "base_of",
    "complement",
    "geo_level",
    "scheme",
    "category",
    "category_kind",
    "aggregation",
    "length",
    "period",
    "province",
]

PLACES: tuple[Dimension, ...] = ("province",)
"""The usual comparison: places beside each other, everything else the same."""

_ONE_MEASURE = "good_or_better() makes one measure of ratings"
_REASONS: dict[str, tuple[str, str]] = {
    "indicator": ("they measure different things", ""),
    "subject": ("the subject differs", ""),
    "definition": ("the definition differs", ""),
    "base_of": ("the base differs: shares of different wholes", ""),
    "complement": ("some count those who do, some those who do NOT", "as_complement() turns the latter"),
    "geo_level": ("the level differs", ""),
    "scheme": ("the rating scheme differs", _ONE_MEASURE),
    "category": ("the category differs", _ONE_MEASURE),
    "category_kind": (
        "a category that stands alone, one that includes others and a part of one are different things",
        _ONE_MEASURE,
    ),
    "aggregation": ("figures of a point in time, means and running totals differ", ""),
    "length": ("they count what happened in periods of different length", ""),
    "period": ("the period differs", 'allow it with across=("province", "period")'),
    "province": ("the place differs", 'allow it with across=("province",)'),
}
_UNCLEAR = {
    "base_of": "what the share is a share of",
    "definition": "what was counted",
    "category_kind": "how the category counts",
}
_EMPTY = {
    "definition": "the standard one",
    "base_of": "the standard one",
    "period": "not dated",
    "length": "not dated",
}


def _values(rows: pd.DataFrame, dimension: str) -> pd.Series[str]:
    """Return what the rows say on one dimension, as text."""
    if dimension == "period":
        return periods(rows)
    if dimension == "province":
        return places(rows)
    values = strings(rows, dimension)
    if dimension == "category":
        # ratings are told apart by the normalised category, sub-kinds of other indicators as printed
        values = strings(rows, "category_id").where(strings(rows, "scheme") != "", values)
    elif dimension == "complement":
        values = values.replace({"False": "do", "True": "do NOT"})
    elif dimension == "length":
        values = _lengths(rows).where(_flows(rows), "")
    elif dimension == "aggregation":
        # what happened in a period is its total, whether the source calls it one or not
        values = values.mask(_flows(rows) & (values == "cumulative"), "point")
    return values


def _flows(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows count what happened in a period."""
    flows = {indicator.id for indicator in Catalogue.read().indicators.values() if indicator.flow}
    return strings(rows, "indicator").isin(flows)


def _lengths(rows: pd.DataFrame) -> pd.Series[str]:
    """Return how long each row's period is, in whole months of the calendar; empty if not dated.

    A part of a year that ends on the day of its document, which isn't known, is as long as others there.
    """
    months = []
    for start, end in zip(strings(rows, "period_start"), strings(rows, "period_end"), strict=True):
        first, last = period_days(start), period_days(end)
        if first and last:
            length = 12 * (last[1].year - first[0].year) + last[1].month - first[0].month + 1
            months.append(f"{length} month{'s' * (length > 1)}")
        else:
            months.append("")
    open_end = strings(rows, "definition") == "part_of_year"
    return pd.Series(months, index=rows.index, dtype="str").mask(
        open_end, "until the day of " + strings(rows, "source_id")
    )


def require_comparable(rows: pd.DataFrame, *, across: Collection[Dimension] = PLACES) -> None:
    """Refuse rows that can't stand beside each other.

    Parameters
    ----------
    rows : DataFrame
        Observations, with or without rates. Columns that aren't there count as equal.
    across : collection of str
        The dimensions that the comparison runs over and that may differ: ``province`` (and area),
        ``period``, ``category``, ``geo_level`` and so on. Everything else must be the same: indicator,
        subject, definition, base, complement, level, rating scheme, category and how it counts (alone, with
        others, as a part), aggregation, the period by its years, and its length in months where what happened
        in a period is counted (members admitted in a year, in half a year).

    Raises
    ------
    NotComparable
        Saying on what the rows differ, which observations hold which value, and what helps. Figures of which
        nobody knows how their category counts, or what they are a share of, can't be compared at all.
    UnknownName
        When ``across`` names no dimension.

    Examples
    --------
    >>> rows = pd.DataFrame({"observation_id": ["B039", "C025"], "scheme": ["org_2007", "org_2018"]})
    >>> require_comparable(rows)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    cbanalysis.errors.NotComparable: ... the rating scheme differs: org_2007 (B039), org_2018 (C025); ...
    """
    known = get_args(Dimension)
    for one in across:
        if one not in known:
            raise UnknownName("dimension", one, known)
    if len(rows) < 2:
        return
    ids = identify(rows)
    rated = bool((strings(rows, "scheme") != "").any())
    reasons: list[str] = []
    helps: list[str] = []
    odd: list[str] = []
    differ: list[Dimension] = []
    for dimension in known:
        if dimension in across:
            continue
        values = _values(rows, dimension)
        groups = {value: ids[values == value].tolist() for value in values.unique()}
        if dimension in _UNCLEAR and list(groups) == ["unclear"]:
            reasons.append(f"nobody knows {_UNCLEAR[dimension]} in {name_ids(groups['unclear'])}")
            odd.extend(groups["unclear"])
            differ.append(dimension)
        if len(groups) < 2:
            continue
        differ.append(dimension)
        words, help_ = _REASONS[dimension]
        shown = ", ".join(
            f"{value or _EMPTY.get(dimension, 'none')} ({name_ids(holders)})"
            for value, holders in groups.items()
        )
        reasons.append(f"{words}: {shown}")
        if help_:
            plain = 'allow it with across=("province", "category")'
            helps.append(plain if help_ == _ONE_MEASURE and not rated else help_)
        # the few that differ from the many come first, so that they are the ones shown
        odd.extend(one for holders in sorted(groups.values(), key=len) for one in holders)
    if reasons:
        raise NotComparable("; ".join(dict.fromkeys([*reasons, *helps])), dict.fromkeys(odd), differ)


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
