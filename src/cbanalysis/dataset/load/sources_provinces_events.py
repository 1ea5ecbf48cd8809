"""Tables of a data folder as frames: sources, provinces, events, tile grids."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.csv_reading import read_table
from cbanalysis.dataset.provinces import Gazetteer


def load_sources(folder: Path | str | None = None) -> pd.DataFrame:
    """Load the documents that figures come from.

    Parameters
    ----------
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        The columns of sources.csv as text, one row a document, file order.

    Raises
    ------
    DataError
        If sources.csv, events.csv or indicators.toml breaks the contract; lists all faults.
    """
    place = data_folder(folder)
    Catalogue.read(place)
    return read_table(place / "sources.csv").cells


def load_events(folder: Path | str | None = None) -> pd.DataFrame:
    """Load the policy events, oldest first.

    Parameters
    ----------
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        The columns of events.csv as text (``date`` as YYYY-MM-DD).

    Raises
    ------
    DataError
        If sources.csv, events.csv or indicators.toml breaks the contract; lists all faults.
    """
    place = data_folder(folder)
    Catalogue.read(place)
    return read_table(place / "events.csv").cells.sort_values("date", kind="stable", ignore_index=True)


def load_provinces(on: date | str | int | None = None, *, folder: Path | str | None = None) -> pd.DataFrame:
    """Load the dated units.

    Parameters
    ----------
    on : date, str or int, optional
        Only the units that existed on that day (``"2012"`` or 2012: on the last day of the year), 64, 63 or
        34 of them. All dated units since 2004 by default.
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        The columns of provinces.csv as text, but ``lat`` and ``lon`` float64 (degrees).

    Raises
    ------
    DataError
        If provinces.csv breaks the contract; lists all faults.
    UnknownName
        If `on` is no real date.
    """
    place = data_folder(folder)
    gazetteer = Gazetteer.read(place)
    provinces = read_table(place / "provinces.csv").cells
    for column in ("lat", "lon"):
        provinces[column] = pd.to_numeric(provinces[column].replace("", None)).astype("float64")
    if on is None:
        return provinces
    living = {unit.unit_id for unit in gazetteer.on(on)}
    return provinces[provinces["unit_id"].isin(living)].reset_index(drop=True)


def load_tile_grid(count: Literal[63, 34] = 63, *, folder: Path | str | None = None) -> pd.DataFrame:
    """Load the places of the provinces on a grid of tiles.

    Parameters
    ----------
    count : {63, 34}
        How many provinces: 63 until 2025-06-30, 34 since.
    folder : Path or str, optional
        A data folder; the one that ships with the package by default.

    Returns
    -------
    DataFrame
        ``code``, ``name``, ``name_en`` as text; ``row``, ``col`` as whole numbers from 1 (1, 1 is top left).

    Raises
    ------
    UnknownName
        If there is no grid of so many provinces.
    DataError
        If provinces.csv or a tile grid breaks the contract; lists all faults.
    """
    return Gazetteer.read(data_folder(folder)).tile_grid(count)
