"""The parts of a province of another time: what they add up to, and which lacks what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cbanalysis.common.errors import UnknownName
from cbanalysis.common.language import Language, words_of
from cbanalysis.dataset.provinces import Gazetteer, territories

NO_UNIT = "no dated unit"
"""What ``missing`` says of a row of which nobody knows which province of which time it means."""

_UNDATED = dt.date(2025, 6, 30)  # figures without a period are named after the 63

_WORDS = words_of("parts")


def missing_in_words(missing: str, lang: Language = "vi") -> str:
    """Say what `regroup` found missing.

    Parameters
    ----------
    missing : str
        A cell of its column ``missing``.
    lang : {"vi", "en"}
        The language.

    Returns
    -------
    str
        Province by province; empty when nothing is missing.

    Raises
    ------
    UnknownName
        For another language.

    Examples
    --------
    >>> missing_in_words("Bắc Giang: base; Bắc Ninh: row", "en")
    'Bắc Giang: no base; Bắc Ninh: not among these rows'
    """
    if lang not in ("vi", "en"):
        raise UnknownName("language", lang, ("vi", "en"))
    if missing == NO_UNIT:
        return {"vi": "không rõ là tỉnh ở thời kỳ nào", "en": "not clear which province of which time"}[lang]
    return re.sub(r"(?<=: )\w+(?=;|$)", lambda code: _WORDS[code.group()][lang], missing)


@dataclass(frozen=True)
class Part:
    """One row with the land that it speaks of."""

    row: int
    name: str
    land: frozenset[str]
    count: float
    base: float
    percent: float
    qualifier: str
    missing: str
    boundary: str

    @property
    def figures(self) -> tuple[str, ...]:
        """What two rows of the same land must agree on."""
        return tuple(str(one) for one in (self.count, self.base, self.percent, self.qualifier))

    def lacks(self, *, share: bool) -> list[str]:
        """Name what this part lacks for a sum; what it is itself made of may have said so before."""
        if self.missing:
            return self.missing.split("; ")
        if self.qualifier == "range":
            return [f"{self.name}: range"]
        if np.isnan(self.count):
            return [f"{self.name}: {'count' if np.isnan(self.percent) else 'percent'}"]
        return [f"{self.name}: base"] if share and np.isnan(self.base) else []


@dataclass(frozen=True)
class Sum:
    """What the parts of a unit add up to."""

    count: float
    base: float
    qualifier: str
    missing: str


def name_land(land: frozenset[str], gazetteer: Gazetteer, day: dt.date | None) -> list[str]:
    """Name the units of a day that hold some land of which there is no figure."""
    first = min(unit.valid_from for unit in gazetteer.units)
    units = gazetteer.on(max(day or _UNDATED, first))
    return [one.name_vi for one in units if territories(one) & land]


def add_parts(
    mine: list[Part], divided: list[Part], land: frozenset[str], names: Callable[[frozenset[str]], list[str]]
) -> Sum:
    """Add up the parts of a unit, and name what is missing."""
    by_land: dict[frozenset[str], list[Part]] = {}
    for part in mine:
        by_land.setdefault(part.land, []).append(part)
    single = [alike[0] for alike in by_land.values()]
    lacks = [f"{part.name}: divided" for part in divided]
    lacks += [
        f"{alike[0].name}: figures" for alike in by_land.values() if len({part.figures for part in alike}) > 1
    ]
    covered = frozenset().union(*by_land)
    if sum(len(one) for one in by_land) > len(covered):
        lacks += [f"{part.name}: overlap" for part in single]
    if not divided:
        lacks += [f"{name}: row" for name in names(land - covered)]
    # without a share nobody needs a base
    share = any(not np.isnan(part.base) or not np.isnan(part.percent) for part in mine)
    empty = bool(lacks)
    for part in single:
        lack = part.lacks(share=share)
        lacks += lack
        empty |= bool(lack) and (np.isnan(part.count) or part.qualifier == "range")
    loosest = [one for one in ("about", "at_least") if one in {part.qualifier for part in single}]
    return Sum(
        np.nan if empty else sum(part.count for part in single),
        np.nan if empty else sum(part.base for part in single),
        loosest[0] if loosest else "exact",
        "; ".join(sorted(set(lacks))),
    )
