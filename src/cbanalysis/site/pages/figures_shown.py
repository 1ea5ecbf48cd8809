"""What a page may say of each figure: read once for many reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from cbanalysis.common.errors import OutputError, harmless
from cbanalysis.common.language import speaking
from cbanalysis.display import prints_reworded
from cbanalysis.display.words import alphabetical, period

# An address is a link only where a browser goes there as to any page.
_WEB = re.compile(r"https?://[^\s<>\"'\\]+\Z", re.IGNORECASE)


def is_above(figure: Mapping[str, Any]) -> bool:
    """Return whether a figure was printed as above it ("trên 95%"), also where the word stands apart."""
    apart = figure.get("qualifier") == "about" and figure.get("interval") == "floor"
    return apart or prints_reworded.is_above(str(figure.get("printed", "")))


@lru_cache(maxsize=4096)
def day(text: str, language: str) -> str:
    """Return a year, month or day in ISO form as readers of a language write it; other text stays.

    Examples
    --------
    >>> day("2013-08-09", "vi"), day("2013-08-09", "en"), day("2013-08", "en"), day("2013", "vi")
    ('9/8/2013', '9 Aug 2013', 'Aug 2013', '2013')
    """
    try:
        return period(text, text, language) if text else ""  # type: ignore[arg-type]  # one of both
    except ValueError:
        return text


def data_day(text: str, language: str) -> str:
    """Return the day up to which data go, behind "up to": Vietnamese says whether year or day."""
    kind = {4: "năm ", 10: "ngày "}.get(len(text), "") if language == "vi" else ""
    return kind + day(text, language)


def ends(figures: Iterable[Mapping[str, Any]]) -> tuple[int, int] | None:
    """Return the first and the last year that figures speak of, a period by both its ends; None without any.

    Examples
    --------
    >>> ends([{"since": 1996, "year": 2005}, {"year": 2001}, {}])
    (1996, 2005)
    """
    years = [int(year) for one in figures for name in ("since", "year") if (year := one.get(name))]
    return (min(years), max(years)) if years else None


def _tidy(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return [_tidy(one) for one in value]
    return {key: _tidy(one) for key, one in value.items()} if isinstance(value, dict) else value


@dataclass(frozen=True)
class Figures:
    """The published figures with their words, documents and failed sums, as the provenance file holds them.

    Attributes
    ----------
    known, sources, findings : mapping
        By observation, source and finding id.
    provinces : mapping
        Names by language, by the Vietnamese name.
    indicators : mapping
        Names by language, by id.
    reports : mapping
        By its folder the province or the indicator of each report that is about one of them.
    site : str
        Where on the web the output folder is to stand, with a slash at its end; empty if nowhere.
    """

    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    provinces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reports: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    site: str = ""

    @classmethod
    def of(cls, provenance: Mapping[str, Any]) -> Figures:
        """Take the content of a provenance file; characters that can't be seen are dropped."""
        tidy = _tidy(dict(provenance))
        names = {words.get("name", words["vi"]): words for words in tidy.get("provinces", {}).values()}
        return cls(
            known=tidy.get("figures", {}),
            sources=tidy.get("sources", {}),
            findings=tidy.get("findings", {}),
            provinces=names,
            indicators=tidy.get("indicators", {}),
            reports=tidy.get("reports", {}),
            site=tidy.get("address", ""),
        )

    def ids(self, text: str) -> tuple[str, ...]:
        """Return the observations that a cell or a mark names, each once, unknown ones left out."""
        return tuple(one for one in dict.fromkeys(re.split(r"[\s+;]+", text)) if one in self.known)

    def label(self, one: str, language: str) -> str:
        """Return where, when and the figure as printed, in one line."""
        figure = self.known[one]
        return f"{figure['where'][language]}, {figure['when'][language]}: {self.printed(one, language)}"

    def printed(self, one: str, language: str) -> str:
        """Return a figure as printed; with the reader's numbers where its document has others."""
        figure = self.known[one]
        style = self.sources[figure["source"]].get("number_style", language)
        with speaking(language):
            text = prints_reworded.printed(figure, style)
            if style == language or not prints_reworded.is_bare(str(figure.get("printed", ""))):
                return text
            return prints_reworded.hedged(text, "above" if is_above(figure) else str(figure.get("qualifier")))

    def address(self, source: str) -> str:
        """Return where a document is found on the web, empty if nowhere."""
        address = str(self.sources[source].get("address", ""))
        return address if _WEB.match(address) else ""

    def source(self, source: str, language: str) -> dict[str, Any]:
        """Return a document, its publisher, title and terms in the reader's language."""
        about = self.sources[source]
        return {**about, **(about.get("vi", {}) if language == "vi" else {})}

    def document(self, source: str, language: str) -> str:
        """Return a document in a line: publisher, title, date; its id where nothing else is known."""
        about = self.source(source, language)
        title = f"“{about['title']}”" if about.get("title") else ""
        parts = [about.get("publisher"), title, day(about.get("published") or "", language)]
        return ", ".join(part for part in parts if part) or source

    def doubts(self, one: str, language: str) -> tuple[str, ...]:
        """Return the sums that a figure fails, those of the fewest figures first, with their explanation."""
        said = [self.findings[name] for name in self.known[one].get("findings", ())]
        said.sort(key=lambda f: len(f.get("figures", ())))
        return tuple(". ".join(filter(None, (f["message"][language], f["reason"][language]))) for f in said)

    def used(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the documents of some figures, sorted."""
        return tuple(sorted({self.known[one]["source"] for one in ids if one in self.known}))

    def about(self, ids: Iterable[str]) -> dict[str, Any]:
        """Return all that a page may say of some figures.

        Raises
        ------
        KeyError
            If one isn't known (any more).
        """
        return {
            one: {
                **self.known[one],
                "source": self.sources[self.known[one]["source"]],
                "findings": [self.findings[name] for name in self.known[one].get("findings", ())],
            }
            for one in ids
        }

    def beside(self, place: PurePath) -> dict[str, list[tuple[str, str]]]:
        """Return the reports that one about a province or an indicator leads to.

        Parameters
        ----------
        place : PurePath
            The report's folder in the output folder.

        Returns
        -------
        dict
            Name and address of the report before and of the one after it by name (``before``, ``after``), and
            of those of its indicators or provinces (``related``); without those that there are none of.
        """
        about = self.reports.get(place.as_posix())
        if about is None:
            return {}
        ((kind, mine),) = about.items()
        other = {"province": "indicator", "indicator": "province"}[kind]
        having = {figure.get(other) for figure in self.known.values() if figure.get(kind) == mine}
        language, up = place.parts[0], "../" * len(place.parts)
        named: dict[str, list[tuple[str, str, str]]] = {kind: [], other: []}
        for folder, one in self.reports.items():
            ((what, value),) = one.items()
            same = folder.rpartition("/")[0] == place.parent.as_posix()
            if folder.startswith(f"{language}/") and (same if what == kind else value in having):
                address = f"{up}{quote(folder)}/index.html"
                named[what].append((self.name(what, value, language), address, folder))
        sides = [sorted(those, key=lambda one: alphabetical(one[0])) for those in (named[kind], named[other])]
        at = next(at for at, one in enumerate(sides[0]) if one[2] == place.as_posix())
        row = [one[:2] for one in sides[0]]
        found = {
            "before": row[max(0, at - 1) : at],
            "after": row[at + 1 : at + 2],
            "related": [one[:2] for one in sides[1]],
        }
        return {which: those for which, those in found.items() if those}

    def name(self, parameter: str, value: object, language: str) -> str:
        """Return a parameter's value in words: a province in the reader's language, a document's title."""
        text = harmless(str(value))
        if parameter.startswith("province") and text in self.provinces:
            return self.provinces[text][language]
        if parameter in {"indicator", "beside"} and text in self.indicators:
            return self.indicators[text][language]
        if parameter == "source" and text in self.sources:
            return self.source(text, language).get("title") or text
        return text


@cache
def _read(path: Path, _changed: int) -> Figures:
    return Figures.of(json.loads(path.read_text(encoding="utf-8")))


def read_figures(path: Path) -> Figures:
    """Read a provenance file, once in a process as long as it doesn't change.

    Raises
    ------
    OutputError
        If it can't be read.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError) as fault:
        raise OutputError(f"can't read what the figures rest on, {path}: {fault}") from fault
