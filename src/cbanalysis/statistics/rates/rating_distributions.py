"""Rating distributions: the classes of a whole, with intervals that hold for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.catalogue import Catalogue, Scheme
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import places, strings
from cbanalysis.statistics.rates.column_values import Floats, floats, half_units, sure_counts
from cbanalysis.statistics.rates.intervals import add_rates, wilson

_ONE_RATING = (
    "indicator", "subject", "definition", "scheme", "aggregation", "period_start", "period_end",
    "source_id",
)  # fmt: skip


def one_rating(rows: pd.DataFrame) -> pd.Series[str]:
    """Return one key for each rating of one place, subject and period in one document."""
    key = places(rows)
    for column in _ONE_RATING:
        key = key + "|" + strings(rows, column)
    return key


def of_its_own(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows of ratings are classes that stand beside each other and share the whole."""
    return (
        (strings(rows, "category_kind") == "exclusive")
        & (strings(rows, "base_of") == "")
        & (strings(rows, "scheme") != "")
        & (strings(rows, "complement") != "True")
    )


def goodman(counts: Floats | Sequence[float]) -> tuple[Floats, Floats]:
    """Return simultaneous 95 % intervals for the shares of a whole, in percent.

    Parameters
    ----------
    counts : array_like of float
        Whole numbers, one a class; together the base, above 0.

    Returns
    -------
    tuple of arrays
        Lower and upper limits, 0 to 100.

    Raises
    ------
    CbanalysisError
        When there are none, or one is negative or no number.

    Notes
    -----
    Goodman (1965), Technometrics 7:247-254: Wilson's interval for each class at the level 1 - 0.05/k, so that
    all k hold together. Chosen over Sison and Glaz (1995), whose approximation wants seven classes or more
    and gives every class the same width: a rating has four or five, of which one may hold 90 % and one 0.3 %.

    Examples
    --------
    >>> low, high = goodman(np.array([56.0, 72, 73, 59, 62, 87, 58]))
    >>> round(float(low[0]), 1), round(float(high[0]), 1)
    (8.5, 16.6)
    """
    given = np.asarray([*counts], dtype="float64")
    if not given.sum() > 0:
        raise CbanalysisError(f"goodman takes the counts of a whole above 0, not {given.tolist()}")
    return wilson(given, given.sum(), 1 - 0.05 / len(given))


@reads
def distribution(rows: pd.DataFrame, *, catalogue: Catalogue | None = None) -> pd.DataFrame:
    """Give the classes of each rating their shares, and say whether they make a whole.

    A rating is what one document prints for one place, subject and period. Only classes that stand beside
    each other are shares of the whole; cumulative ones, parts of another class and those of which nobody
    knows how they count keep their row without a share.

    Parameters
    ----------
    rows : DataFrame
        Observations of ratings, with ``scheme``, ``category_id`` and ``category_kind``.
    catalogue : Catalogue, optional
        Tells the order of the categories; the one that ships with the package.

    Returns
    -------
    DataFrame
        The same rows with the columns of `add_rates` and

        - ``share``: percent of the whole; empty where the row is no class of its own,
        - ``share_low``, ``share_high``: percent; ``share_interval`` says of which kind: ``goodman`` (counts:
          simultaneous 95 % intervals), ``rounding`` (percentages only), else ``none``,
        - ``share_base``: the whole: the printed base, or the sum of the counts where every class of the
          scheme is printed with its exact count ("about 120" makes no whole),
        - ``category_order``: 1 is the best; empty where the scheme doesn't know the category,
        - ``complete``: True where the classes make a whole: counts add to the base, or shares to 100 within
          their rounding; never where one of them is only "about".

    Raises
    ------
    DataError
        When a column is missing.
    UnknownName
        When a scheme isn't in the catalogue.

    Examples
    --------
    >>> rows = pd.DataFrame({"scheme": "org_2018", "category_id": ["excellent", "good"],
    ...     "category_kind": "exclusive", "count": [6, 25], "base": 31, "percent": None, "percent_max": None,
    ...     "qualifier": "exact"})
    >>> distribution(rows)[["share", "share_low", "share_high", "category_order", "complete"]].round(1)
       share  share_low  share_high  category_order  complete
    0   19.4        8.3        39.0               1      True
    1   80.6       61.0        91.7               2      True
    """
    need(rows, ("scheme", "category_id", "category_kind"), "distribution")
    known = catalogue or Catalogue.read()
    rated = add_rates(rows)
    schemes = {one: known.scheme(one) for one in strings(rated, "scheme").unique() if one}
    orders = {(name, one.id): one.order for name, scheme in schemes.items() for one in scheme.categories}
    named = zip(strings(rated, "scheme"), strings(rated, "category_id"), strict=True)
    classes = of_its_own(rated).to_numpy()
    share, low, high, base = (np.full(len(rated), np.nan) for _ in range(4))
    kind = np.full(len(rated), "none", dtype=object)
    complete = np.zeros(len(rated), dtype=bool)
    ratings = one_rating(rated).to_numpy()
    for rating in dict.fromkeys(ratings[classes]):
        at = np.flatnonzero(classes & (ratings == rating))
        group = rated.iloc[at]
        shares = _shares(group, schemes[strings(group, "scheme").iloc[0]])
        share[at], low[at], high[at], kind[at] = shares.share, shares.low, shares.high, shares.kind
        base[at], complete[at] = shares.base, shares.complete
    return rated.assign(
        share=share,
        share_low=np.round(low, 9),
        share_high=np.round(high, 9),
        share_interval=pd.Series(kind, index=rated.index, dtype="str"),
        share_base=pd.Series(base, index=rated.index).astype("Int64"),
        category_order=pd.array([orders.get(one, pd.NA) for one in named], dtype="Int64"),
        complete=complete,
    )


