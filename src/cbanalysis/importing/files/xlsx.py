"""Workbooks of Excel since 2007: the sheets' own XML for what calamine passes over."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from lxml import etree

from cbanalysis.common.limits import check_size, limits
from cbanalysis.importing.files.archives import Parts
from cbanalysis.importing.files.formats import BUILT_IN, number_format
from cbanalysis.importing.files.formulas_and_fonts import Details, Font, Runs, Styles, place_of
from cbanalysis.importing.files.grids import NoValue, named_columns
from cbanalysis.importing.files.letters import letters_of_font

_IDS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_V = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}v"
_ROW = re.compile(rb"<row\b[^>]*?\br=\"([0-9]{1,9})\"")
# a search that begins with plain letters runs at many times the speed of one for whole tags
_FAR = re.compile(rb"r=\"(?:[A-Z]{2,3}[0-9]|[A-Z]?([0-9]{6,9})\")")
_ADDRESS = re.compile(rb"<c r=\"([A-Z]{1,4})([0-9]{1,9})\"")
_MARKED = re.compile(rb"<(?:\w+:)?(?:vertAlign[^>]*superscript|strike\b|rFont val=\"(?i:\.vn|vni))")
_PLACE = re.compile(r"([A-Z]{1,4})([0-9]{1,9})")
_LINE = re.compile(rb"<(?:\w+:)?(?:row|col)\b([^>]*\bhidden=[^>]*)>")
_ATTRIBUTE = re.compile(rb"\b(\w+)=[\"']([^\"']*)")

_HEAD = 65_536  # bytes: what stands before a sheet's cells
# the extent of a sheet in whole rows or columns ("1:69", "A:C"), with $, empty, or no extent at all
_NO_EXTENT = re.compile(
    rb"<(?:\w+:)?dimension\b(?![^>]*\bref=[\"'][A-Za-z]+[1-9][0-9]*(?::[A-Za-z]+[1-9][0-9]*)?[\"'])"
    rb"[^>]*?(?:/>|>\s*</(?:\w+:)?dimension\s*>)"
)


def readable(content: bytes, parts: Parts) -> bytes:
    """Return a workbook without the extents that calamine calls damage: its cells tell them, too."""
    odd = {
        name
        for name in parts.names
        if "/worksheets/" in name and _NO_EXTENT.search(parts.archive.open(name).read(_HEAD))
    }
    if not odd:
        return content
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in parts.names:
            part = parts.archive.read(name)
            archive.writestr(name, _NO_EXTENT.sub(b"", part, count=1) if name in odd else part)
    return written.getvalue()


class Excel:
    """The parts of an .xlsx that tell of cells what calamine doesn't."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.styles = _styles(parts)
        self.runs = _shared_runs(parts, some_struck=any(font.struck for font in self.styles.fonts.values()))
        self.places = _sheets(parts)

    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells.

        Raises
        ------
        DataError
            If its cells lie so far apart that a table of them would fill the memory.
        """
        details = Details()
        # a sheet that isn't where it should be: all are looked at for their size
        sheets = [
            one for one in self.parts.names if one.startswith("xl/worksheets/") and one.endswith(".xml")
        ]
        for name in [self.places[sheet]] if sheet in self.places else sheets:
            content = self.parts.part(name)
            details.hidden += _hidden(content)
            told_of = self.styles.formats.keys() | self.styles.fonts.keys()
            # cells of style 0 needn't say so
            marked = self.runs or 0 in told_of or _is_marked(content)
            _check_extent(sheet, content)
            if told_of or marked or not _holds_plain_cells(content):
                self._walked(details, sheet, self._values.sub(b"", content))
        return details if sheet in self.places else Details()

    @cached_property
    def _values(self) -> re.Pattern[bytes]:
        """Cells that are their value: empty, text in plain fonts, or a number that its format shows whole."""
        fonts, formats = self.styles.fonts, self.styles.formats
        plain = set(range(self.styles.count)) - fonts.keys()
        style, text = _any(plain), rb"<is><t(?: xml:space=\"preserve\")?>[^<]*</t></is>"
        kinds = [rb"%s(?:/>|></c>)" % style, rb"%s t=\"inlineStr\">%s</c>" % (style, text)]
        if not self.runs:
            kinds.append(rb"%s t=\"s\"><v>[0-9]+</v></c>" % style)
        shown: dict[int | None, list[int]] = defaultdict(list)
        for one in plain:
            shown[number_format(formats[one]).decimals if one in formats else None].append(one)
        for decimals, styles in shown.items():
            if decimals != -1:
                most = b"" if decimals is None else b"%d" % decimals
                kinds.append(rb"%s(?: t=\"n\")?><v>-?[0-9]+(?:\.[0-9]{0,%s})?</v></c>" % (_any(styles), most))
        # a cell without an address stands behind the one before it, which stays
        return re.compile(rb"<c r=\"[A-Z]{1,3}[0-9]{1,7}\"(?:%s)(?=<c r=\"|</row>)" % b"|".join(kinds))

    def _walked(self, details: Details, sheet: str, content: bytes) -> None:
        """Note all cells of a sheet that are more than their value, wherever they say that they stand."""
        row, deepest, widest = -1, 0, 0
        for _, element in etree.iterparse(io.BytesIO(content), tag="{*}row", resolve_entities=False):
            given = element.get("r", "")
            row = int(given) - 1 if given.isdecimal() else row + 1
            column = -1
            for cell in element.iterchildren("{*}c"):
                address = _PLACE.fullmatch(cell.get("r", ""))
                down, column = place_of(*address.groups()) if address else (row, column + 1)
                if down >= deepest:
                    deepest = down + 1
                if column >= widest:
                    widest = column + 1
                self._noted(details, (down, column), cell)
            check_size(max(row + 1, deepest), widest, sheet)
            element.clear()

    def _noted(self, details: Details, place: tuple[int, int], cell: Any) -> None:  # noqa: ANN401 -- lxml has no types
        kind, given = cell.get("t", ""), cell.get("s", "")
        self.styles.note(details, place, int(given) if given.isdecimal() else 0)
        if kind in {"", "n"} and len(cell) == 1 and cell[0].tag == _V:
            return  # a number, as most cells are
        parts = {part.tag.rpartition("}")[2]: part for part in cell.iterchildren("*")}
        value = (parts["v"].text or "").strip() if "v" in parts else ""
        if kind == "e":
            details.values[place] = NoValue("error", value or "#ERROR!")
        elif kind == "inlineStr" and (runs := _runs(parts.get("is"))):
            details.runs[place] = runs
        elif kind == "s" and value.isdecimal() and int(value) in self.runs:
            details.runs[place] = self.runs[int(value)]
        elif "f" in parts and kind not in {"str", "s", "b"}:
            details.formula(place, _stored(value), parts["f"].text or "")


def _any(styles: Iterable[int]) -> bytes:
    """Return a pattern of what a cell says of its style; nothing is style 0."""
    listed = sorted(styles)
    said = "|".join(map(str, listed)).encode()
    return rb"(?: s=\"(?:%s)\")%s" % (said, b"?" if listed[:1] == [0] else b"")


def _is_marked(content: bytes) -> bool:
    """Return whether a part holds text in a font that means something for it."""
    # plain letters are found at three times the speed
    words = (b"superscript", b"strike", b"rFont")
    return any(word in content for word in words) and bool(_MARKED.search(content))


def _holds_plain_cells(content: bytes) -> bool:
    """Return whether a sheet has neither formulas nor errors, and addresses that a search finds."""
    start = max(content.find(b"<sheetData"), 0)
    # single letters are found at ten times the speed
    rare = [sign for sign in (b"f", b":", b"'") if content.find(sign, start) >= 0]
    signs = {b"f": (b"<f", b":f"), b":": (b":c", b":row"), b"'": (b"'e'", b"r='")}
    searched = [b'"e"', b" r =", *(one for sign in rare for one in signs[sign])]
    return not any(content.find(sign, start) >= 0 for sign in searched)


def _hidden(content: bytes) -> Iterator[str]:
    """Yield the rows and columns that a sheet hides."""
    if b" hidden=" not in content:
        return
    for tag in _LINE.findall(content):
        about = dict(_ATTRIBUTE.findall(tag))
        if about.get(b"hidden") not in {b"1", b"true"}:
            continue
        if row := about.get(b"r"):
            yield row.decode()
        elif (first := about.get(b"min", b"")).isdigit() and (last := about.get(b"max", b"")).isdigit():
            # all columns behind the table are often hidden
            yield named_columns(int(first) - 1, int(last) - 1)


def _stored(value: str) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        return math.nan


def _check_extent(sheet: str, content: bytes) -> None:
    # most sheets are at most 26 columns wide and not too long for that, which a quick search can tell
    lines = {found[1] for found in _FAR.finditer(content)}
    if None not in lines and max(map(int, lines), default=0) * 26 <= limits().cells:
        return
    places = _ADDRESS.findall(content)
    rows = max(map(int, {*_ROW.findall(content), *(number for _, number in places)}), default=0)
    columns = max(
        (place_of(letters.decode(), "1")[1] + 1 for letters in {one for one, _ in places}), default=0
    )
    check_size(rows, columns, sheet)


def _sheets(parts: Parts) -> dict[str, str]:
    """Return the part in which each sheet is."""
    targets, sheets = parts.linked("workbook.xml"), parts.tree("xl/workbook.xml").iter("{*}sheet")
    found = ((one.get("name"), targets.get(one.get(_IDS))) for one in sheets)
    return {name: place for name, place in found if name and place in parts.names}


def _styles(parts: Parts) -> Styles:
    tree = parts.tree("xl/styles.xml")
    codes = BUILT_IN | {
        int(one.get("numFmtId")): one.get("formatCode", "")
        for one in tree.iter("{*}numFmt")
        if one.get("numFmtId", "").isdecimal()
    }
    fonts = [_font(one, "name") for one in tree.iterfind("{*}fonts/{*}font")]
    styles = Styles()
    for number, one in enumerate(tree.iterfind("{*}cellXfs/{*}xf")):
        code, font = (int(one.get(name) or 0) for name in ("numFmtId", "fontId"))
        styles.add(codes.get(code, ""), font, fonts, number)
    return styles


def _font(about: Any, name: str) -> Font:  # noqa: ANN401 -- as above
    """Return what is said of a font; its name is given by another tag in a text than in a style."""
    letters, struck, level = (about.find(f"{{*}}{tag}") for tag in (name, "strike", "vertAlign"))
    return Font(
        "" if letters is None else letters_of_font(letters.get("val", "")),
        struck is not None and struck.get("val", "1") not in {"0", "false"},
        level is not None and level.get("val") == "superscript",
    )


def _shared_runs(parts: Parts, *, some_struck: bool) -> dict[int, Runs]:
    """Return the shared texts in several fonts, by their numbers, where fonts mean anything for a text."""
    content = parts.part("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in parts.names else b""
    found: dict[int, Runs] = {}
    if some_struck or _is_marked(content):
        items = etree.iterparse(io.BytesIO(content), tag="{*}si", resolve_entities=False)
        for number, (_, item) in enumerate(items if content else ()):
            runs = _runs(item)
            if some_struck or any(font and any(font) for _, font in runs):
                found[number] = runs
            item.clear()
    return {number: runs for number, runs in found.items() if runs}


def _runs(item: Any) -> Runs:  # noqa: ANN401 -- as above
    """Return a text in several fonts in its pieces; nothing for any other text."""
    runs = item.iterfind("{*}r") if item is not None else ()
    pairs = ((run.findtext("{*}t") or "", run.find("{*}rPr")) for run in runs)
    return [(text, None if about is None else _font(about, "rFont")) for text, about in pairs]
