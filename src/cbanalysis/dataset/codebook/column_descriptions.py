"""The tables of a data folder with the descriptions of their columns, read once for all generated files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from cbanalysis.common.errors import DataError, Fault, nearest
from cbanalysis.common.validation import build_record
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.catalogue.catalogue_files import read_toml
from cbanalysis.dataset.catalogue.entries import Record
from cbanalysis.dataset.csv_reading import read_rows

Row = dict[str, str]

_DESCRIPTIONS = "columns.toml"


class Column(Record):
    """What columns.toml says about one column.

    Attributes
    ----------
    values : tuple of str
        The closed list of its values; empty where there is none.
    optional : bool
        Whether a file may lack it.
    declared : {"indicators", "subjects", "levels", "schemes", ""}
        The table of indicators.toml that lists its values.
    refers_to : str
        The table whose primary key its values are.
    """

    type: Literal["string", "integer", "number", "date"]
    text: str = Field(min_length=1)
    required: bool = False
    optional: bool = False
    pattern: str = ""
    values: tuple[str, ...] = ()
    declared: Literal["indicators", "subjects", "levels", "schemes", ""] = ""
    refers_to: str = ""
    minimum: int | None = None
    maximum: int | None = None


class Table(Record):
    """What columns.toml says about one table."""

    name: str
    file: str
    title: str
    description: str
    primary_key: str
    columns: dict[str, Column]


class Package(Record):
    """What columns.toml says about the whole folder."""

    name: str
    title: str
    version: str
    description: str
    keywords: tuple[str, ...]
    terms: str
    reading: str
    studies: str
    limits: str
    units: str


class _Descriptions(Record):
    package: Package
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Contents:
    """All that the generated files are made from.

    Attributes
    ----------
    rows : dict of str to list of dict
        The rows of each table, by the table's name.
    sizes, hashes : dict of str to int, str
        Bytes and SHA-256 of each table's file.
    """

    package: Package
    tables: tuple[Table, ...]
    catalogue: Catalogue
    rows: dict[str, list[Row]]
    sizes: dict[str, int]
    hashes: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Contents:
        """Read a data folder.

        Raises
        ------
        DataError
            If a file is missing or breaks its contract; lists all faults.
        """
        faults: list[Fault] = []
        descriptions = _read_descriptions(folder / _DESCRIPTIONS, faults)
        tables = descriptions.tables if descriptions else ()
        rows: dict[str, list[Row]] = {}
        for table in tables:
            numbered = read_rows(folder / table.file, _header(folder / table.file, table), faults)
            rows[table.name] = [cells for _, cells in numbered]
        try:
            catalogue = Catalogue.read(folder)
        except DataError as error:
            # what is wrong with sources.csv or events.csv may have been seen above already
            faults.extend(fault for fault in error.faults if fault not in faults)
        if faults or descriptions is None:
            raise DataError(faults)
        files = {table.name: (folder / table.file).read_bytes() for table in tables}
        return cls(
            package=descriptions.package,
            tables=tables,
            catalogue=catalogue,
            rows=rows,
            sizes={name: len(content) for name, content in files.items()},
            hashes={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        )

    def allowed(self, column: Column) -> tuple[str, ...]:
        """Return the closed list of a column's values; empty where it takes any."""
        if column.declared:
            return tuple(getattr(self.catalogue, column.declared))
        return column.values

    def table(self, name: str) -> Table:
        """Return one table by its name."""
        return next(table for table in self.tables if table.name == name)


def _header(path: Path, table: Table) -> tuple[str, ...]:
    """Return the columns that a table should have: all, but those that it lacks and may lack."""
    first = path.read_bytes().partition(b"\n")[0] if path.is_file() else b""
    there = first.decode("utf-8-sig", errors="replace").strip().split(",")
    return tuple(name for name, column in table.columns.items() if name in there or not column.optional)


def _read_descriptions(path: Path, faults: list[Fault]) -> _Descriptions | None:
    described = read_toml(path, faults)
    at = Fault("", file=path.name)
    descriptions = build_record(_Descriptions, described, faults, at) if described else None
    if descriptions is None:
        return None
    known = [table.name for table in descriptions.tables]
    if "observations" not in known:
        faults.append(replace(at, what="no table of observations", column="tables"))
    for table in descriptions.tables:
        here = replace(at, column=f"tables.{table.name}")
        if table.primary_key not in table.columns:
            faults.append(replace(here, what="primary key that is no column", value=table.primary_key))
        named = [one.refers_to for one in table.columns.values() if one.refers_to]
        unknown = [name for name in named if name not in known]
        here = replace(here, what="refers to an unknown table")
        faults += [replace(here, value=name, nearest=nearest(name, known)) for name in unknown]
    return descriptions
