"""Tables of HTML pages, also of those that are named .xls; nothing is fetched and nothing is run."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from cbanalysis.sheets.grids import Cell, Span
from cbanalysis.sheets.limits import MOST_CELLS, MOST_COLUMNS, check_size

__all__ = ["PageTable", "read_page"]

PageTable = tuple[list[list[Cell]], tuple[Span, ...], tuple[str, ...]]

_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]{1,20})", re.IGNORECASE)
_FONT_FAMILY = re.compile(r"font-family:\s*['\"]?([^;'\",]{1,60})|face=['\"]?([^'\",>]{1,60})", re.IGNORECASE)
_BREAKING = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "title"}
_ABOVE = 6


class _Tables(HTMLParser):
    """Collects the cells of tables; a table inside a cell is text of that cell's own table's neighbour."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.tables: list[PageTable] = []
        self.lines: list[str] = [""]
        self.open: list[_Table] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.silent += 1
        elif tag == "table":
            above = [line.strip() for line in self.lines if line.strip()][-_ABOVE:]
            self.open.append(_Table(self.file, tuple(above)))
            self.lines = [""]
        elif self.open and tag == "tr":
            self.open[-1].row()
        elif self.open and tag in {"td", "th"}:
            spans = dict(attrs)
            self.open[-1].cell(_count(spans.get("rowspan")), _count(spans.get("colspan")))
        elif tag in _BREAKING:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.open:
            table = self.open.pop()
            if found := table.closed():
                self.tables.append(found)
        elif tag in {"td", "th"} and self.open:
            self.open[-1].writing = False
        elif tag in _BREAKING and not self.open:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.open:
            self.open[-1].write(data)
        else:
            first, *others = data.split("\n")
            self.lines[-1] += first
            self.lines += others
            del self.lines[: -8 * _ABOVE]


def _count(span: str | None) -> int:
    return min(int(span), MOST_COLUMNS + 1) if span and span.isascii() and span.isdigit() and int(span) else 1


class _Table:
    def __init__(self, file: str, above: tuple[str, ...]) -> None:
        self.file = file
        self.above = above
        self.rows: list[dict[int, list[str]]] = []
        self.taken: dict[int, int] = {}  # column: rows that a cell from above still reaches into
        self.merged: list[Span] = []
        self.at = 0
        self.area = 0
        self.writing = False
        self.caption = ""

    def row(self) -> None:
        self.writing = False
        self.taken = (
            {column: left - 1 for column, left in self.taken.items() if left > 1} if self.rows else {}
        )
        self.rows.append({})
        self.at = 0

    def cell(self, down: int, across: int) -> None:
        if not self.rows:
            self.row()
        while self.taken.get(self.at, 0):
            self.at += 1
        top = len(self.rows) - 1
        self.rows[top][self.at] = []
        self.area += across
        if self.at + across > MOST_COLUMNS or self.area > MOST_CELLS:
            check_size(self.file, len(self.rows), max(self.at + across, MOST_COLUMNS + 1))
        if down > 1 or across > 1:
            self.merged.append((top, self.at, top + down - 1, self.at + across - 1))
        for column in range(self.at, self.at + across):
            if down > 1:
                self.taken[column] = down
        self.current = self.rows[top][self.at]
        self.at += across
        self.writing = True

    def write(self, data: str) -> None:
        if self.writing:
            self.current.append(data)
        elif data.strip():
            self.caption += data

    def closed(self) -> PageTable | None:
        width = max((max(row) + 1 for row in self.rows if row), default=0)
        width = max([width, *(right + 1 for _, _, bottom, right in self.merged)], default=0)
        if not width:
            return None
        check_size(self.file, len(self.rows), width)
        rows: list[list[Cell]] = [
            [" ".join("".join(row.get(column, ())).split()) for column in range(width)] for row in self.rows
        ]
        last = len(rows) - 1
        merged = tuple((top, left, min(bottom, last), right) for top, left, bottom, right in self.merged)
        caption = " ".join(self.caption.split())
        return rows, merged, (*self.above, *([caption] if caption else []))


def read_page(file: str, text: str) -> list[PageTable]:
    """Return the tables of a page: rows, merged ranges, and the lines of text above each.

    Raises
    ------
    DataError
        If a table is too large.
    """
    parser = _Tables(file)
    parser.feed(text)
    parser.close()
    while parser.open:  # a page that was cut off
        if found := parser.open.pop().closed():
            parser.tables.append(found)
    return parser.tables


def charset(content: bytes) -> str:
    """Return the encoding that a page names, ``""`` if it names none."""
    found = _CHARSET.search(content[:2048])
    return found[1].decode("ascii").lower() if found else ""


def page_fonts(text: str) -> set[str]:
    """Return the fonts that a page names."""
    return {(one or other).strip() for one, other in _FONT_FAMILY.findall(text)}
