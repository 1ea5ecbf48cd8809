"""The pages above the reports: the list with search, map and coverage, and what changed in the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cbanalysis.folders import write_aside
from cbanalysis.site.cleaning import harmless
from cbanalysis.site.figures import Figures, day
from cbanalysis.site.files import read
from cbanalysis.site.pages import TEMPLATES, failure, folder_of, label, policy, style
from cbanalysis.site.revisions import EVIDENCE, in_words, revisions
from cbanalysis.site.search import folded
from cbanalysis.site.thumbnails import THUMBNAIL
from cbanalysis.site.words import WORDS
from cbanalysis.words import number

__all__ = ["USED", "write_index"]

USED = "used.json"
_PICTURES = "'self' data:"


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _script() -> str:
    return (TEMPLATES / "index.js").read_text(encoding="utf-8")


def _is_report(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("parameters"), dict) and record.get("language") in WORDS


def _records(output: Path, manifest: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return what is known of each report: from the manifest, else from the reports themselves."""
    found: list[dict[str, Any]] = []
    if manifest is not None:
        listed = [dict(one) for one in manifest.get("reports", []) if _is_report(one)]
        found = [one for one in listed if _inside(output, folder_of(one))]
    else:
        for path in sorted(output.glob("[a-z][a-z]/**/run.json")):
            record = read(path)
            if record is not None and _is_report(record):
                found.append({**record, "folder": path.parent.relative_to(output).as_posix()})
    return sorted(found, key=lambda one: (str(one.get("notebook")), str(folder_of(one))))


def _inside(output: Path, folder: PurePosixPath) -> bool:
    """Whether a report lies below the output folder, whatever its manifest says."""
    there = (output / folder).resolve()
    return there.is_relative_to(output.resolve()) and (there / "index.html").is_file()


def _units(
    record: Mapping[str, Any], used: Sequence[Mapping[str, Any]], evidence: Mapping[str, Any]
) -> set[str]:
    """Return the dated provinces that a report is about."""
    named = record["parameters"].get("province")
    if isinstance(named, str):
        return {unit for unit, words in evidence.get("provinces", {}).items() if words["vi"] == named}
    return {figure["unit"] for figure in used if figure.get("unit")}


