"""From the provinces of one time to those of another: counts and bases are added, percentages never."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from cbanalysis.common.errors import NotComparable, require_known
from cbanalysis.common.language import LANGUAGES, Language, words_of
from cbanalysis.dataset.observations.comparability import within_year
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, periods, strings
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.dataset.provinces import Gazetteer, Unit, last_day, territories
from cbanalysis.dataset.provinces.unit import DAYS
from cbanalysis.statistics.rates.choosing_and_ranking import MEASURE
from cbanalysis.statistics.rates.column_values import floats, join_ids

NO_UNIT = "no dated unit"
"""What ``missing`` says of a row of which nobody knows which province of which time it means."""

_UNDATED = dt.date(2025, 6, 30)  # figures without a period are named after the 63

_WORDS = words_of("parts")
_KNOWN = {*COLUMNS, "unit_id", "year", "decimals", "made_from", "missing", "boundary"}

_OF_RATES = (
    "rate", "rate_low", "rate_high", "interval", "base_from", "base_period", "conflict", "rounding",
    "turned",
)  # fmt: skip


@reads
def regroup(
    observations: pd.DataFrame,
    to: Literal[64, 63, 34],
    *,
    gazetteer: Gazetteer | None = None,
    same: Literal["period", "year"] = "period",
    columns: Collection[str] = ("count", "base"),
) -> pd.DataFrame:
    """Add up the figures of provinces to the provinces of another time.

    A sum is made only where every part has its figure for the same period, subject, category, indicator and
    definition. Otherwise the unit stays empty and says which part lacks what.

    Parameters
    ----------
    observations : DataFrame
        Rows of level province with ``unit_id``.
    to : {64, 63, 34}
        The provinces until 2008-07-31, until 2025-06-30, or since.
    gazetteer : Gazetteer, optional
        Who became what; the one that ships with the package.
    same : {"period", "year"}
        What "the same period" means: exactly the same one, or the same years.
    columns : collection of str
        What to add up. Only ``count`` and ``base`` can be added: the percentage of a merged province is not
        the mean of the percentages of its parts.

    Returns
    -------
    DataFrame
        One row for each unit, period, subject and so on of which any part is known, in the order of the
        units. Without the columns of `add_rates` (call it again on the sums). Columns of ``observations`` and

        - ``count``, ``base``: sums; a unit of one part keeps its row as it is,
        - ``percent``, ``value``, ``printed``: empty for sums, columns of your own where their parts differ,
        - ``observation_id``, ``made_from``: the observations added, joined by ``+``,
        - ``missing``: which part lacks what, as ``Bắc Ninh: row``, ``: count``, ``: base``, ``: percent``
          (only a percentage), ``: value`` (only one that can't be added), ``: range``,
          ``: figures`` (several that differ), ``: divided`` (one figure for
          land that was several units), ``: overlap``; empty if nothing. See `missing_in_words`. A count may
          stand while a base is missing,
        - ``boundary``: land that changed hands in pieces too small to regroup and lies on the wrong side of
          this sum (Mê Linh and four communes, to Hà Nội in 2008); empty if none.

    Raises
    ------
    NotComparable
        When percentages are to be added, or rows aren't of level province.
    UnknownName
        When there is no such number of provinces.
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"observation_id": ["X1", "X2"], "unit_id": ["24-2004", "27-2004"],
    ...     "geo_level": "province", "province": ["Bắc Giang", "Bắc Ninh"], "period_start": "2020",
    ...     "period_end": "2020", "count": [4000, 1500], "base": [4175, None]})
    >>> regroup(rows, to=34)[["province", "count", "base", "missing"]]
       province  count  base         missing
    0  Bắc Ninh   5500  <NA>  Bắc Ninh: base
    """
    need(observations, ("unit_id", "geo_level", "count", "base", "period_start", "period_end"), "regroup")
    ids = identify(observations)
    if wrong := [one for one in columns if one not in ("count", "base")]:
        raise NotComparable(
            f"{', '.join(wrong)} can't be added up: the percentage of a merged province is not the mean of "
            "the percentages of its parts; only counts and bases are summed",
            ids,
        )
    other = strings(observations, "geo_level") != "province"
    if other.any():
        raise NotComparable("only figures of whole provinces can be regrouped", ids[other])
    known = gazetteer or Gazetteer.read()
    plain = observations.drop(columns=[one for one in _OF_RATES if one in observations.columns])
    new_rows = list(_regrouped(_Job(plain, known, dt.date.fromisoformat(DAYS[to]), same, frozenset(columns))))
    columns_out = [*plain.columns, *(one for one in ("made_from", "missing", "boundary") if one not in plain)]
    frame = pd.DataFrame(new_rows, columns=columns_out)
    # a column of the reader's own holds nothing where the parts of a sum differ in it
    types = {one: plain[one].dtype for one in plain.columns if one in _KNOWN or not frame[one].hasnans}
    types |= {one: pd.Int64Dtype() for one in ("count", "base")}
    types |= {one: pd.StringDtype(na_value=np.nan) for one in ("made_from", "missing", "boundary")}
    return frame.astype(types)


@dataclass(frozen=True)
class _Job:
    """What is to be regrouped, to which day's units, and how."""

    rows: pd.DataFrame
    gazetteer: Gazetteer
    grid: dt.date
    same: str
    columns: frozenset[str]

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The rows, each with the columns that regrouping adds."""
        added = {"made_from": "", "missing": "", "boundary": ""}
        names = [str(one) for one in self.rows.columns]
        cells = zip(*(self.rows[one].tolist() for one in names), strict=True)
        ids = identify(self.rows)
        return [
            added | {"made_from": one} | dict(zip(names, row, strict=True))
            for one, row in zip(ids, cells, strict=True)
        ]

    def day(self, at: int) -> dt.date | None:
        """Return the last day of a row's period, or None when it has none."""
        text = str(self.records[at]["period_end"])
        return last_day(text) if text else None


