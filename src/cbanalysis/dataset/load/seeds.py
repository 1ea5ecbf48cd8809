"""All figures of the five seed documents, as printed and as read again from the print."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load.select import load_observations
from cbanalysis.dataset.observations import FIGURE_COLUMNS, differing, read_printed

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
    place = data_folder() if folder is None else Path(folder)
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