class _Index:
    """The index in one language."""

    def __init__(
        self, output: Path, language: str, records: Sequence[dict[str, Any]], evidence: Mapping[str, Any]
    ) -> None:
        self.output = output
        self.language = language
        self.words = WORDS[language]
        self.evidence = evidence
        self.figures = Figures.of(evidence)
        self.reports = [self._report(one) for one in records if one["language"] == language]
        self.profiles = {unit: one for one in self.reports if one["profile"] for unit in one["units"]}

    def _report(self, record: dict[str, Any]) -> dict[str, Any]:
        folder = folder_of(record)
        place = self.output / folder
        ids = (read(place / USED) or {}).get("figures")
        used = (
            [self.figures.known[one] for one in ids if one in self.figures.known]
            if isinstance(ids, list)
            else []
        )
        units = sorted(_units(record, used, self.evidence))
        profile = isinstance(record["parameters"].get("province"), str)
        # a province's page shows neighbours beside it, but they are not its figures
        used = [one for one in used if one.get("unit") in units] if profile else used
        years = sorted({int(one["year"]) for one in used if one.get("year")})
        title = harmless(str(record.get("title") or record.get("notebook")))
        name = label(record, self.figures)
        indicators = sorted({one["indicator"] for one in used})
        return {
            "address": quote((folder / "index.html").as_posix()),
            "picture": quote((folder / THUMBNAIL).as_posix()) if (place / THUMBNAIL).is_file() else "",
            "notebook": harmless(str(record.get("notebook"))),
            "title": title,
            "name": name,
            "count": number(len(used), self.language) if used else "",
            "years": "–".join(dict.fromkeys(map(str, (years[0], years[-1])))) if years else "",
            "failure": failure(record),
            "profile": profile,
            "units": units,
            "indicators": indicators,
            "each_year": years,
            "text": folded(f"{name} {title} {record.get('notebook')}"),
        }

    def kinds(self) -> dict[str, str]:
        """Return the title of each kind of report."""
        return {one["notebook"]: one["title"] for one in self.reports}

    def indicators(self) -> list[tuple[str, str]]:
        """Return the indicators that reports speak of, by name."""
        used = {indicator for one in self.reports for indicator in one["indicators"]}
        names = self.evidence.get("indicators", {})
        return sorted(
            ((one, harmless(names[one][self.language])) for one in used if one in names),
            key=lambda pair: folded(pair[1]),
        )

    def years(self) -> list[int]:
        """Return the years that reports speak of, newest first."""
        return sorted({year for one in self.reports for year in one["each_year"]}, reverse=True)

    def tiles(self, count: str) -> list[dict[str, Any]]:
        """Return the tiles of a map: each leads to its province's report, or to the reports on its land."""
        by_unit = Counter(figure.get("unit") for figure in self.figures.known.values())
        tiles = []
        for tile in self.evidence.get("maps", {}).get(count, []):
            profiles = {self.profiles[unit]["address"] for unit in tile["units"] if unit in self.profiles}
            figures = sum(by_unit[unit] for unit in tile["units"])
            tiles.append(
                {
                    "name": harmless(tile["name"][self.language]),
                    "row": tile["row"],
                    "column": tile["column"],
                    "units": tile["units"],
                    "figures": figures,
                    "shade": min(4, 1 + sum(figures >= least for least in (5, 10, 20))) if figures else 0,
                    "address": next(iter(profiles)) if len(profiles) == 1 else "#reports",
                    "direct": len(profiles) == 1,
                }
            )
        return sorted(tiles, key=lambda tile: (tile["row"], tile["column"]))

    def provinces(self) -> list[tuple[str, str]]:
        """Return the provinces of the 63 and the 34 that have figures: their units and their name."""
        found = {
            tile["name"]: " ".join(tile["units"])
            for count in ("34", "63")
            for tile in self.tiles(count)
            if tile["figures"]
        }
        return sorted(((units, name) for name, units in found.items()), key=lambda pair: folded(pair[1]))

    def matrix(self) -> dict[str, Any]:
        """Return how many figures there are by province (of 63) and indicator."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for figure in self.figures.known.values():
            counts[str(figure.get("unit", "")), figure["indicator"]] += 1
        sums = Counter(figure["indicator"] for figure in self.figures.known.values() if figure.get("unit"))
        columns = [one for one, _ in sums.most_common()]
        names = self.evidence.get("indicators", {})
        rows = []
        for tile in self.tiles("63"):
            cells = [sum(counts[unit, one] for unit in tile["units"]) for one in columns]
            if any(cells):
                rows.append({**tile, "cells": cells, "sum": sum(cells)})
        rows.sort(key=lambda row: folded(row["name"]))
        return {"columns": [harmless(names[one][self.language]) for one in columns], "rows": rows}


def _address(language: str, first: str, stem: str = "index") -> str:
    return f"{stem}.html" if language == first else f"{stem}.{language}.html"


def _common(
    language: str, languages: Sequence[str], stem: str, title: str, script: str = ""
) -> dict[str, Any]:
    first = languages[0]
    return {
        "language": language,
        "words": WORDS[language],
        "title": title,
        "style": Markup(style()),  # noqa: S704 -- our own file
        "policy": policy(images=_PICTURES, script=script),
        "version": version("cbanalysis"),
        "others": [
            {"code": one, "name": WORDS[one]["language"], "address": _address(one, first, stem)}
            for one in languages
            if one != language
        ],
        "index": _address(language, first),
        "revisions_page": _address(language, first, "revisions"),
    }


def write_index(output: Path, manifest: Mapping[str, Any] | None = None) -> Path:
    """Write the pages above the reports: the list of them and what changed, in each language there is.

    Parameters
    ----------
    output : Path
        The output folder; its ``figures.json`` gives map and coverage, its ``revisions.json`` what changed.
    manifest : mapping, optional
        What ``manifest.json`` says of all reports; the reports' own records are read when not given.

    Returns
    -------
    Path
        ``index.html``: in Vietnamese, or in the only language there is; the other is ``index.en.html``.

    Raises
    ------
    OutputError
        If it can't be written.
    """
    records = _records(output, manifest)
    evidence = read(output / EVIDENCE) or {}
    languages = [one for one in WORDS if any(record["language"] == one for record in records)] or ["vi"]
    script = _script()
    for language in languages:
        index = _Index(output, language, records, evidence)
        words = WORDS[language]
        made = (
            _environment()
            .get_template("index.html.j2")
            .render(
                **_common(language, languages, "index", words["index"], script),
                script=Markup(script),  # noqa: S704 -- our own file
                index_of=index,
                maps=[(count, index.tiles(count)) for count in ("63", "34")] if evidence.get("maps") else [],
                matrix=index.matrix(),
                data_file=EVIDENCE if evidence else "",
                data_date=day(str(evidence.get("data_date") or ""), language),
            )
        )
        write_aside(output / _address(language, languages[0]), made)
        changes = [in_words(one, language, index.figures) for one in revisions(output)]
        made = (
            _environment()
            .get_template("revisions.html.j2")
            .render(**_common(language, languages, "revisions", words["revisions"]), revisions=changes)
        )
        write_aside(output / _address(language, languages[0], "revisions"), made)
    return output / "index.html"
