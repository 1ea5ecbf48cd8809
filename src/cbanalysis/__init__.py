"""Reproducible comparison of what Vietnamese provinces publish about their party cells (chi bộ).

The usual way through: :func:`load_observations` gives the published figures as a tidy frame,
:func:`add_rates` says what each rate is worth, ``charts`` and ``tables`` show it, ``notes`` puts it in words.

Modules are loaded when they are first used: the command line must not wait for matplotlib to print its help.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cbanalysis import records
    from cbanalysis.common.errors import (
        CbanalysisError,
        DataError,
        NotComparable,
        ParameterError,
        UnknownName,
    )
    from cbanalysis.dataset import provinces
    from cbanalysis.dataset.catalogue import Catalogue
    from cbanalysis.dataset.load import (
        check_folder,
        load_events,
        load_observations,
        load_provinces,
        load_sources,
        load_tile_grid,
        seed_figures,
    )
    from cbanalysis.dataset.provinces import Gazetteer
    from cbanalysis.display import charts, notes, tables, words
    from cbanalysis.display.citations import cite
    from cbanalysis.display.notes import show
    from cbanalysis.lab import tutorial as lessons
    from cbanalysis.lab.completion import indicators
    from cbanalysis.lab.panel import explore
    from cbanalysis.site.downloads.saving import save
    from cbanalysis.statistics import audit, rates
    from cbanalysis.statistics.rates import add_rates

__all__ = [
    "Catalogue", "CbanalysisError", "DataError", "Gazetteer", "NotComparable", "ParameterError",
    "UnknownName", "__version__", "add_rates", "audit", "charts", "check_folder", "cite", "explore",
    "indicators", "lessons", "load_events", "load_observations", "load_provinces", "load_sources",
    "load_tile_grid", "notes", "provinces", "rates", "records", "save", "seed_figures", "show", "tables",
    "words",
]  # fmt: skip

# where each name lives; a module's own name stands for the module
_NAMES = {
    "common.errors": ("CbanalysisError", "DataError", "NotComparable", "ParameterError", "UnknownName"),
    "dataset.catalogue": ("Catalogue",),
    "dataset.load": (
        "check_folder",
        "load_events",
        "load_observations",
        "load_provinces",
        "load_sources",
        "load_tile_grid",
        "seed_figures",
    ),
    "dataset.provinces": ("Gazetteer", "provinces"),
    "display.charts": ("charts",),
    "display.citations": ("cite",),
    "display.notes": ("notes", "show"),
    "display.tables": ("tables",),
    "display.words": ("words",),
    "lab.completion": ("indicators",),
    "lab.panel": ("explore",),
    "lab.tutorial": ("lessons",),
    "records": ("records",),
    "site.downloads.saving": ("save",),
    "statistics.audit": ("audit",),
    "statistics.rates": ("add_rates", "rates"),
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names}
_MODULES = {"audit", "charts", "lessons", "notes", "provinces", "rates", "records", "tables", "words"}

try:
    __version__ = version("cbanalysis")
except PackageNotFoundError:  # pragma: no cover - only where the package was copied, not installed
    __version__ = "0"


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'cbanalysis' has no attribute {name!r}")
    module = import_module(f"cbanalysis.{_HOMES[name]}")
    return module if name in _MODULES else getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
