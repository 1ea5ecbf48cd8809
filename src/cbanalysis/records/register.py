"""Open a register: files or a table of any engine, as one ibis table with the contract's columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from cbanalysis.errors import DataError, Fault, UnknownName
from cbanalysis.records.contract import CONTRACT, NUMBERS, PLACES, Level, Names, match_columns
from cbanalysis.records.csv_reader import read_csv
from cbanalysis.records.parquet_reader import read_parquet

__all__ = ["Register", "open_register", "within"]

_ENDINGS = (".csv", ".parquet")
_SHOWN = 20
_PATTERN = "*?[{"
_BYTES = 4
"""Of the largest number of members that is read."""
_WRITTEN = ("month", *NUMBERS, "thematic")
_YES = ("1", "1.0", "x", "có", "co\u0301", "co", "yes", "true", "y")
_NO = ("", "0", "0.0", "không", "kho\u0302ng", "khong", "no", "false", "n")

# Regular expressions that DuckDB and Spark read alike; blanks are of any kind.
_BLANK, _BETWEEN = r"[\s\p{Z}]*", "[-–/.]"
_DAY, _MONTH, _TIME = "(?:0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])", "(?:[ Tt][0-9:.]+)?"
_WORD = "(?:t(?:h(?:[aáÁ]\u0301?ng)?)?[.]?" + _BLANK + ")?"
_OF_YEAR = f"{_BLANK}(?:{_BETWEEN}|n(?:[aăĂ]|a\u0306)m){_BLANK}"
_YEAR_FIRST = rf"([1-9][0-9]{{3}}){_BETWEEN}{_MONTH}(?:{_BETWEEN}{_DAY})?"
_YEAR_LAST = rf"(?:{_DAY}{_BETWEEN})?{_MONTH}{_OF_YEAR}([1-9][0-9]{{3}})"
_MONTHS = tuple(
    (rf"(?i)^{_BLANK}{_WORD}{way}{_TIME}{_BLANK}$", year, month)
    for way, year, month in ((_YEAR_FIRST, 1, 2), (_YEAR_LAST, 2, 1))
)


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
    """

    name: str
    table: ir.Table
    located: ir.Table
    given: frozenset[str]
    names: Names = "register"
    made_up: bool = False
    sources: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        columns = ", ".join(one for one in CONTRACT if one in self.given)
        return f"Register({self.name!r}: {columns})"

    @property
    def level(self) -> Level:
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
    names: Names = "register",
    name: str = "",
    made_up: bool = False,
) -> Register:
    """Open a register of monthly records.

    Parameters
    ----------
    source : path, sequence of paths, or ibis table
        CSV or Parquet files, folders of them (searched to the bottom), or a table on any engine. Columns
        ``cell``, ``month`` (a date, ``2024-05``, ``05/2024``, ``Tháng 5/2024``), ``due``, ``present`` (whole
        numbers), and where there are any ``excused``, ``commune``, ``district``, ``province``, ``thematic``,
        ``rating``;
        Vietnamese headings such as ``Chi bộ``, ``Tháng``, ``Phải dự``, ``Vắng có lý do``, ``Có mặt`` are
        known too. CSV is UTF-8 or Excel's Unicode text, with commas, semicolons or tabs, headings in the
        first line. Names in CSV that differ only in capitals, blanks, Unicode form (NFC, NFD) or the place
        of a tone are one name, spelled as most records do; names in Parquet and tables are compared as
        they stand. Each file is read by its own columns and types; its name is never a pattern.
    connection : ibis connection, optional
        The engine to ask, e.g. ``ibis.pyspark.connect(session)``; DuckDB inside this process by default.
        It reads Parquet; for CSV open a table with its own reader and pass that.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.
    names : {"register", "commune"}
        ``"commune"`` where cells of different communes may bear the same name; then nobody can see a cell
        move, and none is reported.
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
        If there is no such file, it is neither CSV nor Parquet, a required column is missing or of a type
        that can't be meant, only some files name a place, or a CSV file has rows with fields too many or too
        few, or text in another encoding.
    UnknownName
        If `names` is no such choice.
    """
    if names not in ("register", "commune"):
        raise UnknownName("uniqueness of names", names, ("register", "commune"))
    if isinstance(source, ir.Table):
        matched = match_columns(source.columns, columns)
        place = {
            "file": source["file"] if "file" in source.columns else ibis.null("string"),
            "before": source["row"] - 1 if "row" in source.columns else ibis.null("int64"),
        }
        table = _typed(source, matched)
        located = _typed(source, matched, place)
        return _register(name or "register", table, located, frozenset(matched), names=names, made_up=made_up)
    paths = [source] if isinstance(source, str | Path) else list(source)
    if not paths or "" in paths:
        raise DataError([Fault("no path", value="", allowed="a file or a folder; . is this one")])
    sources = [Path(one) for one in paths]
    files = _files(sources)
    embedded = _embedded()
    located, given = _from_files(embedded, files, columns)
    if connection is None:
        table = located.select(*CONTRACT)
    else:
        if csv := [one for one in files if one.suffix.lower() == ".csv"]:
            what = "another engine reads Parquet only; open CSV with its own reader and pass the table"
            raise DataError([Fault(what, file=str(one)) for one in csv])
        if patterns := [str(one) for one in files if set(_PATTERN) & set(str(one))]:
            what, allowed = (
                "another engine would take the path for a pattern",
                f"no {' '.join(_PATTERN)} in it",
            )
            raise DataError([Fault(what, file=one, allowed=allowed) for one in patterns])
        parts = [connection.read_parquet(str(one)) for one in files]
        table = _union([_typed(one, match_columns(one.columns, columns)) for one in parts])
    shown = name or (files[0].name if len(files) == 1 else files[0].parent.name)
    register = _register(shown, table, located, given, names=names, made_up=made_up)
    return replace(register, sources=tuple(one.resolve() for one in sources))


