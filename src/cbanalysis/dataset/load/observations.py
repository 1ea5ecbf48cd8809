"""Read observations, check them, and take those that a question is about.

A runner that sets CBANALYSIS_TRACE to the path of a file finds there, after a notebook ran, every question
put to the observations, and a fingerprint of what was found. The same notebook asks the same again; where
each question finds the same rows, nothing in the report can have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cbanalysis.common.errors import DataError, UnknownName, require_known
from cbanalysis.common.folders import content_of, data_folder
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.csv_reading import read_table
from cbanalysis.dataset.load.folder_checks import check_folder
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.observations.periods import dated_unit, period_days
from cbanalysis.dataset.observations.printed_against_stored import (
    FIGURE_COLUMNS,
    differing,
    printed_decimals,
    read_printed,
    read_value,
)
from cbanalysis.dataset.observations.schema import CLOSED, distinct
from cbanalysis.dataset.provinces import Gazetteer

TRACE = "CBANALYSIS_TRACE"
_DIGITS = 16
_SEPARATOR = "\x1f"


def fingerprint(prints: Iterable[str]) -> str:
    """Return one fingerprint (64 hexadecimal digits) of rows in their order, made of theirs."""
    return hashlib.sha256("\n".join(prints).encode()).hexdigest()


def row_fingerprints(observations: pd.DataFrame, sources: pd.DataFrame) -> NDArray[np.object_]:
    """Return a fingerprint of each row, 16 hexadecimal digits, of its text cells and those of its source."""
    ids = sources["source_id"].tolist()
    documents = dict(zip(ids, map(_SEPARATOR.join, sources.to_numpy(dtype=object)), strict=True))
    rows = zip(observations.to_numpy(dtype=object), observations["source_id"], strict=True)
    prints = [
        hashlib.sha256(_SEPARATOR.join([*row, documents[source]]).encode()).hexdigest()[:_DIGITS]
        for row, source in rows
    ]
    return np.array(prints, dtype=object)


def latest(moments: Iterable[str]) -> str:
    """Return the year, month or day that ends last, as it was given; ``""`` without any.

    Examples
    --------
    >>> latest(["2019-07-26", "2025", "2025-11-20", ""])
    '2025'
    """
    return max(moments, key=lambda moment: f"{moment}-99-99"[:10], default="")


def note_query(query: Mapping[str, Any], prints: Iterable[str], moments: Iterable[str]) -> None:
    """Write down what was asked and a fingerprint of what was found, where a runner wants to know.

    ``moments`` are when periods end and sources were published: what is found reaches up to the latest.
    """
    file = os.environ.get(TRACE)
    if not file:
        return
    seen = {"query": dict(query), "found": fingerprint(prints), "until": latest(moments)}
    line = json.dumps(seen, ensure_ascii=False)
    with open(file, "a", encoding="utf-8") as trace:  # noqa: PTH123 -- a path from the environment, as it is
        trace.write(f"{line}\n")


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
    beside: str | None = None,
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
        One year, or exactly the years listed; ``range(2010, 2016)`` for 2010 to 2015. A tuple of two is
        refused: it may mean two years or all between. A figure belongs to the
        year in which its period ends; undated figures belong to none.
    geo_level : str or iterable of str, optional
        country, region, province, district, commune.
    beside : str, optional
        A province: its figures, and those of other provinces as a whole that say the same (indicator and
        subject) of the same year.
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        One row a figure, file order, RangeIndex, the columns of ``observations.COLUMNS`` and then
        ``unit_id`` (the dated unit at the end of the period; ``""`` without a province or where it can't be
        decided), ``year`` (Int64, the year in which the period ends; NA without a period) and
        ``decimals`` (Int64, decimals that the percentage or value is printed with; NA where none is).
        No rows, but the same columns and types, where nothing is known of what was asked for.

    Raises
    ------
    UnknownName
        If a filter names an indicator, subject, level, source or province that doesn't exist (naming the
        nearest), a year that is no whole number, or a tuple of two years.
    DataError
        If the folder's files break the contract; lists all faults.

    Examples
    --------
    >>> attendance = load_observations("meeting_attendance", provinces="dien bien")
    >>> attendance.query("source_id == 'seed-001'")[["area", "percent", "unit_id"]].to_numpy().tolist()
    [['Sen Thượng', 97.0, '11-2004']]
    """
    _require_clear_years(years)
    filters = {
        "indicator": indicator,
        "provinces": provinces,
        "years": years,
        "subject": subject,
        "geo_level": geo_level,
        "source": source,
        "beside": beside,
    }
    query = {name: _plain(value) for name, value in filters.items() if value is not None}
    whole = _whole(data_folder(folder))
    wanted = _wanted(whole, query)
    found = whole.observations[wanted].reset_index(drop=True)
    published = {whole.catalogue.source(source).published for source in set(found["source_id"])}
    # A report that makes a data folder of its own, for a while, sees in it what its notebook put there.
    if folder is None or not Path(folder).resolve().is_relative_to(Path(gettempdir()).resolve()):
        asked = query if folder is None else {**query, "folder": str(folder)}
        note_query(asked, whole.prints[wanted], published.union(found["period_end"]))
    return found


