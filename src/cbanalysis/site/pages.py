"""The page of one report."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from cbanalysis.site.cleaning import code, markdown
from cbanalysis.site.outputs import AS_PNG, shown, svg_address, text_of
from cbanalysis.site.words import WORDS

__all__ = ["TEMPLATES", "label", "page", "policy", "style"]

TEMPLATES = Path(__file__).parents[1] / "templates"
# Charts are embedded as SVG until a page would grow beyond this; then the largest become PNG.
_LARGEST = 1_200_000


def _limited(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which the largest charts are marked to be shown as PNG, to keep the page small."""
    notebook = copy.deepcopy(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    charts = [output for output in outputs if "image/svg+xml" in output.get("data", {})]
    sizes = [len(svg_address(text_of(chart.data["image/svg+xml"]))) for chart in charts]
    total = sum(sizes)
    for size, chart in sorted(zip(sizes, charts, strict=True), key=lambda pair: -pair[0]):
        if total > _LARGEST and "image/png" in chart.data:
            chart.metadata[AS_PNG] = True
            total -= size
    return notebook


class _Exporter(TemplateExporter):
    """nbconvert with our own template, which escapes everything that isn't cleaned markup."""

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        return environment


@cache
def _exporter() -> _Exporter:
    filters = {"markdown": markdown, "code": code, "shown": shown}
    return _Exporter(  # type: ignore[no-untyped-call]
        template_paths=[str(TEMPLATES)], template_file="page.html.j2", filters=filters
    )


@cache
def style() -> str:
    """Return the style sheet of all pages."""
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


def policy() -> str:
    """Allow this page's own style and embedded pictures, nothing else, from nowhere else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def label(record: Mapping[str, Any]) -> str:
    """Return the values of a report's parameters as its name among others."""
    values = [value for value in record.get("parameters", {}).values() if value is not None]
    return ", ".join(
        ", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values
    )


def _day(text: str, language: str) -> str:
    try:
        return str(format_date(date.fromisoformat(text), "long", locale=language))
    except ValueError:
        return text


def page(notebook: NotebookNode, record: Mapping[str, Any]) -> str:
    """Make the HTML page of one report.

    Parameters
    ----------
    notebook : NotebookNode
        Executed, with the cells of one language.
    record : mapping
        What run.json says of it: ``report`` (its folder), ``notebook``, ``language``, ``title``,
        ``parameters``, ``failure``; also ``data_date`` (ISO) and ``licence`` (words by language) if known.

    Returns
    -------
    str
        A whole page that needs no other file; charts carry their alternative text.
    """
    language = record["language"] if record["language"] in WORDS else "en"
    name, title = label(record), record["title"] or record["notebook"]
    context = {
        "data_date": _day(str(record.get("data_date") or ""), language),
        "failure": record.get("failure"),
        "label": name,
        "language": language,
        "licence": (record.get("licence") or {}).get(language, ""),
        "notebook": record["notebook"],
        "policy": policy(),
        "style": Markup(style()),  # noqa: S704 -- our own file
        "title": f"{title} – {name}" if name else title,
        "up": "../" * len(Path(record["report"]).parts),
        "version": version("cbanalysis"),
        "words": WORDS[language],
    }
    text, _ = _exporter().from_notebook_node(_limited(notebook), resources={"page": context})
    return str(text)