def within(register: Register, first: date, last: date) -> Register:
    """Return a register whose months before or after two days count as not readable."""
    table, located = (
        one.mutate(month=one["month"].between(first, last).ifelse(one["month"], ibis.null("date")))
        for one in (register.table, register.located)
    )
    return replace(register, table=table, located=located)


def _register(  # noqa: PLR0913 - the fields of a register
    name: str, table: ir.Table, located: ir.Table, given: frozenset[str], *, names: Names, made_up: bool
) -> Register:
    if names == "commune":
        # null equals nothing, so that a cell known by its place would not equal itself
        table, located = (
            one.mutate(**{place: ibis.coalesce(one[place], ibis.literal("")) for place in PLACES})
            for one in (table, located)
        )
    return Register(name, table, located, given, names, made_up)


def _embedded() -> Any:  # noqa: ANN401 - ibis doesn't type its connections
    """Return a DuckDB inside this process."""
    # ibis.duckdb would look through the entry points of every package installed: a tenth of a second
    from ibis.backends.duckdb import Backend  # noqa: PLC0415 - only who opens files needs it

    return Backend().connect(temp_directory=tempfile.gettempdir())


def _files(sources: Iterable[str | Path]) -> list[Path]:
    """Return the files meant, each once, in the order of their names."""
    found: list[Path] = []
    faults: list[Fault] = []
    for source in sources:
        path = Path(source)
        inside = [path] if path.is_file() else sorted(path.rglob("*")) if path.is_dir() else []
        files = [one for one in inside if one.suffix.lower() in _ENDINGS and one.is_file()]
        if not files:
            what = "no CSV or Parquet file" if path.exists() else "no such file or folder"
            faults.append(Fault(what, file=str(source)))
        found += files
    if faults:
        raise DataError(faults)
    return list(dict.fromkeys(found))


def _from_files(
    embedded: Any,  # noqa: ANN401 - ibis doesn't type its connections
    files: Sequence[Path],
    columns: Mapping[str, str] | None,
) -> tuple[ir.Table, frozenset[str]]:
    """Return the records of files with ``file`` and ``row``, and the columns that they all have."""
    parts: list[ir.Table] = []
    given: dict[Path, frozenset[str]] = {}
    parquet = [one for one in files if one.suffix.lower() == ".parquet"]
    for first, table, matched in read_parquet(embedded, parquet, columns):
        place = {"file": table["filename"], "before": table["file_row_number"]}
        parts.append(_typed(table, matched, place, file=first.name))
        given[first] = frozenset(matched)
    texts = [one for one in files if one.suffix.lower() == ".csv"]
    for file, table in zip(texts, read_csv(embedded, texts, columns), strict=True):
        matched = {one: one for one in CONTRACT if one in table.columns}
        place = {"file": ibis.literal(str(file)), "before": table["row_in_file"]}
        parts.append(_typed(table, matched, place, file=file.name))
        given[file] = frozenset(matched)
    _same_places(given)
    return _union(parts), frozenset.intersection(*given.values())


def _same_places(given: Mapping[Path, frozenset[str]]) -> None:
    """Refuse places that only some files name: their cells would be taken for others, or for moved ones."""
    named = frozenset.union(*given.values())
    faults = [
        Fault("column missing that other files have", str(file), column=one, allowed="in all files or none")
        for file, columns in given.items()
        for one in PLACES
        if one in named - columns
    ]
    if faults:
        raise DataError(faults[:_SHOWN])


