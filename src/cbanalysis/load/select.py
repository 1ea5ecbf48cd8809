"""Read observations, check them, and take those that a question is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from cbanalysis.catalogue import Catalogue
from cbanalysis.errors import DataError, UnknownName
from cbanalysis.folders import data_folder
from cbanalysis.load.folder import check_folder
from cbanalysis.load.reading import read_table
from cbanalysis.observations import (
    CLOSED,
    dated_unit,
    distinct,
    observation_faults,
    period_days,
    printed_decimals,
)
from cbanalysis.provinces import Gazetteer
from cbanalysis.text import NumberStyle

__all__ = ["load_observations", "read_observations"]


def read_observations(
    path: Path | str, *, catalogue: Catalogue | None = None, gazetteer: Gazetteer | None = None
) -> pd.DataFrame:
    """Read one file of observations and check it.

    Parameters
    ----------
    path : Path or str
        A CSV file with the columns of observations.csv (UTF-8, comma).
    catalogue : Catalogue, optional
        What indicators, schemes and sources are known; the one that ships with the package by default.
    gazetteer : Gazetteer, optional
        What provinces are known; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        As ``observations.check_observations`` returns it; file order, RangeIndex.

    Raises
    ------
    DataError
        Listing every line that can't be read and every cell that breaks the contract.
    """
    known = Catalogue.read() if catalogue is None else catalogue
    units = Gazetteer.read() if gazetteer is None else gazetteer
    table = read_table(Path(path))
    if table.faults and table.cells.columns.empty:
        raise DataError(table.faults)
    typed, faults = observation_faults(
        table.cells, catalogue=known, gazetteer=units, file=Path(path).name, rows=table.rows
    )
    if table.faults or faults:
        raise DataError([*table.faults, *faults])
    return typed


def load_observations(  # noqa: PLR0913 - each argument is one filter
    indicator: str | Iterable[str] | None = None,
    provinces: str | Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    *,
    subject: str | Iterable[str] | None = None,
    geo_level: str | Iterable[str] | None = None,
    source: str | Iterable[str] | None = None,
    folder: Path | str | None = None,
) -> pd.DataFrame:
    """Load the published figures that a question is about.

    Parameters
    ----------
    indicator, subject, source : str or iterable of str, optional
        Ids; all by default. An empty list takes no rows.
    provinces : str or iterable of str, optional
        Names in any usual spelling, or unit ids such as ``24-2004``. A name takes the rows of all units that
        ever bore it, a unit id those of that unit only.
    years : int or iterable of int, optional
        One year, or exactly the years listed; ``range(2010, 2016)`` for 2010 to 2015. A figure belongs to the
        year in which its period ends; undated figures belong to none.
    geo_level : str or iterable of str, optional
        country, region, province, district, commune.
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        One row a figure, file order, RangeIndex, the columns of ``observations.COLUMNS`` and then
        ``unit_id`` (the dated unit at the end of the period; ``""`` without a province or where it can't be
        decided), ``year`` (Int64, the year in which the period ends; NA without a period) and
        ``decimals`` (Int64, decimals that the percentage is printed with; NA where none is printed).
        No rows, but the same columns and types, where nothing is known of what was asked for.

    Raises
    ------
    UnknownName
        If a filter names an indicator, subject, level, source or province that doesn't exist (naming the
        nearest), or a year that is no whole number.
    DataError
        If the folder's files break the contract; lists all faults.

    Examples
    --------
    >>> attendance = load_observations("meeting_attendance", provinces="dien bien")
    >>> attendance.query("source_id == 'seed-001'")[["area", "percent", "unit_id"]].to_numpy().tolist()
    [['Sen Thượng', 97.0, '11-2004']]
    """
    place = data_folder() if folder is None else Path(folder)
    try:
        catalogue, gazetteer = Catalogue.read(place), Gazetteer.read(place)
        observations = read_observations(place / "observations.csv", catalogue=catalogue, gazetteer=gazetteer)
    except DataError:
        check_folder(place)  # raises what is wrong with all files, not only with the first
        raise
    observations = _with_derived(observations, catalogue, gazetteer)
    wanted = np.ones(len(observations), dtype=bool)
    for column, values, known in (
        ("indicator", indicator, catalogue.indicators),
        ("subject", subject, catalogue.subjects),
        ("geo_level", geo_level, CLOSED["geo_level"]),
        ("source_id", source, catalogue.sources),
    ):
        if values is not None:
            wanted &= observations[column].isin(_known(values, column.removesuffix("_id"), known)).to_numpy()
    if provinces is not None:
        names, ids = _units(provinces, gazetteer)
        wanted &= (observations["province"].isin(names) | observations["unit_id"].isin(ids)).to_numpy()
    if years is not None:
        wanted &= observations["year"].isin(_years(years)).to_numpy()
    return observations[wanted].reset_index(drop=True)


def _known(values: str | Iterable[str], kind: str, known: Iterable[str]) -> list[str]:
    listed = [values] if isinstance(values, str) else _listed(values, kind)
    names = tuple(known)
    for value in listed:
        if value not in names:
            raise UnknownName(kind, value, names)
    return listed


def _listed(values: Iterable[str], kind: str) -> list[str]:
    if not isinstance(values, Iterable):
        raise UnknownName(kind, values)
    return list(values)


def _units(provinces: str | Iterable[str], gazetteer: Gazetteer) -> tuple[set[str], set[str]]:
    """Return the names, and the unit ids, that rows are taken by."""
    ids = {unit.unit_id for unit in gazetteer.units}
    listed = [provinces] if isinstance(provinces, str) else _listed(provinces, "province")
    names: set[str] = set()
    for name in listed:
        if name in ids:
            continue
        units = gazetteer.named(name) if isinstance(name, str) else ()
        if not units:
            raise UnknownName("province", name, dict.fromkeys(unit.name_vi for unit in gazetteer.units))
        names |= {unit.name_vi for unit in units}
    return names, ids.intersection(listed)


def _years(years: int | Iterable[int]) -> list[int]:
    listed = list(years) if isinstance(years, Iterable) and not isinstance(years, str) else [years]
    for year in listed:
        if isinstance(year, bool) or not isinstance(year, int | np.integer) or not 1 <= year <= 9999:
            raise UnknownName("year", year, hint="(a year is a whole number, e.g. 2012)")
    return [int(year) for year in listed]


def _with_derived(observations: pd.DataFrame, catalogue: Catalogue, gazetteer: Gazetteer) -> pd.DataFrame:
    derived = observations.copy()
    derived["unit_id"] = _unit_ids(observations, gazetteer)
    years = observations["period_end"].str[:4]
    derived["year"] = pd.to_numeric(years.where(years.ne(""))).astype("Int64")
    derived["decimals"] = _decimals(observations, catalogue)
    return derived


def _unit_ids(observations: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    ids = np.full(len(observations), "", dtype=object)
    columns = [
        observations[name].to_numpy(dtype=object) for name in ("province", "period_start", "period_end")
    ]
    for (name, start, end), positions in distinct(columns).items():
        first, last = period_days(start), period_days(end)
        unit = dated_unit(name, (first[0], last[1]) if first and last else None, gazetteer) if name else None
        ids[positions] = unit.unit_id if unit else ""
    return pd.Series(ids, index=observations.index, dtype="str")


def _decimals(observations: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    styles = {name: source.number_style for name, source in catalogue.sources.items()}
    read: dict[tuple[str, NumberStyle, float, bool], int | None] = {}  # many rows print the same
    found: list[int | None] = []
    columns = [
        observations[name].to_numpy(dtype=object) for name in ("printed", "source_id", "percent", "count")
    ]
    for printed, source, percent, count in zip(*columns, strict=True):
        key = (printed, styles[source], percent, pd.isna(count))
        if pd.isna(percent):
            found.append(None)
            continue
        if key not in read:
            read[key] = printed_decimals(printed, styles[source], percent, share_only=key[3])
        found.append(read[key])
    return pd.Series(found, index=observations.index, dtype="Int64")
