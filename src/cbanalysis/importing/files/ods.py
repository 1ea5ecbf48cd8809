"""OpenDocument spreadsheets: what their cells show beside what calamine reads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from lxml import etree

from cbanalysis.common.limits import check_size, limits, refuse
from cbanalysis.importing.files.archives import Parts
from cbanalysis.importing.files.formulas_and_fonts import PLAIN, Details, Font, Runs
from cbanalysis.importing.files.grids import Formatted, NoValue, named_columns

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_SIGNS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_MOST_PARENTS = 10
_BODY = f"{_OFFICE}body"
_NUMBERS = {"float", "percentage", "currency"}
_ERROR = re.compile(r"#[A-Z0-9/!?]+|Err:[0-9]{3}")
_REFERENCE = re.compile(r"\[\.?([$A-Z0-9]+)(?::\.?([$A-Z0-9]+))?\]")
_FIGURE = re.compile(r"[0-9](?:[0-9.,\s\u00a0\u202f]*[0-9])?")
_WIDE = Context(prec=400)


def as_shown(stored: float, shown: str) -> float | Formatted:
    """Return a number with the text that is shown for it; the plain number where the text says the same.

    Examples
    --------
    >>> as_shown(0.17, "17,0%").number, as_shown(96.6666, "96,67").number, as_shown(1200.0, "1.200")
    (Decimal('17.0'), Decimal('96.67'), 1200.0)
    >>> as_shown(1200000.0, "1.200").thousands
    1
    """
    if not shown.strip():
        return Formatted(stored, "hidden", Decimal(repr(stored)), "")
    found = _FIGURE.search(shown)
    exact = Decimal(f"{stored:.15g}")
    if found is None or not exact.is_finite():
        return stored
    digits = re.sub(r"[^0-9]", "", found[0])
    tail = re.split(r"[^0-9]", found[0])[-1]
    percent = "%" in shown
    for thousands in (0, 1, 2):
        # 17.0% may be a number that is called a percentage by its text only: then it isn't multiplied
        for share in (True, False) if percent else (False,):
            number = exact.scaleb(2 * share - 3 * thousands)
            for decimals in {0, len(tail)}:
                rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
                if f"{abs(rounded):f}".replace(".", "") == digits:
                    if rounded == exact and not share:
                        return stored
                    return Formatted(stored, shown, rounded, shown, percent=share, thousands=thousands)
    return stored


class OpenDocument:
    """The content of an .ods as far as it tells of cells what calamine doesn't."""

    def __init__(self, parts: Parts) -> None:
        self.sheets: dict[str, Details] = {}
        self.marks = _Marks(parts)
        name, row, widest = "", 0, 0
        content = io.BytesIO(parts.part("content.xml"))
        tags = (f"{_TABLE}table", f"{_TABLE}table-row", f"{_TABLE}table-column")
        for event, element in etree.iterparse(
            content, events=("start", "end"), tag=tags, resolve_entities=False
        ):
            if element.tag == tags[0]:
                if event == "start":
                    name, row, widest = element.get(f"{_TABLE}name", ""), 0, 0
                    self.sheets[name] = Details()
                    self.of_columns: list[str] = []
                else:
                    element.clear()
            elif event == "end" and element.tag == tags[2]:
                self._column(self.sheets.setdefault(name, Details()), element)
            elif event == "end":
                width = self._row(self.sheets.setdefault(name, Details()), element, row)
                times = _times(element, "rows")
                if _is_hidden(element):
                    ends = dict.fromkeys((str(row + 1), str(row + times)))
                    self.sheets[name].hidden.append(":".join(ends))
                if width:
                    widest = max(widest, width)
                    if times > limits().columns:
                        self._repeated(name, times, "row")
                    check_size(row + times, widest, name)
                row += times
                element.clear()

    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells."""
        return self.sheets.get(sheet, Details())

    def _repeated(self, sheet: str, times: int, what: str) -> None:
        most = f"{limits().columns:,} at the most"
        raise refuse(f"{times:,} times the same {what}", sheet=sheet, allowed=most)

    def _column(self, details: Details, element: Any) -> None:  # noqa: ANN401 -- lxml has no types
        times, first = _times(element, "columns"), len(self.of_columns)
        if _is_hidden(element):
            details.hidden.append(named_columns(first, first + times - 1))
        style = element.get(f"{_TABLE}default-cell-style-name", "")
        self.of_columns += [style] * min(times, limits().columns)

    def _row(self, details: Details, element: Any, row: int) -> int:  # noqa: ANN401 -- lxml has no types
        """Note what a row's cells are; return how many columns it has up to its last filled cell."""
        column = filled = 0
        for cell in element:
            if cell.tag not in _CELLS:
                continue
            times = _times(cell, "columns")
            kind = cell.get(f"{_OFFICE}value-type", "")
            text = "\n".join("".join(one.itertext()) for one in cell.iterchildren(f"{_TEXT}p"))
            if kind or text:
                down, across = (_times(cell, what, "spanned") for what in ("rows", "columns"))
                if down > 1 or across > 1:
                    details.merged.append((row, column, row + down - 1, column + across - 1))
                if times > limits().columns:
                    self._repeated("", times, "cell")
                filled = column + times
                given = cell.get(f"{_TABLE}style-name") or element.get(f"{_TABLE}default-cell-style-name")
                for place in range(column, filled):
                    self._cell(details, cell, (row, place), kind, text)
                    if self.marks.known:
                        of_column = self.of_columns[place] if place < len(self.of_columns) else ""
                        self.marks.note(details, (row, place), cell, given or of_column)
            column += times
        return filled

    @staticmethod
    def _cell(details: Details, cell: Any, place: tuple[int, int], kind: str, text: str) -> None:  # noqa: ANN401 -- as above
        formula = cell.get(f"{_TABLE}formula")
        stored = cell.get(f"{_OFFICE}value")
        if cell.get(_EXTENSION) == "error" or (formula is not None and _ERROR.fullmatch(text)):
            details.values[place] = NoValue("error", text or "#ERROR!")
        elif kind in _NUMBERS and stored is not None:
            number = float(stored)
            if formula is not None:
                details.formula(place, number, _plain(formula))
            if cell.find(f"{_TEXT}p") is not None:
                shown = as_shown(number, text)
                if isinstance(shown, Formatted):
                    details.shown[place] = shown
        elif formula is not None and kind not in {"string", "boolean", "date", "time"}:
            details.formula(place, None, _plain(formula))


