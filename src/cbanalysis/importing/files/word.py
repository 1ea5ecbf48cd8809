"""Word documents: paragraphs and tables as they are printed, read row by row and never whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from cbanalysis.common.limits import check_size, limits, refuse
from cbanalysis.importing.files.archives import Parts, damaged
from cbanalysis.importing.files.formulas_and_fonts import PLAIN, Font, printed
from cbanalysis.importing.files.grids import Cell, Grid
from cbanalysis.importing.files.letters import Letters, letters_of_font

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_P, _TBL, _TR, _TC, _R, _T, _SYM = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "t", "sym"))
_FONT, _ASCII = f"{_W}rPr/{_W}rFonts", f"{_W}ascii"
# what isn't printed: deleted and moved text, the second form of a drawing, properties
_UNPRINTED = frozenset(
    {
        f"{_W}{name}"
        for name in ("del", "moveFrom", "pPr", "tblPr", "tcPr", "trPr", "sdtPr", "instrText", "delText")
    }
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_SIGNS = {f"{_W}noBreakHyphen": "-", f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_M}den": "/"}
# what is in its place in a table's row, whatever is wrapped around it
_WRAPPERS = frozenset(
    f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_SYMBOL = {
    0x2D: "−", 0xA3: "≤", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
    0xD7: "⋅", 0xA5: "∞", 0xB0: "°",
}  # fmt: skip
_UNKNOWN, _MOST_STYLES = "\ufffd", 10
_ABOVE = 6


def read_word(parts: Parts, letters: Letters | None = None) -> tuple[list[str | Grid], set[Letters]]:
    """Return the paragraphs and tables of a .docx in their order, and the encodings that text was in.

    ``letters`` say how text of before Unicode is encoded; by default the font of each run tells.

    Raises
    ------
    DataError
        If the document is damaged, nested too deeply, or a table too large.
    """
    reader = _Reader(parts, letters)
    content = io.BytesIO(parts.part("word/document.xml"))
    try:
        events = etree.iterparse(
            content, events=("start", "end"), tag=(_P, _TBL, _TR), resolve_entities=False, no_network=True
        )
        for event, element in events:
            reader.take(event, element)
    except etree.Error as error:
        raise damaged(error) from error
    return reader.blocks, reader.used


class _Reader:
    def __init__(self, parts: Parts, letters: Letters | None) -> None:
        self.letters = letters
        styles = parts.tree("word/styles.xml")
        self.styles = {one.get(f"{_W}styleId", ""): one for one in styles.iterfind(f"{_W}style")}
        # plain paragraphs have a style that they don't name
        plain = (one for one in self.styles.values() if one.get(f"{_W}type") == "paragraph")
        self.plain = next((one for one in plain if one.get(f"{_W}default") in {"1", "true"}), None)
        self.usual = styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_FONT}")
        self.used: set[Letters] = set()
        self.blocks: list[str | Grid] = []
        self.open: list[str] = []
        self.table: _Table | None = None
        self.above: list[str] = []
        self.size = 0

    def take(self, event: str, element: Any) -> None:  # noqa: ANN401 -- lxml has no types
        """Take a paragraph, table or row as it begins or ends."""
        if event == "start":
            if element.tag == _TBL and _TBL not in self.open:
                self.table = _Table(tuple(self.above[-_ABOVE:]))
            self.open.append(element.tag)
            return
        self.open.pop()
        tables = self.open.count(_TBL)
        if element.tag == _TR and tables == 1 and self.table is not None:
            self.table.row(element, self)
            _forget(element)
        elif element.tag == _TBL and not tables and self.table is not None:
            table = self.table.closed()
            if table.rows:
                self.blocks.append(table)
                self.above = []
            self.table = None
            _forget(element)
        elif element.tag == _P and not self.open:
            self._paragraph(element)
            _forget(element)

    def _paragraph(self, element: Any) -> None:  # noqa: ANN401 -- as above
        text = self.text(element).strip("\n")
        self.size += len(text) + 1
        if self.size > limits().characters:
            what = f"more than {limits().characters:,} characters"
            raise refuse(what, allowed="a shorter document")
        if text or (self.blocks and self.blocks[-1] != ""):
            self.blocks.append(text)
        if line := " ".join(text.split()):
            self.above.append(line)

    def text(self, element: Any) -> str:  # noqa: ANN401 -- as above
        """Return the text of a paragraph or cell as it is printed; paragraphs in a cell are lines."""
        pieces: list[tuple[str, Font]] = []
        waiting: list[tuple[Any, Font]] = [(element, self._style(element))]
        while waiting:
            one, font = waiting.pop()
            tag = one.tag
            if tag in _UNPRINTED:
                continue
            if tag == _R:
                font = self._run(one, font)
            elif tag == _P and one is not element:
                pieces.append(("\n", PLAIN))
                font = self._style(one)
            if tag in {_T, f"{_M}t"}:
                pieces.append((one.text or "", font))
            elif tag == _SYM:
                pieces.append((_symbol(one), font._replace(letters="")))
            elif sign := _SIGNS.get(tag):
                pieces.append((sign, font))
            waiting += [(child, font) for child in reversed(one)]
        self.used |= {font.letters for text, font in pieces if not text.isascii()} - {""}
        return printed(pieces)

    def _told(self, element: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        """Return what a run or style says by a property, or one that it is made from; None for nothing."""
        found = None
        for _ in range(_MOST_STYLES):
            if element is None or (found := element.find(path)) is not None:
                break
            link = element.find(f"{_W}rPr/{_W}rStyle" if element.tag == _R else f"{_W}basedOn")
            element = None if link is None else self.styles.get(link.get(f"{_W}val"))
        return found

    def _mark(self, run: Any, name: str) -> str:  # noqa: ANN401 -- as above
        mark = self._told(run, f"{_W}rPr/{_W}{name}")
        return "" if mark is None else str(mark.get(f"{_W}val", "true"))

    def _style(self, element: Any) -> Font:  # noqa: ANN401 -- as above
        """Return the font of a paragraph's style."""
        if self.letters is not None:
            return Font(self.letters)
        name = element.find(f"{_W}pPr/{_W}pStyle")
        style = self.plain if name is None else self.styles.get(name.get(f"{_W}val", ""), self.plain)
        font = self._told(style, f"{_FONT}[@{_ASCII}]")
        font = self.usual if font is None else font
        return Font("" if font is None else letters_of_font(font.get(_ASCII, "")))

    def _run(self, run: Any, around: Font) -> Font:  # noqa: ANN401 -- as above
        told = ((key, self._told(run, f"{_FONT}[@{key}]")) for key in (_ASCII, f"{_W}hAnsi"))
        name = next((font.get(key) for key, font in told if font is not None), "")
        letters = letters_of_font(name) if name and self.letters is None else around.letters
        marks = (self._mark(run, name) for name in ("vanish", "strike", "dstrike"))
        struck = any(mark not in {"", "false", "0", "off"} for mark in marks)
        small_and_high = self._mark(run, "position").strip("0").isdecimal() and self._mark(run, "sz")
        raised = self._mark(run, "vertAlign") == "superscript" or bool(small_and_high)
        return Font(letters, struck, raised)