def _regrouped(job: _Job) -> Iterator[dict[str, Any]]:
    """Yield the new rows, unit by unit; rows without a dated unit come last, as they are."""
    keys = _keys(job.rows, job.same).to_numpy()
    parts = {
        part.row: part for part in sorted(_parts(job), key=lambda one: job.records[one.row]["made_from"])
    }
    for target in job.gazetteer.on(job.grid):
        land = territories(target)
        inside = {at: part for at, part in parts.items() if part.land <= land}
        around = {at: part for at, part in parts.items() if part.land > land}
        for key in dict.fromkeys(str(keys[at]) for at in sorted({*inside, *around})):
            mine = [part for at, part in inside.items() if keys[at] == key]
            divided = [part for at, part in around.items() if keys[at] == key]
            if len(mine) == 1 and mine[0].land == land and not divided:
                yield _alone(job, mine[0], target)
            else:
                yield _together(job, mine, divided, target)
    for at in range(len(job.rows)):
        if at not in parts:
            yield job.records[at] | {"missing": NO_UNIT}


def _keys(rows: pd.DataFrame, same: str) -> pd.Series[str]:
    """Return one key for the figures that may be added."""
    if same == "year":
        key = periods(rows) + "|" + within_year(rows)
    else:
        key = strings(rows, "period_start") + "|" + strings(rows, "period_end")
    for column in MEASURE[:-1]:  # all but the year
        key = key + "|" + strings(rows, column)
    # the same class of a rating has several spellings; sub-kinds of other indicators are known by theirs
    return key + "|" + strings(rows, "category").where(strings(rows, "scheme") == "", "")


def _parts(job: _Job) -> Iterator[_Part]:
    """Yield what each row with a dated unit says."""
    count, base, percent, value = (floats(job.rows, one) for one in ("count", "base", "percent", "value"))
    qualifier, missing, boundary = (
        strings(job.rows, one).to_list() for one in ("qualifier", "missing", "boundary")
    )
    for at, unit_id in enumerate(strings(job.rows, "unit_id")):
        if unit_id:
            unit = job.gazetteer.by_id(unit_id)
            yield _Part(
                row=at,
                name=unit.name_vi,
                land=territories(unit),
                count=count[at],
                base=base[at],
                percent=percent[at],
                value=value[at],
                qualifier=qualifier[at],
                missing=missing[at],
                boundary=boundary[at],
            )


def _moved(job: _Job, target: Unit, day: dt.date | None) -> str:
    """Name the pieces of land that changed hands between the period and the day of the target units.

    A row's unit id can't tell: Vĩnh Phúc keeps its id though it gave Mê Linh away.
    """
    land = territories(target)
    found = []
    for taker in job.gazetteer.units:
        since = taker.valid_from
        if not taker.partial or day is None or (day < since) == (job.grid < since):
            continue
        for piece in taker.pieces:
            named = job.gazetteer.named(piece.rpartition("(")[2].rstrip(") "))
            giver = frozenset().union(*(territories(one) for one in named if one.valid_from < since))
            if bool(land & territories(taker)) != bool(land & giver):
                found.append(piece)
    return "; ".join(dict.fromkeys(found))


