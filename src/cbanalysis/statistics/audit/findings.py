"""Findings: what they carry, how they are weighed, acknowledged, counted, and the frame of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.folders import data_folder
from cbanalysis.common.language import in_each, words_of
from cbanalysis.dataset.catalogue import Words
from cbanalysis.dataset.catalogue import catalogue_files as catalogue
from cbanalysis.dataset.observations.given_frames import need
from cbanalysis.dataset.provinces import Gazetteer, place
from cbanalysis.statistics.audit.grouped_rows import Row

Code = Literal[
    "share", "share_total", "grim", "sum_percent", "sum_count", "part_above_whole", "above_100",
    "count_above_base", "complement", "disagree", "chain", "mean_range", "stale_acknowledgement",
]  # fmt: skip

CODES: Mapping[str, Words] = MappingProxyType(
    {code: Words(**words) for code, words in words_of("findings-codes").items()}
)
"""What each code says, in both languages."""

COLUMNS = (
    "finding_id", "code", "observation_ids", "indicator", "subject", "definition", "scheme", "category_id",
    "complement", "place_vi", "place_en", "period_start", "period_end", "period_basis", "message_vi",
    "message_en", "gap", "gap_unit", "weight", "acknowledged", "reason_vi", "reason_en",
)  # fmt: skip
"""Columns of a findings frame, in their order."""

_HEAVIEST = 100.0


@dataclass(frozen=True)
class Held:
    """Rows that a check has set against each other, whatever came of it."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Finding:
    """One sum that fails.

    Attributes
    ----------
    code : str
        The check, a key of ``CODES``.
    rows : tuple of Row
        The observations that stand in the sum.
    message : Words
        The sum, in both languages.
    gap : float
        By how much it fails, in ``gap_unit``.
    gap_unit : {"points", "units"}
        Percentage points, or what is counted.
    points : float
        The gap as percentage points (of the whole, where units are counted).
    certainty : float
        How sure it is that the sum should hold: 1 when one row or one definition says so, 0.9 when rows of
        one document do, 0.7 when two documents are set side by side, 0.5 when the base or the completeness is
        assumed.
    follows : tuple of Finding
        Those that the message tells, too: see `joined`.
    """

    code: Code
    rows: tuple[Row, ...]
    message: Words
    gap: float
    gap_unit: Literal["points", "units"]
    points: float
    certainty: float
    follows: tuple[Finding, ...] = ()

    @property
    def own_ids(self) -> tuple[str, ...]:
        """The observations that fail by themselves, each once, sorted."""
        return tuple(sorted({row.id for row in self.rows}))

    @property
    def ids(self) -> tuple[str, ...]:
        """The own observations, then those of what follows, each once."""
        others = sorted({name for one in self.follows for name in one.own_ids})
        return tuple(dict.fromkeys((*self.own_ids, *others)))

    @property
    def finding_id(self) -> str:
        """The code and the own observations: the same as long as the same rows fail the same check."""
        return f"{self.code}:{'+'.join(self.own_ids)}"

    def reason(self, reasons: Mapping[str, Words]) -> Words | None:
        """Return the reasons of all that is told, each once; None unless every one has been explained."""
        told = dict.fromkeys(reasons.get(one.finding_id) for one in (self, *self.follows))
        known = [one for one in told if one is not None]
        if len(known) < len(told):
            return None
        return Words(vi=" ".join(one.vi for one in known), en=" ".join(one.en for one in known))

    @property
    def weight(self) -> float:
        """``certainty`` times the gap in percentage points, 100 at the most."""
        return round(self.certainty * min(abs(self.points), _HEAVIEST), 4)


def findings_frame(
    findings: Iterable[Finding], acknowledged: Mapping[str, Words] | None = None
) -> pd.DataFrame:
    """Return findings as a frame, heaviest first, with the reasons of those acknowledged.

    Columns as ``audit`` describes them; a stale acknowledgement is a row of its own, not an error.
    """
    reasons, gazetteer = dict(acknowledged or {}), Gazetteer.read()
    records: dict[str, dict[str, object]] = {}
    told: set[str] = set()
    for finding in sorted(findings, key=lambda one: (-one.weight, one.code, one.ids)):
        records.setdefault(finding.finding_id, _record(finding, finding.reason(reasons), gazetteer))
        told |= {one.finding_id for one in (finding, *finding.follows)}
    stale = [_stale(one) for one in sorted(set(reasons) - told)]
    frame = pd.DataFrame([*stale, *records.values()], columns=list(COLUMNS))
    types = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(("gap", "weight"), "float64")
    types |= dict.fromkeys(("complement", "acknowledged"), "bool")
    return frame.astype(types)


