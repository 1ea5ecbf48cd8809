"""Reproducible comparison of what Vietnamese provinces publish about their party cells (chi bộ).

The usual way through: :func:`load_observations` gives the published figures as a tidy frame,
:func:`add_rates` says what each rate is worth, ``charts`` and ``tables`` show it, ``notes`` puts it in words.

Rooms are opened when they are first used: the command line must not wait for matplotlib to print its help.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cbanalysis import audit, charts, lessons, notes, provinces, rates, records, tables, words
    from cbanalysis.catalogue import Catalogue
    from cbanalysis.citations import cite
    from cbanalysis.errors import CbanalysisError, DataError, NotComparable, ParameterError, UnknownName
    from cbanalysis.load import (
        check_folder,
        load_events,
        load_observations,
        load_provinces,
        load_sources,
        load_tile_grid,
        seed_figures,
    )
    from cbanalysis.notes import show
    from cbanalysis.offers import indicators
    from cbanalysis.panel import explore
    from cbanalysis.provinces import Gazetteer
    from cbanalysis.rates import add_rates
    from cbanalysis.saving import save

__all__ = [
    "Catalogue",
    "CbanalysisError",
    "DataError",
    "Gazetteer",
    "NotComparable",
    "ParameterError",
    "UnknownName",
    "__version__",
    "add_rates",
    "audit",
    "charts",
    "check_folder",
    "cite",
    "explore",
    "indicators",
    "lessons",
    "load_events",
    "load_observations",
    "load_provinces",
    "load_sources",
    "load_tile_grid",
    "notes",
    "provinces",
    "rates",
    "records",
    "save",
    "seed_figures",
    "show",
    "tables",
    "words",
]

_ROOMS = {
    "Catalogue": "catalogue",
    "CbanalysisError": "errors",
    "DataError": "errors",
    "Gazetteer": "provinces",
    "NotComparable": "errors",
    "ParameterError": "errors",
    "UnknownName": "errors",
    "add_rates": "rates",
    "check_folder": "load",
    "cite": "citations",
    "explore": "panel",
    "indicators": "offers",
    "load_events": "load",
    "load_observations": "load",
    "load_provinces": "load",
    "load_sources": "load",
    "load_tile_grid": "load",
    "save": "saving",
    "seed_figures": "load",
    "show": "notes",
}

try:
    __version__ = version("cbanalysis")
except PackageNotFoundError:  # pragma: no cover - only where the package was copied, not installed
    __version__ = "0"


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'cbanalysis' has no attribute {name!r}")
    if name in _ROOMS:
        return getattr(import_module(f"cbanalysis.{_ROOMS[name]}"), name)
    return import_module(f"cbanalysis.{name}")


def __dir__() -> list[str]:
    return sorted(__all__)
