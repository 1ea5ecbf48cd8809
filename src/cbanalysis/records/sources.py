"""The files of a register: found, read each by its own headings, and brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.records.columns import WRITTEN, typed, united
from cbanalysis.records.contract import CONTRACT, PLACES, Dates, Exempt, Notice
from cbanalysis.records.csv_reader import read_csv
from cbanalysis.records.kept import Progress, Store
from cbanalysis.records.names import same_names
from cbanalysis.records.parquet_reader import read_parquet
from cbanalysis.records.workbooks import WORKBOOKS, read_workbook

_ENDINGS = (".csv", ".parquet", *WORKBOOKS)
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
    notices: tuple[Notice, ...]


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
            and (path == source or not any(part[:1] in ".~" for part in path.relative_to(source).parts))
        ]
        if not mine:
            what = "no CSV or Parquet file, and no workbook" if source.exists() else "no such file or folder"
            faults.append(Fault(what, file=str(source)))
        files += mine
        others += [path.relative_to(source).as_posix() for path in inside if path not in {*mine}]
    if faults:
        raise DataError(faults)
    return list(dict.fromkeys(files)), others


def read_files(  # noqa: PLR0913 - what the register's owner may say of its columns
    embedded: Any,  # noqa: ANN401 - ibis doesn't type its connections
    files: Sequence[Path],
    columns: Mapping[str, str] | None,
    *,
    dates: Dates,
    exempt: Exempt,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Files:
    """Read files, each by its own headings.

    Raises
    ------
    DataError
        If a file can't be read, lacks a column, or names no place where others do.
    """
    read = _Read()
    parquet = [path for path in files if path.suffix.lower() == ".parquet"]
    for first, table, matched, unused in read_parquet(embedded, parquet, columns):
        place = {"file": table["filename"], "before": table["file_row_number"]}
        read.parts.append(typed(table, matched, place, file=first.name, dates=dates, exempt=exempt))
        read.given[str(first)] = frozenset(matched)
        read.unused |= dict.fromkeys(unused)
    texts = [path for path in files if path.suffix.lower() != ".parquet"]
    store = Store(embedded, keep, dates, exempt) if texts else None
    for table in same_names(_texts(embedded, texts, columns, read, store, progress)):
        place = {"file": table["file"], "before": table["before"]}
        matched = {name: name for name in table.columns if name not in place}
        written = [f"written_{name}" for name in WRITTEN]
        read.parts.append(
            table.select(*CONTRACT, *place, *written)
            if keep is not None
            else typed(table, matched, place, dates=dates, exempt=exempt)
        )
    _same_places(read.given)
    notices = [Notice("columns", tuple(read.unused))] if read.unused else []
    notices += [Notice("files", tuple(read.skipped))] if read.skipped else []
    return Files(united(read.parts), frozenset.intersection(*read.given.values()), tuple(notices))


def _texts(  # noqa: PLR0913, PLR0917 - as above
    embedded: Any,  # noqa: ANN401 - as above
    files: Sequence[Path],
    columns: Mapping[str, str] | None,
    read: _Read,
    store: Store | None,
    progress: Progress | None,
) -> list[ir.Table]:
    """Return the records of CSV files and workbooks: one table for all with the same columns."""
    alike: dict[tuple[tuple[str, ...], int], dict[str, str]] = {}
    faults: list[Fault] = []
    for at, file in enumerate(files):
        if progress and len(files) > 1:
            progress("files read", at, len(files))
        sheets, passed = (
            ([read_csv(embedded, file, columns)], [])
            if file.suffix.lower() == ".csv"
            else (read_workbook(file, columns))
        )
        read.skipped += passed
        for sheet in sheets:
            place, wrong = store.parquet(file, sheet, progress) if store else (file, [])
            faults += wrong
            alike.setdefault((tuple(sheet.matched), sheet.above), {})[str(place)] = sheet.name
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
    return table.select(*kept, file=table["filename"].substitute(dict(names)), before=before)


def _same_places(given: Mapping[str, frozenset[str]]) -> None:
    """Refuse places that only some files name: their cells would be taken for others, or for moved ones."""
    named = frozenset.union(*given.values())
    faults = [
        Fault("column missing that other files have", file, column=name, allowed="in all files or none")
        for file, columns in given.items()
        for name in PLACES
        if name in named - columns
    ]
    if faults:
        raise DataError(faults[:_SHOWN])
