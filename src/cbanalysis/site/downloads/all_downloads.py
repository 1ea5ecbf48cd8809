"""All downloads of one report, written into its folder."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from cbanalysis.common.errors import writing
from cbanalysis.display.bibtex_and_csl import bibtex, csl
from cbanalysis.site.downloads.csv_tables import Rows, rows_of, write_safe_csv
from cbanalysis.site.downloads.excel import write_workbook
from cbanalysis.site.downloads.pdf import chart_pdf, report_pdf
from cbanalysis.site.downloads.report_blocks import blocks_of
from cbanalysis.site.downloads.table_formats import FORMATS
from cbanalysis.site.downloads.title_and_documents import About, documents
from cbanalysis.site.downloads.word import write_word
from cbanalysis.site.pages.links_to_figures import Links
from cbanalysis.site.pages.page_words import WORDS
from cbanalysis.site.pages.report_page import citation, dated, title_of, version_of
from cbanalysis.site.pages.steps import Steps

_SAFE = re.compile(r"[A-Za-z0-9_-]+")


def _about(record: Mapping[str, Any], links: Links) -> About:
    title, when = title_of(record, links.figures), dated(record, links)
    return About(
        title=title,
        language=links.language,
        when=when,
        version=version_of(record),
        citation=citation(record, title, when),
        licence=(record.get("licence") or {}).get(links.language, ""),
        words=WORDS[links.language],
        documents=documents(links.figures, links.used, links.language),
    )


def _charts(folder: Path) -> dict[str, bytes]:
    """Return the charts of a report by file name; a name that isn't one of ours stays where it is."""
    found = sorted((folder / "charts").glob("*.*"))
    return {one.name: one.read_bytes() for one in found if _SAFE.fullmatch(one.stem) and not one.is_symlink()}


def _tables(notebook: NotebookNode, folder: Path) -> list[Rows]:
    """Return the tables that have a file in the report's folder, each once."""
    found = {rows.name: rows for rows in rows_of(notebook) if _SAFE.fullmatch(rows.name)}
    return [rows for name, rows in found.items() if (folder / "tables" / f"{name}.csv").is_file()]


def _unlisted(about: About, tables: Sequence[Rows]) -> About:
    """Return particulars with the documents that no table of sources names: each is told once."""
    lists = [rows for rows in tables if rows.name == "sources"]
    named = {
        dict(zip(rows.columns, cells, strict=True))["source_id"] for rows in lists for cells in rows.cells
    }
    rest = tuple(one for one in about.documents if one.id not in named)
    return replace(about, documents=rest, some=len(rest) < len(about.documents))


def write_downloads(folder: Path, notebook: NotebookNode, record: Mapping[str, Any], steps: Steps) -> None:
    """Write a report's downloads beside its charts and tables.

    Parameters
    ----------
    folder : Path
        The report's folder, with ``charts/*.svg``, ``charts/*.png`` and ``tables/*.csv``.
    notebook : NotebookNode
        Executed, with the cells of one language.
    record : mapping
        What run.json says of it.
    steps : Steps
        The notebook as its page shows it.

    Notes
    -----
    Written are ``report.pdf``, ``report.docx``, ``report.xlsx``; ``sources.bib`` and ``sources.csl.json``
    where the report shows figures that are known; a PDF for each chart; each table in each of `FORMATS`.
    """
    language = steps.links.language
    about = _about({**record, "language": language}, steps.links)
    blocks = blocks_of(steps, about.words)
    charts, tables = _charts(folder), _tables(notebook, folder)
    unlisted = _unlisted(about, tables)
    drawn = {name.removesuffix(".svg"): svg for name, svg in charts.items() if name.endswith(".svg")}
    for name, svg in drawn.items():
        with writing(f"charts/{name}.svg"):
            (folder / "charts" / f"{name}.pdf").write_bytes(chart_pdf(svg))
    for name, numbers in charts.items():
        if name.endswith(".csv"):
            with writing(f"charts/{name}"):
                write_safe_csv(csv.reader(io.StringIO(numbers.decode())), folder / "charts" / name)
    with writing("report.pdf"):
        printed = [block for block in blocks if block.kind != "chart" or block.picture or block.name in drawn]
        (folder / "report.pdf").write_bytes(report_pdf(unlisted, printed, folder))
    with writing("report.docx"):
        write_word(folder / "report.docx", unlisted, blocks, charts)
    with writing("report.xlsx"):
        write_workbook(folder / "report.xlsx", about, blocks, tables)
    for rows in tables:
        with writing(f"tables/{rows.name}"):
            for ending, bytes_of in FORMATS.items():
                (folder / "tables" / f"{rows.name}{ending}").write_bytes(bytes_of(rows, language))
    if about.documents:
        (folder / "sources.bib").write_text(bibtex(about.documents), encoding="utf-8", newline="\n")
        (folder / "sources.csl.json").write_text(csl(about.documents), encoding="utf-8", newline="\n")