def _forget(element: Any) -> None:  # noqa: ANN401 -- as above
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _symbol(element: Any) -> str:  # noqa: ANN401 -- as above
    """Return a sign of a font of signs; one that isn't known must not vanish between two figures."""
    given = element.get(f"{_W}char", "")
    try:
        code = int(given, 16)
    except ValueError:
        return _UNKNOWN
    code -= 0xF000 if 0xF000 <= code <= 0xF0FF else 0
    if element.get(f"{_W}font", "") != "Symbol":
        return chr(code) if 0xFF < code < 0xD800 else _UNKNOWN
    return _SYMBOL.get(code) or (
        chr(code) if chr(code).isdigit() or chr(code) in "%()+,./:;<=>[]| " else _UNKNOWN
    )


class _Table:
    """The rows of a table as they come; deleted ones are left out."""

    def __init__(self, above: tuple[str, ...]) -> None:
        self.above = above
        self.rows: list[dict[int, str]] = []
        self.spans: list[list[int]] = []
        self.reaching: dict[int, list[int]] = {}  # column: the merged range that a cell below may continue
        self.width = 0

    def row(self, line: Any, reader: _Reader) -> None:  # noqa: ANN401 -- as above
        properties = line.find(f"{_W}trPr")
        if properties is not None and properties.find(f"{_W}del") is not None:
            return
        top = len(self.rows)
        self.rows.append({})
        at = _number(properties, "gridBefore", 0)
        span: list[int] | None = None
        for cell in _cells(line):
            about = cell.find(f"{_W}tcPr")
            if about is not None and about.find(f"{_W}cellDel") is not None:
                continue
            across = max(1, _number(about, "gridSpan", 1))
            check_size(top + 1, at + across)
            if span is not None and _goes_on(about, "hMerge"):
                span[3] = at + across - 1
            elif _goes_on(about, "vMerge") and at in self.reaching:
                self.reaching[at][2] = top
                span = None
            else:
                span = [top, at, top, at + across - 1]
                self.spans.append(span)
                self.reaching[at] = span
                self.rows[top][at] = " ".join(reader.text(cell).split())
            at += across
            self.width = max(self.width, at)
        check_size(len(self.rows), self.width)

    def closed(self) -> Grid:
        rows: list[list[Cell]] = [[row.get(column, "") for column in range(self.width)] for row in self.rows]
        merged = tuple(
            (top, left, bottom, right)
            for top, left, bottom, right in self.spans
            if (top, left) != (bottom, right)
        )
        return Grid("", rows if self.width else [], merged, self.above)


def _cells(line: Any) -> Iterator[Any]:  # noqa: ANN401 -- as above
    """Yield the cells of a row, also those inside of content controls and insertions."""
    waiting = [*reversed(line)]
    while waiting:
        one = waiting.pop()
        if one.tag == _TC:
            yield one
        elif one.tag in _WRAPPERS:
            waiting += reversed(one)


def _number(properties: Any, name: str, default: int) -> int:  # noqa: ANN401 -- as above
    found = None if properties is None else properties.find(f"{_W}{name}")
    value = "" if found is None else found.get(f"{_W}val", "")
    return int(value[:9]) if value.isdecimal() else default


def _goes_on(properties: Any, name: str) -> bool:  # noqa: ANN401 -- as above
    """Return whether a cell continues the merged one above it (vMerge) or before it (hMerge)."""
    found = None if properties is None else properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val", "continue") == "continue"
