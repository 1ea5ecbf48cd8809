"""The page of one report."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from cbanalysis.common.errors import harmless
from cbanalysis.site.pages.cell_outputs import AS_PNG, few_colours, marks_of, svg_address, text_of
from cbanalysis.site.pages.figures_shown import Figures, data_day, day, ends
from cbanalysis.site.pages.links_to_figures import Links
from cbanalysis.site.pages.page_words import WORDS
from cbanalysis.site.pages.steps import Steps, steps_of

TEMPLATES = Path(__file__).parents[1] / "templates"
# Bytes that a page may have; beyond it the largest charts are embedded as PNG instead of SVG.
_LARGEST = 1_400_000
_DESCRIPTION = 300
# What a report may be about, and in which list of the front page it then stands.
_LISTS = {"province": "provinces", "source": "reports", "indicator": "indicators"}
_WHOLE = {
    "report.pdf": "PDF",
    "report.docx": "Word (DOCX)",
    "report.xlsx": "Excel (XLSX)",
    "sources.bib": "BibTeX",
    "sources.csl.json": "CSL-JSON",
    "report.ipynb": "Jupyter",
    "run.json": "run.json",
}


class _Exporter(TemplateExporter):
    """nbconvert with our own template, which escapes everything that isn't cleaned markup."""

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment


@cache
def _exporter() -> _Exporter:
    return _Exporter(template_paths=[str(TEMPLATES)], template_file="page.html.j2")  # type: ignore[no-untyped-call]


@cache
def style() -> str:
    """Return the style sheet of all pages."""
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


def hashed(text: str) -> str:
    """Return the name by which a policy allows exactly this style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(*, script: str = "") -> str:
    """Allow a page its own style, its pictures and at most one script of ours; nothing from elsewhere."""
    scripts = f"; script-src {hashed(script)}" if script else ""
    return (
        f"default-src 'none'; img-src data:; style-src {hashed(style())}{scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def folder_of(record: Mapping[str, Any]) -> PurePosixPath:
    """Return a report's folder, relative to the output folder."""
    return PurePosixPath(str(record.get("folder") or record.get("report") or "."))