@dataclass(frozen=True)
class _Shares:
    """The classes of one rating: shares and limits in percent, what kind they are of, and the whole."""

    share: Floats
    low: Floats
    high: Floats
    kind: npt.NDArray[np.object_]
    base: float
    complete: bool


def _shares(group: pd.DataFrame, scheme: Scheme) -> _Shares:
    count = floats(group, "count")
    base = whole_of(group, scheme)
    twice = bool(strings(group, "category_id").duplicated().any())
    sure = bool(sure_counts(group).all()) and not np.isnan(count).any()
    if base is not None and sure and count.sum() <= base and not twice:
        rest = base - count.sum()
        # what isn't printed is a class too, else the printed ones would look like the whole
        low, high = goodman(np.append(count, rest) if rest else count)
        kind = np.full(len(group), "goodman", dtype=object)
        return _Shares(100 * count / base, low[: len(count)], high[: len(count)], kind, base, not rest)
    share = floats(group, "rate")
    printed = (group["interval"] == "rounding").to_numpy()
    # Wilson's limits of a class with its base don't hold for all classes at once, so they aren't shown
    low, high = (np.where(printed, floats(group, one), np.nan) for one in ("rate_low", "rate_high"))
    half = np.where(printed, half_units(group), 0.0)
    kind = np.where(printed, "rounding", "none").astype(object)
    about = (group["interval"] == "about").any()
    complete = not (twice or about) and bool(abs(share.sum() - 100) <= half.sum() + 1e-9)
    return _Shares(share, low, high, kind, np.nan, complete)


def all_printed(group: pd.DataFrame, scheme: Scheme) -> bool:
    """Return whether every class of the scheme is among the rows of a rating, itself or in its parts."""
    there = set(strings(group, "category_id"))
    classes = {one.id for one in scheme.categories if one.kind == "exclusive"}
    in_parts = {one.id for one in scheme.categories if one.parts and set(one.parts) <= there}
    return classes <= (there | in_parts)


def whole_of(group: pd.DataFrame, scheme: Scheme) -> float | None:
    """Return the whole of the classes of one rating, or None when nobody knows it.

    It is the base that all rows name, or the sum of the counts where every class of the scheme is printed
    with its exact count.
    """
    bases = floats(group, "base")
    named = set(bases[~np.isnan(bases)])
    if named:
        agree = len(named) == 1 and not group["conflict"].any()
        return float(named.pop()) if agree else None
    total = floats(group, "count").sum()
    # a printed percentage beside the counts would have to fit this sum; without a base it can't be told
    bare = bool(np.isnan(floats(group, "percent")).all())
    sums = all_printed(group, scheme) and total > 0 and bare and bool(sure_counts(group).all())
    return float(total) if sums else None
