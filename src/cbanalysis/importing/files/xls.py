"""Workbooks of Excel until 2003: the records of their cells for what calamine passes over."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from cbanalysis.common.errors import optional_libraries
from cbanalysis.common.limits import refuse
from cbanalysis.importing.files.formats import BUILT_IN
from cbanalysis.importing.files.formulas_and_fonts import Details, Font, Styles, cut
from cbanalysis.importing.files.grids import named_columns
from cbanalysis.importing.files.letters import letters_of_font

_BOF, _EOF, _SHEET, _FONT, _FORMAT, _XF = 0x809, 0x0A, 0x85, 0x31, 0x41E, 0xE0
_ROW, _COLUMNS, _SHARED, _CONTINUED, _SHARED_CELL, _RICH_CELL = 0x208, 0x7D, 0xFC, 0x3C, 0xFD, 0xD6
_STRUCK, _RAISED, _ROW_HIDDEN = 8, 1, 32  # bits and values in records
_NO_FONT = 4  # a number that no font has
_DIMENSIONS, _MOST_ROWS, _MOST_COLUMNS = 0x200, 65_536, 256
# two sheets that are full take calamine 1 GB
_MOST_CELLS = 2 * _MOST_ROWS * _MOST_COLUMNS
_FORMULA, _ERROR, _NUMBER, _RK, _RKS, _TEXTS = 0x06, 0x205, 0x203, 0x27E, 0xBD, {0xFD, 0x204, 0xD6}
_CELLS = {_FORMULA, _ERROR, _NUMBER, _RK, _RKS} | _TEXTS


class OldExcel:
    """The records of an .xls (BIFF8) that tell of cells what calamine doesn't; older ones tell nothing here.

    Raises
    ------
    DataError
        If the file is cut off or damaged.
    """

    def __init__(self, content: bytes) -> None:
        self.stream = _workbook_stream(content)
        self._check_bounds()
        self.starts: dict[str, int] = {}
        self.styles = Styles()
        self.fonts: list[Font] = []
        self.texts: list[str] = []
        self.runs: dict[int, list[tuple[int, int]]] = {}
        codes, styles = dict(BUILT_IN), []
        for kind, body in self._records(0):
            if kind == _BOF and body[:2] != b"\x00\x06":
                return
            if kind == _SHEET and len(body) > 7:
                name, _ = _text(body, 6, 1)
                self.starts[name] = int.from_bytes(body[:4], "little")
            elif kind == _FORMAT:
                codes[int.from_bytes(body[:2], "little")] = _text(body, 2, 2)[0]
            elif kind == _FONT and len(body) > 15:
                letters = letters_of_font(_text(body, 14, 1)[0])
                self.fonts.append(Font(letters, bool(body[2] & _STRUCK), body[8] == _RAISED))
                if len(self.fonts) == _NO_FONT:
                    self.fonts.append(Font())
            elif kind == _XF:
                styles.append(struct.unpack_from("<HH", body))
        for number, (font, code) in enumerate(styles):
            self.styles.add(codes.get(code, ""), font, self.fonts, number)
        if any(map(any, self.fonts)):
            self._read_texts()

    def _read_texts(self) -> None:
        """Read the shared texts, and where other fonts begin in them."""
        shared: list[bytes] = []
        before = 0
        for kind, body in self._records(0):
            before = before if kind == _CONTINUED else kind
            if before == _SHARED:
                shared.append(body)
        if shared:
            from xlrd import book  # noqa: PLC0415 -- few files need it

            self.texts, self.runs = book.unpack_SST_table(shared, int.from_bytes(shared[0][4:8], "little"))

    def _check_bounds(self) -> None:
        """Refuse bounds and cells of sheets for which calamine would take all memory on opening the file."""
        sheets = [int.from_bytes(body[:4], "little") for kind, body in self._records(0) if kind == _SHEET]
        cells = sum(self._bounds(start) for start in sheets)
        if cells > _MOST_CELLS:
            raise refuse(f"room for {cells:,} cells in its sheets", allowed=f"{_MOST_CELLS:,} at the most")

    def _bounds(self, start: int) -> int:
        """Return how many cells calamine makes room for: all from A1 to a sheet's last row and column."""
        last_row = last_column = -1
        for kind, body in self._records(start):
            if kind == _DIMENSIONS and len(body) >= 8:
                # by its length, as calamine reads it, whatever version the sheet says it is
                top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) > 11 else "<HHHH", body)
                if not (top <= bottom <= _MOST_ROWS and left <= right <= _MOST_COLUMNS):
                    raise refuse("the file is cut off or damaged", allowed="a whole file")
            elif kind in _CELLS and len(body) > 3:
                last_row = max(last_row, int.from_bytes(body[:2], "little"))
                # several numbers of a row end with their last column
                ends = body[-2:] if kind == _RKS else body[2:4]
                last_column = max(last_column, int.from_bytes(ends, "little"))
        if last_column >= _MOST_COLUMNS:
            raise refuse("the file is cut off or damaged", allowed="a whole file")
        return (last_row + 1) * (last_column + 1)

    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells."""
        details = Details()
        start = self.starts.get(sheet)
        for kind, body in self._records(start) if start is not None else ():
            if kind == _ROW and len(body) > 12 and body[12] & _ROW_HIDDEN:
                details.hidden.append(str(int.from_bytes(body[:2], "little") + 1))
            elif kind == _COLUMNS and len(body) > 8 and body[8] & 1:
                details.hidden.append(named_columns(*struct.unpack_from("<HH", body)))
            elif kind in {_NUMBER, _RK, _FORMULA, _ERROR} or kind in _TEXTS:
                row, column, style = struct.unpack_from("<HHH", body)
                self._cell(details, kind, body, (row, column), style)
            elif kind == _RKS and (self.styles.formats or self.styles.fonts):
                row, first = struct.unpack_from("<HH", body)
                for place in range((len(body) - 6) // 6):
                    style = int.from_bytes(body[4 + 6 * place : 6 + 6 * place], "little")
                    self.styles.note(details, (row, first + place), style)
        return details

    def _cell(self, details: Details, kind: int, body: bytes, place: tuple[int, int], style: int) -> None:
        text = ""
        runs: list[Any] = []
        if kind == _SHARED_CELL and (number := int.from_bytes(body[6:10], "little")) in self.runs:
            text, runs = self.texts[number], self.runs[number]
        elif kind == _RICH_CELL:
            text, end = _text(body, 6, 2)
            runs = [*struct.iter_unpack("<HH", body[end + 2 :][: len(body[end + 2 :]) // 4 * 4])]
        if runs:
            details.runs[place] = cut(text, runs, self.fonts)
        self.styles.note(details, place, style)
        if kind == _ERROR and len(body) > 7 and body[7]:
            details.error(place, body[6])
        elif kind == _FORMULA and len(body) >= 14:
            _formula(details, place, body[6:14])

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        """Yield the records of one part of the stream: their kinds and their bodies."""
        depth = 0
        while at + 4 <= len(self.stream):
            kind, size = struct.unpack_from("<HH", self.stream, at)
            yield kind, self.stream[at + 4 : at + 4 + size]
            at += 4 + size
            # charts lie inside of sheets; what is damaged may begin in the middle of one
            depth += (kind == _BOF) - (kind == _EOF)
            if kind == _EOF and depth <= 0:
                return


def _formula(details: Details, place: tuple[int, int], result: bytes) -> None:
    """Note what is stored beneath a formula: a number, an error, or nothing."""
    if result[6:] != b"\xff\xff":
        details.formula(place, struct.unpack("<d", result)[0])
    elif result[0] == 3:  # computed to an empty text, or not at all
        details.formula(place, 0)
    elif result[0] == 2:
        details.error(place, result[2])


def _workbook_stream(content: bytes) -> bytes:
    with optional_libraries():
        from xlrd import compdoc  # noqa: PLC0415 -- few files need it

    try:
        document = compdoc.CompDoc(content, logfile=io.StringIO())
        for name in ("Workbook", "Book"):
            stream, start, size = document.locate_named_stream(name)
            if stream:
                return bytes(stream[start : start + size])
    # xlrd reads past the ends of damaged files
    except Exception as error:
        raise refuse("the file is cut off or damaged", allowed="a whole file") from error
    return b""


def _text(body: bytes, at: int, width: int) -> tuple[str, int]:
    """Return a text of a record and where it ends; its length has so many bytes."""
    length = int.from_bytes(body[at : at + width], "little")
    at += width
    wide = body[at] & 1 if at < len(body) else 0
    at += 1
    end = at + length * (2 if wide else 1)
    return body[at:end].decode("utf-16-le" if wide else "latin-1", "replace"), end
