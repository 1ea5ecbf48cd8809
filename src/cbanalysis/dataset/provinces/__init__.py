"""Who is who, on which date: names, codes, regions, mergers and the tile grids of Vietnam's provinces.

Each province is an attribute too, without marks, for the Tab key: ``cb.provinces.bac_giang``.
"""

from __future__ import annotations

from cbanalysis.common.errors import UnknownName
from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.provinces.gazetteer import WHOLE_REGISTER, Gazetteer, place
from cbanalysis.dataset.provinces.unit import Unit, last_day, named_aloud, territories

__all__ = ["WHOLE_REGISTER", "Gazetteer", "Unit", "last_day", "named_aloud", "place", "territories"]


def _names() -> dict[str, str]:
    names = {unit.name_vi for unit in Gazetteer.read().units}
    return {fold(name).replace(" ", "_"): name for name in sorted(names, key=fold)}


def __getattr__(name: str) -> str:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    names = _names()
    if name not in names:
        raise AttributeError(str(UnknownName("province", name, names)))
    return names[name]


def __dir__() -> list[str]:
    return [*_names(), *__all__]
