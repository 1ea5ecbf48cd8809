"""A review on its way: the table in its file, changed figure by figure and never half written."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from pathlib import Path

import openpyxl
import pandas as pd

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.folders import content_of
from cbanalysis.dataset.observations.repeated_figures import repeats
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.importing.prose.grammar import grammar
from cbanalysis.importing.prose.review_table import (
    ABOUT_COLUMNS,
    FIGURES,
    ReviewRow,
    cell_of,
    csv_bytes,
    read_review,
    review_table,
)

# Below these a field is shown as doubtful; a year that only the date of publication tells always is.
_SURE = {"value": 0.8, "subject": 0.85, "place": 0.8, "period": 0.95, "indicator": 0.8}
_EVIDENCE = ("value", "subject", "place", "period", "indicator")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "value": ("count", "base", "percent"), "subject": ("subject",), "place": ("province", "area"),
    "period": ("period_start", "period_end"), "indicator": ("indicator",), "some": ("category",),
}  # fmt: skip
_NEEDED = ("indicator", "subject", "province", "geo_level", "period_start", "period_end")
_VALUES = ("count", "count_max", "base", "percent", "percent_max")


class ReviewFile:
    """A review that a person goes through; each change is in the file before the next.

    Parameters
    ----------
    path : Path
        The .csv or .xlsx file, as `write_review` wrote it and others may have changed it.

    Raises
    ------
    DataError
        As `read_review`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_in()

    def _read_in(self) -> None:
        path = self.path
        self._seen = content_of(path)
        self.rows = {row.row: dict(row.cells) for row in read_review(path)}
        self._table = review_table(path)
        self._columns = [name.strip() for name in self._table[0]]
        self._book = openpyxl.load_workbook(path) if path.suffix.casefold() == ".xlsx" else None
        for name in ABOUT_COLUMNS:
            if name not in self._columns:
                self._columns.append(name)
                self._table[0].append(name)
                if self._book is not None:
                    self._book[FIGURES].cell(1, len(self._columns), name)

    def read_again(self) -> bool:
        """Read the file again where another program wrote into it, and say whether that was so."""
        other = self.path.exists() and content_of(self.path) != self._seen
        if other:
            self._read_in()
        return other

    def change(self, row: int, cells: Mapping[str, str]) -> None:
        """Change cells of a row, in memory; columns that the file lacks are passed over."""
        self.rows[row].update(cells)
        for name, value in cells.items():
            if name not in self._columns:
                continue
            at, cells_of_row = self._columns.index(name), self._table[row - 1]
            cells_of_row += [""] * (at + 1 - len(cells_of_row))
            cells_of_row[at] = cell_of(value)
            if self._book is not None:
                cell = self._book[FIGURES].cell(row, at + 1)
                cell.value = cell_of(value) or None
                cell.data_type = "s" if value else "n"

    def add(self, cells: Mapping[str, str]) -> int:
        """Add a row, in memory, and return its number."""
        row = len(self._table) + 1
        self._table.append([""] * len(self._columns))
        self.rows[row] = dict.fromkeys(self.rows[min(self.rows)], "") if self.rows else {}
        self.change(row, cells)
        return row

    def save(self) -> None:
        """Write the file in one step: whoever kills the process finds the last state that was saved."""
        written = io.BytesIO()
        if self._book is not None:
            self._book.save(written)
        write_aside(self.path, csv_bytes(self._table) if self._book is None else written.getvalue())
        self._seen = content_of(self.path)

    def read(self, *rows: int) -> list[ReviewRow]:
        """Return rows as `read_review` gives them; all of them when none is named."""
        return [ReviewRow(row, self.rows[row]) for row in rows or sorted(self.rows)]


def doubtful(cells: Mapping[str, str]) -> list[str]:
    """Return the fields of a row that are missing, or that rest on evidence that is often wrong.

    Examples
    --------
    >>> cells = {"evidence": "exact, direct, clause, earlier, verb", "indicator": "org_count",
    ...          "subject": "member", "province": "Hà Nam", "geo_level": "province",
    ...          "period_start": "2020", "period_end": "2020"}
    >>> doubtful(cells)
    ['period_start', 'period_end']
    """
    found = [name for name in _NEEDED if not cells[name]]
    trust = grammar().confidence
    for part, word in zip(_EVIDENCE, cells["evidence"].split(", "), strict=False):
        # no evidence of an indicator is as good as that of a value
        if trust[part].get(word, 0) < min(_SURE[part], max(trust[part].values())):
            found += _FIELDS.get(word, [name for name in _FIELDS[part] if cells.get(name)])
    return [*dict.fromkeys(found)]


