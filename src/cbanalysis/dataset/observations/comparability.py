"""Which figures may stand beside each other; the refusal names the rows and the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, get_args

import pandas as pd

from cbanalysis.common.errors import NotComparable
from cbanalysis.common.language import words_in
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.given_frames import reads
from cbanalysis.dataset.observations.periods import period_days
from cbanalysis.dataset.observations.places_and_years import identify, name_ids, periods, places, strings

Dimension = Literal[
    "indicator", "subject", "definition", "base_of", "complement", "geo_level", "scheme", "category",
    "category_kind", "aggregation", "length", "day", "period", "province",
]  # fmt: skip

PLACES: tuple[Dimension, ...] = ("province",)
"""The usual comparison: places beside each other, everything else the same."""

_WORDS = words_in("dataset/observations/comparability.toml")
_REASONS: dict[str, tuple[str, str]] = _WORDS["reasons"]
_UNCLEAR, _EMPTY = _WORDS["unclear"], _WORDS["empty"]
_OF_SCHEMES = ("scheme", "category_kind")  # good_or_better() made one measure of them
# what rows are measured by where none of them was kept
_STANDARD: dict[str, Sequence[str]] = {
    "definition": [""],
    "base_of": [""],
    "complement": ["", "do"],
    "aggregation": ["", "point"],
}


def within_year(rows: pd.DataFrame) -> pd.Series[str]:
    """Return what tells figures of a year apart: the length of what flows, the day of what runs to an end."""
    return _values(rows, "length") + "|" + _values(rows, "day")


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
    elif dimension == "day":
        values = _days(rows)
    elif dimension == "aggregation":
        # what happened in a period is its total, whether the source calls it one or not
        values = values.mask(_flows(rows) & (values == "cumulative"), "point")
    return values


def kinds(rows: pd.DataFrame) -> pd.Series[str]:
    """Return one key for rows that may stand beside each other: the rule of `require_comparable`.

    Empty where nobody knows what a row says on one of the dimensions.
    """
    key = _joined(rows, apart=PLACES)
    for dimension in _UNCLEAR:
        key = key.mask(strings(rows, dimension) == "unclear", "")
    return key


def one_series(rows: pd.DataFrame) -> pd.Series[str]:
    """Return one key for rows that a line may join over time: one measure of one place on the same land.

    A measure that was made of two rating schemes is one for each.
    """
    return _joined(rows, apart=("period", "day")) + "|" + strings(rows, "printed_scheme")


def _joined(rows: pd.DataFrame, apart: Collection[Dimension]) -> pd.Series[str]:
    """Return what rows say on all dimensions but some, in one text."""
    key = pd.Series("", index=rows.index, dtype="str")
    for one in get_args(Dimension):
        key = key if one in apart else key + "|" + _values(rows, one)
    return key


def _flows(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows count what happened in a period."""
    flows = {indicator.id for indicator in Catalogue.read().indicators.values() if indicator.flow}
    return strings(rows, "indicator").isin(flows)


def _days(rows: pd.DataFrame) -> pd.Series[str]:
    """Return the day of figures that tell how far something had got, its document where no day is known.

    Empty for all other indicators.
    """
    running = [one.id for one in Catalogue.read().indicators.values() if one.running]
    ends = strings(rows, "period_end")
    known = ends.where(
        ends.str.len() == len("2020-03-12"), "a day in " + ends + " of " + strings(rows, "source_id")
    )
    return known.where(strings(rows, "indicator").isin(running), "")


def _lengths(rows: pd.DataFrame) -> pd.Series[str]:
    """Return how long each row's period is, in whole months of the calendar; empty if not dated.

    A part of a year that ends on the day of its document, which isn't known, is as long as others there.
    """
    months = []
    for start, end in zip(strings(rows, "period_start"), strings(rows, "period_end"), strict=True):
        first, last = period_days(start), period_days(end)
        if first and last:
            length = 12 * (last[1].year - first[0].year) + last[1].month - first[0].month + 1
            months.append(f"{length} month{'s' if length > 1 else ''}")
        else:
            months.append("")
    open_end = strings(rows, "definition") == "part_of_year"
    return pd.Series(months, index=rows.index, dtype="str").mask(
        open_end, "until the day of " + strings(rows, "source_id")
    )


