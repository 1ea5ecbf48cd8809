"""Parquet files of a register: their headings are read when it is opened, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.records.contract import match_columns
from cbanalysis.records.csv_reader import understood

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
        # by place, for DuckDB renames columns whose names differ only in capitals
        chosen = {name: table.columns[headings.index(heading)] for name, heading in matched.items()}
        unused = [heading for heading in headings if heading not in matched.values()]
        found.append((same[0], table, chosen, unused))
    return found
