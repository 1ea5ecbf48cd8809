"""CSV files of a register: looked through once when opened, for rows and names that can't stand so."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from glob import escape
from io import StringIO
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import Any

import ibis.expr.types as ir

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.text.letters import clean
from cbanalysis.records.column_headings import known_headings, match_columns, numbers_columns
from cbanalysis.records.contract import REQUIRED


@dataclass(frozen=True)
class Sheet:
    """A CSV file or a sheet of a workbook.

    Attributes
    ----------
    name : str
        The file, with the sheet where it has several.
    matched : mapping
        Contract name to heading.
    unused : tuple of str
        The other headings.
    above : int
        How many rows stand above the first record.
    rows : callable
        Return how many records there are, or somewhat more; a file is counted only where it has to be read.
    records : callable
        Return the records as text, under the contract's names.
    check : callable
        Return the rows that couldn't be read; takes how many were.
    """

    name: str
    matched: Mapping[str, str]
    unused: tuple[str, ...]
    above: int
    rows: Callable[[], int]
    records: Callable[[], ir.Table]
    check: Callable[[int], list[Fault]]


_DELIMITERS = (",", ";", "\t")
_BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16-be"}
_SAVE_AS = "UTF-8 (in Excel: save as “CSV UTF-8”)"
_ALIKE = f"{_SAVE_AS}, all lines ending alike"
_HEAD = 65_536  # characters in which the headings end, which may run over several lines
_TITLE = 20  # lines among which the headings stand
_CHUNK = 2**20
_SEPARATOR = re.compile(r"sep=(.|\\t)", re.IGNORECASE)
_LINE_END = re.compile("\r\n|\n|\r")

# One row of a file may be wrong in several ways; the first is enough.
_REJECTED = """
select distinct on (file_path, line) file_path, line, error_type::varchar as kind, csv_line
from reject_errors join reject_scans using (scan_id, file_id) order by file_path, line
"""


def whole(file: Path) -> str:
    """Return the path by which DuckDB names a file among its records and among the rows that it rejects."""
    return os.path.abspath(file)  # noqa: PTH100 - absolute() keeps the dots


@contextmanager
def understood(file: Path) -> Iterator[None]:
    """Say what can't be read as one fault of the file, without a traceback."""
    import duckdb  # noqa: PLC0415 - only who opens files needs it
    import pyarrow as pa  # noqa: PLC0415 - as above

    try:
        yield
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        what = f"can't be read: {str(error).strip().splitlines()[0]}"
        allowed = _ALIKE if file.suffix.lower() in (".csv", ".tsv", ".txt") else None
        raise DataError([Fault(what, file=str(file), allowed=allowed)]) from error


def read_csv(
    embedded: Any,  # noqa: ANN401 - ibis doesn't type its connections
    file: Path,
    columns: Mapping[str, str] | None = None,
) -> Sheet:
    """Look a CSV file through and say how its columns are read.

    Parameters
    ----------
    embedded : ibis connection
        DuckDB in this process.
    file : Path
        With commas, semicolons or tabs, which the headings tell apart; the headings may stand below lines of
        a title, or below ``sep=;``.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.

    Returns
    -------
    Sheet
        Its records as text; nothing is read yet.

    Raises
    ------
    DataError
        If the file has no headings, is in another encoding, or a required column is missing; when its rows
        are counted, if its lines end in several ways.
    """
    form, headings = _form(file, columns)
    place = whole(file)
    asked = {name: clean(heading) for name, heading in (columns or {}).items()}
    matched = match_columns(headings, asked, file=file.name)
    chosen = {name: f"c{headings.index(heading)}" for name, heading in matched.items()}

    @cache
    def counted() -> tuple[int, int]:
        with understood(file):
            quotes, returns, lines = _counted(file)
        if lines and returns not in (0, lines) and not quotes and form["encoding"] == "utf-8":
            raise DataError([_mixed(str(file), _text(file, form))])
        return quotes, lines

    def records() -> ir.Table:
        with understood(file):
            watched = embedded.read_csv(escape(place), auto_detect=False, store_rejects=True, **form)
        return watched.select(**chosen)

    def check(read: int) -> list[Fault]:
        told = embedded.raw_sql(_REJECTED).fetchall()
        rejected = [(str(file), *row[1:]) for row in told if row[0] == place]
        used = {int(name[1:]) for name in chosen.values()}
        quotes, lines = counted()
        # as many lines as rows, or no mark at all: no row has several
        single = not quotes or lines in (read + form["skip"], read + form["skip"] + 1)
        return _rejected(rejected) or ([] if single else _strays(file, form, len(headings), used, read))

    unused = tuple(heading for heading in headings if heading and heading not in matched.values())
    return Sheet(str(file), matched, unused, form["skip"] + 1, lambda: counted()[1], records, check)