def _alone(job: _Job, part: _Part, target: Unit) -> dict[str, Any]:
    """Return the row of a unit whose land didn't change, as it was, under the unit's own name."""
    return job.records[part.row] | {
        "unit_id": target.unit_id,
        "province": target.name_vi,
        "boundary": _moved(job, target, job.day(part.row)) or part.boundary,
    }


def _together(job: _Job, mine: list[_Part], divided: list[_Part], target: Unit) -> dict[str, Any]:
    """Return the row of a unit that several rows (or not all of them) make up."""
    parts = mine or divided
    records = [job.records[part.row] for part in parts]
    row, day = records[0], job.day(parts[0].row)
    # what a reader adds of a part (its population) isn't said of the whole, unless all parts say the same
    differ = {name for name in row if len({str(one[name]) for one in records}) > 1 or len(records) == 1}
    own: dict[str, Any] = dict.fromkeys(differ - _KNOWN)
    total = _add_parts(mine, divided, territories(target), lambda land: _name_land(land, job.gazetteer, day))
    ids = join_ids(one["made_from"] for one in records)
    boundaries = [one for one in (_moved(job, target, day), *(part.boundary for part in parts)) if one]
    new: dict[str, Any] = {
        "observation_id": f"{ids} ({target.unit_id})",
        "unit_id": target.unit_id,
        "count": total.count if "count" in job.columns else np.nan,
        "base": total.base if "base" in job.columns else np.nan,
        "percent": np.nan,
        "percent_max": np.nan,
        "count_max": pd.NA,
        "value": np.nan,
        "decimals": pd.NA,
        "printed": "",
        "note": "",
        "qualifier": total.qualifier,
        "source_id": join_ids(one.get("source_id", "") for one in records),
    }
    doubts = {"province_basis": "inferred", "period_basis": "publication"}
    new |= {name: doubt for name, doubt in doubts.items() if doubt in {one.get(name) for one in records}}
    if len({one["period_end"] for one in records}) > 1:
        new |= {name: row[name][:4] for name in ("period_start", "period_end")}
    told = {
        "province": target.name_vi,
        "made_from": ids,
        "missing": total.missing,
        "boundary": "; ".join(dict.fromkeys(boundaries)),
    }
    return row | own | {name: value for name, value in new.items() if name in row} | told


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
    require_known("language", lang, LANGUAGES)
    if missing == NO_UNIT:
        return {"vi": "không rõ là tỉnh ở thời kỳ nào", "en": "not clear which province of which time"}[lang]
    return re.sub(r"(?<=: )\w+(?=;|$)", lambda code: _WORDS[code.group()][lang], missing)


@dataclass(frozen=True)
class _Part:
    """One row with the land that it speaks of."""

    row: int
    name: str
    land: frozenset[str]
    count: float
    base: float
    percent: float
    value: float
    qualifier: str
    missing: str
    boundary: str

    @property
    def figures(self) -> tuple[str, ...]:
        """What two rows of the same land must agree on."""
        return tuple(str(one) for one in (self.count, self.base, self.percent, self.value, self.qualifier))

    def lacks(self, *, share: bool) -> list[str]:
        """Name what this part lacks for a sum; what it is itself made of may have said so before."""
        if self.missing:
            return self.missing.split("; ")
        if self.qualifier == "range":
            return [f"{self.name}: range"]
        if np.isnan(self.count):
            kinds = {"value": self.value, "percent": self.percent}
            return [f"{self.name}: {next((one for one in kinds if not np.isnan(kinds[one])), 'count')}"]
        return [f"{self.name}: base"] if share and np.isnan(self.base) else []


@dataclass(frozen=True)
class _Sum:
    """What the parts of a unit add up to."""

    count: float
    base: float
    qualifier: str
    missing: str


def _name_land(land: frozenset[str], gazetteer: Gazetteer, day: dt.date | None) -> list[str]:
    """Name the units of a day that hold some land of which there is no figure."""
    first = min(unit.valid_from for unit in gazetteer.units)
    units = gazetteer.on(max(day or _UNDATED, first))
    return [one.name_vi for one in units if territories(one) & land]


def _add_parts(
    mine: list[_Part],
    divided: list[_Part],
    land: frozenset[str],
    names: Callable[[frozenset[str]], list[str]],
) -> _Sum:
    """Add up the parts of a unit, and name what is missing."""
    by_land: dict[frozenset[str], list[_Part]] = {}
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
    return _Sum(
        count=np.nan if empty else sum(part.count for part in single),
        base=np.nan if empty else sum(part.base for part in single),
        qualifier=loosest[0] if loosest else "exact",
        missing="; ".join(sorted(set(lacks))),
    )
