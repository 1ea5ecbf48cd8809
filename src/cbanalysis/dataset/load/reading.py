"""Read a CSV file as text cells, and say of every line that can't be read why not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cbanalysis.common.errors import Fault
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
class Table:
    """The rows of a CSV file that could be read.

    Attributes
    ----------
    cells : DataFrame
        Text cells, ``""`` for empty ones; columns as the header names them (twice, if it does).
    rows : tuple of int
        The row of the file that each row of ``cells`` was (the header is row 1).
    faults : tuple of Fault
        What could not be read.
    """

    cells: pd.DataFrame
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


def read_table(path: Path) -> Table:
    """Read a CSV file (UTF-8 with or without a mark, comma, header in row 1).

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Table
        The readable rows, and a fault for each that isn't.

    Raises
    ------
    Nothing
        A missing or unreadable file is a fault too.
    """
    file = path.name
    try:
        content = open_bytes(path, within=path.parent)
    except FileNotFoundError:
        return _nothing(Fault("file is missing", file=file))
    except OSError as error:
        return _nothing(Fault(f"file can't be read: {error.strerror}", file=file))
    for mark, what in _OTHER_FORMATS.items():
        if content.startswith(mark):
            return _nothing(Fault(what, file=file, allowed=_UTF8))
    if not content.strip():
        return _nothing(Fault("file is empty", file=file, allowed="a header and rows"))
    faults: list[Fault] = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = content.decode("utf-8-sig", errors="replace")
        row = content.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8 from byte {error.start + 1} of the file on"
        faults.append(
            Fault(what, file=file, row=row, value=content[error.start : error.start + 1], allowed=_UTF8)
        )
    return _parse(text, file, faults)


def _nothing(fault: Fault) -> Table:
    return Table(pd.DataFrame(), (), (fault,))


def _parse(text: str, file: str, faults: list[Fault]) -> Table:
    not_utf8 = bool(faults)
    header: list[str] | None = None
    records: list[list[str]] = []
    rows: list[int] = []
    for row, record in _records(text):
        if isinstance(record, csv.Error):
            faults.append(Fault(f"row can't be read: {record}", file=file, row=row))
            if header is None:
                return Table(pd.DataFrame(), (), tuple(faults))
        elif header is None:
            header = record
            if not header:
                return _nothing(Fault("row is empty", file=file, row=1, allowed="the names of the columns"))
            if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
                used = "semicolon" if ";" in header[0] else "tab"
                return _nothing(Fault(f"cells are separated by {used}", file=file, row=1, allowed="comma"))
        elif len(record) != len(header):
            what = f"row has {len(record)} cells" if record else "row is empty"
            faults.append(Fault(what, file=file, row=row, allowed=f"{len(header)}, as the header has"))
        else:
            lost = [
                name for name, cell in zip(header, record, strict=True) if "\0" in cell or "\ufffd" in cell
            ]
            if not lost:
                records.append(record)
                rows.append(row)
            elif not not_utf8 or any("\0" in cell for cell in record):
                what = "a NUL or replacement character: letters were lost"
                faults.append(Fault(what, file=file, row=row, column=", ".join(lost)))
    cells = pd.DataFrame(records, columns=pd.Index(header or [], dtype="object"), dtype="str")
    return Table(cells, tuple(rows), tuple(faults))


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
