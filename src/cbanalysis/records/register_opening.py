"""Open a register, files or a table of any engine, as one ibis table; ask what its dates don't tell."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import ibis
import ibis.expr.types as ir
import pandas as pd

from cbanalysis.common.errors import DataError, Fault, require_known
from cbanalysis.records import contract
from cbanalysis.records.column_headings import match_columns
from cbanalysis.records.register_files import find_files, read_files
from cbanalysis.records.typed_columns import TWO_NUMBERS, by_cell, typed, united

_PATTERN = "*?[{"


@dataclass(frozen=True)
class Register:
    """Monthly meeting records that questions can be asked of.

    Attributes
    ----------
    name : str
        What charts and tables name as their source.
    table : ibis table
        The records, with the contract's columns and types, on whatever engine holds them.
    located : ibis table
        The same records with ``file`` and ``before`` (rows before it in its file, headings included), read
        only to list faults. Of files it is always DuckDB's reading, whichever engine answers the questions:
        no engine else numbers the rows of all files.
    given : frozenset of str
        The contract's columns that the register has.
    names : {"register", "commune"}
        Whether a cell's name is its own in the whole register or in its commune only.
    made_up : bool
        Whether the records are invented: every chart and table says so.
    sources : tuple of Path
        The files and folders that were opened, whole paths.
    per : {"cell", "member"}
        What a row was.
    dates : {"unknown", "day_first", "month_first"}
        What 5/6/2024 means.
    exempt : {"outside_due", "in_due"}
        Whether the register counts members exempt among those due; ``due`` of ``table`` never does.
    notices : tuple of Notice
        What of its files isn't used.
    """

    name: str
    table: ir.Table
    located: ir.Table
    given: frozenset[str]
    names: contract.Names = "register"
    made_up: bool = False
    sources: tuple[Path, ...] = ()
    per: contract.Per = "cell"
    dates: contract.Dates = "unknown"
    exempt: contract.Exempt = "outside_due"
    notices: tuple[contract.Notice, ...] = ()

    def __repr__(self) -> str:
        columns = ", ".join(one for one in contract.CONTRACT if one in self.given)
        return f"Register({self.name!r}: {columns})"

    @property
    def level(self) -> contract.Level:
        """The level that places are compared on: communes, or cells where the register names no commune."""
        return "commune" if "commune" in self.given else "cell"

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that tell one cell from another."""
        return ("cell",) if self.names == "register" else ("province", "district", "commune", "cell")


