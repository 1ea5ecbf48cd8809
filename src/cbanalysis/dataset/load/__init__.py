"""From the outside to observations: data/, and what else a researcher starts from."""

from __future__ import annotations

from cbanalysis.dataset.load.folder_checks import check_folder
from cbanalysis.dataset.load.observations import load_observations, seed_figures
from cbanalysis.dataset.load.sources_provinces_events import (
    load_events,
    load_provinces,
    load_sources,
    load_tile_grid,
)

__all__ = [
    "check_folder", "load_events", "load_observations", "load_provinces", "load_sources", "load_tile_grid",
    "seed_figures",
]  # fmt: skip
