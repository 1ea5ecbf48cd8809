"""The pages above the reports: the front page, and what changed in the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup, escape

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import harmless
from cbanalysis.common.folders import read_json
from cbanalysis.common.text.letters import plain_letters
from cbanalysis.display.words import alphabetical, number
from cbanalysis.site.pages.figures_shown import Figures, data_day, ends
from cbanalysis.site.pages.findings_and_maps import Front, span
from cbanalysis.site.pages.page_words import SOUGHT, WORDS
from cbanalysis.site.pages.report_page import TEMPLATES, failure, folder_of, label, others, policy, style
from cbanalysis.site.pages.revisions import PROVENANCE, in_words, revisions

USED = "used.json"


@cache
def _template(name: str) -> Template:
    loader = FileSystemLoader(TEMPLATES)
    there = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return there.get_template(name)


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
            record = read_json(path)
            if record is not None and _is_report(record):
                found.append({**record, "folder": path.parent.relative_to(output).as_posix()})
    return sorted(found, key=lambda one: (str(one.get("notebook")), str(folder_of(one))))


def _inside(output: Path, folder: PurePosixPath) -> bool:
    """Whether a report lies below the output folder, whatever its manifest says."""
    there = (output / folder).resolve()
    return there.is_relative_to(output.resolve()) and (there / "index.html").is_file()


class _Index:
    """The front page in one language."""

    def __init__(
        self, output: Path, language: str, records: Sequence[dict[str, Any]], provenance: Mapping[str, Any]
    ) -> None:
        self.output = output
        self.language = language
        self.words = WORDS[language]
        self.provenance = provenance
        self.figures = Figures.of(provenance)
        self.reports = [self._report(one) for one in records if one["language"] == language]
        self.by_province: dict[str, list[str]] = defaultdict(list)
        self.by_indicator: dict[str, list[str]] = defaultdict(list)
        for one, figure in self.figures.known.items():
            self.by_indicator[figure["indicator"]].append(one)
            if figure.get("province"):
                self.by_province[figure["province"]].append(one)
        self.profiles = {one["province"]: one["address"] for one in self.reports if one["province"]}
        self.homes = {one: self._home(one, ids) for one, ids in self.by_indicator.items()}
        names = {one: self._named("indicators", one)[language] for one in self.by_indicator}
        self.front = Front(self.figures, language, self.profiles, self.homes, names)

    def _report(self, record: dict[str, Any]) -> dict[str, Any]:
        folder = folder_of(record)
        ids = (read_json(self.output / folder / USED) or {}).get("figures")
        used = [one for one in ids if one in self.figures.known] if isinstance(ids, list) else []
        parameters = record["parameters"]
        title = harmless(str(record.get("title") or record.get("notebook")))
        name = label(record, self.figures)
        return {
            "address": quote((folder / "index.html").as_posix()),
            "title": title,
            "name": name,
            "words": f"{name} {title} {record.get('notebook')}",
            "used": used,
            "years": self._span(used),
            "failure": failure(record),
            "province": str(parameters["province"]) if isinstance(parameters.get("province"), str) else "",
            "source": isinstance(parameters.get("source"), str),
            "indicator": parameters.get("indicator"),
            # neither a province's nor an indicator's, which stand in lists of their own
            "other": not any(isinstance(parameters.get(one), str) for one in ("province", "indicator")),
        }

    def _span(self, ids: Iterable[str]) -> str:
        return span(self.figures.known[one] for one in ids)

    def _years(self, ids: Iterable[str]) -> list[int]:
        return sorted({int(year) for one in ids if (year := self.figures.known[one].get("year"))})

    def _home(self, indicator: str, ids: Sequence[str]) -> str:
        """Return the report on an indicator, else the one that is most about it and says most of it."""
        best, address = 0.0, ""
        for one in self.reports:
            shared = len(set(ids).intersection(one["used"]))
            weight = (shared / len(ids)) ** 2 * shared / (len(one["used"]) or 1)
            weight += one["indicator"] == indicator
            if weight > best and not one["province"] and not one["source"]:
                best, address = weight, one["address"]
        return address

    def span(self) -> str:
        """Return the years of all figures."""
        return self._span(self.figures.known)

    def _number(self, value: int) -> str:
        return number(value, self.language)

    def lead(self) -> str:
        """Return what the site holds, in a sentence."""
        documents = {figure["source"] for figure in self.figures.known.values()}
        return self.words["lead"].format(
            figures=self._number(len(self.figures.known)),
            documents=self._number(len(documents)),
            years=self.span(),
        )

    def indicators(self) -> list[dict[str, Any]]:
        """Return the indicators, those of most provinces first, with a bar for the figures of each year."""
        first, last = ends(self.figures.known.values()) or (0, 0)
        rows = []
        for indicator, ids in self.by_indicator.items():
            known = [self.figures.known[one] for one in ids]
            years = Counter(int(figure["year"]) for figure in known if figure.get("year"))
            most = max(years.values(), default=1)
            rows.append(
                {
                    "id": indicator,
                    "name": self._named("indicators", indicator)[self.language],
                    "address": self.homes[indicator],
                    "places": len({figure["province"] for figure in known if figure.get("province")}),
                    "figures": self._number(len(ids)),
                    "years": self._span(ids),
                    "newest": max(years, default=""),
                    "bars": [(year - first, 1 + round(13 * years[year] / most)) for year in sorted(years)],
                    "width": last - first + 1,
                }
            )
        return sorted(rows, key=lambda row: (-row["places"], row["name"]))

    def _named(self, kind: str, one: str) -> dict[str, str]:
        """Return names and further words of an indicator or a dated province."""
        words = self.provenance.get(kind, {}).get(one, {})
        return {
            name: harmless(str(words.get(name, one if name in WORDS else ""))) for name in (*WORDS, "words")
        }

    def provinces(self) -> list[dict[str, Any]]:
        """Return the provinces that have figures, by name, with what each has."""
        rows = [
            {
                "id": name,
                "name": self.figures.provinces.get(name, {}).get(self.language, name),
                "address": self.profiles.get(name, ""),
                "figures": self._number(len(ids)),
                "years": self._span(ids),
                "indicators": len({self.figures.known[one]["indicator"] for one in ids}),
            }
            for name, ids in self.by_province.items()
        ]
        return sorted(rows, key=lambda row: alphabetical(row["name"]))

    def maps(self) -> dict[str, list[dict[str, Any]]]:
        """Return the tiles of the maps of 63 and 34 provinces."""
        return {
            count: [
                {**tile, "name": harmless(tile["name"][self.language])}
                for tile in self.provenance.get("maps", {}).get(count, [])
            ]
            for count in ("63", "34")
        }

    def searched(self, findings: Sequence[Mapping[str, Any]]) -> list[list[str]]:
        """Return what the search looks through: kind, title, what it is, address, and more words for it."""
        found = []
        for row in self.indicators():
            words = self._named("indicators", row["id"])
            said = self.words["indicator_has"].format(**row)
            years = self._years(self.by_indicator[row["id"]])
            more = " ".join([*words.values(), *SOUGHT.get(row["id"], {}).values(), *map(str, years)])
            found.append(["indicator", row["name"], said, row["address"], more])
        found += self._searched_provinces()
        for one in (one for one in self.reports if one["other"]):
            named = [one["name"], one["title"]] if one["name"] else [one["title"], one["years"]]
            kind = "document" if one["source"] else "report"
            found.append([kind, *named, one["address"], one["words"]])
        found += [["finding", one["title"], one["said"], one["address"], ""] for one in findings]
        return [[*row[:4], plain_letters(row[4])] for row in found if row[3]]

    def _searched_provinces(self) -> list[list[str]]:
        """Return the provinces of any time: one without figures leads to that which holds its land now."""
        having = {row["id"]: row for row in self.provinces()}
        names: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        for unit, known in self.provenance.get("provinces", {}).items():
            words = self._named("provinces", unit)
            names[known.get("name", words["vi"])][unit] = words
        found = []
        for name, units in names.items():
            more = " ".join(one for words in units.values() for one in words.values())
            title = next(iter(units.values()))[self.language]
            if name in having:
                row = having[name]
                places = dict.fromkeys(
                    self.figures.known[one]["where"]["vi"] for one in self.by_province[name]
                )
                more = " ".join([more, *places, *map(str, self._years(self.by_province[name]))])
                found.append(
                    ["province", title, self.words["province_has"].format(**row), row["address"], more]
                )
            else:
                found.append(["province", title, *self._heir(units), more])
        return found

    def _heir(self, units: Iterable[str]) -> tuple[str, str]:
        """Return what to say of a province without figures, and where: at one with figures on its land."""
        known = self.provenance.get("provinces", {})
        for tile in self.provenance.get("maps", {}).get("34", []):
            if set(tile["units"]).intersection(units):
                names = (tile["name"], *(known.get(unit, {}) for unit in tile["units"]))
                for name in names:
                    if (bare := name.get("name", name.get("vi"))) in self.profiles:
                        said = self.words["province_now"].format(name[self.language])
                        return harmless(said), self.profiles[bare]
        return self.words["nothing"], "#provinces"

    def common(self, languages: Sequence[str], stem: str, script: str = "") -> dict[str, Any]:
        """Return what the pages above the reports share."""
        first, site = languages[0], self.figures.site
        here = _address(self.language, first, stem)
        return {
            "language": self.language,
            "words": self.words,
            "title": self.words[stem],
            "style": Markup(style()),  # noqa: S704 -- our own file
            "policy": policy(script=script),
            "version": version("cbanalysis"),
            "canonical": site and site + ("" if here == "index.html" else here),
            "others": others(self.language, languages, lambda one: _address(one, first, stem)),
            "index": _address(self.language, first),
            "revisions_page": _address(self.language, first, "revisions"),
        }


def _address(language: str, first: str, stem: str = "index") -> str:
    return f"{stem}.html" if language == first else f"{stem}.{language}.html"


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
    provenance = read_json(output / PROVENANCE) or {}
    languages = [one for one in WORDS if any(record["language"] == one for record in records)] or ["vi"]
    script = _script()
    for language in languages:
        index = _Index(output, language, records, provenance)
        findings = index.front.findings()
        maps = index.maps()
        series = index.front.series(maps)
        made = _template("index.html.j2").render(
            **index.common(languages, "index", script),
            script=Markup(script),  # noqa: S704 -- our own file
            lead=index.lead(),
            findings=findings,
            indicators=index.indicators(),
            span=index.span(),
            provinces=index.provinces(),
            reports=[one for one in index.reports if one["other"] or one["failure"]],
            maps=maps if series else {},
            shown=series[0] if series else None,
            content={"entries": index.searched(findings), "series": series},
            data_file=PROVENANCE if provenance else "",
            data_date=data_day(str(provenance.get("data_date") or ""), language),
        )
        write_aside(output / _address(language, languages[0]), made)
        changes = [in_words(one, language, index.figures) for one in revisions(output)]
        said = index.common(languages, "revisions")
        made = _template("revisions.html.j2").render(**said, revisions=changes)
        write_aside(output / _address(language, languages[0], "revisions"), made)
    _write_sitemap(output, provenance, records, languages)
    return output / "index.html"


def _write_sitemap(
    output: Path,
    provenance: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    languages: Sequence[str],
) -> None:
    """List the pages for search engines, where it is known at which address they are to stand."""
    site = str(provenance.get("address") or "")
    if not site:
        return
    above = ["" if one == languages[0] else _address(one, languages[0]) for one in languages]
    pages = [*above, *(f"{quote(folder_of(one).as_posix())}/" for one in records if not failure(one))]
    urls = "".join(f"<url><loc>{escape(site + one)}</loc></url>\n" for one in pages)
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    write_aside(output / "sitemap.xml", f"{start}{urls}</urlset>\n")