def open_register(  # noqa: PLR0913 - each names one property of the register
    source: str | Path | Sequence[str | Path] | ir.Table,
    *,
    connection: Any = None,  # noqa: ANN401 - whatever engine ibis speaks
    columns: Mapping[str, str] | None = None,
    names: contract.Names = "register",
    per: contract.Per = "cell",
    dates: contract.Dates = "unknown",
    exempt: contract.Exempt = "outside_due",
    keep: str | Path | None = None,
    progress: contract.Progress | None = None,
    name: str = "",
    made_up: bool = False,
) -> Register:
    """Open a register of monthly records.

    Parameters
    ----------
    source : path, sequence of paths, or ibis table
        CSV or Parquet files, workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods), folders of them (searched to the
        bottom), or a table on any engine. Columns
        ``cell``, ``month`` (a date, ``2024-05``, ``05/2024``, ``Tháng 5/2024``), ``due``, ``present`` (whole
        numbers), and where there are any ``excused``, ``exempt``, ``absent_without_reason``, ``commune``,
        ``district``, ``province``, ``thematic``, ``rating``;
        Vietnamese headings such as ``Chi bộ``, ``Tháng``, ``Phải dự``, ``Vắng có lý do``, ``Có mặt`` are
        known too. CSV is UTF-8 or Excel's Unicode text, with commas, semicolons or tabs, headings in the
        first line or below a title. Names in CSV and workbooks that differ only in capitals, blanks, Unicode
        form (NFC, NFD) or the place of a tone are one name, spelled as most records do; names in Parquet and
        tables are compared as they stand. Each file is read by its own columns and types; its name is never
        a pattern.
    connection : ibis connection, optional
        The engine to ask, e.g. ``ibis.pyspark.connect(session)``; DuckDB inside this process by default.
        It reads Parquet; for CSV open a table with its own reader and pass that.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.
    names : {"register", "commune"}
        ``"commune"`` where cells of different communes may bear the same name; then nobody can see a cell
        move, and none is reported.
    per : {"cell", "member"}
        ``"member"`` where each row is one member at one meeting: rows are added up by cell and day.
    dates : {"unknown", "day_first", "month_first"}
        What 5/6/2024 means. Unless it is told, `check` asks where the dates of a file don't tell.
    exempt : {"outside_due", "in_due"}
        Whether ``due`` counts the members exempt.
    keep : path, optional
        A folder that keeps the records of CSV files and workbooks as Parquet, by content: the next time only
        what is new is read from its file. It holds what the register holds: keep it as well as that.
    progress : callable, optional
        Told ``(what, done, of)`` while files are read.
    name : str
        What charts name as the source; the file's name by default.
    made_up : bool
        Whether the records are invented.

    Returns
    -------
    Register
        Of Parquet and tables nothing is read yet but headings; CSV has been looked through once.

    Raises
    ------
    DataError
        If there is no such file, it is of another kind, a required column is missing or of a type
        that can't be meant, only some files name a place, or a CSV file has rows with fields too many or too
        few, a stray quotation mark, lines that end in several ways, or text in another encoding.
    UnknownName
        If a choice is none.
    OutputError
        If `keep` can't be written.
    """
    for kind, choice, choices in (
        ("uniqueness of names", names, contract.Names),
        ("unit of a row", per, contract.Per),
        ("order of dates", dates, contract.Dates),
        ("place of the exempt", exempt, contract.Exempt),
    ):
        require_known(kind, choice, get_args(choices))
    own: dict[str, Any] = {"names": names, "dates": dates, "exempt": exempt, "made_up": made_up}
    folder = Path(keep) if keep is not None else None
    reading = contract.Reading(columns, dates, exempt, folder, progress)
    if isinstance(source, ir.Table):
        matched = match_columns(source.columns, columns)
        place = {
            "file": source["file"] if "file" in source.columns else ibis.null("string"),
            "before": source["row"] - 1 if "row" in source.columns else ibis.null("int64"),
        }
        table, located = typed(source, matched, reading), typed(source, matched, reading, place)
        used = {*matched.values(), "file", "row"}
        unused = tuple(heading for heading in source.columns if heading not in used)
        notices = (contract.Notice("columns", unused),) if unused else ()
        return _register(name or "register", table, located, frozenset(matched), per, notices=notices, **own)
    if isinstance(source, pd.DataFrame):
        raise DataError([Fault("a DataFrame is no path", allowed="ibis.memtable(frame)")])
    paths = [source] if isinstance(source, str | Path) else list(source)
    if not paths or "" in paths:
        raise DataError([Fault("no path", value="", allowed="a file or a folder; . is this one")])
    sources = [Path(path) for path in paths]
    files, others = find_files(sources)
    read = read_files(_embedded(), files, reading)
    table = read.located.select(*contract.CONTRACT)
    if connection is not None:
        table = _elsewhere(connection, files, reading)
    shown = name or (files[0].name if len(files) == 1 else files[0].parent.name)
    passed = [contract.Notice("files", tuple(others))] if others else []
    own["notices"] = (*passed, *read.notices)
    register = _register(shown, table, read.located, read.given, per, **own)
    return replace(register, sources=tuple(path.resolve() for path in sources))


def made_up_register() -> Register:
    """Return a small made-up register with a few planted faults, to show what can be asked of one.

    Returns
    -------
    Register
        Two years of 240 cells in 24 invented communes; ``made_up`` is True, and every chart says so. Members
        due drift around 5 to 60, attendance dips at Tết, gets a little better in the last third of the
        months, and one commune stays behind: things for a chart to find.
    """
    table = _embedded().read_parquet(Path(__file__).with_name("made_up.parquet"))
    return open_register(table, name="made_up.csv", made_up=True)


