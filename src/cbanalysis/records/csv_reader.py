"""CSV files of a register: looked through once when opened, for rows and names that can't stand so."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from glob import escape
from io import StringIO
from pathlib import Path
from textwrap import shorten
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from cbanalysis.errors import DataError, Fault
from cbanalysis.records.contract import PLACES, match_columns
from cbanalysis.text import clean, normalise_tones

__all__ = ["read_csv", "understood"]

_NAMES = ("cell", *PLACES)
_DELIMITERS = (",", ";", "\t")
_BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16-be"}
_SAVE_AS = "UTF-8 (in Excel: save as “CSV UTF-8”)"
_HEAD = 65_536  # characters in which the headings end, which may run over several lines
_SHOWN = 20

# One row of a file may be wrong in several ways; the first is enough.
_REJECTED = """
select distinct on (file_path, line) file_path, line, error_type::varchar as kind, csv_line
from reject_errors join reject_scans using (scan_id, file_id) order by file_path, line
"""


@contextmanager
def understood(file: Path) -> Iterator[None]:
    """Say what can't be read as one fault of the file, without a traceback."""
    import duckdb  # noqa: PLC0415 - only who opens files needs it
    import pyarrow as pa  # noqa: PLC0415 - as above

    try:
        yield
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        what = f"can't be read: {str(error).strip().splitlines()[0]}"
        allowed = f"{_SAVE_AS}, all lines ending alike" if file.suffix.lower() == ".csv" else None
        raise DataError([Fault(what, file=str(file), allowed=allowed)]) from error


def read_csv(
    embedded: Any,  # noqa: ANN401 - ibis doesn't type its connections
    files: Sequence[Path],
    columns: Mapping[str, str] | None = None,
) -> list[ir.Table]:
    """Return the records of CSV files as text, each under the contract's names of the columns that it has.

    Parameters
    ----------
    embedded : ibis connection
        DuckDB in this process.
    files : sequence of Path
        Each with its headings in the first line; they tell commas, semicolons and tabs apart.
    columns : mapping, optional
        Contract name to heading, for headings that aren't known.

    Returns
    -------
    list of ibis table
        One a file, with ``row_in_file``: the first record is row 2. Names that differ only in capitals,
        blanks, Unicode form or the place of a tone are one name: as most records write it.

    Raises
    ------
    DataError
        If a file is empty or in another encoding, a column is missing, or rows have fields too many or too
        few.
    """
    opened: list[tuple[Path, dict[str, Any], dict[str, str]]] = []
    seen: list[pd.DataFrame] = []
    for file in files:
        form, headings = _form(file)
        asked = {name: clean(heading) for name, heading in (columns or {}).items()}
        matched = match_columns(headings, asked, file=file.name)
        chosen = {name: f"c{headings.index(heading)}" for name, heading in matched.items()}
        with understood(file):
            watched = embedded.read_csv(escape(str(file)), auto_detect=False, store_rejects=True, **form)
            seen.append(_names_in(watched.select(**chosen)))
        opened.append((file, form, chosen))
    if seen and (faults := _rejected(embedded.raw_sql(_REJECTED).fetchall())):
        heading = f"{len(faults)} rows can't be read; the first {_SHOWN}" if len(faults) > _SHOWN else ""
        raise DataError(faults[:_SHOWN], heading)
    spelled = {name: _spelled([one for one in seen if name in one], name) for name in _NAMES}
    return [_respelled(_numbered(embedded, *one), spelled) for one in opened]


def _numbered(
    embedded: Any,  # noqa: ANN401 - as above
    file: Path,
    form: Mapping[str, Any],
    chosen: Mapping[str, str],
) -> ir.Table:
    """Return the records of a file that has been looked through, with their rows."""
    with understood(file):
        # auto_detect has nothing left to find, but only with it DuckDB knows how large the file is, and
        # joins the few suspects to the records instead of holding all records in memory
        table = embedded.read_csv(escape(str(file)), auto_detect=True, **form)
    # DuckDB numbers rows in the order of the file; the header is row 1, as an editor counts
    numbered = table.mutate(row_in_file=ibis.row_number().cast("int64") + 1)
    return numbered.select(**chosen, row_in_file="row_in_file")


def _form(file: Path) -> tuple[dict[str, Any], list[str]]:
    """Return how DuckDB is to read a file, told by its first bytes and its headings, and the headings."""
    with understood(file), file.open("rb") as stream:
        start = stream.read(3)
    encoding = _BYTE_ORDER.get(start[:2], "utf-8")
    if encoding == "utf-16-be":
        raise DataError([Fault("UTF-16 with the high byte first", file=str(file), allowed=_SAVE_AS)])
    reading = "utf-8-sig" if encoding == "utf-8" else encoding
    with understood(file), file.open(encoding=reading, errors="replace", newline="") as stream:
        head = stream.read(_HEAD)
    found = {one: next(csv.reader(StringIO(head, newline=""), delimiter=one), []) for one in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda one: len(found[one]))
    headings = [clean(one) for one in found[delimiter]]
    if not any(headings):
        raise DataError([Fault("no headings", file=str(file), row=1, allowed="headings in the first line")])
    if any("\ufffd" in one or "\0" in one for one in found[delimiter]):
        raise DataError([_encoding(str(file), 1)])
    form = {
        "header": True,
        "hive_partitioning": False,
        "skip": 0,
        "comment": "",
        "columns": {f"c{number}": "VARCHAR" for number in range(len(headings))},
        "delim": delimiter,
        "quote": '"',
        "escape": '"',
        "encoding": encoding,
    }
    return form, headings


def _encoding(file: str, row: int) -> Fault:
    return Fault("text in an encoding that can't be told", file=file, row=row, allowed=_SAVE_AS)


def _names_in(table: ir.Table) -> pd.DataFrame:
    """Return which names stand together in how many records, having looked at every column of every row."""
    names = [one for one in _NAMES if one in table.columns]
    others = {one: table[one].max() for one in table.columns if one not in names}
    frame: pd.DataFrame = table.group_by(names).agg(records=table.count(), **others).execute()
    return frame[[*names, "records"]]


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
    # the last one of each key stays: that of most records
    best = {_key(one): one for one in sorted(total, key=lambda one: (total[one], one))}
    spelled = {one: best[_key(cleaned[one])] for one in written}
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
