"""Which values a notebook's parameters may take, and which reports are meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from cbanalysis.batch.reports.digests_and_versions import named
from cbanalysis.batch.reports.notebook_parameters import Allowed
from cbanalysis.batch.reports.reports_and_folders import slug
from cbanalysis.common.errors import DataError, Fault, ParameterError, nearest
from cbanalysis.common.language import LANGUAGES
from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer, Unit

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
# 5/2024, 05-2024, 2024-5, 2024/05
_ANY_MONTH = re.compile(
    r"(?P<month>\d\d?)\s*[-/.]\s*(?P<year>\d{4})|(?P<first>\d{4})\s*[-/.]\s*(?P<second>\d\d?)"
)


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
    path = named(str(value), Path.cwd())
    if value and path is None:
        raise ParameterError([Fault("no such file or folder", value=str(value))])
    if path is not None and value and not (path.is_file() or path.is_dir()):
        raise ParameterError([Fault("is neither a file nor a folder", value=str(value))])
    return str(path) if value else ""


def _register(value: object) -> str:
    """Return the whole path of a register of meeting records whose headings can be read."""
    path = _existing(value)
    if path:
        from cbanalysis.records import open_register  # noqa: PLC0415 -- only where a register is named

        try:
            open_register(path)
        except DataError as error:
            # the notebook's name takes the place of the file's
            faults = [replace(one, what=f"{Path(one.file or path).name}: {one.what}") for one in error.faults]
            raise ParameterError(faults) from error
    return path


def _month(value: object) -> str:
    """Return a month as it is; one that is written in another way is named in the right one."""
    text = str(value)
    if _MONTH.fullmatch(text):
        return text
    found = _ANY_MONTH.fullmatch(text.strip())
    meant = f"{found['year'] or found['first']}-{int(found['month'] or found['second']):02d}" if found else ""
    close = (meant,) if _MONTH.fullmatch(meant) else ()
    raise ParameterError([Fault("is no month", value=text, allowed="YYYY-MM, e.g. 2024-05", nearest=close)])


def _people(value: int) -> int:
    """Return a number of people: one at the least."""
    if value < 1:
        raise ParameterError([Fault("is no number of people", value=value, allowed="1, 2, 3, …")])
    return value


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
        "level": sorted(set(observations["geo_level"])),
        "scheme": sorted(catalogue.schemes),
        "units": (63, 34),
        "file": _existing,
        "register": _register,
        "cell_names": ("register", "commune"),
        "rows": ("cell", "member"),
        "dates": ("unknown", "day_first", "month_first"),
        "exempt": ("outside_due", "in_due"),
        "month": _month,
        "people": _people,
        "year": sorted(map(int, dated["year"].unique())),
        **{f"year:{indicator}": sorted(map(int, found)) for indicator, found in years.items()},
        **{f"subject:{indicator}": sorted(found) for indicator, found in subjects.items()},
    }
