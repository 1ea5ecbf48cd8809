"""Who is who, on which date: names, codes, regions, mergers and the tile grids of Vietnam's provinces."""

from __future__ import annotations

from cbanalysis.provinces.gazetteer import Gazetteer
from cbanalysis.provinces.units import Unit, When, last_day, territories

__all__ = ["Gazetteer", "Unit", "When", "last_day", "territories"]