def _form(file: Path, columns: Mapping[str, str] | None) -> tuple[dict[str, Any], list[str]]:
    """Return how DuckDB is to read a file, told by its first bytes and its headings, and the headings."""
    with understood(file), file.open("rb") as stream:
        start = stream.read(3)
    encoding = _BYTE_ORDER.get(start[:2], "utf-8")
    if encoding == "utf-16-be":
        raise DataError([Fault("UTF-16 with the high byte first", file=str(file), allowed=_SAVE_AS)])
    reading = "utf-8-sig" if encoding == "utf-8" else encoding
    with understood(file), file.open(encoding=reading, errors="replace", newline="") as stream:
        head = stream.read(_HEAD)
    told, _, rest = head.partition("\n")
    separator = _SEPARATOR.fullmatch(told.strip().strip('"'))
    skip = 1 if separator else 0
    choices = (separator[1].replace("\\t", "\t"),) if separator else _DELIMITERS
    found = {
        mark: list(
            islice(csv.reader(StringIO(rest if separator else head, newline=""), delimiter=mark), _TITLE)
        )
        for mark in choices
    }
    delimiter, at = _heading_line(found, columns)
    written = found[delimiter][at] if found[delimiter] else []
    headings = [clean(heading) for heading in written]
    if not any(headings):
        allowed = "headings in the first line"
        raise DataError([Fault("no headings", file=str(file), row=skip + at + 1, allowed=allowed)])
    if any("\ufffd" in heading or "\0" in heading for heading in written):
        raise DataError([_encoding(str(file), skip + at + 1)])
    below = found[delimiter][at + 1 : at + 2]
    # DuckDB skips lines, and headings may run over several
    at += bool(below) and not any("\n" in one for one in written) and numbers_columns(below[0], headings)
    form = {
        "header": True,
        "hive_partitioning": False,
        "skip": skip + at,
        "comment": "",
        "columns": {f"c{number}": "VARCHAR" for number in range(len(headings))},
        "delim": delimiter,
        "quote": '"',
        "escape": '"',
        "encoding": encoding,
    }
    return form, headings


def _heading_line(found: Mapping[str, list[list[str]]], columns: Mapping[str, str] | None) -> tuple[str, int]:
    """Return the delimiter and the line of the headings: the first that has those needed."""
    for delimiter, rows in found.items():
        for at, row in enumerate(rows):
            headings = [clean(heading) for heading in row]
            if known_headings(headings, columns) >= len(REQUIRED):
                return delimiter, at
    return max(found, key=lambda mark: len(found[mark][0]) if found[mark] else 0), 0


def _strays(file: Path, form: Mapping[str, Any], width: int, used: set[int], read: int) -> list[Fault]:
    """Return rows that a stray quotation mark holds together, and lines that end in several ways.

    A name or a number never has a line break in it; a remark may, but not lines with as many fields as a row.
    """
    content = _text(file, form)
    delimiter, rows = form["delim"], 0
    reader = csv.reader(StringIO(content, newline=""), delimiter=delimiter)
    faults: list[Fault] = []
    try:
        begins = 1
        for row in reader:
            for at, field in enumerate(row):
                inside = field.splitlines()
                if len(inside) > 1 and (
                    at in used or any(line.count(delimiter) >= width - 1 for line in inside)
                ):
                    line = begins + sum(len(before.splitlines()) - 1 for before in row[:at] if before)
                    faults.append(_stray(str(file), line, field))
            rows += any(row)
            begins = reader.line_num + 1
    except csv.Error:
        faults.append(_stray(str(file), begins, ""))
    if not faults and not form["skip"] and rows != read + 1:
        faults.append(_mixed(str(file), content))
    return faults


def _counted(file: Path) -> tuple[int, int, int]:
    """Return how many quotation marks, carriage returns and line feeds a file has."""
    quotes = returns = lines = 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            quotes, returns = quotes + chunk.count(b'"'), returns + chunk.count(b"\r")
            lines += chunk.count(b"\n")
    return quotes, returns, lines


def _text(file: Path, form: Mapping[str, Any]) -> str:
    return file.read_bytes().decode(form["encoding"], "replace").removeprefix("\ufeff")


def _stray(file: str, line: int, field: str) -> Fault:
    what = "a quotation mark that isn't closed in its line holds several rows together"
    allowed = "a quotation mark of a name is doubled, and the name stands in quotation marks"
    return Fault(what, file=file, row=line, value=shorten(field, 80), allowed=allowed)


def _mixed(file: str, content: str) -> Fault:
    """Return the first line that ends otherwise than the line before it."""
    ends = [match[0] for match in _LINE_END.finditer(content)]
    line = next((at for at, end in enumerate(ends, 1) if end != ends[0]), 1)
    return Fault("lines end in several ways", file=file, row=line, allowed=_ALIKE)


def _encoding(file: str, row: int) -> Fault:
    return Fault("text in an encoding that can't be told", file=file, row=row, allowed=_SAVE_AS)


def _rejected(rows: Iterable[tuple[str, int, str, str]]) -> list[Fault]:
    """Return what DuckDB couldn't read, as faults; a file in another encoding is one."""
    said = {
        "TOO MANY COLUMNS": "more fields than headings",
        "MISSING COLUMNS": "fewer fields than headings",
        "UNQUOTED VALUE": "a quotation mark that isn't closed where its field ends",
    }
    faults: list[Fault] = []
    foreign: set[str] = set()
    for file, line, kind, text in rows:
        if kind != "INVALID ENCODING":
            what = said.get(kind, kind.lower())
            allowed = "as many fields as headings; a value with a delimiter in it stands in quotation marks"
            faults.append(Fault(what, file=file, row=line, value=shorten(text, 80), allowed=allowed))
        elif file not in foreign:
            foreign.add(file)
            faults.append(_encoding(file, line))
    return faults