class _Marks:
    """What styles say of text: struck out, above the line, or None for nothing."""

    def __init__(self, parts: Parts) -> None:
        self.known: dict[tuple[str, str], tuple[bool | None, bool | None]] = {}
        self.parents: dict[tuple[str, str], str] = {}

        for part in sorted({"styles.xml", "content.xml"} & parts.names):
            content = io.BytesIO(parts.part(part))
            for event, element in etree.iterparse(
                content, tag=(f"{_STYLE}style", _BODY), events=("start", "end"), resolve_entities=False
            ):
                if element.tag == _BODY:
                    break
                if event == "end":
                    self._add(element)

    def _add(self, style: Any) -> None:  # noqa: ANN401 -- as above
        family, name = style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")
        self.parents[family, name] = style.get(f"{_STYLE}parent-style-name", "")
        for about in style.iterchildren(f"{_STYLE}text-properties"):
            lines = (about.get(f"{_STYLE}text-line-through-{what}") for what in ("style", "type"))
            line = next(filter(None, lines), None)
            level = (about.get(f"{_STYLE}text-position") or "").split()
            if line or level:
                struck = None if line is None else line != "none"
                raised = level[0] == "super" or level[0][0] in "123456789" if level else None
                self.known[family, name] = struck, raised

    def of(self, family: str, name: str) -> tuple[bool | None, bool | None]:
        """Return what a style says, or those that it is made from."""
        struck = raised = None
        for _ in range(_MOST_PARENTS):
            own = self.known.get((family, name), (None, None))
            struck, raised = (own[0] if struck is None else struck), (own[1] if raised is None else raised)
            name = self.parents.get((family, name), "")
        return struck, raised

    def note(self, details: Details, place: tuple[int, int], cell: Any, style: str) -> None:  # noqa: ANN401 -- as above
        """Note what styles say of a cell and of its text."""
        own = Font(struck=bool(self.of("table-cell", style)[0]))
        if own.struck:
            details.fonts[place] = own
        lines = [[*self._pieces(one, own)] for one in cell.iterchildren(f"{_TEXT}p")]
        runs: Runs = [piece for line in lines for piece in (*line, ("\n", PLAIN))]
        if any(font and any(font) for _, font in runs):
            details.runs[place] = runs

    def _pieces(self, element: Any, font: Font) -> Iterator[tuple[str, Font]]:  # noqa: ANN401 -- as above
        if element.tag == f"{_TEXT}span":
            struck, above = self.of("text", element.get(f"{_TEXT}style-name", ""))
            struck, above = font.struck if struck is None else struck, font.raised if above is None else above
            font = Font(struck=struck, raised=above)
        yield _SIGNS.get(element.tag, "") or element.text or "", font
        for child in element:
            yield from self._pieces(child, font)
            yield child.tail or "", font


def _is_hidden(line: Any) -> bool:  # noqa: ANN401 -- as above
    return bool(line.get(f"{_TABLE}visibility", "visible") != "visible")


def _plain(formula: str) -> str:
    """Return a formula with the addresses that other spreadsheets write: SUM(A1:A3)."""
    text = formula.partition("=")[2] or formula
    return _REFERENCE.sub(lambda found: f"{found[1]}:{found[2]}" if found[2] else found[1], text)


def _times(element: Any, what: str, how: str = "repeated") -> int:  # noqa: ANN401 -- as above
    given = element.get(f"{_TABLE}number-{what}-{how}", "")
    return max(1, int(given)) if given.isdecimal() and len(given) < 10 else 1
