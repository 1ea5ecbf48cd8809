"""The files of a register (Parquet, CSV, workbooks): each read by its own headings, and brought together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from glob import escape
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.text.letters import clean, normalise_tones
from cbanalysis.importing.files.grids import Cell, Grid
from cbanalysis.importing.files.reading import tables
from cbanalysis.records import contract
from cbanalysis.records.column_headings import known_headings, match_columns, numbers_columns
from cbanalysis.records.parquet_copies import Store
from cbanalysis.records.register_csv import Sheet, read_csv, understood, whole
from cbanalysis.records.typed_columns import WRITTEN, typed, united

_NAMES = ("cell", *contract.PLACES)


def same_names(parts: list[ir.Table]) -> list[ir.Table]:
    """Return tables of text in which names that differ only in how they are typed are one.

    Names that differ only in capitals, blanks, Unicode form or the place of a tone are spelled as most
    records spell them; names of blanks are missing.
    """
    seen = [_names_in(part) for part in parts]
    spelled = {name: _spelled([frame for frame in seen if name in frame], name) for name in _NAMES}
    return [_respelled(part, spelled) for part in parts]


def _names_in(table: ir.Table) -> pd.DataFrame:
    """Return which names stand together in how many records."""
    names = [name for name in _NAMES if name in table.columns]
    frame: pd.DataFrame = table.group_by(names).agg(records=table.count()).execute()
    return frame


def _key(name: str) -> str:
    return normalise_tones(name).casefold()


def _spelled(seen: Iterable[pd.DataFrame], name: str) -> dict[str, str | None]:
    """Return the spelling of each name that is to be read otherwise than it is written; blanks are none."""
    written: Counter[str] = Counter()
    for frame in seen:
        for one, records in zip(frame[name], frame["records"], strict=True):
            if isinstance(one, str):
                written[one] += int(records)
    total: Counter[str] = Counter()
    cleaned = {one: clean(one) for one in written}
    for one, records in written.items():
        total[cleaned[one]] += records
    keys = {one: _key(one) for one in total}
    # the last one of each key stays: that of most records
    best = {keys[one]: one for one in sorted(total, key=lambda one: (total[one], one))}
    spelled = {one: best[keys[cleaned[one]]] for one in written}
    return {one: other or None for one, other in spelled.items() if one != other}


def _respelled(table: ir.Table, spelled: Mapping[str, Mapping[str, str | None]]) -> ir.Table:
    """Return a table with its names as they are to be read; it is joined only where some differ."""
    for name, others in spelled.items():
        if name in table.columns and others:
            rows = pd.DataFrame({"written": list(others), "read_as": list(others.values())}, dtype="object")
            lookup = ibis.memtable(rows, schema=dict.fromkeys(("written", "read_as"), "string"))
            joined = table.left_join(lookup, table[name] == lookup["written"])
            value = (joined["written"] == joined[name]).ifelse(joined["read_as"], joined[name])
            table = joined.mutate(**{name: value}).drop("written", "read_as")
    return table


_ADDED = ("filename", "file_row_number")
"""Columns that DuckDB adds."""


def read_parquet(
    embedded: Any,  # noqa: ANN401 - ibis doesn't type its connections
    files: Sequence[Path],
    columns: Mapping[str, str] | None = None,
) -> list[tuple[Path, ir.Table, dict[str, str], list[str]]]:
    """Return the records of Parquet files: one table for all files with the same columns and types.

    Parameters
    ----------
    embedded : ibis connection
        DuckDB in this process, which spreads the scan of a table over its threads.
    files : sequence of Path
        Files of any columns: each is read by its own headings.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.

    Returns
    -------
    list of tuple
        The first file; the table, with ``filename`` and ``file_row_number``; contract name to its column; the
        headings that aren't used.

    Raises
    ------
    DataError
        If a file can't be read, a column is missing, or several mean the same.
    """
    from pyarrow.parquet import read_schema  # noqa: PLC0415 - only who opens files needs it

    alike: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for file in files:
        with understood(file):
            schema = read_schema(file)
        alike.setdefault(tuple(zip(schema.names, map(str, schema.types), strict=True)), []).append(file)
    found = []
    for schema, same in alike.items():
        headings = [heading for heading, _ in schema]
        if taken := [one for one in headings if one.casefold() in _ADDED]:
            what, allowed = "a column's name that can't be read", "any other name"
            raise DataError([Fault(what, file=str(same[0]), column=one, allowed=allowed) for one in taken])
        matched = match_columns(headings, columns, file=same[0].name)
        with understood(same[0]):
            # a name is a name and no pattern, and a folder's name no column
            names = [escape(str(one)) for one in same]
            table = embedded.read_parquet(names, filename=True, file_row_number=True, hive_partitioning=False)
        table = table.mutate(filename=_as_given(table, {whole(one): str(one) for one in same}))
        # by place, for DuckDB renames columns whose names differ only in capitals
        chosen = {name: table.columns[headings.index(heading)] for name, heading in matched.items()}
        unused = [heading for heading in headings if heading not in matched.values()]
        found.append((same[0], table, chosen, unused))
    return found


WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TITLE = 20  # rows among which the headings stand


def read_workbook(file: Path, columns: Mapping[str, str] | None = None) -> tuple[list[Sheet], list[str]]:
    """Return the sheets of a workbook that are registers, and the names of those that aren't.

    Parameters
    ----------
    file : Path
        A workbook.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.

    Returns
    -------
    tuple
        Sheets, whose records are already in memory; names. A value that cells merged below each other share
        stands in all their rows.

    Raises
    ------
    DataError
        If the workbook can't be read, no sheet of it has the headings of a register, or one of these lacks a
        column.
    """
    grids = [(grid, _heading_row(grid, columns)) for grid in tables(file)]
    registers = [(grid, at) for grid, at in grids if at is not None]
    if not registers:
        allowed = ", ".join(contract.REQUIRED)
        raise DataError([Fault("no sheet with the headings of a register", file=str(file), allowed=allowed)])
    summaries = [grid for grid, at in registers if _adds_up(grid, at, columns)]
    if len(summaries) < len(registers):
        # beside sheets with cells and months: a summary of them
        registers = [(grid, at) for grid, at in registers if grid not in summaries]
    read = [grid for grid, _ in registers]
    several = len(grids) > 1
    sheets = [_sheet(file, grid, at, columns, several=several) for grid, at in registers]
    return sheets, [f"{file.name}, sheet {grid.sheet}" for grid, _ in grids if grid not in read]


def _adds_up(grid: Grid, at: int, columns: Mapping[str, str] | None) -> bool:
    """Return whether a sheet has due and present, and no column of cells or none of months."""
    headings = [clean(_as_text(cell)) for cell in grid.top(at + 1)[at]]
    had = [known_headings(headings, columns, [one]) for one in ("cell", "month")]
    return min(had) == 0


def _heading_row(grid: Grid, columns: Mapping[str, str] | None) -> int | None:
    for at, row in enumerate(grid.top(_TITLE)):
        if known_headings([_as_text(cell) for cell in row], columns) >= len(contract.REQUIRED) - 1:
            return at
    return None


def _sheet(file: Path, grid: Grid, at: int, columns: Mapping[str, str] | None, *, several: bool) -> Sheet:
    name = f"{file}, sheet {grid.sheet}" if several else str(file)
    headings = [clean(_as_text(cell)) for cell in grid.top(at + 1)[at]]
    asked = {name: clean(heading) for name, heading in (columns or {}).items()}
    matched = match_columns(headings, asked, file=Path(name).name)
    below = grid.top(at + 2)[at + 1 :]
    at += bool(below) and numbers_columns([_as_text(cell) for cell in below[0]], headings)
    texts = {
        column: [
            _as_text(cell) or None
            for cell in grid.column(
                headings.index(heading), spread=column in ("cell", *contract.PLACES, "month")
            )[at + 1 :]
        ]
        for column, heading in matched.items()
    }
    frame = pd.DataFrame(texts, dtype="object")
    # rows without anything are no records, yet count as a spreadsheet counts
    frame = frame.assign(before=range(at + 1, at + 1 + len(frame)))[frame.notna().any(axis="columns")]

    def records() -> ir.Table:
        return ibis.memtable(frame, schema=dict.fromkeys(matched, "string") | {"before": "int64"})

    unused = tuple(heading for heading in headings if heading and heading not in matched.values())
    return Sheet(name, matched, unused, at + 1, lambda: len(frame), records, lambda _: [])


def _as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a fraction, days as 2024-05-31."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


_TEXTS = (".csv", ".tsv", ".txt")
_ENDINGS = (*_TEXTS, ".parquet", *WORKBOOKS)
_SHOWN = 20


@dataclass(frozen=True)
class Files:
    """The records of files.

    Attributes
    ----------
    located : ibis table
        `columns.typed`'s columns with ``file`` and ``before``.
    given : frozenset of str
        The contract's columns that all of them have.
    notices : tuple of Notice
        What isn't used.
    """

    located: ir.Table
    given: frozenset[str]
    notices: tuple[contract.Notice, ...]


@dataclass
class _Read:
    """What is gathered file by file."""

    parts: list[ir.Table] = field(default_factory=list)
    given: dict[str, frozenset[str]] = field(default_factory=dict)
    unused: dict[str, None] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def find_files(sources: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Return the files meant, each once, in the order of their names, and the names of those passed over.

    Raises
    ------
    DataError
        Where there is no file of a kind that is read.
    """
    files: list[Path] = []
    others: list[str] = []
    faults: list[Fault] = []
    for source in sources:
        inside = [source] if source.is_file() else sorted(source.rglob("*")) if source.is_dir() else []
        inside = [path for path in inside if path.is_file()]
        # what systems, spreadsheets and notebooks lay beside their documents is no register
        mine = [
            path
            for path in inside
            if path.suffix.lower() in _ENDINGS
            # notes lie beside the documents of a folder, too
            and (path.suffix.lower() != ".txt" or path == source)
            and (path == source or not any(part[:1] in ".~" for part in path.relative_to(source).parts))
        ]
        if not mine:
            what = "no CSV or Parquet file, and no workbook" if source.exists() else "no such file or folder"
            faults.append(Fault(what, file=str(source)))
        files += mine
        others += [path.relative_to(source).as_posix() for path in inside if path not in {*mine}]
    DataError.raise_if(faults)
    return list(dict.fromkeys(files)), others


