"""Web pages: their text, their tables, and what they say of themselves; nothing is fetched."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree

from cbanalysis.common.limits import check_size, limits
from cbanalysis.importing.files.grids import Cell, Grid, Span, raised

_FONT_FAMILY = re.compile(r"font-family:\s*['\"]?([^;'\",]{1,60})", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt",
    "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "option", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th",
    "thead", "title", "tr", "ul",
})  # fmt: skip
_BREAKING = frozenset(["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "title"])
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_CODE = frozenset({"script", "style"})
_STRUCK = frozenset({"del", "s", "strike"})
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_CROSSED = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\.([\w-]+)\s*(?:,|$)")
_OF_TABLES = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
_ABOVE = 6


@dataclass(frozen=True)
class Page:
    """A web page.

    Attributes
    ----------
    text : str
        What a reader sees, a line for each block; without scripts, styles and the head.
    title : str
        Its title, ``""`` if it has none.
    heading : str
        The one h1 of its article, or of the whole page; ``""`` where there are several, or none.
    metadata : tuple of tuple of str
        Name (also ``property`` or ``itemprop``, in small letters) and content of each meta, in order.
    times : tuple of str
        The ``datetime`` of each time element, in order.
    linked : tuple
        The JSON-LD of the page, parsed; what is no JSON is left out.
    tables : tuple of Grid
        Its tables; one inside a cell stands before the one around it.
    fonts : frozenset of str
        The fonts that it names.
    """

    text: str
    title: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    times: tuple[str, ...] = ()
    linked: tuple[Any, ...] = ()
    tables: tuple[Grid, ...] = ()
    fonts: frozenset[str] = frozenset()
    heading: str = ""


def read_page(text: str) -> Page:
    """Read a page as browsers do, whatever its tags are like, in time that grows with its length only.

    Raises
    ------
    DataError
        If a table is too large.
    """
    page = _Reader()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    # marks that no page has in it end a parser's text too early
    content = text.replace("\0", "").encode("utf-8", "replace")
    if content.strip():
        parser.feed(content)
        parser.close()
    return page.whole()


class _Reader:
    """Takes the parser's tags and text; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.unseen = self.silent = self.dropped = self.raised = 0
        self.dropping = ""
        self.title: list[str] | None = None
        self.heading: list[str] | None = None
        self.headings: dict[bool, set[str]] = {True: set(), False: set()}  # by whether an article has them
        self.articles = 0
        self.code: list[str] | None = None
        self.name = ""
        self.metadata: list[tuple[str, str]] = []
        self.times: list[str] = []
        self.linked: list[Any] = []
        self.fonts: set[str] = set()
        self.marks: dict[str, str] = {}  # by class
        self.tables: list[Grid] = []
        self.open: list[_Table] = []
        self.line: list[str] = []
        self.lines: deque[str] = deque(maxlen=_ABOVE)

    # -- what lxml calls -------------------------------------------------------------------------

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        classes = (attributes.get("class") or "").split()
        marks = ";".join([attributes.get("style") or "", *(self.marks.get(one, "") for one in classes)])
        if self._drops(tag, attributes, marks):
            return
        if self.raised or tag == "sup" or _RAISED.search(marks):
            self.raised = 0 if tag in _OF_TABLES else self.raised + 1
        self.unseen += tag in _UNSEEN
        self.silent += tag in _CODE
        self.articles += tag == "article"
        if tag == "h1":
            self.heading = []
        if tag in _BLOCKS:
            self.parts.append("\n")
        self._fonts(attributes)
        if tag in {"meta", "time", "title", "script"}:
            self._about(tag, attributes)
        if tag == "table":
            self._line()
            self.open.append(_Table(tuple(self.lines)))
            self.lines.clear()
        elif self.open and tag == "tr":
            self.open[-1].row()
        elif self.open and tag in {"td", "th"}:
            self.open[-1].cell(_count(attributes.get("rowspan")), _count(attributes.get("colspan")))
            self.dropped, self.dropping = int(bool(_CROSSED.search(marks))), tag
        elif tag in _BREAKING:
            self._break()

    def end(self, tag: str) -> None:
        if self.dropped:
            self.dropped -= 1
            return
        self.raised -= self.raised > 0
        self.unseen -= tag in _UNSEEN
        self.silent -= tag in _CODE
        if tag == "h1" and self.heading is not None:
            self.headings[self.articles > 0].add(" ".join("".join(self.heading).split()))
            self.heading = None
        self.articles -= tag == "article"
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "title" and self.title is not None:
            self.name = self.name or " ".join("".join(self.title).split())
            self.title = None
        elif tag == "script" and self.code is not None:
            # what is no JSON, or nested beyond reason, says nothing of the page
            with suppress(ValueError, RecursionError):
                self.linked.append(json.loads("".join(self.code)))
            self.code = None
        elif tag == "table" and self.open:
            if table := self.open.pop().closed():
                self.tables.append(table)
        elif tag in {"td", "th"} and self.open:
            self.open[-1].writing = False
        elif tag in _BREAKING and not self.open:
            self._line()

    def data(self, data: str) -> None:
        if self.dropped:
            return
        data = raised(data) if self.raised else data
        if self.code is not None:
            self.code.append(data)
        elif self.silent:
            self.fonts.update(_FONT_FAMILY.findall(data))
            for names, rules in _RULE.findall(data):
                if marks := _RAISED.findall(rules) + _CROSSED.findall(rules):
                    self.marks |= dict.fromkeys(_CLASS.findall(names.strip()), ";".join(marks))
        elif self.title is not None:
            self.title.append(data)
        if not self.unseen:
            self.parts.append(_BLANKS.sub(" ", data))
            if self.heading is not None:
                self.heading.append(data)
        if not self.silent:
            self._write(data)

    def comment(self, text: str) -> None:
        """Leave comments out; Excel hides styles with their fonts in them."""
        self.fonts.update(_FONT_FAMILY.findall(text))

    def close(self) -> None:
        while self.open:
            if table := self.open.pop().closed():
                self.tables.append(table)

    # -- what it makes of it ---------------------------------------------------------------------

    def whole(self) -> Page:
        lines = (line.strip() for line in "".join(self.parts).split("\n"))
        text, fonts = "\n".join(filter(None, lines)), frozenset(map(str.strip, self.fonts))
        metadata, times, linked = tuple(self.metadata), tuple(self.times), tuple(self.linked)
        headings = (self.headings[True] or self.headings[False]) - {""}
        heading = headings.pop() if len(headings) == 1 else ""
        return Page(text, self.name, metadata, times, linked, tuple(self.tables), fonts, heading)

    def _drops(self, tag: str, attributes: Mapping[str, str], marks: str) -> bool:
        """Return whether an element isn't to be seen: struck out, hidden in a table, or in such a one."""
        if self.dropped and tag in _OF_TABLES and self.dropping not in _OF_TABLES:
            # a cell ends what was left open in the one before it
            self.dropped = 0
        if not self.dropped:
            hidden = "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "")
            # a cell keeps its place in the row
            struck = tag in _STRUCK or (tag not in {"td", "th"} and _CROSSED.search(marks))
            if not (struck or (self.open and hidden)):
                return False
            self.dropping = tag
        self.dropped += 1
        return True

    def _about(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "title" and not self.name:
            self.title = []
        elif tag == "time" and (when := attributes.get("datetime")):
            self.times.append(when.strip())
        elif tag == "script" and "ld+json" in (attributes.get("type") or "").lower():
            self.code = []
        elif tag == "meta":
            names = (attributes.get(name) for name in ("name", "property", "itemprop"))
            name = next(filter(None, names), "")
            if name and (content := attributes.get("content")):
                self.metadata.append((name.strip().lower(), content.strip()))

    def _fonts(self, attributes: Mapping[str, str]) -> None:
        if attributes:
            if style := attributes.get("style"):
                self.fonts.update(_FONT_FAMILY.findall(style))
            if face := attributes.get("face"):
                self.fonts.add(face.partition(",")[0])

    def _write(self, data: str) -> None:
        if self.open:
            self.open[-1].write(data)
            return
        first, *others = data.split("\n")
        self.line.append(first)
        for other in others:
            self._line()
            self.line.append(other)

    def _break(self) -> None:
        if self.open:
            self.open[-1].write("\n")
        else:
            self._line()

    def _line(self) -> None:
        if text := "".join(self.line).strip():
            self.lines.append(text)
        self.line = []


def _count(span: str | None) -> int:
    if not (span and span.isascii() and span.isdigit()):
        return 1
    return max(int(span[:9]), 1)


class _Table:
    def __init__(self, above: tuple[str, ...]) -> None:
        self.most = limits()
        self.above = above
        self.rows: list[dict[int, list[str]]] = []
        self.taken: dict[int, int] = {}  # column: rows that a cell from above still reaches into
        self.merged: list[Span] = []
        self.at = 0
        self.area = 0
        self.writing = False
        self.caption: list[str] = []

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
        if self.at + across > self.most.columns or self.area > self.most.cells:
            check_size(len(self.rows), max(self.at + across, self.most.columns + 1))
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
            self.caption.append(data)

    def closed(self) -> Grid | None:
        width = max((max(row) + 1 for row in self.rows if row), default=0)
        width = max([width, *(right + 1 for _, _, bottom, right in self.merged)], default=0)
        if not width:
            return None
        check_size(len(self.rows), width)
        rows: list[list[Cell]] = [
            [" ".join("".join(row.get(column, ())).split()) for column in range(width)] for row in self.rows
        ]
        last = len(rows) - 1
        merged = tuple((top, left, min(bottom, last), right) for top, left, bottom, right in self.merged)
        caption = " ".join("".join(self.caption).split())
        return Grid("", rows, merged, (*self.above, *([caption] if caption else [])))
