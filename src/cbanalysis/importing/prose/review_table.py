"""The table that a person looks through: candidates beside their sentences, and a column to say yes or no."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cbanalysis.common.atomic_writes import write_new
from cbanalysis.common.errors import DataError, Fault, OutputError, nearest
from cbanalysis.common.limits import named, read_bytes
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.archives import open_archive
from cbanalysis.importing.files.csv_tsv import stray_quotation_mark
from cbanalysis.importing.prose.records import Candidate, Reading

Decision = Literal["accept", "correct", "reject", ""]
DECISIONS: tuple[Decision, ...] = ("accept", "correct", "reject")
"""What the first column takes; an empty cell is not yet decided and enters nothing."""

FIGURES, ASIDE, _LISTS = "figures", "set aside", "lists"
"""The sheets of the workbook."""

VALUES = (
    "printed", "count", "count_max", "base", "percent", "percent_max", "qualifier", "indicator", "subject",
    "province", "province_basis", "area", "geo_level", "period_start", "period_end", "period_basis",
    "category", "scheme", "category_id", "category_kind", "definition", "base_of", "aggregation",
    "complement", "note",
)  # fmt: skip
"""Columns of a review that become columns of observations.csv, and that a person may correct."""

REVIEW_COLUMNS = (
    "decision", "sentence", *VALUES, "target", "confidence", "evidence", "file", "sha256",
    "sentence_number", "start", "end",
)  # fmt: skip
"""Columns that a review must have."""

ABOUT_COLUMNS = ("address", "publisher", "published", "title")
"""Columns behind them that say where and when a document is from; a review may lack them."""

_ASIDE_COLUMNS = ("printed", "reason", "sentence", "file", "sentence_number", "start", "end")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_000
_MOST_ROWS = 200_000
_LARGEST_FILE = 100_000_000


@dataclass(frozen=True)
class ReviewRow:
    """One row of a review as it was read.

    Attributes
    ----------
    row : int
        Its number in the file; the header is row 1.
    cells : mapping of str to str
        By the names of `REVIEW_COLUMNS` and `ABOUT_COLUMNS`.
    """

    row: int
    cells: Mapping[str, str]


def review_rows(readings: Sequence[Reading]) -> list[dict[str, str]]:
    """Return the rows of a review, nothing decided.

    Parameters
    ----------
    readings : sequence of Reading
        What was read in each document.

    Returns
    -------
    list of dict
        By `REVIEW_COLUMNS`; figures first, targets behind them, each in the order of its document.
    """
    return [
        _row(reading, candidate)
        for reading in readings
        for candidate in sorted(reading.candidates, key=lambda one: one.target)
    ]


def _row(reading: Reading, one: Candidate) -> dict[str, str]:
    said = vars(one.figure) | vars(one)
    return {name: _shown(said.get(name)) for name in VALUES} | {
        "decision": "", "sentence": one.context, "province_basis": one.province_basis if one.province else "",
        "complement": "yes" if one.complement else "", "target": "yes" if one.target else "",
        "confidence": f"{one.confidence:.2f}", "evidence": one.evidence,
        "file": reading.document.file, "sha256": reading.document.sha256,
        "sentence_number": str(one.sentence), "start": str(one.start), "end": str(one.end),
        "address": reading.about.source, "publisher": reading.about.publisher,
        "published": reading.about.published, "title": reading.about.title,
    }  # fmt: skip


def _aside_rows(readings: Sequence[Reading]) -> Iterator[dict[str, str]]:
    for reading in readings:
        for one in reading.set_aside:
            said = {"file": reading.document.file, "sentence_number": one.sentence, "sentence": one.context}
            yield {name: str(value) for name, value in (vars(one) | said).items()}


def cell_of(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `_unsafe` takes the apostrophe off again."""
    text = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    text = text[:_LONGEST_CELL]
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def _unsafe(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def choices(catalogue: Catalogue, gazetteer: Gazetteer) -> dict[str, tuple[str, ...]]:
    """Return what the columns take that take only certain words: the drop-downs of the workbook."""
    return {
        "decision": DECISIONS, "qualifier": ("exact", "about", "at_least", "range"),
        "indicator": tuple(catalogue.indicators), "subject": tuple(catalogue.subjects),
        "province": tuple(sorted({unit.name_vi for unit in gazetteer.units})),
        "province_basis": ("stated", "inferred"), "geo_level": tuple(catalogue.levels),
        "period_basis": ("stated", "publication"), "scheme": tuple(catalogue.schemes),
        "aggregation": ("point", "mean", "cumulative"), "complement": ("yes",), "target": ("yes",),
    }  # fmt: skip


def write_review(
    readings: Sequence[Reading], path: Path, lists: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Write a review.

    Parameters
    ----------
    readings : sequence of Reading
        What was read in each document.
    path : Path
        A .csv (UTF-8 with a mark, so that spreadsheets show Vietnamese) or .xlsx file. Cells that begin like
        a formula get an apostrophe before them. The workbook has a second sheet with all numbers that were
        set aside, and why.
    lists : mapping, optional
        What columns take, as `choices` returns it: drop-downs of the workbook.

    Raises
    ------
    DataError
        If the file is there already (a review that somebody has filled in is never overwritten), is of
        another kind, or can't be written.
    """
    if path.suffix.casefold() not in {".csv", ".xlsx"}:
        raise DataError([Fault("a review is .csv or .xlsx", file=path.name, value=path.suffix)])
    book = path.suffix.casefold() == ".xlsx"
    columns = (*REVIEW_COLUMNS, *ABOUT_COLUMNS)
    rows = [columns, *([cell_of(row[name]) for name in columns] for row in review_rows(readings))]
    content = _workbook(readings, lists or {"decision": DECISIONS}) if book else csv_bytes(rows)
    try:
        write_new(path, content)
    except FileExistsError as error:
        fault = Fault("is there already; a filled-in review is never overwritten", file=path.name)
        raise DataError([fault]) from error
    except OutputError as error:
        raise DataError([Fault(f"can't be written: {error.reason}", file=path.name)]) from error


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a review as CSV that spreadsheets take for UTF-8."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


_WIDTHS = {
    "sentence": 80, "printed": 18, "indicator": 24, "subject": 18, "province": 16, "area": 16, "evidence": 30,
}  # fmt: skip


def _workbook(readings: Sequence[Reading], lists: Mapping[str, Sequence[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    tables: tuple[tuple[str, Sequence[str], list[dict[str, str]]], ...] = (
        (FIGURES, (*REVIEW_COLUMNS, *ABOUT_COLUMNS), review_rows(readings)),
        (ASIDE, _ASIDE_COLUMNS, [*_aside_rows(readings)]),
    )  # fmt: skip
    for title, columns, rows in tables:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "C2" if title == FIGURES else "A2"
        for at, name in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(name, 12)
        if title == FIGURES:
            sheet.data_validations.dataValidation += _drop_downs(lists, len(rows) + 1)
        cells = [WriteOnlyCell(sheet, value=name) for name in columns]
        for cell in cells:
            cell.font = Font(bold=True)
        sheet.append(cells)
        for row in rows:
            cells = [WriteOnlyCell(sheet, value=cell_of(row[name])) for name in columns]
            for name, cell in zip(columns, cells, strict=True):
                cell.data_type = "s"
                if name == "sentence":
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.append(cells)
    sheet = book.create_sheet(_LISTS)
    sheet.sheet_state = "hidden"
    for words in itertools.zip_longest(*lists.values(), fillvalue=""):
        sheet.append([*words])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _drop_downs(lists: Mapping[str, Sequence[str]], last: int) -> list[DataValidation]:
    """Return a list of choices for each column that has one; another word is only warned of."""
    found = []
    for at, (name, words) in enumerate(lists.items(), 1):
        column, own = get_column_letter(REVIEW_COLUMNS.index(name) + 1), get_column_letter(at)
        cells = f"{_LISTS}!${own}$1:${own}${len(words)}"
        choice = DataValidation(type="list", formula1=cells, allow_blank=True, errorStyle="warning")
        choice.add(f"{column}2:{column}{last}")
        found.append(choice)
    return found


def read_review(path: Path) -> list[ReviewRow]:
    """Read a review that somebody has filled in.

    Parameters
    ----------
    path : Path
        The .csv or .xlsx file (of the workbook the sheet "figures"); its columns may stand in another order,
        and columns that a person added are passed over.

    Returns
    -------
    list of ReviewRow
        All rows but empty ones, whatever was decided.

    Raises
    ------
    DataError
        If it can't be read, a column is missing, or a decision is none; lists all faults with file, sheet,
        row and column.
    """
    sheet = FIGURES if path.suffix.casefold() == ".xlsx" else None
    table = review_table(path)
    if not table:
        raise DataError([Fault("holds no header", file=path.name, sheet=sheet)])
    header = [name.strip() for name in table[0]]
    first = Fault("missing column", path.name, sheet, 1)
    faults = [
        replace(first, column=name, nearest=nearest(name, header))
        for name in REVIEW_COLUMNS if name not in header
    ] + [
        replace(first, what="column appears more than once", column=name)
        for name in (*REVIEW_COLUMNS, *ABOUT_COLUMNS) if header.count(name) > 1
    ]  # fmt: skip
    if not faults:
        rows, faults = _rows(table, header, Fault("", path.name, sheet))
    DataError.raise_if(faults)
    return rows


def review_table(path: Path) -> list[list[str]]:
    """Return the cells of a review as text, its header first; formulas and damage are refused."""
    suffix = path.suffix.casefold()
    if suffix not in {".csv", ".xlsx"}:
        raise DataError([Fault("a review is .csv or .xlsx", file=path.name, value=path.suffix)])
    content = read_bytes(path, most=_LARGEST_FILE)
    return _xlsx_table(path.name, content) if suffix == ".xlsx" else _csv_table(path.name, content)


def _rows(
    table: Sequence[Sequence[str]], header: Sequence[str], at: Fault
) -> tuple[list[ReviewRow], list[Fault]]:
    places = {name: header.index(name) for name in (*REVIEW_COLUMNS, *ABOUT_COLUMNS) if name in header}
    rows: list[ReviewRow] = []
    faults: list[Fault] = []
    for number, cells in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        here = replace(at, row=number)
        if len(cells) > len(header):
            faults.append(replace(here, what="more cells than the header has"))
            continue
        padded = [*cells, *[""] * (len(header) - len(cells))]
        row = dict.fromkeys(ABOUT_COLUMNS, "")
        row |= {name: _unsafe(padded[place]).strip() for name, place in places.items()}
        row["decision"] = row["decision"].casefold()
        if row["decision"] not in {*DECISIONS, ""}:
            allowed = f"{', '.join(DECISIONS)}, or empty"
            near = nearest(row["decision"], [one for one in DECISIONS if one])
            wrong = replace(here, what="no such decision", column="decision", value=row["decision"])
            faults.append(replace(wrong, allowed=allowed, nearest=near))
        rows.append(ReviewRow(number, row))
    return rows, faults


def _csv_table(file: str, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(f"isn't UTF-8 (byte {error.start})", file=file, allowed="CSV UTF-8, or the .xlsx")
        raise DataError([fault]) from error
    # some spreadsheets save with semicolons
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    if stray := stray_quotation_mark(io.StringIO(text, newline=None), separator, file=file):
        raise DataError([stray])
    try:
        return [*csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)]
    except csv.Error as error:
        raise DataError([Fault(f"no CSV: {error}", file=file)]) from error


def _xlsx_table(file: str, content: bytes) -> list[list[str]]:
    with named(file):
        open_archive(content)
    try:
        # with formulas as they were typed: a review has none, and what one would give isn't known here
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        names = book.sheetnames
        rows = [*itertools.islice(book[FIGURES].iter_rows(), _MOST_ROWS)] if FIGURES in names else []
        book.close()
    except Exception as error:  # openpyxl raises whatever its XML makes it
        raise DataError([Fault("damaged, or no workbook", file=file)]) from error
    if FIGURES not in names:
        raise DataError([Fault("missing sheet", file=file, value=FIGURES, nearest=nearest(FIGURES, names))])
    faults = [
        Fault("a formula", file, FIGURES, number, str(rows[0][at].value), str(cell.value), "a value")
        for number, cells in enumerate(rows, 1)
        for at, cell in enumerate(cells)
        if cell.data_type == "f" and at < len(rows[0])
    ]
    DataError.raise_if(faults)
    return [[_shown(cell.value) for cell in cells] for cells in rows]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