def read_files(
    embedded: Any,  # noqa: ANN401 - ibis doesn't type its connections
    files: Sequence[Path],
    reading: contract.Reading,
) -> Files:
    """Read files, each by its own headings.

    Raises
    ------
    DataError
        If a file can't be read, lacks a column, or names no place where others do.
    """
    read = _Read()
    parquet = [path for path in files if path.suffix.lower() == ".parquet"]
    for first, table, matched, unused in read_parquet(embedded, parquet, reading.columns):
        place = {"file": table["filename"], "before": table["file_row_number"]}
        read.parts.append(typed(table, matched, reading, place, file=first.name))
        read.given[str(first)] = frozenset(matched)
        read.unused |= dict.fromkeys(unused)
    texts = [path for path in files if path.suffix.lower() != ".parquet"]
    store = Store(embedded, reading) if texts else None
    for table in same_names(_texts(embedded, texts, reading, read, store)):
        place = {"file": table["file"], "before": table["before"]}
        matched = {name: name for name in table.columns if name not in place}
        written = [f"written_{name}" for name in WRITTEN]
        read.parts.append(
            table.select(*contract.CONTRACT, *place, *written)
            if reading.keep is not None
            else typed(table, matched, reading, place)
        )
    _same_places(read.given)
    notices = [contract.Notice("columns", tuple(read.unused))] if read.unused else []
    notices += [contract.Notice("files", tuple(read.skipped))] if read.skipped else []
    return Files(united(read.parts), frozenset.intersection(*read.given.values()), tuple(notices))


