"""A report as a Word document: headings, words, tables that repeat their head, charts with their text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm
from PIL import Image

from cbanalysis.site.downloads.report_blocks import Block, Cell, Run
from cbanalysis.site.downloads.title_and_documents import About
from cbanalysis.site.pages.figures_shown import day
from cbanalysis.site.pages.report_page import TEMPLATES

_LOCALES = {"vi": "vi-VN", "en": "en-GB"}
_UPRIGHT = '<w:pgSz w:w="11906" w:h="16838"/>'
_MARGINS = '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/>'
_FOOTER = '<w:footerReference w:type="default" r:id="rId1"/>'  # as the template's own section has it
_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="D0D7DE"/>'
    for side in ("top", "bottom", "insideH")
)
_MANY, _MOST_UPRIGHT, _ALONG, _ACROSS = 6, 10, 9638, 14570
_WIDE, _HIGH = 168, 250  # mm of a chart on a page
# Parts that each report writes itself, and before what.
_OWN = {
    "docProps/core.xml": "</dc:title>",
    "word/document.xml": "<w:sectPr",
    "word/_rels/document.xml.rels": "</Relationships>",
}
_DRAWN = "".join(map(str.strip, (TEMPLATES / "picture.xml").read_text(encoding="utf-8").splitlines()))


@cache
def template(language: str) -> tuple[bytes, Mapping[str, str]]:
    """Return the template of reports, which ``docs/make_word_template.py`` makes.

    Parameters
    ----------
    language : {"vi", "en"}
        Of the text.

    Returns
    -------
    tuple of bytes and mapping
        The parts that all reports have, packed; those of `_OWN` by name, without what is a report's own.
    """
    packed, own = io.BytesIO(), {}
    with zipfile.ZipFile(TEMPLATES / "report.docx") as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode().replace(_LOCALES["vi"], _LOCALES[language])
            if name in _OWN:
                own[name] = text
            else:
                _pack(target, name, text)
    return packed.getvalue(), own


def _pack(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    """Write a part with a fixed day: the same report, the same bytes. Pictures are small already."""
    part = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    archive.writestr(part, content, zipfile.ZIP_DEFLATED if isinstance(content, str) else zipfile.ZIP_STORED)


class _Word:
    """Writes the parts of one document."""

    def __init__(self) -> None:
        self.body: list[str] = []
        self.links: dict[str, str] = {}
        self.pictures: list[bytes] = []

    def runs(self, runs: Iterable[Run], *, size: float = 0, bold: bool = False) -> str:
        """Return runs as WordprocessingML."""
        made = []
        for run in runs:
            dress = "<w:b/>" if run.bold or bold else ""
            dress += "<w:i/>" if run.italic else ""
            dress += '<w:color w:val="0A5296"/><w:u w:val="single"/>' if run.link else ""
            dress += f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
            lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in run.text.split("\n"))
            one = f"<w:r><w:rPr>{dress}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"
            if run.link:
                link = self.links.setdefault(run.link, f"link{len(self.links) + 1}")
                one = f'<w:hyperlink r:id="{link}">{one}</w:hyperlink>'
            made.append(one)
        return "".join(made)

    def paragraph(self, runs: Iterable[Run], style: str = "", *, keep: bool = False) -> None:
        """Add a paragraph, kept on the page of what follows if asked for."""
        dress = f'<w:pStyle w:val="{style}"/>' if style else ""
        dress = f"<w:pPr>{dress}{'<w:keepNext/>' if keep else ''}</w:pPr>"
        self.body.append(f"<w:p>{dress}{self.runs(runs)}</w:p>")

    def _cell(self, cell: Cell, size: float, *, head: bool) -> str:
        place = '<w:jc w:val="right"/>' if cell.numeric else ""
        fill = '<w:shd w:val="clear" w:color="auto" w:fill="F3F5F7"/>'
        shade = f"<w:tcPr>{fill}</w:tcPr>" if head else ""
        dress = f'<w:pPr><w:spacing w:after="0"/>{place}</w:pPr>'
        return f"<w:tc>{shade}<w:p>{dress}{self.runs(cell.runs, size=size, bold=head)}</w:p></w:tc>"

    def table(self, block: Block) -> None:
        """Add a table; a wide one on pages across."""
        columns = len(block.head or (block.rows[0] if block.rows else ()))
        if not columns:
            return
        wide = columns > _MOST_UPRIGHT
        if wide:
            self._end_section(wide=False)
        if block.runs:
            self.paragraph([Run(run.text, bold=True, link=run.link) for run in block.runs], keep=True)
        size = 7.0 if columns > _MANY else 8.5
        head = "".join(self._cell(cell, size, head=True) for cell in block.head)
        rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"] if head else []
        for row in block.rows:
            cells = "".join(self._cell(cell, size, head=False) for cell in row)
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
        properties = (
            f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_RULES}</w:tblBorders>'
            '<w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:firstRow="1"/><w:tblDescription w:val={quoteattr(block.text)}/></w:tblPr>'
        )
        twips = [round(one / sum(block.widths) * (_ACROSS if wide else _ALONG)) for one in block.widths]
        grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in twips)
        self.body.append(f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>")
        if wide:
            self._end_section(wide=True)
        else:
            self.body.append("<w:p/>")

    def _end_section(self, *, wide: bool) -> None:
        """End the pages before this point, upright or across."""
        size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' if wide else _UPRIGHT
        self.body.append(f"<w:p><w:pPr><w:sectPr>{_FOOTER}{size}{_MARGINS}</w:sectPr></w:pPr></w:p>")

    def picture(self, png: bytes, alt: str, wide: float) -> None:
        """Add a chart as wide as it is meant, no wider or higher than a page, with what is said instead."""
        with Image.open(io.BytesIO(png)) as image:
            across = Mm(min(wide, _WIDE, _HIGH * image.width / image.height))
            size = f'cx="{across}" cy="{across * image.height // image.width}"'
        self.pictures.append(png)
        self.body.append(_DRAWN.format(size=size, id=len(self.pictures), alt=quoteattr(alt)))

    def save(self, path: Path, about: About) -> None:
        """Write the document: text in one go, since part by part python-docx takes seconds."""
        packed, parts = template(about.language)
        media = {f"image{at}": png for at, png in enumerate(self.pictures, start=1)}
        related = [(name, RELATIONSHIP_TYPE.IMAGE, f"media/{name}.png", "") for name in media]
        related += [
            (name, RELATIONSHIP_TYPE.HYPERLINK, address, ' TargetMode="External"')
            for address, name in self.links.items()
        ]
        own = {
            # Word's properties hold 255 characters; the heading has them all.
            "docProps/core.xml": escape(about.title[:255]),
            "word/document.xml": "".join(self.body),
            "word/_rels/document.xml.rels": "".join(
                f'<Relationship Id="{name}" Type="{kind}" Target={quoteattr(target)}{mode}/>'
                for name, kind, target, mode in related
            ),
        }
        made = io.BytesIO()
        made.write(packed)
        with zipfile.ZipFile(made, "a") as archive:
            for name, text in own.items():
                _pack(archive, name, parts[name].replace(_OWN[name], text + _OWN[name], 1))
            for name, png in media.items():
                _pack(archive, f"word/media/{name}.png", png)
        path.write_bytes(made.getvalue())


def write_word(path: Path, about: About, blocks: Sequence[Block], charts: Mapping[str, bytes]) -> None:
    """Write a report as DOCX.

    Parameters
    ----------
    path : Path
        The file.
    about : About
        Title, dates, how to cite, documents.
    blocks : sequence of Block
        The report.
    charts : mapping of str to bytes
        The charts' PNG by file name; a chart without it is left out.
    """
    word, words = _Word(), about.words
    word.paragraph([Run(about.title)], "Title")
    word.paragraph([Run(about.facts)])
    for block in blocks:
        if block.kind == "heading":
            word.paragraph(block.runs, f"Heading{min(block.level, 4)}")
        elif block.kind == "table":
            word.table(block)
        elif block.kind == "chart":
            if png := block.picture or charts.get(f"{block.name}.png"):
                word.picture(png, block.alt, block.wide)
        else:
            word.paragraph(block.runs, "ListBullet" if block.kind == "point" else "")
    word.paragraph([Run(words["about_report"])], "Heading1")
    for name, value in about.particulars("cite", "licence"):
        word.paragraph([Run(f"{name}: ", bold=True), Run(value)])
    if about.documents:
        word.paragraph([Run(about.heading)], "Heading2")
    for one in about.documents:
        word.paragraph([Run(one.line(day(one.published, about.language)), link=one.address)], "ListBullet")
    word.save(path, about)
