"""Make the template of Word reports: python-docx's own in our font, without the styles that no report uses.

python docs/make_word_template.py     writes src/cbanalysis/site/templates/report.docx anew
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_TEMPLATE = Path(__file__).parents[1] / "src" / "cbanalysis" / "site" / "templates" / "report.docx"
_LOCALE = "vi-VN"
_FONT = "Arial"
# Those that we write, and Word's own defaults; what they rest on stays too.
_STYLES = (
    "Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Title", "Heading1", "Heading2", "Heading3",
    "Heading4", "ListBullet", "Footer",
)  # fmt: skip
_UNUSED = ("/stylesWithEffects", "/thumbnail", "/customXml")


def made() -> dict[str, str]:
    """Return the text of each part, in the order of the file; its language is Vietnamese."""
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
        spoken.set(qn("w:val"), _LOCALE)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    _number_pages(section.footer.paragraphs[0])
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "", "cbanalysis", ""
    properties.language = _LOCALE
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    whole = io.BytesIO()
    document.save(whole)
    with zipfile.ZipFile(whole) as source:
        texts = {name: source.read(name).decode() for name in source.namelist()}
    kinds = "[Content_Types].xml"
    pictures = '<Default Extension="png" ContentType="image/png"/><Default'
    return {**texts, kinds: texts[kinds].replace("<Default", pictures, 1)}


def _number_pages(line: Any) -> None:  # noqa: ANN401 -- python-docx's
    """Write "1 / 9" at the right of a footer: each program fills the fields in by itself."""
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for part in ("PAGE", " / ", "NUMPAGES"):
        run = line.add_run(part if "/" in part else "")
        run.font.size = Pt(8)
        if "/" not in part:
            field = run.element.makeelement(qn("w:fldSimple"), {qn("w:instr"): part})
            run.element.addprevious(field)
            field.append(run.element)


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


if __name__ == "__main__":
    with zipfile.ZipFile(_TEMPLATE, "w") as target:
        for name, text in made().items():
            target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
