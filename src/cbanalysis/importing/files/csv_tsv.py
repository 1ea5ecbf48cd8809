"""Text tables: .csv and .tsv in whatever encoding and with whatever separator."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.limits import check_size, limits, refuse
from cbanalysis.importing.files.grids import Cell
from cbanalysis.importing.files.letters import Letters, decoded, looks_like

_SEPARATORS = (("\t", "tab"), (";", "semicolon"), ("|", "bar"), (",", "comma"))
_LOOKED_AT = 200
_LONGEST_CELL = 2**20
# as programs write numbers; 8.25E+06 is what a spreadsheet leaves of one
_POWERS = re.compile(r"-?[0-9](?:\.[0-9]+)?e[+-]?[0-9]{1,2}")


def read_separated(content: bytes, letters: Letters = "") -> tuple[list[list[Cell]], tuple[str, ...]]:
    """Return the rows of a text table, and what was decided: encoding and separator.

    Raises
    ------
    DataError
        If it is no text, has no separator or a quotation mark too many, or is too large.
    """
    text, encoding = decoded(content, letters)
    separator, name = _separator(text)
    if not separator:
        raise refuse("text without columns", allowed="cells separated by tab, semicolon, comma or |")
    if fault := stray_quotation_mark(io.StringIO(text, newline=None), separator):
        raise DataError([fault])
    most = limits()
    rows: list[list[Cell]] = []
    widest = cells = 0
    powers = bool(_POWERS.search(text))
    try:
        csv.field_size_limit(_LONGEST_CELL)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            cells += len(row)
            widest = max(widest, len(row))
            if cells > most.cells or len(row) > most.columns:
                check_size(most.cells // max(widest, 1) + 1, widest)
            rows.append(
                [float(cell) if _POWERS.fullmatch(cell) else cell for cell in row] if powers else [*row]
            )
    except csv.Error as error:
        raise refuse(f"row {len(rows) + 1} can't be read: {error}") from error
    while rows and not any(rows[-1]):
        rows.pop()
    check_size(len(rows), widest)
    padded = [row if len(row) == widest else row + [""] * (widest - len(row)) for row in rows]
    remarks = [f"encoding {encoding}", f"cells separated by {name}"]
    if encoding == "windows-1258" and (like := looks_like(content)):
        remarks.append(like)
    return padded, tuple(remarks)


def stray_quotation_mark(lines: Iterable[str], separator: str, *, file: str = "") -> Fault | None:
    """Return the first quotation mark of a text table that would swallow rows, None where there is none.

    A mark at the start of a cell opens it, and the next lone one must stand at its end. A cell that is never
    closed, that goes on behind its closing mark, or that holds what would be whole rows without the marks,
    was opened by a mark too many: readers of CSV take all up to the next mark for one cell, silently.

    Parameters
    ----------
    lines : iterable of str
        The lines of the file, from the first on; with or without their ends.
    separator : str
        What stands between cells: one sign.
    file : str
        The file's name, for the fault.

    Returns
    -------
    Fault or None
        With the line (counted from 1) in which the cell was opened.

    Examples
    --------
    >>> stray_quotation_mark(['Tỉnh;Số', '"Huế;12', 'Hà Nội;5'], ";").row
    2
    >>> stray_quotation_mark(['Tỉnh;Số', '"Huế; cũ";12', '5" ống;5'], ";")
    """
    held = [line.rstrip("\r\n") for line in lines]
    if not any('"' in line for line in held):
        return None
    blank = re.compile(rf'"[ \t]+(?={re.escape(separator)})')
    written = (blank.sub('"', line) + "\n" for line in held)
    reader = csv.reader(written, delimiter=separator, strict=True)
    widths: Counter[int] = Counter()
    suspects: dict[int, set[int]] = {}  # rows over several lines: the separators in each
    first = 1
    try:
        for _ in reader:
            counts = [line.count(separator) for line in held[first - 1 : reader.line_num]]
            if len(counts) > 1:
                suspects[first] = {*counts}
            elif first <= _LOOKED_AT and counts[0]:
                widths[counts[0]] += 1
            first = reader.line_num + 1
    except csv.Error as error:
        goes_on = "expected after" in str(error)
        what = f"goes on behind its closing mark in row {reader.line_num}" if goes_on else "is never closed"
        return _stray(file, first, what, held[first - 1])
    if not widths:  # the whole table may be in one cell
        widths.update(count for counts in suspects.values() for count in counts)
    usual = widths.most_common(1)[0][0] if widths else 0
    place = next((place for place, counts in suspects.items() if usual and counts == {usual}), 0)
    return _stray(file, place, "would hold whole rows", "") if place else None


def _stray(file: str, line: int, what: str, text: str) -> Fault:
    what = f"a quotation mark opens a cell that {what}"
    allowed = "a mark at both ends of a cell, and none or two in the middle of it"
    return Fault(what, file=file or None, row=line, value=text[:80] or None, allowed=allowed)


def _separator(text: str) -> tuple[str, str]:
    """Return the separator under which most rows have the same number of cells, more than one."""
    head = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_LOOKED_AT])
    best: tuple[float, str, str] = (0, "", "")
    for separator, name in _SEPARATORS:
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if row
            ]
        except csv.Error:
            continue
        several = [width for width in widths if width > 1]
        if not several:
            continue
        usual = max(set(several), key=several.count)
        # a decimal comma splits some rows, a separator all of them
        share = several.count(usual) / len(widths)
        if share > best[0] + 1e-9:
            best = (share, separator, name)
    return best[1:]
