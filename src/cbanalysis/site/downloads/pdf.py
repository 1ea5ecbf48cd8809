"""A report, and each of its charts, as PDF: typeset by Typst from text that is never taken for markup."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from cbanalysis.site.downloads.report_blocks import WORD_ENDS, Block, Cell, Run
from cbanalysis.site.downloads.title_and_documents import About
from cbanalysis.site.pages.figures_shown import day
from cbanalysis.site.pages.report_page import TEMPLATES

# A line of text in a drawing: matplotlib says what it is, then draws each letter.
_LINE = re.compile(
    r'<!-- (?P<said>[^\n]*) -->\s*<g(?: style="fill: (?P<fill>#[0-9a-f]{6})")? '
    r'transform="translate\((?P<left>[-\d.]+) (?P<top>[-\d.]+)\) (?:rotate\((?P<turn>[-\d.]+)\) )?'
    r'scale\((?P<size>[\d.]+) -[\d.]+\)">\s*(?:<defs>.*?</defs>)?(?P<letters>(?:\s*<use [^>]*/>)+)\s*</g>',
    re.DOTALL,
)
# Typst reads each file in memory as its own markup as well, unless a comment begins that never ends.
_UNREAD = {".svg": (b"<svg", b"<!--/*--><svg"), "json": (b"{", b'{"/*": 0, ')}
_LONG = 600  # letters of a cell
_WIDE = 170  # of a page's lines, in mm
_LIGATURE = re.compile("ff[il]|f[fil]")
_LETTER = re.compile(r'xlink:href="#DejaVuSans(-Bold)?-[0-9a-f]+"(?: transform="translate\([^)]*\)")?/>')


@cache
def _compiler() -> typst.Compiler:
    """Return Typst with the fonts that come with matplotlib: DejaVu Sans has every Vietnamese letter."""
    found = importlib.util.find_spec("matplotlib")
    places = [
        Path(one) / "mpl-data" / "fonts" / "ttf" for one in (found and found.submodule_search_locations) or ()
    ]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=places)
    return typst.Compiler(font_paths=fonts)


def _compiled(files: dict[str, bytes], root: Path) -> bytes:
    """Typeset files in memory, which can name what lies below a folder and nothing else on the disk."""
    given = {name: one.replace(*_UNREAD.get(name[-4:], (b"", b"")), 1) for name, one in files.items()}
    made: Any = _compiler().compile(given, root=root)  # type: ignore[type-var]
    return bytes(made)


def without_lines(svg: bytes) -> tuple[bytes, list[dict[str, str]]]:
    """Return a chart without its lines of text, which are drawn letter by letter, and what chart.typ sets.

    A chart with a letter that isn't of our font, or with more or fewer than its text has, stays as it is.
    """
    lines: list[dict[str, str]] = []

    def taken(found: re.Match[str]) -> str:
        line, said = found.groupdict("0"), unescape(found["said"])
        letters = line.pop("letters")
        weights = _LETTER.findall(letters)
        if len(weights) != letters.count("<use") or len(weights) != len(_LIGATURE.sub("f", said)):
            return found[0]
        lines.append({**line, "said": said, "weight": "bold" if weights[0] else "regular"})
        return ""

    made = _LINE.sub(taken, svg.decode())
    # Letters are drawn once and used again: only all of them can go.
    return (svg, []) if '"#DejaVuSans' in made else (made.encode(), lines)


def chart_pdf(svg: bytes) -> bytes:
    """Return a chart as a PDF page of its own size, letters as text; it sees no files but templates."""
    drawn, lines = without_lines(svg)
    files = {"chart.svg": drawn, "lines.json": json.dumps({"lines": lines}).encode()}
    return _compiled({"main.typ": (TEMPLATES / "chart.typ").read_bytes(), **files}, TEMPLATES)


def _runs(runs: Sequence[Run]) -> str | list[Any]:
    made = [vars(run) if run.bold or run.italic or run.link else run.text for run in runs]
    return made[0] if len(made) == 1 and isinstance(made[0], str) else made


def _cells(cells: Sequence[Cell]) -> list[Any]:
    """Return the runs of cells; an address may end a line, as widths of columns take for granted."""
    broken = (
        [replace(run, text=WORD_ENDS.sub(lambda end: end[0] or "\u200b", run.text)) for run in cell.runs]
        for cell in cells
    )
    return list(map(_runs, broken))


def _given(block: Block, drawn: str) -> dict[str, Any]:
    plain = block.kind == "plain"
    given = {"kind": block.kind, "level": block.level, "runs": block.text if plain else _runs(block.runs)}
    if block.kind == "chart":
        return {**given, "name": drawn, "alt": block.alt, "wide": min(block.wide, _WIDE)}
    if block.kind != "table":
        return given
    head = block.head or (Cell(()),) * len(block.widths)
    # By column: in a cell of its own each would be a block within a block.
    right = [any(cell.numeric for cell in column) for column in zip(head, *block.rows, strict=True)]
    rows = list(map(_cells, block.rows))
    # a row goes on to the next page only where it may be higher than one
    long = any(len(cell.text) > _LONG for row in block.rows for cell in row)
    return {
        **given, "head": _cells(head), "rows": rows, "widths": block.widths, "right": right, "long": long,
    }  # fmt: skip


def _own(png: bytes) -> bytes:
    """Return a picture as a drawing: files in memory must be text."""
    with Image.open(io.BytesIO(png)) as image:
        size = f'width="{image.width}" height="{image.height}"'
    inside = f'<image {size} href="data:image/png;base64,{base64.b64encode(png).decode()}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inside}</svg>'.encode()


def report_pdf(about: About, blocks: Sequence[Block], folder: Path) -> bytes:
    """Return a whole report as a tagged PDF with a table of contents, the same bytes for the same report.

    Parameters
    ----------
    about : About
        Title, dates, how to cite, documents.
    blocks : sequence of Block
        The report.
    folder : Path
        The report's, with ``charts/*.pdf``.

    Returns
    -------
    bytes
    """
    words = about.words
    drawn = [f"own-{at}.svg" if one.picture else f"charts/{one.name}.pdf" for at, one in enumerate(blocks)]
    report = {
        "title": about.title,
        "language": about.language,
        "words": {
            "contents": words["contents"],
            "about_report": words["about_report"],
            "documents": about.heading,
        },
        "facts": about.facts,
        "blocks": list(map(_given, blocks, drawn)),
        "particulars": about.particulars("cite", "when", "version", "licence"),
        "documents": [
            {"text": one.line(day(one.published, about.language)), "address": one.address}
            for one in about.documents
        ],
    }
    files = {
        "main.typ": (TEMPLATES / "report.typ").read_bytes(),
        "report.json": json.dumps(report, ensure_ascii=False).encode(),
        **{name: _own(one.picture) for name, one in zip(drawn, blocks, strict=True) if one.picture},
    }
    return _compiled(files, folder)
