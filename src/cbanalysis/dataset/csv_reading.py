"""The one reader of a data folder's CSV files: text cells, and a fault for every line that can't be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.common.limits import open_bytes

_UTF8 = "CSV in UTF-8"
# csv's own limit, held here: other libraries raise it for the whole process.
_LONGEST = 131_072
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook, not a CSV file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, not a CSV file",
    b"\xff\xfe": "UTF-16, not UTF-8",
    b"\xfe\xff": "UTF-16, not UTF-8",
}


@dataclass(frozen=True)
class CsvTable:
    """What could be read of a CSV file.

    Attributes
    ----------
    header : list of str
        The names of the columns; none where the file can't be read at all.
    records : list of list of str
        The cells of each row that has as many as the header.
    rows : list of int
        The row of the file that each of them was (the header is row 1).
    faults : list of Fault
        What could not be read.
    """

    header: list[str]
    records: list[list[str]]
    rows: list[int]
    faults: list[Fault]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The records as text, ``""`` for empty cells; a column stands as often as the header names it."""
        return pd.DataFrame(self.records, columns=pd.Index(self.header, dtype="object"), dtype="str")


def read_table(path: Path) -> CsvTable:
    """Read a CSV file (UTF-8 with or without a mark, comma, header in row 1), and what is wrong with it."""
    file = path.name
    faults: list[Fault] = []
    try:
        content = open_bytes(path, within=path.parent)
    except FileNotFoundError:
        return _nothing(Fault("the file is missing", file=file))
    except OSError as error:
        return _nothing(Fault(f"the file can't be read: {error.strerror}", file=file))
    for mark, what in _OTHER_FORMATS.items():
        if content.startswith(mark):
            return _nothing(Fault(what, file=file, allowed=_UTF8))
    if not content.strip():
        return _nothing(Fault("the file is empty", file=file, allowed="a header and rows"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = content.decode("utf-8-sig", errors="replace")
        row, wrong = content.count(b"\n", 0, error.start) + 1, content[error.start : error.start + 1]
        what = f"not UTF-8 from byte {error.start + 1} of the file on"
        faults.append(Fault(what, file=file, row=row, value=wrong, allowed=_UTF8))
    return _parse(text, file, faults)


def read_rows(
    path: Path, header: Sequence[str], faults: list[Fault], *, exact: bool = True
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV file by column, each with its number; faults are appended to the list given.

    ``exact`` asks for these columns in this order, and no others; else they may stand anywhere, and blanks
    at the ends of cells don't count.
    """
    table = read_table(path)
    wrong: list[Fault] = []
    if table.header and exact and table.header != list(header):
        seen, allowed = ",".join(table.header), ",".join(header)
        wrong.append(Fault("wrong header", file=path.name, row=1, value=seen, allowed=allowed))
    elif table.header and not exact:
        wrong += [
            Fault("the column is missing", path.name, row=1, column=name, nearest=nearest(name, table.header))
            for name in header
            if name not in table.header
        ]
    if wrong:
        faults += [fault for fault in table.faults if fault.allowed == _UTF8] or wrong
        return []
    faults += table.faults
    if not (exact or table.records or table.faults):
        faults.append(Fault("there are no rows", file=path.name))
    cells = table.records if exact else [[cell.strip() for cell in record] for record in table.records]
    named = (dict(zip(table.header, record, strict=True)) for record in cells)
    return list(zip(table.rows, named, strict=True))


def _nothing(*faults: Fault) -> CsvTable:
    return CsvTable([], [], [], list(faults))


def _parse(text: str, file: str, faults: list[Fault]) -> CsvTable:
    not_utf8 = bool(faults)
    table = CsvTable([], [], [], faults)
    for row, record in _records(text):
        if isinstance(record, csv.Error):
            faults.append(Fault(f"row can't be read: {record}", file=file, row=row))
            if not table.header:
                break
        elif not table.header:
            if not record:
                return _nothing(Fault("row is empty", file=file, row=1, allowed="the names of the columns"))
            if len(record) == 1 and (";" in record[0] or "\t" in record[0]):
                used = "semicolon" if ";" in record[0] else "tab"
                return _nothing(Fault(f"cells are separated by {used}", file=file, row=1, allowed="comma"))
            table.header.extend(record)
        elif len(record) != len(table.header):
            what = f"row has {len(record)} cells" if record else "row is empty"
            faults.append(Fault(what, file=file, row=row, allowed=f"{len(table.header)}, as the header has"))
        else:
            cells = zip(table.header, record, strict=True)
            lost = [name for name, cell in cells if "\0" in cell or "\ufffd" in cell]
            if not lost:
                table.records.append(record)
                table.rows.append(row)
            elif not not_utf8 or any("\0" in cell for cell in record):
                what = "a NUL or replacement character: letters were lost"
                faults.append(Fault(what, file=file, row=row, column=", ".join(lost)))
    return table


def _records(text: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield each record with its row; after a broken one go on with the next line."""
    lines = list(io.StringIO(text.rstrip("\r\n"), newline=""))
    start, row = 0, 0
    reader = csv.reader(lines, strict=True)
    while True:
        line = start + reader.line_num
        row += 1
        try:
            cells = next(reader)
            record: list[str] | csv.Error = cells
            if max(map(len, cells), default=0) > _LONGEST:
                record = csv.Error(f"field larger than field limit ({_LONGEST})")
        except StopIteration:
            return
        except csv.Error as error:
            record = error
            if "unexpected end" in str(error):
                record = csv.Error("a quotation mark is never closed")
                start = line + 1
                reader = csv.reader(lines[start:], strict=True)
        yield row, record
