"""The files of a data folder that an import changes, as text: what stays, stays byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pandas as pd

from cbanalysis.common.errors import DataError
from cbanalysis.dataset.load.folder import Import, Traced
from cbanalysis.dataset.load.tables import Table, read_table

IMPORT_COLUMNS, TRACE_COLUMNS = tuple(Import.model_fields), tuple(Traced.model_fields)


def read(path: Path, columns: Sequence[str]) -> Table:
    """Return a table; one without rows where there is no such file yet.

    Raises
    ------
    DataError
        If the file can't be read or has other columns.
    """
    if not path.exists():
        return Table(pd.DataFrame(columns=list(columns), dtype="str"), (), ())
    table = read_table(path)
    if table.faults:
        raise DataError(table.faults)
    return table


def _lines(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def appended(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], old: bytes | None = None
) -> bytes:
    """Return the file's bytes with rows at their end (with a header, where there is no file yet).

    ``old`` are bytes that stand for the file's own.
    """
    if old is None:
        old = path.read_bytes() if path.exists() else _lines([columns]).encode()
    if old and not old.endswith(b"\n"):
        old += b"\n"
    return old + _lines(rows).encode()


def with_column(path: Path, column: str) -> bytes:
    """Return the file's bytes with one more column, empty so far, at the end of each record."""
    texts = []
    for at, (text, _) in enumerate(_records(path)):
        line = text.rstrip("\r\n")
        texts.append(f"{line},{column if at == 0 else ''}{text[len(line) :]}")
    return "".join(texts).encode()


def _records(path: Path) -> list[tuple[str, list[str]]]:
    """Return each record of a CSV file as the text that it is and the cells that it holds."""
    lines = list(io.StringIO(path.read_bytes().decode("utf-8"), newline=""))
    reader = csv.reader(lines, strict=True)
    records, last = [], 0
    for cells in reader:
        records.append(("".join(lines[last : reader.line_num]), cells))
        last = reader.line_num
    return records


def without(path: Path, column: str, values: Collection[str]) -> bytes:
    """Return the file's bytes without the records that have one of the values in a column."""
    header, *records = _records(path)
    at = [name.removeprefix("\ufeff") for name in header[1]].index(column)
    kept = [text for text, cells in records if len(cells) <= at or cells[at] not in values]
    return "".join([header[0], *kept]).encode()


def changed(path: Path, key: str, column: str, value: str) -> bytes:
    """Return the file's bytes with one cell of the record whose first cell is the key changed."""
    header, *records = _records(path)
    at = header[1].index(column)
    texts = [header[0]]
    for text, cells in records:
        texts.append(_lines([[*cells[:at], value, *cells[at + 1 :]]]) if cells[0] == key else text)
    return "".join(texts).encode()