def failure(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return why and at which cell a report failed, and words for the stage; None for a whole one."""
    if record.get("status", "done") == "done" and not record.get("failure"):
        return None
    given = record.get("failure") or record  # run.json, or the manifest
    why = ": ".join(str(given[name]) for name in ("error", "message") if given.get(name))
    written = given.get("stage") in {"page", "download", "place"}
    return {
        "cell": None if written else given.get("cell"),
        "said": harmless(why),
        "word": "failed_written" if written else "failed",
        "short": "earlier_short" if record.get("page") == "earlier" else "failed_short",
    }


def label(record: Mapping[str, Any], figures: Figures | None = None) -> str:
    """Return the values of a report's parameters, in words, as its name among others."""
    known, language = figures or Figures(), str(record.get("language"))
    pairs = [(name, value) for name, value in record.get("parameters", {}).items() if value is not None]
    return ", ".join(
        known.name(name, one, language)
        for name, value in pairs
        for one in (value if isinstance(value, list) else [value])
    )


def subject(record: Mapping[str, Any], figures: Figures | None = None) -> str:
    """Return what a report is about: one province, one document or one indicator; else an empty string."""
    known, language = figures or Figures(), str(record.get("language"))
    return next((known.name(*one, language) for one in _subject(record).items()), "")


def _subject(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters that tell what a report is about."""
    parameters = record.get("parameters", {})
    return {one: parameters[one] for one in _LISTS if isinstance(parameters.get(one), str)}


def dated(record: Mapping[str, Any], links: Links) -> tuple[str, str]:
    """Return the years of a report's figures, else the day up to which its data go; its word comes first."""
    words = WORDS[links.language]
    if years := ends(links.figures.known[one] for one in links.used):
        first, last = years
        return (words["year_of"], str(last)) if first == last else (words["years_of"], f"{first}–{last}")
    return words["data_date"], data_day(str(record.get("data_date") or ""), links.language)


def citation(record: Mapping[str, Any], title: str, when: tuple[str, str]) -> str:
    """Return how to cite a report with figures of a time (`dated`)."""
    upto = f" {' '.join(when)}." if when[1] else ""
    commit = str(record.get("commit") or "")[:12]
    return f"cbanalysis {version_of(record)}{f' ({commit})' if commit else ''}: “{title}”.{upto}"


def version_of(record: Mapping[str, Any]) -> str:
    """Return the version of the package that made a report."""
    versions = record.get("versions")
    return str((versions if isinstance(versions, dict) else {}).get("cbanalysis") or version("cbanalysis"))


def title_of(record: Mapping[str, Any], figures: Figures | None = None) -> str:
    """Return the full title of a report: what it is about, then its heading."""
    heading = harmless(str(record.get("title") or record["notebook"]))
    name = label(record, figures)
    return f"{name} – {heading}" if name else heading


def others(language: str, languages: Collection[str], address: Callable[[str], str]) -> list[dict[str, str]]:
    """Return the same page in the other languages: their codes and names, and where each is."""
    there = (one for one in WORDS if one in languages and one != language)
    return [{"code": one, "name": WORDS[one]["language"], "address": address(one)} for one in there]


def _described(steps: Steps) -> str:
    """Return the first sentences of a report, for search engines."""
    said = [str(words) for words, _ in steps.summary] or [str(one.words) for one in steps.intro]
    return " ".join(Markup(" ".join(said).replace("</li>", "</li> ")).striptags().split())[:_DESCRIPTION]  # noqa: S704 -- its tags go


def _dataset(
    record: Mapping[str, Any], context: Mapping[str, Any], links: Links, files: Collection[str]
) -> dict[str, Any]:
    """Return what schema.org asks of a data set, for search engines and reference managers."""
    known = [links.figures.known[one] for one in links.used]
    years = ends(known)
    sources = [links.figures.document(one, links.language) for one in links.figures.used(links.used)]
    made = {
        "@context": "https://schema.org",
        "@type": "Dataset" if known else "Article",
        "name" if known else "headline": context["title"],
        "description": context["description"] or context["title"],
        "url": context["canonical"],
        "inLanguage": links.language,
        "isAccessibleForFree": True,
        "dateModified": str(record.get("data_date") or ""),
        "license": context["licence"],
        "version": context["version"],
        "temporalCoverage": f"{years[0]}/{years[1]}" if years else "",
        "citation": sources,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": one, "encodingFormat": one.rpartition(".")[2]}
            for one in files
            if one.startswith("tables/") and one.endswith(".csv")
        ],
    }
    return {name: value for name, value in made.items() if value not in ("", [])}


def _context(
    record: Mapping[str, Any],
    steps: Steps,
    files: Sequence[str],
    languages: Collection[str],
) -> dict[str, Any]:
    links = steps.links
    language = links.language
    title = title_of(record, links.figures)
    about, when = subject(record, links.figures), dated(record, links)
    inside = folder_of(record).parts
    up, below = "../" * len(inside), [*inside[1:], "index.html"]
    first = next(one for one in WORDS if one in languages or one == language)
    panels = links.panels()
    cite = re.split(r"(\{bib\}|\{csl\})", WORDS[language]["cite_sources"])
    context = {
        "about": about,
        "beside": links.figures.beside(folder_of(record)),
        "canonical": links.figures.site and f"{links.figures.site}{quote(folder_of(record).as_posix())}/",
        "description": _described(steps),
        "heading": harmless(str(record.get("title") or record["notebook"])),
        "citation": citation(record, title, when),
        "cite_sources": cite if {"sources.bib", "sources.csl.json"} <= set(files) else [],
        "commit": str(record.get("commit") or "")[:12],
        "when": when,
        "failure": failure(record),
        "files": set(map(quote, files)),
        "home": up + ("index.html" if language == first else f"index.{language}.html"),
        "label": label(record, links.figures),
        "language": language,
        "languages": others(language, languages, lambda one: up + quote("/".join([one, *below]))),
        "listed": next((_LISTS[one] for one in _subject(record)), ""),
        "licence": (record.get("licence") or {}).get(language, ""),
        "panels": panels,
        "told": {one.id for one in panels},
        "policy": policy(),
        "several": links.several(),
        "steps": steps,
        "style": Markup(style()),  # noqa: S704 -- our own file
        "title": title,
        "version": version_of(record),
        "whole": [{"path": one, "name": name} for one, name in _WHOLE.items() if one in files],
        "words": WORDS[language],
    }
    return {**context, "dataset": _dataset(record, context, links, files)}


def _smaller(notebook: NotebookNode, excess: int) -> NotebookNode:
    """Return a copy in which charts are marked to be shown as PNG, the largest drawings first."""
    notebook = copy.deepcopy(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [one for one in outputs if {"image/svg+xml", "image/png"} <= set(one.get("data", {}))]
    sizes = [len(svg_address(text_of(one.data["image/svg+xml"]))) for one in drawn]
    for size, output in sorted(zip(sizes, drawn, strict=True), key=lambda pair: -pair[0]):
        if excess <= 0:
            break
        picture = few_colours(text_of(output.data["image/png"]))
        if len(picture) < size:
            output.metadata[AS_PNG] = True
            output.data["image/png"] = picture
            excess -= size - len(picture)
    for about in sorted(map(marks_of, drawn), key=lambda one: -len(str(one.get("narrow")))):
        if excess > 0:
            excess -= len(str(about.pop("narrow", "")))
    return notebook


def read_steps(notebook: NotebookNode, record: Mapping[str, Any], figures: Figures | None = None) -> Steps:
    """Take an executed notebook apart for readers of its record's language, or of English."""
    language = record["language"] if record.get("language") in WORDS else "en"
    return steps_of(notebook, Links(figures or Figures(), language))


def page(  # noqa: PLR0913 -- each has a default that most callers keep
    notebook: NotebookNode,
    record: Mapping[str, Any],
    figures: Figures | None = None,
    *,
    files: Sequence[str] = ("report.ipynb", "run.json"),
    languages: Collection[str] = (),
    steps: Steps | None = None,
) -> str:
    """Make the HTML page of one report.

    Parameters
    ----------
    notebook : NotebookNode
        Executed, with the cells of one language.
    record : mapping
        What run.json says of it: ``folder`` or ``report`` (its folder), ``notebook``, ``language``,
        ``title``, ``parameters``, ``status``, ``message``, ``cell``; also ``data_date`` (ISO), ``licence``
        (words by language), ``versions`` and ``commit`` if known.
    figures : Figures, optional
        What is known of the published figures; without it values lead nowhere.
    files : sequence of str
        Paths, relative to the report's folder, of what can be downloaded.
    languages : collection of str
        The languages in which this report is made.
    steps : Steps, optional
        What :func:`read_steps` returns, where that is done already.

    Returns
    -------
    str
        A whole page that needs no other file and no script; charts carry their alternative text.
    """

    def rendered(shown: NotebookNode, steps: Steps) -> str:
        context = _context({**record, "language": steps.links.language}, steps, files, languages)
        # Without nbconvert's preprocessors: none is asked for, and each would get a copy of all outputs.
        return str(_exporter().template.render(nb=shown, resources={"page": context}))

    made = rendered(notebook, steps or read_steps(notebook, record, figures))
    excess = len(made.encode()) - _LARGEST
    if excess <= 0:
        return made
    smaller = _smaller(notebook, excess)
    return rendered(smaller, read_steps(smaller, record, figures))


_BEGIN = '<main id="content">\n'
_MARK = Markup(
    '<div class="failure outdated" role="alert">\n<p><strong>{}</strong> {}</p>\n<p>{} {}</p>\n</div>\n'
)
_EARLIER_MARK = re.compile(r'<div class="failure outdated".*?</div>\n', re.DOTALL)


def outdated(earlier: str | None, record: Mapping[str, Any], languages: Collection[str] = ()) -> str:
    """Say on a report's earlier page that it isn't current, since when and why.

    Parameters
    ----------
    earlier : str or None
        The page; None where there is none worth keeping.
    record : mapping
        What run.json says of the run that failed, with ``run``.
    languages : collection of str
        The languages in which this report is made.

    Returns
    -------
    str
        The page with its mark; without an earlier one, a page that says nothing but the failure.
    """
    if earlier is None or _BEGIN not in earlier:
        nothing = NotebookNode(cells=[], metadata={})  # type: ignore[no-untyped-call]
        return page(nothing, record, files=["run.json"], languages=languages)
    language = record["language"] if record["language"] in WORDS else "en"
    words = WORDS[language]
    why = failure(record)
    since = str(record.get("run", {}).get("failing_since") or "")
    moment = f"{day(since[:10], language)} {since[11:16]} UTC" if since else ""
    because = (words[why["word"]], why["said"]) if why else ("", "")
    told = _MARK.format(words["earlier"], words["earlier_since"].format(moment), *because)
    return _EARLIER_MARK.sub("", earlier, count=1).replace(_BEGIN, f"{_BEGIN}{told}", 1)
