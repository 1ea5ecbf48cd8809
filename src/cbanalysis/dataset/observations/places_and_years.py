"""Of which place and which years each row speaks, and what the row is called."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cbanalysis.dataset.observations.given_frames import reads
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.dataset.provinces.district_names import one_name_each

_NAMED = 3


def strings(rows: pd.DataFrame, column: str) -> pd.Series[str]:
    """Return a column as strings, empty cells (and a missing column) as ``""``."""
    if column not in rows.columns:
        return pd.Series([""] * len(rows), index=rows.index, dtype="str")
    values = rows[column]
    if values.dtype == "str":
        return values.fillna("") if values.hasnans else values
    return values.fillna("").astype("str")


def _places(rows: pd.DataFrame) -> pd.DataFrame:
    unit = strings(rows, "unit_id")
    if (unit != "").any():
        # land decides, not the id: Thanh Hóa has another one since July 2025 on the same land
        unit = unit.map(Gazetteer.read().oldest).fillna(unit)
    unit = unit.where(unit != "", strings(rows, "province"))
    return pd.DataFrame({"level": strings(rows, "geo_level"), "unit": unit, "area": strings(rows, "area")})


def places(rows: pd.DataFrame, among: pd.DataFrame | None = None) -> pd.Series[str]:
    """Return one key a place: level, land (its name where the unit isn't known) and area without title.

    Parameters
    ----------
    rows : DataFrame
        Observations.
    among : DataFrame, optional
        Other rows with which the keys are compared: a title stays where it tells two places of either apart,
        see `one_name_each`.

    Returns
    -------
    Series of str
        On the index of ``rows``.

    Examples
    --------
    >>> places(pd.DataFrame({"geo_level": "district", "province": "Nghệ An",
    ...     "area": ["Cửa Lò", "thị xã Cửa Lò"]})).nunique()
    1
    """
    found = _places(rows)
    told = found if among is None else pd.concat([found, _places(among)])
    names = one_name_each(told.drop_duplicates().itertuples(index=False, name=None))
    triples = zip(*(found[one].tolist() for one in found), strict=True)
    area = pd.Series([names[one] for one in triples], index=rows.index, dtype="str")
    return found["level"] + "|" + found["unit"] + "|" + area


@reads
def count_places(rows: pd.DataFrame) -> int:
    """Return how many places rows are about, by their names: a province is one, whichever its dated unit."""
    return places(rows.drop(columns="unit_id", errors="ignore")).nunique()


def areas(rows: pd.DataFrame) -> pd.Series[str]:
    """Return the area of each row by one name a place: the shortest that is printed for it."""
    printed = strings(rows, "area")
    order = printed.str.len().argsort(kind="stable")
    key = places(rows)
    shortest = printed.iloc[order].groupby(key.iloc[order].to_numpy()).first()
    return key.map(shortest).astype("str")


def periods(rows: pd.DataFrame) -> pd.Series[str]:
    """Return the years a figure speaks of: ``"2012"``, ``"2008-2012"``, ``""`` when not known."""
    first = strings(rows, "period_start").str.slice(0, 4)
    last = strings(rows, "period_end").str.slice(0, 4)
    return first.where(first == last, first + "-" + last)


@reads
def years_of(rows: pd.DataFrame) -> tuple[int, int] | None:
    """Return the first and the last year that rows speak of, a period by both its ends; None without any."""
    dated = rows[rows["year"].notna()]
    starts = pd.to_numeric(strings(dated, "period_start").str.slice(0, 4), errors="coerce")
    years = pd.concat([starts, dated["year"].astype("float64")]).dropna()
    return (int(years.min()), int(years.max())) if len(years) else None


def identify(rows: pd.DataFrame) -> pd.Series[str]:
    """Return the observation ids; rows without one are called by their place in the index."""
    if "observation_id" in rows.columns:
        return strings(rows, "observation_id")
    return pd.Series([f"row {one}" for one in rows.index], index=rows.index, dtype="str")


def name_ids(ids: Sequence[str]) -> str:
    """Name the first few observations of a longer list: ``"B001, B002, B003 and 4 more"``."""
    rest = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