def look(query: Mapping[str, Any]) -> list[str]:
    """Return the fingerprints of the rows that a query finds now, as `load_observations` noted it.

    None if it would be refused, or its folder is gone.

    Raises
    ------
    DataError
        If the data folder's files break the contract.
    """
    filters = dict(query)
    folder = filters.pop("folder", None)
    if folder is not None and not Path(folder).is_dir():
        return []
    whole = _whole(data_folder(folder))
    try:
        return list(whole.prints[_wanted(whole, filters)])
    except UnknownName:
        return []


def row_prints(folder: Path | str | None = None) -> dict[str, str]:
    """Return what tells one state of each figure from any other, by observation id: see `row_fingerprints`.

    Raises
    ------
    DataError
        If the folder's files break the contract.
    """
    whole = _whole(data_folder(folder))
    return dict(zip(whole.observations["observation_id"], whole.prints, strict=True))


@dataclass(frozen=True)
class _Whole:
    """A checked data folder, and a print of each row with its source."""

    catalogue: Catalogue
    gazetteer: Gazetteer
    observations: pd.DataFrame
    prints: NDArray[np.object_]


def _whole(place: Path) -> _Whole:
    files = ("observations.csv", "indicators.toml", "sources.csv", "events.csv", "provinces.csv")
    grids = sorted(place.glob("tilegrid_*.csv"))
    return _checked(place, content_of(*(place / file for file in files), *grids))


@lru_cache(maxsize=4)
def _checked(place: Path, content: str) -> _Whole:
    """Read and check a folder once for each content: a notebook asks for its figures several times."""
    del content
    try:
        catalogue, gazetteer = Catalogue.read(place), Gazetteer.read(place)
        observations = read_observations(place / "observations.csv", catalogue=catalogue, gazetteer=gazetteer)
    except DataError:
        check_folder(place)  # raises what is wrong with all files, not only with the first
        raise
    documents = read_table(place / "sources.csv").cells
    prints = row_fingerprints(read_table(place / "observations.csv").cells, documents)
    return _Whole(catalogue, gazetteer, _with_derived(observations, catalogue, gazetteer), prints)


def _wanted(whole: _Whole, query: Mapping[str, Any]) -> NDArray[np.bool_]:
    catalogue, gazetteer, observations = whole.catalogue, whole.gazetteer, whole.observations
    wanted = np.ones(len(observations), dtype=bool)
    for name, column, known in (
        ("indicator", "indicator", catalogue.indicators),
        ("subject", "subject", catalogue.subjects),
        ("geo_level", "geo_level", CLOSED["geo_level"]),
        ("source", "source_id", catalogue.sources),
    ):
        if name in query:
            wanted &= observations[column].isin(_known(query[name], name, known)).to_numpy()
    if "provinces" in query:
        wanted &= _of_provinces(observations, query["provinces"], gazetteer)
    if "years" in query:
        wanted &= observations["year"].isin(_years(query["years"])).to_numpy()
    if "beside" in query:
        wanted &= _beside(observations, query["beside"], gazetteer)
    return wanted


