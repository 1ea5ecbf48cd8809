"""The one measure that holds across rating schemes: good or better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cbanalysis.dataset.catalogue import Catalogue, Scheme
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import strings
from cbanalysis.statistics.rates.column_values import floats, half_units, join_ids
from cbanalysis.statistics.rates.intervals import add_rates
from cbanalysis.statistics.rates.rating_distributions import all_printed, of_its_own, one_rating, whole_of

GOOD_OR_BETTER = "good_or_better"
"""The scheme and category of the harmonised rows."""

_OF_ONE_CLASS = ("printed", "note", "decimals", "count_max")


@dataclass(frozen=True)
class _Piece:
    """One usable figure of a rating and the indivisible classes that it covers."""

    row: int
    covers: frozenset[str]


@dataclass(frozen=True)
class _Made:
    """What became of one rating: the rows it was made of, its sums, or what was missing."""

    rows: tuple[int, ...] = ()
    count: float = np.nan
    base: float = np.nan
    percent: float = np.nan
    percent_max: float = np.nan
    rounding: float = np.nan
    qualifier: str = "exact"
    missing: str = ""

    @property
    def with_base(self) -> bool:
        return not np.isnan(self.base)


@reads
def good_or_better(observations: pd.DataFrame, *, catalogue: Catalogue | None = None) -> pd.DataFrame:
    """Make the share rated good or better of each rating, whatever the scheme.

    Until 2017: clean and strong (with the exemplary) and good; since 2018: excellent and good; the same for
    members. A printed "good or better" is taken as it is; else classes that stand beside each other are
    added, counts with counts where all have the same base, percentages otherwise.

    Parameters
    ----------
    observations : DataFrame
        Rows with ``scheme``, ``category_id`` and ``category_kind``; rows without a scheme are left out.
    catalogue : Catalogue, optional
        Tells the categories that count and what they are made of; the one that ships with the package.

    Returns
    -------
    DataFrame
        One row for each rating (document, place, subject, period), in order of appearance, ready for
        `add_rates` and for comparisons across schemes. Columns of ``observations`` and

        - ``scheme``, ``category_id``, ``category``: ``good_or_better``; ``category_kind``: ``cumulative``,
        - ``count``, ``base``: sums, where all classes have counts out of the same base (printed, or the sum
          of all classes of the scheme where each count is exact); ``percent`` then is empty unless printed
          for the whole,
        - ``percent``, ``rounding``: else the sum of the printed percentages and the half width that their
          rounding leaves open (the sum of half a unit of each, or of a unit each where all classes add to
          less than rounding explains, as cut shares do), percentage points,
        - ``qualifier``: exact, or the loosest of the classes,
        - ``printed_scheme``: the scheme of the classes,
        - ``made_from``: the observations it is made of, joined by ``+``; also the new ``observation_id``,
        - ``missing``: what stood in the way, empty if nothing: categories not printed as a class of their
          own, ``two figures`` for one of them, ``no figure``, a sum ``above the base`` or ``above 100``, or
          ``classes that add to 100``, where shares are added and all classes are printed, yet make no whole;
          count, base and percent are then empty (the count is kept where each class has one).

    Raises
    ------
    DataError
        When a column is missing.
    UnknownName
        When a scheme isn't in the catalogue.

    Notes
    -----
    Good or better is the common ground of the schemes, not the same thing under both: what it took to be
    rated good changed with the scheme, so a series still breaks there.

    Examples
    --------
    >>> rows = pd.DataFrame({"observation_id": ["C061", "C062"], "scheme": "org_2018",
    ...     "category_id": ["excellent", "good"], "category_kind": "exclusive", "count": [6, 25], "base": 31,
    ...     "percent": None, "percent_max": None, "qualifier": "exact"})
    >>> good_or_better(rows)[["count", "base", "missing", "made_from"]]
       count  base missing  made_from
    0     31    31          C061+C062
    """
    need(observations, ("observation_id", "scheme", "category_id", "category_kind"), "good_or_better")
    known = catalogue or Catalogue.read()
    ratings = observations[strings(observations, "scheme") != ""]
    rated = add_rates(ratings)
    rated["_half"] = half_units(rated)
    keys = one_rating(rated).to_numpy()
    first: list[int] = []
    made: list[_Made] = []
    for key in dict.fromkeys(keys):
        at = np.flatnonzero(keys == key)
        scheme = known.scheme(str(rated["scheme"].iloc[at[0]]))
        first.append(int(at[0]))
        made.append(_make(rated.iloc[at], scheme, at))
    ids = strings(rated, "observation_id")
    sources = [join_ids(ids.iloc[list(one.rows)]) for one in made]
    templates = ratings.iloc[first].reset_index(drop=True)
    # what no figure could be made for keeps a name of its own, from the rating's first row
    named = [one or f"{ids.iloc[at]} ({GOOD_OR_BETTER})" for one, at in zip(sources, first, strict=True)]
    # what was said of one class isn't said of the sum
    kept = templates.drop(columns=[one for one in _OF_ONE_CLASS if one in templates.columns])
    return kept.assign(
        observation_id=pd.array(named, dtype="str"),
        count=_whole(one.count for one in made),
        base=_whole(one.base for one in made),
        percent=[one.percent for one in made],
        percent_max=[one.percent_max for one in made],
        rounding=[one.rounding for one in made],
        qualifier=pd.array([one.qualifier for one in made], dtype="str"),
        printed_scheme=strings(templates, "scheme"),
        scheme=GOOD_OR_BETTER,
        category=GOOD_OR_BETTER,
        category_id=GOOD_OR_BETTER,
        category_kind="cumulative",
        made_from=pd.array(sources, dtype="str"),
        missing=pd.array([one.missing for one in made], dtype="str"),
        **{one: "" for one in ("printed", "note") if one in templates.columns},
    )


def _whole(values: Iterable[float]) -> Any:  # noqa: ANN401 pandas' own array type
    return pd.Series(list(values), dtype="float64").round().astype("Int64").array


def _pieces(group: pd.DataFrame, scheme: Scheme, positions: Sequence[int] | np.ndarray) -> list[_Piece]:
    """Return the rows of a rating that may be added, widest first."""
    pieces = []
    columns = (strings(group, name) for name in ("category_kind", "category_id", "base_of", "complement"))
    for row, kind, category_id, base_of, complement in zip(positions, *columns, strict=True):
        if base_of or complement == "True" or kind not in ("exclusive", "cumulative"):
            continue
        category = scheme.category(category_id)
        covers = scheme.leaves(category.id)
        if kind == "cumulative" and category.kind != "cumulative":
            # printed as "good" with the better ones inside
            better = [one for one in scheme.categories if one.order <= category.order]
            covers = frozenset().union(*(scheme.leaves(one.id) for one in better))
        pieces.append(_Piece(int(row), covers))
    return sorted(pieces, key=lambda piece: -len(piece.covers))


def _make(group: pd.DataFrame, scheme: Scheme, positions: np.ndarray) -> _Made:
    wanted = frozenset().union(*(scheme.leaves(one.id) for one in scheme.categories if one.good_or_better))
    pieces = [one for one in _pieces(group, scheme, positions) if one.covers <= wanted]
    by_row = dict(zip((int(one) for one in positions), range(len(group)), strict=True))
    whole = [one for one in pieces if one.covers == wanted]
    parts = [one for one in pieces if one.covers != wanted]
    ways = [_add(group, way, by_row) for way in ([one] for one in whole)]
    chosen: list[_Piece] = []
    covered: frozenset[str] = frozenset()
    for piece in parts:
        if not piece.covers & covered:
            chosen.append(piece)
            covered |= piece.covers
    if covered == wanted:
        twice = [one for one in parts if any(one.covers == other.covers for other in parts if other != one)]
        ways.append(_Made(missing="two figures") if twice else _add(group, chosen, by_row))
    if len(whole) > 1:
        ways = [_Made(missing="two figures")]
    if not ways:
        return _Made(missing=", ".join(_lacking(scheme, wanted - covered)))
    # a sum with its base says more than a printed percentage, and anything more than nothing
    best = min(ways, key=lambda way: (bool(way.missing), not way.with_base))
    added = len(best.rows) > 1 and not best.with_base and not np.isnan(best.percent)
    if added:
        best = _unless_a_gap(best, group, scheme)
    return _with_whole(best, group, scheme, positions)


def _unless_a_gap(made: _Made, group: pd.DataFrame, scheme: Scheme) -> _Made:
    """Drop a sum of shares where those of all classes are printed and miss 100 by more than print explains.

    Shares may be rounded, half a unit each, or cut, up to one unit each: then the sum is that much too low at
    the most. Counts stay where every class has one.
    """
    beside = group[of_its_own(group)]
    if not (all_printed(beside, scheme) and beside["interval"].isin(["wilson", "rounding"]).all()):
        return made
    half = np.where(beside["interval"] == "rounding", floats(beside, "_half"), 0.0).sum()
    gap = round(100 - floats(beside, "rate").sum(), 9)
    if abs(gap) <= half:
        return made
    if 0 < gap < 2 * half:
        return replace(made, rounding=2 * made.rounding)
    if np.isnan(made.count) or np.isnan(floats(beside, "count")).any():
        return _Made(missing="classes that add to 100")
    return replace(made, percent=np.nan, percent_max=np.nan, rounding=np.nan)


def _with_whole(made: _Made, group: pd.DataFrame, scheme: Scheme, positions: np.ndarray) -> _Made:
    """Give a bare count its base where all classes of the scheme are printed with their counts."""
    beside = of_its_own(group).to_numpy()
    if np.isnan(made.count) or not np.isnan(made.percent) or made.with_base:
        return made
    whole = whole_of(group[beside], scheme)
    return made if whole is None else replace(made, base=whole, rows=tuple(positions[beside].tolist()))


def _lacking(scheme: Scheme, leaves: frozenset[str]) -> list[str]:
    """Name what is missing by the widest categories."""
    names: list[str] = []
    for category in sorted(scheme.categories, key=lambda one: (one.kind != "exclusive", one.order)):
        inside = scheme.leaves(category.id)
        if category.kind != "cumulative" and inside <= leaves:
            names.append(category.id)
            leaves -= inside
    return names


def _add(group: pd.DataFrame, pieces: Sequence[_Piece], by_row: dict[int, int]) -> _Made:
    """Add the figures of classes that stand beside each other."""
    rows = group.iloc[[by_row[piece.row] for piece in pieces]]
    at = tuple(piece.row for piece in pieces)
    count, base = floats(rows, "count"), floats(rows, "base")
    kinds = set(rows["interval"])
    alone = len(rows) == 1
    if kinds == {"wilson"} and len(set(base)) == 1:
        if count.sum() > base[0]:
            return _Made(missing="above the base")
        percent = floats(rows, "percent")[0] if alone else np.nan
        return _Made(at, count.sum(), base[0], percent)
    total = count.sum() if not np.isnan(count).any() and np.isnan(base).all() else np.nan
    if "none" in kinds:
        only_counts = kinds == {"none"} and not np.isnan(total)
        return _Made(at, total, qualifier=_loosest(rows)) if only_counts else _Made(missing="no figure")
    return _add_percentages(rows, at, total)


def _loosest(rows: pd.DataFrame) -> str:
    """Return the qualifier of a sum of bare counts; with the lower end of a range it is a floor."""
    words = set(strings(rows, "qualifier"))
    return "about" if "about" in words else "at_least" if words & {"at_least", "range"} else "exact"


def _add_percentages(rows: pd.DataFrame, at: tuple[int, ...], count: float) -> _Made:
    """Add percentages and what their rounding, floors and ranges leave open."""
    kinds = set(rows["interval"])
    rate, low, high = (floats(rows, one) for one in ("rate", "rate_low", "rate_high"))
    half = np.where((rows["interval"] == "rounding").to_numpy(), floats(rows, "_half"), 0.0).sum()
    least = round(float(np.where(np.isnan(rate), low, rate).sum()), 9)
    most = round(float(np.where(np.isnan(rate), high, rate).sum()), 9)
    if least > 100 + half:
        return _Made(missing="above 100")
    if "floor" in kinds:
        return _Made(at, count, percent=least, qualifier="at_least")
    if "range" in kinds:
        return _Made(at, count, percent=least, percent_max=min(most, 100.0), qualifier="range")
    if "about" in kinds:
        return _Made(at, count, percent=least, qualifier="about")
    return _Made(at, count, percent=least, rounding=float(half))