def _texts(
    embedded: Any,  # noqa: ANN401 - as above
    files: Sequence[Path],
    reading: contract.Reading,
    read: _Read,
    store: Store | None,
) -> list[ir.Table]:
    """Return the records of CSV files and workbooks: one table for all with the same columns."""
    alike: dict[tuple[tuple[str, ...], int], dict[str, str]] = {}
    faults: list[Fault] = []
    for at, file in enumerate(files):
        if reading.progress and len(files) > 1:
            reading.progress("files read", at, len(files))
        sheets, passed = (
            ([read_csv(embedded, file, reading.columns)], [])
            if file.suffix.lower() in _TEXTS
            else (read_workbook(file, reading.columns))
        )
        read.skipped += passed
        for sheet in sheets:
            place, wrong = store.parquet(file, sheet) if store else (file, [])
            faults += wrong
            alike.setdefault((tuple(sheet.matched), sheet.above), {})[whole(place)] = sheet.name
            read.given[sheet.name] = frozenset(sheet.matched)
            read.unused |= dict.fromkeys(sheet.unused)
    if faults:
        heading = f"{len(faults)} rows can't be read; the first {_SHOWN}" if len(faults) > _SHOWN else ""
        raise DataError(faults[:_SHOWN], heading)
    return [_located(embedded, names, above) for (_, above), names in alike.items()]


def _located(embedded: Any, names: Mapping[str, str], above: int) -> ir.Table:  # noqa: ANN401 - as above
    """Return the records of files, with the name of each and how many rows stand before a record."""
    table: ir.Table = embedded.read_parquet(
        list(names), filename=True, file_row_number=True, hive_partitioning=False
    )
    before = table["before"] if "before" in table.columns else table["file_row_number"] + above
    kept = [name for name in table.columns if name not in ("filename", "file_row_number", "before")]
    return table.select(*kept, file=_as_given(table, names), before=before)


def _as_given(table: ir.Table, names: Mapping[str, str]) -> ir.Value:
    """Return the file of each record by the name that it was given, not by its whole path."""
    others = {path: name for path, name in names.items() if path != name}
    return table["filename"].substitute(others) if others else table["filename"]


def _same_places(given: Mapping[str, frozenset[str]]) -> None:
    """Refuse places that only some files name: their cells would be taken for others, or for moved ones."""
    named = frozenset.union(*given.values())
    faults = [
        Fault("column missing that other files have", file, column=name, allowed="in all files or none")
        for file, columns in given.items()
        for name in contract.PLACES
        if name in named - columns
    ]
    DataError.raise_if(faults[:_SHOWN])
