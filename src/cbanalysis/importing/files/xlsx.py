"""Workbooks of Excel since 2007: the sheets' own XML for what calamine passes over."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml import etree

from cbanalysis.common.limits import check_size, limits
from cbanalysis.importing.files.archives import Parts
from cbanalysis.importing.files.details import Details, Font, Styles, place_of
from cbanalysis.importing.files.formats import BUILT_IN, number_format
from cbanalysis.importing.files.grids import NoValue, named_columns
from cbanalysis.importing.files.letters import letters_of_font, unicode_text

_IDS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<row\b[^>]*?\br=\"([0-9]{1,9})\"")
# a search that begins with plain letters runs at many times the speed of one for whole tags
_FAR = re.compile(rb"r=\"(?:[A-Z]{2,3}[0-9]|[A-Z]?([0-9]{6,9})\")")
_ADDRESS = re.compile(rb"<c r=\"([A-Z]{1,4})([0-9]{1,9})\"")
_TAG = re.compile(rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"([^>]*)>")
_ERROR = re.compile(rb"(?:<f\b[^>]*?(?:/>|>[^<]*</f>)\s*)?<v>([^<]{0,40})</v>")
# a formula whose stored value is 0, or that has none
_SUSPECT = re.compile(
    rb"<f(?: [^>]*?)?(?:/>|>([^<]*)</f>)\s*(?:<v>\s*(-?0(?:\.0*)?(?:[eE][^<]*)?)?\s*</v>|<v\s*/>|</c>)"
)
_MARKED = re.compile(rb"<(?:\w+:)?(?:vertAlign[^>]*superscript|strike\b)")
_LINE = re.compile(rb"<(?:\w+:)?(?:row|col)\b([^>]*\bhidden=[^>]*)>")
_ATTRIBUTE = re.compile(rb"\b(\w+)=[\"']([^\"']*)")
_NUMBER = rb"[^>]*>(?:<f\b[^>]*?(?:/>|>[^<]*</f>))?<v>"

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
        self.texts = _texts(parts)
        self.printed = _printed_texts(parts, some_struck=bool(self.styles.struck))
        self.places = _sheets(parts)

    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells.

        Raises
        ------
        DataError
            If its cells lie so far apart that a table of them would fill the memory.
        """
        details = Details(texts=self.texts)
        # a sheet that isn't where it should be: all are looked at for their size
        sheets = [
            one for one in self.parts.names if one.startswith("xl/worksheets/") and one.endswith(".xml")
        ]
        for name in [self.places[sheet]] if sheet in self.places else sheets:
            content = self.parts.part(name)
            details.hidden += _hidden(content)
            told_of = bool(self.styles.formats or self.styles.fonts or self.styles.struck)
            marked = self.printed or _MARKED.search(content)
            if not (told_of or marked) and _holds_plain_cells(content):
                _check_extent(sheet, content)
            elif not marked and _is_tidy(content):
                _check_extent(sheet, content)
                self._searched(details, content)
            else:
                self._walked(details, sheet, content)
        return details if sheet in self.places else Details()

    def _walked(self, details: Details, sheet: str, content: bytes) -> None:
        """Note all cells of a sheet whose XML is unusual; slower, and right in any case."""
        row, widest = -1, 0
        for _, element in etree.iterparse(io.BytesIO(content), tag="{*}row", resolve_entities=False):
            given = element.get("r", "")
            row = int(given) - 1 if given.isdecimal() else row + 1
            column = -1
            for cell in element.iterchildren("{*}c"):
                address = re.fullmatch(r"([A-Z]{1,4})([0-9]{1,9})", cell.get("r", ""))
                down, column = place_of(address[1], address[2]) if address else (row, column + 1)
                widest = max(widest, column + 1)
                check_size(max(row, down) + 1, widest, sheet)
                self._noted(details, (down, column), cell)
            element.clear()

    def _noted(self, details: Details, place: tuple[int, int], cell: Any) -> None:  # noqa: ANN401 -- lxml has no types
        kind, value, formula = cell.get("t", ""), (cell.findtext("{*}v") or "").strip(), cell.find("{*}f")
        given = cell.get("s", "")
        style = int(given) if given.isdecimal() else 0
        if kind == "e":
            details.values[place] = NoValue("error", value or "#ERROR!")
        elif kind == "inlineStr" and (texts := _printed(cell.find("{*}is"))) is not None:
            details.printed[place] = texts[style in self.styles.struck]
        elif kind == "s" and value.isdecimal() and int(value) in self.printed:
            details.printed[place] = self.printed[int(value)][style in self.styles.struck]
        elif formula is not None and kind not in {"str", "s", "b"}:
            details.formula(place, _stored(value), formula.text or "")
        self.styles.note(details, place, style)

    def _searched(self, details: Details, content: bytes) -> None:
        """Note the cells of interest of a sheet as office programs write it, found by plain searches."""
        for pattern in self._patterns:
            for found in pattern.finditer(content):
                place = place_of(found[1].decode(), found[2].decode())
                self.styles.note(details, place, int(found[3]))
        for found in re.finditer(rb' t="e"', content):
            if tag := _tag_before(content, found.start()):
                value = _ERROR.match(content, tag.end())
                name = unescape(value[1].decode("utf-8", "replace")) if value else "#ERROR!"
                details.values[_place(tag)] = NoValue("error", name)
        suspects = 0
        for found in _SUSPECT.finditer(content):
            suspects += 1
            tag = _tag_before(content, found.start())
            if tag is None or re.search(rb't="(?:str|s|b|e)"', tag[3]):
                continue
            text = unescape((found[1] or b"").decode("utf-8", "replace"))
            details.formula(_place(tag), 0 if found[2] else None, text)
        details.trusted = suspects < content.count(b"<f>") + content.count(b"<f ")

    @property
    def _patterns(self) -> list[re.Pattern[bytes]]:
        """Searches for the cells whose style matters; a number with few decimals is shown as it is."""
        always = [*{*self.styles.fonts, *self.styles.struck}]
        short: dict[int, list[int]] = {}
        for style, code in self.styles.formats.items():
            decimals = number_format(code).decimals
            if decimals is None or decimals < 0:
                always.append(style)
            else:
                short.setdefault(decimals, []).append(style)
        head = rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*? s=\"(%s)\""
        patterns = [re.compile(head % _any(always))] if always else []
        for decimals, styles in short.items():
            number = rb"-?(?:[0-9]*\.[0-9]{%d,}|[0-9.]+[eE])" % (decimals + 1)
            patterns.append(re.compile(head % _any(styles) + _NUMBER + number))
        return patterns