@reads
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
        others, as a part), aggregation, the period by its years, its length in months where what happened
        in a period is counted (members admitted in a year, in half a year), and the very day of figures that
        tell how far something had got (congresses held), unless ``period`` may differ.

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
    cbanalysis.common.errors.NotComparable: ... scheme differs: org_2007 (B039), org_2018 (C025); ...
    """
    differ = differing(rows, across=across)
    reasons: list[str] = []
    helps: list[str] = []
    odd: list[str] = []
    for dimension, groups in differ.items():
        # the few that differ from the many come first, so that they are the ones shown
        odd.extend(holder for holders in sorted(groups.values(), key=len) for holder in holders)
        if list(groups) == ["unclear"]:
            reasons.append(f"nobody knows {_UNCLEAR[dimension]} in {name_ids(groups['unclear'])}")
            continue
        words, help_ = _REASONS[dimension]
        shown = ", ".join(
            f"{value or _EMPTY.get(dimension, 'none')} ({name_ids(holders)})"
            for value, holders in groups.items()
        )
        reasons.append(f"{words}: {shown}")
        if help_:
            rated = bool((strings(rows, "scheme") != "").any())
            plain = 'allow it with across=("province", "category")'
            helps.append(plain if help_ == _REASONS["category"][1] and not rated else help_)
    if reasons:
        raise NotComparable("; ".join(dict.fromkeys([*reasons, *helps])), dict.fromkeys(odd), [*differ])


@reads
def differing(
    rows: pd.DataFrame, *, across: Collection[Dimension] = PLACES
) -> dict[Dimension, dict[str, list[str]]]:
    """Return on what rows differ that can't stand beside each other: the rule of `require_comparable`.

    Parameters
    ----------
    rows : DataFrame
        Observations, with or without rates. Columns that aren't there count as equal.
    across : collection of str
        The dimensions that may differ.

    Returns
    -------
    dict
        For each dimension on which the rows differ its values, each with the ids of its rows; also a
        dimension on which nobody knows what any row says (``unclear`` alone).

    Raises
    ------
    UnknownName
        When ``across`` names no dimension.
    """
    known = get_args(Dimension)
    found: dict[Dimension, dict[str, list[str]]] = {}
    ids = identify(rows)
    for dimension in known if len(rows) > 1 else ():
        if dimension in across or (dimension == "day" and "period" in across):
            continue
        values = _values(rows, dimension)
        different = list(values.unique())
        if len(different) > 1 or (dimension in _UNCLEAR and different == ["unclear"]):
            found[dimension] = {value: ids[values == value].tolist() for value in different}
    return found


def _rateless(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows have neither rate nor bounds, whether rates were added to them or not."""
    if "interval" in rows:
        return rows["interval"] == "none"
    empty = pd.Series(rows.get("percent", 0.0), index=rows.index).isna()
    if "value" in rows:
        empty &= rows["value"].isna()
    both = [one for one in ("count", "base") if one in rows]
    return empty & rows[both].isna().any(axis=1)


def _mixed(kept: pd.DataFrame) -> tuple[str, ...]:
    """Return the dimensions of time, where places stand beside each other with different years."""
    of_places = periods(kept).groupby(places(kept)).agg(frozenset)
    return ("period", "day") if len({*of_places}) > 1 else ()


@reads
def left_out(published: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Return what was published and isn't among the rows kept, each row with the reason.

    Whatever chose the rows (`standard`, `peers`, ``query``): what a chart, a table or a sentence says of
    coverage needs both frames, lest "no data" be said of a place whose figure is only another one.

    Parameters
    ----------
    published : DataFrame
        The rows that there were to choose from, with or without rates.
    kept : DataFrame
        The rows that were chosen, among them or made of them (``made_from``, or ids joined by ``+``).

    Returns
    -------
    DataFrame
        The rows of ``published`` of the indicators kept (of all, where none is kept) that aren't in ``kept``,
        in their order, with ``reason``: on what the row differs from all rows kept, dimensions of
        `require_comparable` joined by ``+``, e.g. ``base_of+period`` (from
        the indicator's own definition, where none is kept; the year is no reason where places are kept with
        different ones); ``no_rate`` where it has none and the
        rows kept have, ``no_count`` where it has none and the rows kept have nothing else; ``chosen`` where
        it is of the same kind and was left out by choice. ``cb.words.reason`` says it in words.

    Examples
    --------
    >>> rows = pd.DataFrame({"observation_id": ["A", "B", "C"], "base_of": ["", "cells", ""],
    ...     "period_start": ["2012", "2012", "2013"], "period_end": ["2012", "2012", "2013"]})
    >>> left_out(rows, rows.head(1))[["observation_id", "reason"]].to_numpy().tolist()
    [['B', 'base_of'], ['C', 'period']]
    """
    made = [*identify(kept), *strings(kept, "made_from")]
    ids = {*made, *(part for joined in made for part in joined.split("+"))}
    rest = ~identify(published).isin(ids)
    if len(kept):
        rest &= strings(published, "indicator").isin(strings(kept, "indicator").unique())
    out = published[rest]
    if out.empty:
        return out.assign(reason=pd.Series(dtype="str"))
    reasons = pd.Series("", index=out.index, dtype="str")
    apart = {"indicator", "province", *(_OF_SCHEMES if "printed_scheme" in kept else ()), *_mixed(kept)}
    for dimension in get_args(Dimension):
        if dimension in apart:
            continue
        allowed = _values(kept, dimension).unique() if len(kept) else _STANDARD.get(dimension, [])
        if len(allowed):
            reasons[~_values(out, dimension).isin(allowed)] += f"+{dimension}"
    # a period of another year is not said to be of another length or to end on another day, too
    reasons = reasons.str.replace(r"\+(length|day)(?=\+period)", "", regex=True)
    if not len(kept) or not _rateless(kept).all():
        reasons[_rateless(out)] += "+no_rate"
    elif "count" in out:
        reasons[out["count"].isna()] += "+no_count"
    return out.assign(reason=reasons.str.removeprefix("+").replace("", "chosen"))
