"""What each published figure rests on, in both languages: its words, its document, the sums it fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Literal

import pandas as pd

from cbanalysis.common.language import LANGUAGES, in_each, speaking
from cbanalysis.dataset.catalogue import Catalogue, Indicator, Source
from cbanalysis.dataset.catalogue.vietnamese_wordings import in_vietnamese, worded_source
from cbanalysis.dataset.provinces import Gazetteer, place
from cbanalysis.dataset.provinces.unit import DAYS
from cbanalysis.display.words import measured, period, records, unit_of
from cbanalysis.statistics.audit import audit, read_acknowledged
from cbanalysis.statistics.rates import add_rates

FORMAT = 1
_MAPS: tuple[Literal[63, 34], ...] = (63, 34)
_NUMBERS = ("count", "count_max", "base", "percent", "percent_max", "value")
_TEXTS = ("printed", "qualifier", "note", "province", "subject")
_RATES = ("rate", "rate_low", "rate_high")
_DECIMALS = 2


def _number(value: Any) -> int | float | None:  # noqa: ANN401 -- a cell of any column
    if value is None or pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _comparable(row: dict[str, Any], catalogue: Catalogue) -> bool:
    """Return whether a figure may stand beside others of the same words: flows only where of one year."""
    indicator = catalogue.indicator(str(row["indicator"]))
    if row["aggregation"] != "point" or row["conflict"] or indicator.running:
        return False
    start, end = str(row["period_start"]), str(row["period_end"])
    whole_year = (
        start[:4] == end[:4] and start[4:] in {"", "-01", "-01-01"} and end[4:] in {"", "-12", "-12-31"}
    )
    return whole_year or not indicator.flow


def _since(row: dict[str, Any]) -> int | None:
    """Return the year in which the period of a figure begins, where it ends in a later one."""
    start = str(row["period_start"])[:4]
    return int(start) if start and start != str(row["period_end"])[:4] else None


def _figure(
    row: dict[str, Any], catalogue: Catalogue, gazetteer: Gazetteer, notes: Mapping[str, str]
) -> dict[str, Any]:
    figure: dict[str, Any] = {
        "what": in_each(partial(measured, row, catalogue)),
        "where": in_each(partial(place, row, gazetteer)),
        "when": in_each(partial(period, row["period_start"], row["period_end"])),
        "source": row["source_id"],
        "indicator": row["indicator"],
        "year": _number(row["year"]),
        "since": _since(row),
        "unit": row["unit_id"],
        "inferred": row["province_basis"] == "inferred",
        **{name: row[name] for name in _TEXTS},
        "note_vi": notes.get(row["note"], row["note"]),
        **{name: _number(row[name]) for name in _NUMBERS},
        "level": row["geo_level"],
        "comparable": _comparable(row, catalogue),
        "standard": not (row["definition"] or row["base_of"] or row["complement"]),
        "interval": row["interval"],
        **{name: _number(round(row[name], _DECIMALS)) for name in _RATES if pd.notna(row[name])},
    }
    if cut := catalogue.indicator(str(row["indicator"])).cut_off(
        str(row["source_id"]), str(row["geo_level"])
    ):
        figure["cut"] = dict(cut)
    if (unit := unit_of(row)).own:
        figure["in"] = dict(unit.name)
        figure["sign"] = dict(unit.sign) if unit.sign else None
    return {name: value for name, value in figure.items() if value not in ("", None, False)}


def _source(source: Source) -> dict[str, Any]:
    """Return a document, and beside its own words those for Vietnamese readers."""
    told = source.model_dump(exclude={"source_id", "file"})
    with speaking("vi"):
        other = worded_source(source).model_dump(include={"publisher", "title", "terms"})
    return {**told, "vi": {name: text for name, text in other.items() if text != told[name]}}


def _findings(observations: pd.DataFrame, catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    found = audit(observations, catalogue=catalogue, acknowledged=read_acknowledged())
    return {
        row["finding_id"]: {
            "figures": row["observation_ids"].split(";"),
            "message": {lang: row[f"message_{lang}"] for lang in LANGUAGES},
            "reason": {lang: row[f"reason_{lang}"] for lang in LANGUAGES},
        }
        for row in records(found)
    }


def _said_of(indicator: Indicator, catalogue: Catalogue) -> Iterator[str]:
    """Say by which words an indicator may be looked for besides its name."""
    subjects = (catalogue.subjects[one] for one in indicator.subjects)
    for words in (indicator.definition, *indicator.definitions.values(), *subjects):
        yield from dict(words).values()


def _map(count: Literal[63, 34], gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Return the tiles of a map of provinces, each with the units whose figures speak of its land."""
    there = {unit.gso_code: unit for unit in gazetteer.on(DAYS[count])}
    tiles = []
    for tile in gazetteer.grids[count]:
        unit = there[tile.code]
        land = set(unit.territory_2004)
        within = [one.unit_id for one in gazetteer.units if set(one.territory_2004) <= land]
        tiles.append(
            {
                "unit": unit.unit_id,
                "name": {lang: unit.name(lang) for lang in LANGUAGES},
                "row": tile.row,
                "column": tile.col,
                "units": sorted(within),
            }
        )
    return tiles


def gather(observations: pd.DataFrame) -> dict[str, Any]:
    """Gather what a reader may ask of each figure.

    Parameters
    ----------
    observations : DataFrame
        All rows, as :func:`cbanalysis.load_observations` returns them.

    Returns
    -------
    dict
        Ready for JSON: ``figures`` by observation id (words by language, numbers, ``source``, ``findings``),
        ``sources`` and ``findings`` by their ids, ``indicators`` and ``provinces`` with their names,
        ``maps`` of 63 and 34 tiles.
    """
    catalogue, gazetteer, notes = Catalogue.read(), Gazetteer.read(), in_vietnamese()
    rated = records(add_rates(observations))
    figures = {row["observation_id"]: _figure(row, catalogue, gazetteer, notes) for row in rated}
    findings = _findings(observations, catalogue)
    touching: dict[str, list[str]] = defaultdict(list)
    for finding_id, finding in findings.items():
        for one in finding["figures"]:
            touching[one].append(finding_id)
    for one in touching.keys() & figures.keys():
        figures[one]["findings"] = touching[one]
    used = sorted(set(observations["source_id"]))
    return {
        "format": FORMAT,
        "figures": figures,
        "sources": {one: _source(catalogue.source(one)) for one in used},
        "findings": findings,
        "indicators": {
            one.id: {**dict(one.name), "words": " ".join(_said_of(one, catalogue))}
            for one in catalogue.indicators.values()
        },
        "provinces": {
            unit.unit_id: {
                "name": unit.name_vi,
                **{lang: unit.name(lang) for lang in LANGUAGES},
                "words": " ".join(dict.fromkeys(unit.aliases)),
            }
            for unit in gazetteer.units
        },
        "maps": {str(count): _map(count, gazetteer) for count in _MAPS},
    }