def _plain(value: object) -> Any:  # noqa: ANN401 -- text, a number, or a list of them
    """Return a filter as it can be written down: ranges, sets and arrays as lists."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, str | int) or not isinstance(value, Iterable):
        return value
    return [one.item() if isinstance(one, np.generic) else one for one in value]


def _of_provinces(
    observations: pd.DataFrame, provinces: str | Iterable[str], gazetteer: Gazetteer
) -> NDArray[np.bool_]:
    names, ids = _units(provinces, gazetteer)
    return (observations["province"].isin(names) | observations["unit_id"].isin(ids)).to_numpy()


def _beside(observations: pd.DataFrame, province: str, gazetteer: Gazetteer) -> NDArray[np.bool_]:
    own = _of_provinces(observations, province, gazetteer)
    told = pd.MultiIndex.from_frame(observations[["indicator", "subject", "year"]])
    others = told.isin(told[own]) & (observations["geo_level"] == "province").to_numpy()
    return own | others


def _known(values: str | Iterable[str], kind: str, known: Iterable[str]) -> list[str]:
    listed = [values] if isinstance(values, str) else _listed(values, kind)
    names = tuple(known)
    for value in listed:
        require_known(kind, value, names)
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


def _require_clear_years(years: object) -> None:
    """Refuse a tuple of two: it may mean two years or all between."""
    if isinstance(years, tuple) and len(years) == 2:
        first, last = years
        hint = f"(write [{first}, {last}] for these two, range({first}, {last} + 1) for all between)"
        raise UnknownName("years", years, hint=hint)


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
    names = ("printed", "source_id", "percent", "count", "value", "indicator")
    columns = [observations[name].to_numpy(dtype=object) for name in names]
    for printed, source, percent, count, value, indicator in zip(*columns, strict=True):
        style = styles[source]
        key = (printed, style, percent, pd.isna(count))
        if pd.isna(percent):
            sign = catalogue.sign_of(indicator, style)
            again = None if pd.isna(value) else read_value(printed, style, sign)
            found.append(again.decimals if again else None)
            continue
        if key not in read:
            read[key] = printed_decimals(printed, style, percent, share_only=key[3])
        found.append(read[key])
    return pd.Series(found, index=observations.index, dtype="Int64")


SEEDS = ("seed-000", "seed-001", "seed-002", "seed-003", "seed-004")
"""The ids of the five documents that the project started from."""

_PARSED = {column: "float64" if column.startswith("percent") else "Int64" for column in FIGURE_COLUMNS}


def seed_figures(folder: Path | str | None = None) -> pd.DataFrame:
    """Load every figure of the five seed documents with what its print says when it is read again.

    Parameters
    ----------
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        One row a figure, by source, then file order:
        ``source_id``, ``observation_id``, ``indicator``, ``printed``;
        ``parsed_count``, ``parsed_count_max``, ``parsed_base`` (Int64), ``parsed_percent``,
        ``parsed_percent_max`` (float64, percent) and ``parsed_qualifier``, read from ``printed`` in the
        number style of the source, empty where the print doesn't give them;
        ``count``, ``count_max``, ``base``, ``percent``, ``percent_max``, ``qualifier`` as stored;
        ``agrees`` (bool): the print can be read, and everything in it is what is stored.

    Raises
    ------
    DataError
        If the folder's files break the contract; lists all faults.
    UnknownName
        If one of the five documents isn't among the sources.
    """
    place = data_folder(folder)
    sources = Catalogue.read(place).sources
    rows = load_observations(source=SEEDS, folder=place).sort_values(
        "source_id", kind="stable", ignore_index=True
    )
    rows = rows[["source_id", "observation_id", "indicator", "printed", *FIGURE_COLUMNS, "qualifier"]]
    parsed: list[dict[str, object]] = []
    for row in rows.to_dict("records"):
        stored = {column: None if pd.isna(row[column]) else row[column] for column in FIGURE_COLUMNS}
        share_only = stored["count"] is None and stored["percent"] is not None
        figure = read_printed(row["printed"], sources[row["source_id"]].number_style, share_only=share_only)
        again: dict[str, object] = {
            f"parsed_{column}": getattr(figure, column, None) for column in FIGURE_COLUMNS
        }
        again["parsed_qualifier"] = figure.qualifier if figure else ""
        again["agrees"] = (
            figure is not None and not differing(figure, stored) and (figure.qualifier == row["qualifier"])
        )
        parsed.append(again)
    types = {f"parsed_{column}": dtype for column, dtype in _PARSED.items()}
    types |= {"parsed_qualifier": "str", "agrees": "bool"}
    read = pd.DataFrame(parsed, columns=list(types)).astype(types)
    beside = ["source_id", "observation_id", "indicator", "printed"]
    return pd.concat(
        [rows[beside], read.drop(columns="agrees"), rows.drop(columns=beside), read["agrees"]], axis=1
    )