def _union(parts: Sequence[ir.Table]) -> ir.Table:
    if len(parts) > 1:
        # files may hold the same column with different types
        wide = dict.fromkeys((*NUMBERS, "thematic"), "int64")
        parts = [
            one.cast(wide | {name: "string" for name in one.columns if name.startswith("written_")})
            for one in parts
        ]
    return reduce(lambda one, other: one.union(other), parts)


def _typed(
    table: ir.Table,
    matched: Mapping[str, str],
    place: Mapping[str, ir.Value] | None = None,
    *,
    file: str | None = None,
) -> ir.Table:
    """Return the contract's columns with its types; what can't be read is null, what is absent a constant."""
    found = {name: _kept(table[heading]) for name, heading in matched.items()}
    faults = [
        Fault("a type that can't be read", file, column=name, value=str(one.type()), allowed=kinds)
        for name, one in found.items()
        if (kinds := _kinds_unlike(name, one.type()))
    ]
    if faults:
        raise DataError(faults)
    columns: dict[str, ir.Value] = {}
    for name in CONTRACT:
        if name == "month":
            columns[name] = _month(found[name])
        elif name in NUMBERS:
            columns[name] = _whole(found[name]) if name in found else ibis.literal(0, "int64")
        elif name == "thematic":
            columns[name] = _yes(found[name]) if name in found else ibis.literal(0, "int64")
        else:
            columns[name] = _text(found[name]) if name in found else ibis.literal("", "string")
    if place is not None:
        columns |= place
        # as they were written, for the rows in which one of them can't be read
        columns |= {f"written_{name}": found.get(name, ibis.literal("")) for name in _WRITTEN}
    return table.select(**columns)


def _kept(column: ir.Value) -> ir.Value:
    """Return a column as it is; one that is empty in all rows has no type and counts as text."""
    kind = column.type()
    return column.cast("string") if kind.is_null() or kind.is_unknown() else column


def _kinds_unlike(name: str, kind: dt.DataType) -> str:
    """Return which types a column may have; nothing where its own is one of them."""
    simple = kind.is_string() or kind.is_numeric()
    if name == "month":
        # without a zone: the first of a month in Hà Nội is the last of the month before elsewhere
        dated = kind.is_date() or (kind.is_timestamp() and kind.timezone is None)
        return "" if simple or dated else "dates, times without a zone, or text"
    if name in NUMBERS:
        return "" if simple and not kind.is_boolean() else "whole numbers, or text"
    if name == "thematic":
        return "" if simple or kind.is_boolean() else "yes or no (boolean), 1 or 0, or text"
    return "" if simple else "text"


def _text(column: ir.Value) -> ir.Value:
    return column if column.type().is_string() else column.cast("string")


def _whole(column: ir.Value) -> ir.Value:
    """Return whole numbers; text that is none, and fractions, become null.

    ``20.0`` and ``20,00`` are 20; ``1.000`` may be one or a thousand and is neither. More than 32 bits hold
    are no members, and would run over when they are added up.
    """
    kind = column.type()
    if kind.is_string():
        way = rf"^{_BLANK}([+-]?[0-9]{{1,10}})(?:[.,]00?)?{_BLANK}$"
        return column.re_extract(way, 1).try_cast("int32")
    if kind.is_signed_integer() and kind.nbytes <= _BYTES:
        return column
    whole = column.try_cast("int32")
    return whole if kind.is_integer() else (whole == column).ifelse(whole, ibis.null("int32"))


def _yes(column: ir.Value) -> ir.Value:
    """Return 1 for yes, 0 for no or nothing, and null for what is neither."""
    kind = column.type()
    if kind.is_string():
        word = column.strip().lower()
        yes, no = word.isin(_YES), word.isin(_NO)
    else:
        number = column.cast("int64") if kind.is_boolean() else column
        yes, no = number == 1, number == 0
    return ibis.cases((yes, 1), (no | column.isnull(), 0), else_=ibis.null("int64")).cast("int64")


def _month(column: ir.Value) -> ir.Value:
    """Return a day of the month, from a date or from text, each year with four digits.

    ``2024-05``, ``2024/05/31``, ``05/2024``, ``15-05-2024``, ``15.5.2024``, ``Tháng 5/2024``, ``T5/2024``,
    ``tháng 5 năm 2024``, with a time or without.
    """
    kind = column.type()
    if kind.is_date():
        return column
    if kind.is_timestamp():
        return column.date()
    written = column if kind.is_string() else column.cast("string")
    return ibis.coalesce(
        *(
            (
                written.re_extract(way, year) + "-" + written.re_extract(way, month).lpad(2, "0") + "-01"
            ).try_cast("date")
            for way, year, month in _MONTHS
        )
    )