def typed(
    cells: Mapping[str, str], changed: Mapping[str, str], by_hand: Collection[str] = ()
) -> dict[str, str]:
    """Return what a person changes in a row, and on what it rests: what is typed is stated.

    Parameters
    ----------
    cells : mapping of str to str
        The row before.
    changed : mapping of str to str
        What the person changes.
    by_hand : collection of str
        What a person has said of the row before; a basis among them stays.

    Examples
    --------
    >>> undated = {"period_start": "", "period_end": "", "period_basis": ""}
    >>> typed(undated, {"period_end": "2012"})
    {'period_end': '2012', 'period_basis': 'stated'}
    """
    after, found = {**cells, **changed}, dict(changed)
    for basis, told_by, names in (
        ("period_basis", {"", "publication"}, ("period_start", "period_end")),
        ("province_basis", {"", "inferred"}, ("province",)),
    ):
        if basis in changed or not any(name in changed for name in names):
            continue
        if not any(after[name] for name in names):
            found[basis] = ""
        elif not cells[basis] or (cells[basis] in told_by and basis not in by_hand):
            found[basis] = "stated"
    return found


def folded(
    rows: Mapping[int, Mapping[str, str]], apart: Collection[int] = ()
) -> dict[int, list[tuple[int, str]]]:
    """Return the figures to decide on, each with the rows that go with it.

    Parameters
    ----------
    rows : mapping of int to mapping
        The cells of a review by row.
    apart : collection of int
        Rows that stand for themselves, as those do that a person has said yes to.

    Returns
    -------
    dict of int to list of (int, str)
        By row: rows of the same figure said again ("repeat", by the rule of `repeats`), and the number of all
        that it is a part of ("base"), which stands right behind it; a "repeat" too where that number is told
        elsewhere. Each row stands there once, none that is open below one that is decided.
    """
    first = _first(rows)
    said: dict[int, list[int]] = {}
    for row, one in first.items():
        said.setdefault(one, []).append(row)
    own = {row for row, cells in rows.items() if row in apart or cells["decision"] in {"accept", "correct"}}
    bases = _bases(rows)
    told = {one for row, one in first.items() if row not in bases}
    cards: dict[int, list[tuple[int, str]]] = {}
    last = main = 0
    for row, cells in rows.items():
        if row in bases:
            again = main != last or first[row] in told
            told.add(first[row])
            if row in apart or (again and row in own) or not _may_join(cells, rows[main]):
                cards[row] = []
            else:
                cards[main].append((row, "repeat" if again else "base"))
            continue
        # the heading says the number, the text the number with its share
        fuller = [
            other for other in said[first[row]]
            if row not in own and other not in bases and _within(cells, rows[other])
            and _may_join(cells, rows[other])
        ]  # fmt: skip
        last, main = row, max(fuller or [row], key=lambda other: (_weight(rows[other]), -other))
        cards.setdefault(main, [])
        if main != row:
            cards[main].append((row, "repeat"))
    return dict(sorted(cards.items()))


def _first(rows: Mapping[int, Mapping[str, str]]) -> dict[int, int]:
    """Return for each row the first that tells the same number of the same thing, with a base or without."""
    columns = [*COLUMNS, "target", "sha256"]
    told = [[cells.get(name, "") for name in columns] for cells in rows.values()]
    frame = pd.DataFrame(told, columns=columns, dtype="str")
    frame["source_id"] = frame["sha256"] + " " + frame["target"]
    frame["percent"] = frame["percent"].where(frame["count"].eq(""), "")
    frame[["base", "base_of", "count_max", "percent_max"]] = ""
    return {row: [*rows][one] for row, one in zip(rows, repeats(frame), strict=True)}


def _bases(rows: Mapping[int, Mapping[str, str]]) -> set[int]:
    """Return the rows that are the number of all of which the row before them is a part."""
    found: set[int] = set()
    last = 0
    for row, cells in rows.items():
        if last and _is_base(cells, rows[last]):
            found.add(row)
        else:
            last = row
    return found


def _may_join(cells: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether a row may stand below another one: what is open would be lost below what is decided."""
    return bool(cells["decision"]) or not other["decision"]


def _within(cells: Mapping[str, str], other: Mapping[str, str]) -> bool:
    known = all(cells[name] in {"", other[name]} for name in _VALUES)
    return known and (not cells["base"] or cells["base_of"] == other["base_of"])


def _weight(cells: Mapping[str, str]) -> tuple[int, float]:
    """Return how much a row says, and how sure it is."""
    sure = cells["confidence"].replace(".", "", 1).isdecimal()
    return sum(bool(cells[name]) for name in _VALUES), float(cells["confidence"]) if sure else 0.0


def _is_base(cells: Mapping[str, str], whole: Mapping[str, str]) -> bool:
    near = all(cells[name] == whole[name] for name in ("file", "sentence_number"))
    return near and cells["evidence"].startswith("base,") and cells["count"] == whole["base"]
