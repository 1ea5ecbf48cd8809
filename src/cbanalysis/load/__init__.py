"""The doors from the outside to observations: data/, and what else a researcher starts from."""

from __future__ import annotations

from cbanalysis.load.folder import check_folder
from cbanalysis.load.reading import Table, read_table
from cbanalysis.load.seeds import SEEDS, seed_figures
from cbanalysis.load.select import load_observations, look, read_observations, row_prints
from cbanalysis.load.tables import load_events, load_provinces, load_sources, load_tile_grid
from cbanalysis.load.traces import TRACE, fingerprint, latest

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
