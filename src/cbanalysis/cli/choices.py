"""Which values a notebook's parameters may take, and which reports are meant."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cbanalysis.catalogue import Catalogue
from cbanalysis.errors import Fault, ParameterError, nearest
from cbanalysis.provinces import Gazetteer, Unit
from cbanalysis.reports import LANGUAGES, Allowed, slug
from cbanalysis.text import fold

__all__ = ["by_name", "choices"]


def _province_with_data(gazetteer: Gazetteer, known: Sequence[str]) -> Callable[[Any], str]:
    """Return what accepts any spelling of a province that has data, and says what is nearest to any other."""
    places = {name: units[-1] for name in known if (units := gazetteer.named(name))}

    def distance(unit: Unit, name: str) -> float:
        # Degrees are good enough to say who is near; a degree of longitude shrinks towards the pole.
        lat, lon = unit.lat or 0.0, unit.lon or 0.0
        other_lat, other_lon = places[name].lat or 0.0, places[name].lon or 0.0
        return math.hypot(lat - other_lat, (lon - other_lon) * math.cos(math.radians(lat)))

    def resolve(value: Any) -> str:  # noqa: ANN401 -- whatever was given
        units = gazetteer.named(str(value))
        if not units:
            spelled = {fold(name): name for name in known}
            closest = [spelled[one] for one in nearest(fold(str(value)), spelled)]
            raise ParameterError([Fault("unknown province", value=str(value), nearest=tuple(closest))])
        having = [unit.name_vi for unit in units if unit.name_vi in known]
        if having:
            return having[0]
        around = sorted(places, key=lambda name: distance(units[-1], name))[:3]
        what, near = "no figures of this province are known", f"nearest with data: {', '.join(around)}"
        raise ParameterError([Fault(what, value=units[-1].name_vi, allowed=near)])

    return resolve


def _existing(value: object) -> str:
    """Return the whole path of a file or folder that exists."""
    path = Path(str(value)).expanduser()
    if value and not path.exists():
        raise ParameterError([Fault("no such file or folder", value=str(value))])
    return str(path.resolve()) if value else ""


def by_name(names: pd.Series[str]) -> list[str]:
    """Return the distinct names in the order of their letters without marks; empty ones are left out."""
    return sorted({name for name in names if name}, key=slug)


def choices(observations: pd.DataFrame, catalogue: Catalogue) -> dict[str, Allowed]:
    """Return the closed lists that notebooks name in brackets; only what has data is in them."""
    dated = observations.dropna(subset="year")
    years = dated.groupby("indicator")["year"].unique()
    subjects = observations.groupby("indicator")["subject"].unique()
    return {
        "lang": LANGUAGES,
        "province": _province_with_data(Gazetteer.read(), by_name(observations["province"])),
        "source": sorted(set(observations["source_id"])),
        "indicator": sorted(set(observations["indicator"])),
        "subject": sorted(set(observations["subject"])),
        "scheme": sorted(catalogue.schemes),
        "units": (63, 34),
        "file": _existing,
        "year": sorted(map(int, dated["year"].unique())),
        **{f"year:{indicator}": sorted(map(int, found)) for indicator, found in years.items()},
        **{f"subject:{indicator}": sorted(found) for indicator, found in subjects.items()},
    }
