"""Binary workbooks of Excel: the records of their cells for what calamine passes over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from cbanalysis.common.limits import check_size
from cbanalysis.importing.files.archives import Parts
from cbanalysis.importing.files.formats import BUILT_IN
from cbanalysis.importing.files.formulas_and_fonts import Details, Font, Styles, cut
from cbanalysis.importing.files.grids import named_columns
from cbanalysis.importing.files.letters import letters_of_font

_ROW, _CELLS, _ERROR = 0, range(1, 12), 3
_FONT, _FORMAT, _XF, _XFS, _XFS_END, _SHEET = 43, 44, 47, 617, 618, 156
_COLUMNS, _SHARED, _SHARED_CELL, _TEXT_CELL, _MERGED = 60, 19, 7, 62, 176
_RUNS, _STRUCK, _RAISED, _ROW_HIDDEN = 1, 8, 1, 16  # bits and values in records


class BinaryExcel:
    """The parts of an .xlsb that tell of cells what calamine doesn't."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.styles = Styles()
        self.fonts: list[Font] = []
        self.places: dict[str, str] = {}
        targets = parts.linked("workbook.bin")
        for kind, body in _records(parts.part("xl/workbook.bin")):
            if kind == _SHEET:
                link, at = _text(body, 8)
                name, _ = _text(body, at)
                if targets.get(link) in parts.names:
                    self.places[name] = targets[link]
        self._read_styles(parts.part("xl/styles.bin") if "xl/styles.bin" in parts.names else b"")
        name, marked = "xl/sharedStrings.bin", any(map(any, self.fonts))
        texts = _records(parts.part(name)) if marked and name in parts.names else ()
        self.texts = [_rich(body, 0) for kind, body in texts if kind == _SHARED]

    def _read_styles(self, content: bytes) -> None:
        codes, number, counted = dict(BUILT_IN), 0, False
        for kind, body in _records(content):
            if kind == _FORMAT:
                codes[int.from_bytes(body[:2], "little")] = _text(body, 2)[0]
            elif kind == _FONT and len(body) > 25:
                letters = letters_of_font(_text(body, 21)[0])
                self.fonts.append(Font(letters, bool(body[2] & _STRUCK), body[6] == _RAISED))
            elif kind in {_XFS, _XFS_END}:
                counted = kind == _XFS
            elif kind == _XF and counted:
                _, code, font = struct.unpack_from("<HHH", body)
                self.styles.add(codes.get(code, ""), font, self.fonts, number)
                number += 1

    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells.

        Raises
        ------
        DataError
            If its cells lie so far apart that a table of them would fill the memory.
        """
        details = Details()
        # a sheet that isn't where it should be: all are looked at for their size
        names = [self.places[sheet]] if sheet in self.places else [*self.parts.names]
        for name in names:
            if "/worksheets/" in name and name.endswith(".bin"):
                self._sheet(details, sheet, self.parts.part(name))
        return details

    def _sheet(self, details: Details, sheet: str, content: bytes) -> None:
        row = columns = 0
        for kind, body in _records(content):
            if kind == _ROW and len(body) >= 4:
                row = int.from_bytes(body[:4], "little")
                if len(body) > 11 and body[11] & _ROW_HIDDEN:
                    details.hidden.append(str(row + 1))
            elif kind == _COLUMNS and len(body) > 16 and body[16] & 1:
                details.hidden.append(named_columns(*struct.unpack_from("<II", body)))
            elif kind == _MERGED and len(body) >= 16:
                top, bottom, left, right = struct.unpack_from("<IIII", body)
                details.merged.append((top, left, bottom, right))
            elif (kind in _CELLS or kind == _TEXT_CELL) and len(body) >= 8:
                column = int.from_bytes(body[:4], "little")
                columns = max(columns, column + 1)
                check_size(row + 1, columns, sheet)
                self._cell(details, kind, body, (row, column))

    def _cell(self, details: Details, kind: int, body: bytes, place: tuple[int, int]) -> None:
        style = int.from_bytes(body[4:7], "little")
        if kind in {_ERROR, 11} and len(body) > 8:
            details.error(place, body[8])
        text = ""
        runs: list[Any] = []
        if kind == _SHARED_CELL and len(body) >= 12:
            number = int.from_bytes(body[8:12], "little")
            text, runs = self.texts[number] if number < len(self.texts) else ("", [])
        elif kind == _TEXT_CELL:
            text, runs = _rich(body, 8)
        if runs:
            details.runs[place] = cut(text, runs, self.fonts)
        self.styles.note(details, place, style)
        if kind == 9 and len(body) >= 16:  # a formula that comes to a number
            details.formula(place, struct.unpack_from("<d", body, 8)[0])


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        kind, at = _varied(content, at, 2)
        size, at = _varied(content, at, 4)
        yield kind, content[at : at + size]
        at += size


def _varied(content: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        byte = content[at] if at < len(content) else 0
        at += 1
        number |= (byte & 127) << 7 * place
        if byte < 128:
            break
    return number, at


def _text(body: bytes, at: int) -> tuple[str, int]:
    """Return a text of a record, and where it ends."""
    end = at + 4 + 2 * int.from_bytes(body[at : at + 4], "little")
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _rich(body: bytes, at: int) -> tuple[str, list[Any]]:
    """Return a text of a record, where other fonts begin in it, and their numbers."""
    text, end = _text(body, at + 1)
    if not (body[at : at + 1] and body[at] & _RUNS):
        return text, []
    runs = body[end + 4 : end + 4 + 4 * int.from_bytes(body[end : end + 4], "little")]
    return text, [*struct.iter_unpack("<HH", runs[: len(runs) // 4 * 4])]
