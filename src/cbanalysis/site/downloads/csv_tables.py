"""The rows behind each table: typed, and as CSV without formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from cbanalysis.common.errors import harmless
from cbanalysis.common.text.csv_writing import csv_for_spreadsheets
from cbanalysis.common.text.letters import NUMBER
from cbanalysis.site.pages.cell_outputs import text_of


@dataclass(frozen=True)
class Rows:
    """The rows behind one table.

    Attributes
    ----------
    name, caption : str
        Stem of its files; what it shows.
    columns : tuple of str
        Names of the columns.
    kinds : tuple of str
        ``text``, ``integer``, ``number`` or ``boolean``, by column.
    cells : tuple of tuple of str
        The rows as text; empty where nothing is known.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    @cached_property
    def typed(self) -> list[list[Any]]:
        """The columns with numbers as numbers; None where nothing is known."""
        return [[_typed(row[at], kind) for row in self.cells] for at, kind in enumerate(self.kinds)]


def _typed(cell: str, kind: str) -> Any:  # noqa: ANN401 -- as the column says
    if kind == "text":
        return cell
    if kind == "boolean":
        return {"True": True, "False": False}.get(cell)
    if not NUMBER.fullmatch(cell):
        return None
    return int(float(cell)) if kind == "integer" else float(cell)


def rows_of(notebook: NotebookNode) -> tuple[Rows, ...]:
    """Return the rows behind the named tables of a notebook's outputs, as their CSV has them."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            marks = output.get("metadata", {}).get("cbanalysis", {})
            if not isinstance(marks, Mapping) or marks.get("kind") != "table" or not marks.get("name"):
                continue
            if "text/csv" not in output.get("data", {}):
                continue
            text = text_of(output.data["text/csv"])
            lines = [[harmless(one) for one in line] for line in csv.reader(io.StringIO(text))]
            head = tuple(lines[0]) if lines else ()
            kinds = marks.get("columns")
            known = kinds if isinstance(kinds, Mapping) else {}
            body = tuple(tuple((line + [""] * len(head))[: len(head)]) for line in lines[1:])
            of = tuple(str(known.get(one, "text")) for one in head)
            found.append(Rows(str(marks["name"]), harmless(str(marks.get("caption") or "")), head, of, body))
    return tuple(found)


def write_safe_csv(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write rows, the first of them the names of columns, as `csv_writing.csv_for_spreadsheets` does."""
    path.write_text(csv_for_spreadsheets(rows), encoding="utf-8", newline="")
