"""A report as a Word document: headings, words, tables that repeat their head, charts with their text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from cbanalysis.site.downloads.about import About
from cbanalysis.site.downloads.blocks import Block, Cell, Run
from cbanalysis.site.pages.figures import day

_LOCALES = {"vi": "vi-VN", "en": "en-GB"}
_FONT = "Arial"
_UPRIGHT = '<w:pgSz w:w="11906" w:h="16838"/>'
_MARGINS = '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/>'
# Those that we write, and Word's own defaults; what they rest on stays too.
_STYLES = (
    "Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Title", "Heading1", "Heading2", "Heading3",
    "Heading4", "ListBullet",
)  # fmt: skip
_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="D0D7DE"/>'
    for side in ("top", "bottom", "insideH")
)
_MANY, _MOST_UPRIGHT, _ALONG, _ACROSS = 6, 10, 9638, 14570
_WIDE, _HIGH = 168, 250  # mm of a chart on a page
_UNUSED = ("/stylesWithEffects", "/thumbnail", "/customXml")
# Parts that each report writes itself, and before what.
_OWN = {
    "docProps/core.xml": "</dc:title>",
    "word/document.xml": "<w:sectPr",
    "word/_rels/document.xml.rels": "</Relationships>",
}
_DRAWN = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><wp:extent {size}/>'
    '<wp:docPr id="{id}" name="Picture {id}" descr={alt}/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="{id}" name="image{id}.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="image{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


@cache
def template(language: str) -> tuple[bytes, Mapping[str, str]]:
    """Return python-docx's own template in our font, without the hundreds of styles that no report uses.

    Parameters
    ----------
    language : {"vi", "en"}
        Of the text.

    Returns
    -------
    tuple of bytes and mapping
        The parts that all reports have, packed; those of `_OWN` by name, without what is a report's own.
    """
    document: Any = docx.Document()
    _leave_out_unused(document)
    for style in document.styles:
        fonts = style.element.find(f".//{qn('w:rFonts')}")
        if fonts is not None:
            # Theme fonts would win over the one named here.
            for name in list(fonts.attrib):
                del fonts.attrib[name]
            for name in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{name}"), _FONT)
    document.styles["Normal"].font.name = _FONT
    document.styles["Normal"].font.size = Pt(10.5)
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), _LOCALES[language])
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "", "cbanalysis", ""
    properties.language = _LOCALES[language]
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
        texts = {name: source.read(name).decode() for name in source.namelist()}
        kinds = "[Content_Types].xml"
        texts[kinds] = texts[kinds].replace(
            "<Default", '<Default Extension="png" ContentType="image/png"/><Default', 1
        )
        for name, text in texts.items():
            if name not in _OWN:
                _pack(target, name, text)
    return packed.getvalue(), {name: texts[name] for name in _OWN}


def _pack(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    """Write a part with a fixed day: the same report, the same bytes. Pictures are small already."""
    part = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    archive.writestr(part, content, zipfile.ZIP_DEFLATED if isinstance(content, str) else zipfile.ZIP_STORED)


def _leave_out_unused(document: Any) -> None:  # noqa: ANN401 -- python-docx's
    styles = {style.style_id: style.element for style in document.styles}
    kept, more = set[str](), {*_STYLES}
    while more:
        kept |= more
        asked = (styles[one].xpath("./w:basedOn/@w:val | ./w:link/@w:val | ./w:next/@w:val") for one in more)
        more = {name for names in asked for name in names} & styles.keys() - kept
    for name, style in styles.items():
        if name not in kept:
            style.getparent().remove(style)
    for holder in (document.part, document.part.package):
        for name, relation in list(holder.rels.items()):
            if relation.reltype.endswith(_UNUSED):
                del holder.rels[name]


class _Word:
    """Writes the parts of one document."""

    def __init__(self) -> None:
        self.body: list[str] = []
        self.links: dict[str, str] = {}
        self.pictures: list[bytes] = []

    def _link(self, address: str) -> str:
        return self.links.setdefault(address, f"link{len(self.links) + 1}")

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
                one = f'<w:hyperlink r:id="{self._link(run.link)}">{one}</w:hyperlink>'
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
        self.body.append(f"<w:p><w:pPr><w:sectPr>{size}{_MARGINS}</w:sectPr></w:pPr></w:p>")

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
        word.paragraph([Run(words["document"])], "Heading2")
    for one in about.documents:
        word.paragraph([Run(one.line(day(one.published, about.language)), link=one.address)], "ListBullet")
    word.save(path, about)
