"""A report, and each of its charts, as PDF: typeset by Typst from text that is never taken for markup."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst

from cbanalysis.site.downloads.about import About
from cbanalysis.site.downloads.blocks import Block, Cell, widths
from cbanalysis.site.pages.figures import day
from cbanalysis.site.pages.pages import TEMPLATES

_CHART = b"""#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image("chart.svg")
"""


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that come with matplotlib: DejaVu Sans has every Vietnamese letter."""
    found = importlib.util.find_spec("matplotlib")
    places = [
        Path(one) / "mpl-data" / "fonts" / "ttf" for one in (found and found.submodule_search_locations) or ()
    ]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=places)


def _compiled(files: dict[str, bytes]) -> bytes:
    # Files in memory, which its types don't know yet: a document can read nothing on the disk.
    made: bytes = typst.compile(files, font_paths=_fonts())  # type: ignore[call-overload]
    return made


def chart_pdf(svg: bytes) -> bytes:
    """Return a chart as a PDF page of its own size, lines as lines."""
    return _compiled({"main.typ": _CHART, "chart.svg": svg})


def _given(block: Block, charts: Mapping[str, bytes]) -> dict[str, Any] | None:
    if block.kind == "chart" and f"{block.name}.svg" not in charts:
        return None
    if block.kind == "table" and not block.head:
        width = len(block.rows[0]) if block.rows else 0
        block = Block("table", runs=block.runs, head=(Cell(()),) * width, rows=block.rows)
    given = asdict(block)
    if block.kind == "chart":
        given["name"] = f"{block.name}.svg"
    return given | ({"widths": widths(block)} if block.kind == "table" else {})


def report_pdf(about: About, blocks: Sequence[Block], charts: Mapping[str, bytes]) -> bytes:
    """Return a whole report as a tagged PDF with a table of contents, the same bytes for the same report.

    Parameters
    ----------
    about : About
        Title, dates, how to cite, documents.
    blocks : sequence of Block
        The report.
    charts : mapping of str to bytes
        The charts' SVG by file name; a chart without it is left out.

    Returns
    -------
    bytes
    """
    words = about.words
    particulars = [
        (words["cite"], about.citation),
        (words["data_date"], about.data_date),
        (words["version"], f"cbanalysis {about.version}"),
        (words["licence"], about.licence),
    ]
    upto = f"{words['data_date']} {about.data_date}" if about.data_date else ""
    report = {
        "title": about.title,
        "language": about.language,
        "words": {name: words[name] for name in ("contents", "about_report", "document")},
        "facts": " · ".join(filter(None, [upto, f"cbanalysis {about.version}"])),
        "blocks": [given for block in blocks if (given := _given(block, charts)) is not None],
        "particulars": [pair for pair in particulars if pair[1]],
        "documents": [
            {"text": one.line(day(one.published, about.language)), "address": one.address}
            for one in about.documents
        ],
    }
    files = {
        "main.typ": (TEMPLATES / "report.typ").read_bytes(),
        "report.json": json.dumps(report, ensure_ascii=False).encode(),
        **{f"charts/{name}": svg for name, svg in charts.items()},
    }
    return _compiled(files)
