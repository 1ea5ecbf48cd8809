"""What a file of text tells before its records are read: its columns, and where they begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from cbanalysis.common.errors import Fault


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
    rows : int
        How many records there are, or somewhat more.
    records : callable
        Return the records as text, under the contract's names.
    check : callable
        Return the rows that couldn't be read; takes how many were.
    """

    name: str
    matched: Mapping[str, str]
    unused: tuple[str, ...]
    above: int
    rows: int
    records: Callable[[], ir.Table]
    check: Callable[[int], list[Fault]]