def _elsewhere(
    connection: Any,  # noqa: ANN401 - whatever engine ibis speaks
    files: Sequence[Path],
    reading: contract.Reading,
) -> ir.Table:
    """Return the records of Parquet files on another engine."""
    if texts := [path for path in files if path.suffix.lower() != ".parquet"]:
        what = "another engine reads Parquet only; open CSV with its own reader and pass the table"
        raise DataError([Fault(what, file=str(path)) for path in texts])
    if patterns := [str(path) for path in files if set(_PATTERN) & set(str(path))]:
        what, allowed = "another engine would take the path for a pattern", f"no {' '.join(_PATTERN)} in it"
        raise DataError([Fault(what, file=path, allowed=allowed) for path in patterns])
    # Spark takes the folders above a single file for no columns; DuckDB would, over the file's own
    options = {"hive_partitioning": False} if connection.name == "duckdb" else {}
    folders = [str(path) for path in files if any("=" in part for part in path.parts[:-1])]
    if folders and connection.name not in ("duckdb", "pyspark"):
        what = "another engine may take the folder for a column"
        raise DataError([Fault(what, file=path, allowed="no = in its path") for path in folders])
    parts = [connection.read_parquet(str(path), **options) for path in files]
    matched = [match_columns(part.columns, reading.columns) for part in parts]
    return united([typed(part, own, reading) for part, own in zip(parts, matched, strict=True)])


def within(register: Register, first: date, last: date) -> Register:
    """Return a register whose months before or after two days count as not readable."""
    table, located = (
        one.mutate(month=one["month"].between(first, last).ifelse(one["month"], ibis.null("date")))
        for one in (register.table, register.located)
    )
    return replace(register, table=table, located=located)


def _register(  # noqa: PLR0913 - the fields of a register
    name: str,
    table: ir.Table,
    located: ir.Table,
    given: frozenset[str],
    per: contract.Per,
    *,
    names: contract.Names,
    **fields: Any,  # noqa: ANN401 - the other fields
) -> Register:
    if per == "member":
        table, located = by_cell(table), by_cell(located)
    if names == "commune":
        # null equals nothing, so that a cell known by its place would not equal itself
        table, located = (
            part.mutate(**{place: ibis.coalesce(part[place], ibis.literal("")) for place in contract.PLACES})
            for part in (table, located)
        )
    return Register(name, table, located, given, names, per=per, **fields)


def _embedded() -> Any:  # noqa: ANN401 - ibis doesn't type its connections
    """Return a DuckDB inside this process."""
    # ibis.duckdb would look through the entry points of every package installed: a tenth of a second
    from ibis.backends.duckdb import Backend  # noqa: PLC0415 - only who opens files needs it

    return Backend().connect(temp_directory=tempfile.gettempdir())


def require_columns(
    wanted: Iterable[str], register: Register, who_needs: str, hints: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Refuse a register without columns that somebody needs."""
    faults = [
        Fault(f"{who_needs} this column", file=register.name, column=one, allowed=hints.get(one))
        for one in wanted
        if one not in register.given
    ]
    DataError.raise_if(faults)


_NUMBERS = re.compile(TWO_NUMBERS.replace(r"[\s\p{Z}]", r"\s"))
_MONTHS, _SHOWN = 12, 20


def require_order(register: Register) -> None:
    """Ask what comes first in dates, where no date of their file tells.

    Raises
    ------
    DataError
        For files with dates such as 5/6/2024 and none such as 31/5/2024, or with 5/31/2024 as well.
    """
    located = register.located
    if register.dates != "unknown" or not located["written_month"].type().is_string():
        return
    rows = located.filter(located["written_month"].re_search(TWO_NUMBERS))
    dates: pd.DataFrame = (
        rows.group_by("file", written="written_month").agg(before=rows["before"].min()).execute()
    )
    faults: list[Fault] = []
    for file, written in dates.groupby("file", dropna=False, sort=True):
        numbers = [_numbers(text) for text in written["written"]]
        day_first = any(first > _MONTHS >= second for first, second in numbers)
        month_first = any(second > _MONTHS >= first for first, second in numbers)
        either = [max(pair) <= _MONTHS and pair[0] != pair[1] for pair in numbers]
        if any(either) and (month_first or not day_first):
            told = either if day_first == month_first else [second > _MONTHS for _, second in numbers]
            row = written[told].sort_values("before").iloc[0]
            faults.append(_fault(file if isinstance(file, str) else register.name, row))
    DataError.raise_if(faults[:_SHOWN], "dates that may be day/month or month/day")


def _numbers(text: str) -> tuple[int, int]:
    match = _NUMBERS.match(text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _fault(file: str, row: pd.Series) -> Fault:
    number = None if pd.isna(row["before"]) else int(row["before"]) + 1
    allowed = 'dates="day_first" or dates="month_first" (--dates), or months as 2024-05'
    return Fault("day and month can't be told apart", file, None, number, "month", row["written"], allowed)