def _record(finding: Finding, reason: Words | None, gazetteer: Gazetteer) -> dict[str, object]:
    first = finding.rows[0]
    return {
        "finding_id": finding.finding_id,
        "code": finding.code,
        "observation_ids": ";".join(finding.ids),
        "indicator": first.indicator,
        "subject": first.subject,
        **_alike(finding.rows),
        "complement": all(row.complement for row in finding.rows),
        **{f"place_{lang}": name for lang, name in in_each(partial(place, _where(first), gazetteer)).items()},
        "period_start": first.start,
        "period_end": first.end,
        "period_basis": first.basis,
        "message_vi": finding.message.vi,
        "message_en": finding.message.en,
        "gap": round(finding.gap, 4),
        "gap_unit": finding.gap_unit,
        "weight": finding.weight,
        "acknowledged": reason is not None,
        "reason_vi": reason.vi if reason else "",
        "reason_en": reason.en if reason else "",
    }


def _stale(finding_id: str) -> dict[str, object]:
    code, _, ids = finding_id.partition(":")
    said = words_of("audit")["stale"]
    unknown = "" if code in CODES else f" ({code!r} is no code of the audit)"
    return dict.fromkeys(COLUMNS, "") | {
        "finding_id": f"stale_acknowledgement:{finding_id}",
        "code": "stale_acknowledgement",
        "observation_ids": ids.replace("+", ";"),
        "message_vi": said["vi"].format(id=finding_id),
        "message_en": said["en"].format(id=finding_id) + unknown,
        "gap": 0.0,
        "weight": _HEAVIEST,
        "acknowledged": False,
    }


def _where(row: Row) -> dict[str, str]:
    """Return the columns that say where a row belongs; where its unit isn't known, that is a name."""
    unit = "" if row.unit == row.province else row.unit
    basis = "inferred" if row.inferred else ""
    where = {"geo_level": row.geo_level, "province": row.province, "province_basis": basis}
    return {**where, "area": row.area, "unit_id": unit}


def _alike(rows: Sequence[Row]) -> dict[str, str]:
    """Return variant and category where all rows are of one, empty where they differ."""
    found = {name: {getattr(row, name) for row in rows} for name in ("definition", "scheme", "category_id")}
    return {name: values.pop() if len(values) == 1 else "" for name, values in found.items()}


def summary(findings: pd.DataFrame) -> pd.DataFrame:
    """Count findings by code, the heaviest code first.

    Parameters
    ----------
    findings : DataFrame
        As ``audit`` returns it.

    Returns
    -------
    DataFrame
        One row a code: ``code``, ``name_vi``, ``name_en``, ``findings`` (how many), ``acknowledged`` (how
        many of them), ``observations`` (how many rows they touch, each once), ``heaviest`` (highest weight).

    Notes
    -----
    A frame without findings gives a summary without rows.

    Raises
    ------
    DataError
        When a column is missing.
    """
    need(findings, ("code", "observation_ids", "acknowledged", "weight"), "summary")
    records = []
    for code, rows in findings.groupby("code", sort=False):
        name = CODES.get(str(code))
        ids = {one for joined in rows["observation_ids"] for one in joined.split(";") if one}
        named = (name.vi, name.en) if name else (code, code)
        acknowledged, heaviest = int(rows["acknowledged"].sum()), rows["weight"].max()
        records.append((code, *named, len(rows), acknowledged, len(ids), heaviest))
    records.sort(key=lambda record: (-record[-1], record[0]))
    columns = ["code", "name_vi", "name_en", "findings", "acknowledged", "observations", "heaviest"]
    return pd.DataFrame(records, columns=columns)


def touching(findings: pd.DataFrame, observation_ids: str | Iterable[str]) -> pd.DataFrame:
    """Return the findings in whose sum an observation stands.

    Parameters
    ----------
    findings : DataFrame
        As ``audit`` returns it.
    observation_ids : str or iterable of str
        One observation, or several.

    Returns
    -------
    DataFrame
        The same columns, rows in the same order, a new RangeIndex.

    Notes
    -----
    An observation without findings, or an unknown one, gives no rows.

    Raises
    ------
    DataError
        When a column is missing.
    """
    need(findings, ("observation_ids",), "touching")
    asked = {observation_ids} if isinstance(observation_ids, str) else set(observation_ids)
    held = [not asked.isdisjoint(joined.split(";")) for joined in findings["observation_ids"]]
    return findings.loc[held].reset_index(drop=True)


def read_acknowledged(file: Path | None = None) -> dict[str, Words]:
    """Read the reviewed file of explained findings (CSV: finding_id, reason_vi, reason_en).

    Parameters
    ----------
    file : Path, optional
        ``acknowledged.csv`` of a data folder; of the one that ships with the package by default. A folder
        without it acknowledges nothing.

    Returns
    -------
    dict of str to Words
        Reasons by finding_id, in the order of the file.

    Raises
    ------
    DataError
        Listing every fault: a file that is no text, a wrong header, a row of another length, an empty cell,
        an id that stands twice.
    """
    faults: list[Fault] = []
    reasons = catalogue.read_acknowledged(file or data_folder() / "acknowledged.csv", faults)
    DataError.raise_if(faults)
    return reasons
