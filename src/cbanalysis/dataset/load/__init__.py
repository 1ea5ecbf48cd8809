"""From the outside to observations: data/, and what else a researcher starts from."""

from __future__ import annotations

from cbanalysis.dataset.load.folder import check_folder
from cbanalysis.dataset.load.select import (
    SEEDS,
    TRACE,
    fingerprint,
    latest,
    load_observations,
    look,
    read_observations,
    row_prints,
    seed_figures,
)
from cbanalysis.dataset.load.tables import (
    Table,
    load_events,
    load_provinces,
    load_sources,
    load_tile_grid,
    read_table,
)

__all__ = [
    "SEEDS",
    "TRACE",
    "Table",
    "check_folder",
    "fingerprint",
    "latest",
    "load_events",
    "load_observations",
    "load_provinces",
    "load_sources",
    "load_tile_grid",
    "look",
    "read_observations",
    "read_table",
    "row_prints",
    "seed_figures",
]
