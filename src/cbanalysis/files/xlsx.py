"""Workbooks of Excel since 2007: the sheets' own XML for what calamine passes over."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from lxml import etree

from cbanalysis.files.archives import Parts
from cbanalysis.files.details import Details
from cbanalysis.files.formats import BUILT_IN, number_format
from cbanalysis.files.formulas import place_of
from cbanalysis.files.grids import NoValue
from cbanalysis.files.letters import Letters, letters_of_font, unicode_text
from cbanalysis.limits import check_size, limits

__all__ = ["Excel"]

_SPACE = "{*}"
_IDS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<row\b[^>]*?\br=\"([0-9]{1,9})\"")
# searches that begin with plain letters run at many times the speed of those for whole tags
_WIDE = re.compile(rb"r=\"[A-Z]{2,3}[0-9]")
_LONG = re.compile(rb"r=\"[A-Z]{0,3}([0-9]{6,9})\"")
_ADDRESS = re.compile(rb"<c r=\"([A-Z]{1,4})([0-9]{1,9})\"")
# what office programs don't write and readers of XML take: prefixes, other quotes, cells without an address
_ODD = re.compile(rb"<\w+:(?:row|c)\b|r[=\s][\s'=]|<c(?: (?!r=\")|>|/>|\s*\n)")
_TAG = re.compile(rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"([^>]*)>")
_STYLE = re.compile(rb"\bs=\"([0-9]{1,6})\"")
_FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v>([^<]{0,400})</v>)?")
_NUMBER = rb"[^>]*>(?:<f\b[^>]*?(?:/>|>[^<]*</f>))?<v>"


class _Spotted(NamedTuple):
    """A cell that something may be told of."""

    row: int
    column: int
    style: int
    kind: str
    formula: str | None
    value: str


@dataclass(frozen=True)
class _Styles:
    formats: dict[int, str]  # style: code under which a number may look otherwise
    fonts: dict[int, Letters]


class Excel:
    """The parts of an .xlsx that tell of cells what calamine doesn't."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.styles = _styles(parts)
        self.texts = _texts(parts)
        self.places = _sheets(parts)

    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells.

        Raises
        ------
        DataError
            If its cells lie so far apart that a table of them would fill the memory.
        """
        details = Details(texts=self.texts)
        content = self.parts.part(self.places[sheet]) if sheet in self.places else b""
        tidy = not _ODD.search(content)
        if tidy:
            _check_extent(self.parts.file, sheet, content)
        spotted = self._spotted(content) if tidy else _walked(self.parts.file, sheet, content)
        computed = False
        for cell in spotted:
            place = cell.row, cell.column
            if cell.kind == "e":
                details.values[place] = NoValue("error", cell.value or "#ERROR!")
            elif cell.formula is not None and cell.kind not in {"str", "s", "b"}:
                if not cell.value:
                    details.values[place] = NoValue("formula", f"={cell.formula}")
                elif _is_zero(cell.value):
                    details.zeros[place] = cell.formula
                else:
                    computed = True
            if cell.style in self.styles.formats:
                details.formats[place] = self.styles.formats[cell.style]
            if cell.style in self.styles.fonts:
                details.fonts[place] = self.styles.fonts[cell.style]
        details.trusted = computed
        return details

    def _spotted(self, content: bytes) -> Iterator[_Spotted]:
        """Yield the cells of interest of a sheet as office programs write it, found by plain searches."""
        starts: set[int] = set()
        for found in re.finditer(rb" t=\"e\"|<f\b", content):
            starts.add(content.rfind(b"<c ", 0, found.start()))
        for pattern in self._patterns:
            starts.update(found.start() for found in pattern.finditer(content))
        for start in sorted(starts):
            tag = _TAG.match(content, start)
            if tag is None:
                continue
            style = _STYLE.search(tag[3])
            kind = re.search(rb"\bt=\"(\w+)\"", tag[3])
            end = content.find(b"<c ", tag.end())
            inside = content[tag.end() : end if end >= 0 else tag.end() + 20_000]
            formula = _FORMULA.match(inside)
            value = re.match(rb"<v>([^<]*)</v>", inside)
            text = formula[2] if formula else value[1] if value else b""
            yield _Spotted(
                *place_of(tag[1].decode(), tag[2].decode()),
                int(style[1]) if style else 0,
                kind[1].decode() if kind else "",
                unescape((formula[1] or b"").decode("utf-8", "replace")) if formula else None,
                unescape((text or b"").decode("utf-8", "replace")).strip(),
            )

    @property
    def _patterns(self) -> list[re.Pattern[bytes]]:
        """Searches for the cells whose style matters; a number with few decimals is shown as it is."""
        always = [*self.styles.fonts]
        short: dict[int, list[int]] = {}
        for style, code in self.styles.formats.items():
            decimals = number_format(code).decimals
            if decimals is None or decimals < 0:
                always.append(style)
            else:
                short.setdefault(decimals, []).append(style)
        head = rb"<c r=\"[A-Z]{1,3}[0-9]{1,7}\"[^>]*? s=\"(?:%s)\""
        patterns = [re.compile(head % _any(always))] if always else []
        for decimals, styles in short.items():
            number = rb"-?(?:[0-9]*\.[0-9]{%d,}|[0-9.]+[eE])" % (decimals + 1)
            patterns.append(re.compile(head % _any(styles) + _NUMBER + number))
        return patterns


def _any(styles: list[int]) -> bytes:
    return "|".join(map(str, sorted(styles))).encode()


def _is_zero(value: str) -> bool:
    try:
        return float(value) == 0
    except ValueError:
        return False


def _check_extent(file: str, sheet: str, content: bytes) -> None:
    # most sheets are at most 26 columns wide and not too long for that, which two quick searches can tell
    narrow = not _WIDE.search(content)
    if narrow and max(map(int, _LONG.findall(content)), default=0) * 26 <= limits().cells:
        return
    places = _ADDRESS.findall(content)
    rows = max(map(int, {*_ROW.findall(content), *(number for _, number in places)}), default=0)
    columns = max(
        (place_of(letters.decode(), "1")[1] + 1 for letters in {one for one, _ in places}), default=0
    )
    check_size(file, rows, columns, sheet)


def _walked(file: str, sheet: str, content: bytes) -> Iterator[_Spotted]:
    """Yield all cells of a sheet whose XML is unusual; slower, and right in any case."""
    row, widest = -1, 0
    for _, element in etree.iterparse(io.BytesIO(content), tag="{*}row", resolve_entities=False):
        given = element.get("r", "")
        row = int(given) - 1 if given.isdecimal() else row + 1
        column = -1
        for cell in element.iterchildren("{*}c"):
            address = re.fullmatch(r"([A-Z]{1,4})([0-9]{1,9})", cell.get("r", ""))
            down, column = place_of(address[1], address[2]) if address else (row, column + 1)
            widest = max(widest, column + 1)
            check_size(file, max(row, down) + 1, widest, sheet)
            formula = cell.find("{*}f")
            yield _Spotted(
                down,
                column,
                int(cell.get("s")) if cell.get("s", "").isdecimal() else 0,
                cell.get("t", ""),
                None if formula is None else formula.text or "",
                (cell.findtext("{*}v") or "").strip(),
            )
        element.clear()


def _sheets(parts: Parts) -> dict[str, str]:
    """Return the part in which each sheet is."""
    targets = {
        one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
        for one in parts.tree("xl/_rels/workbook.xml.rels").iter("{*}Relationship")
    }
    found = (
        (one.get("name"), targets.get(one.get(_IDS)))
        for one in parts.tree("xl/workbook.xml").iter("{*}sheet")
    )
    return {name: place for name, place in found if name and place in parts.names}


def _styles(parts: Parts) -> _Styles:
    tree = parts.tree("xl/styles.xml")
    codes = BUILT_IN | {
        int(one.get("numFmtId")): one.get("formatCode", "")
        for one in tree.iter("{*}numFmt")
        if one.get("numFmtId", "").isdecimal()
    }
    fonts = [letters_of_font(one.get("val", "")) for one in tree.iterfind("{*}fonts/{*}font/{*}name")]
    styles = _Styles({}, {})
    for number, one in enumerate(tree.iterfind("{*}cellXfs/{*}xf")):
        code = codes.get(int(one.get("numFmtId") or 0), "")
        if code and number_format(code).decimals is not None:
            styles.formats[number] = code
        font = int(one.get("fontId") or 0)
        if font < len(fonts) and fonts[font]:
            styles.fonts[number] = fonts[font]
    return styles


def _texts(parts: Parts) -> dict[str, str]:
    """Return the shared texts with parts in a font of before Unicode, and what they are in Unicode."""
    content = parts.part("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in parts.names else b""
    if not re.search(rb"<(?:\w+:)?rFont val=\"(?:\.vn|vni)", content, re.IGNORECASE):
        return {}
    texts = {}
    for _, item in etree.iterparse(io.BytesIO(content), tag="{*}si", resolve_entities=False):
        plain, read = "", ""
        for run in item.iterfind("{*}r"):
            text = run.findtext("{*}t") or ""
            font = run.find("{*}rPr/{*}rFont")
            letters = "" if font is None else letters_of_font(font.get("val", ""))
            plain += text
            read += unicode_text(text, letters) if letters else text
        if plain and read != plain:
            texts[plain] = read
        item.clear()
    return texts