def _holds_plain_cells(content: bytes) -> bool:
    """Return whether a sheet has neither formulas nor errors, and addresses that a search finds."""
    start = max(content.find(b"<sheetData"), 0)
    # single letters are found at ten times the speed
    rare = [sign for sign in (b"f", b":", b"'") if content.find(sign, start) >= 0]
    signs = {b"f": (b"<f", b":f"), b":": (b":c", b":row"), b"'": (b"'e'", b"r='")}
    searched = [b'"e"', b" r =", *(one for sign in rare for one in signs[sign])]
    return not any(content.find(sign, start) >= 0 for sign in searched)


def _is_tidy(content: bytes) -> bool:
    """Return whether a sheet is written as office programs do: without prefixes, with all addresses."""
    odd = (b":c ", b":c>", b":row ", b"r='", b" r =", b"<c>", b"<c/>", b"<c\n", b"<c\t", b"<c\r", b"<f\n")
    return content.count(b"<c ") == content.count(b'<c r="') and not any(sign in content for sign in odd)


def _tag_before(content: bytes, at: int) -> re.Match[bytes] | None:
    return _TAG.match(content, max(content.rfind(b"<c ", 0, at + 1), 0))


def _place(tag: re.Match[bytes]) -> tuple[int, int]:
    return place_of(tag[1].decode(), tag[2].decode())


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


def _any(styles: list[int]) -> bytes:
    return "|".join(map(str, sorted(styles))).encode()


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


def _printed_texts(parts: Parts, *, some_struck: bool) -> dict[int, tuple[str, str]]:
    """Return the shared texts, by their numbers, with parts that stand above the line or are struck out."""
    content = parts.part("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in parts.names else b""
    if not content or not (some_struck or _MARKED.search(content)):
        return {}
    found = {}
    for number, (_, item) in enumerate(
        etree.iterparse(io.BytesIO(content), tag="{*}si", resolve_entities=False)
    ):
        if (texts := _printed(item)) is not None:
            found[number] = texts
        item.clear()
    return found


def _printed(item: Any) -> tuple[str, str] | None:  # noqa: ANN401 -- as above
    """Return what is printed of runs in a cell, and in a struck one; None where they change nothing."""
    found, plain = ["", ""], ""
    for run in item.iterfind("{*}r") if item is not None else ():
        text, about = run.findtext("{*}t") or "", run.find("{*}rPr")
        plain += text
        for struck in (False, True):
            # what has no font of its own has the cell's
            font = Font(struck=struck) if about is None else _font(about, "rFont")
            found[struck] += font.printed(text)
    return (found[0], found[1]) if found != [plain, ""] else None


def _texts(parts: Parts) -> dict[str, str]:
    """Return the shared texts with parts in a font of before Unicode, and what they are in Unicode."""
    content = parts.part("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in parts.names else b""
    if not re.search(rb"<(?:\w+:)?rFont val=\"(?:\.vn|vni)", content, re.IGNORECASE):
        return {}
    texts = {}
    for _, item in etree.iterparse(io.BytesIO(content), tag="{*}si", resolve_entities=False):
        plain, read = "", ""
        for run in item.iterfind("{*}r"):
            text, about = run.findtext("{*}t") or "", run.find("{*}rPr")
            letters = "" if about is None else _font(about, "rFont").letters
            plain += text
            read += unicode_text(text, letters) if letters else text
        if plain and read != plain:
            texts[plain] = read
        item.clear()
    return texts
