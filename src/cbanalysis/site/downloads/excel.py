"""A report as a workbook: cover, notes, one table a sheet with numbers as numbers, the documents."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from math import ceil
from pathlib import Path
from textwrap import shorten
from typing import Any

import xlsxwriter

from cbanalysis.common.language import speaking, words_by_language
from cbanalysis.common.text.csv_writing import COLUMN_NAMES
from cbanalysis.display.bibtex_and_csl import Document
from cbanalysis.display.words import code_names
from cbanalysis.site.downloads.csv_tables import Rows
from cbanalysis.site.downloads.report_blocks import Block
from cbanalysis.site.downloads.title_and_documents import About
from cbanalysis.site.pages.figures_shown import day

_MOMENTS = {"period_start", "period_end", "published"}
_DAY = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_LONGEST_CELL = 32_000
_LINE, _NOTES_WIDTH, _COVER_WIDTH = 15.5, 110, 90
_FILTER, _NUMBER, _TEXT, _NOTE = 3, 8, 26, 80  # letters: a filter's arrow, a number, a text, one that goes on
_LINES = 26  # of the highest row that there can be
_PAGE = 250  # letters across a printed page that can still be read
_LONGEST_NAME = 28
# What readers look for stands first: which figure, of what, where and when, how much, how sure.
_FIRST = (
    "observation_id", "rank", "rank_low", "rank_high", "indicator", "subject", "category", "province", "area",
    "period_start", "period_end", "printed", "count", "base", "rate", "rate_low", "rate_high", "interval",
    "note",
)  # fmt: skip
_FORMATS = {
    **dict.fromkeys(("count", "count_max", "base"), "#,##0"),
    # Half of a printed hundredth is the third decimal: 63.705 to 63.715 isn't 63.71 to 63.72.
    **dict.fromkeys(("rate", "rate_low", "rate_high"), "0.00##"),
}
_NAMES = words_by_language("workbook")
_DOCUMENT = ("source_id", "publisher", "title", "published", "address", "terms", "used")


class _Workbook:
    """Writes sheets whose text is never a formula or a link of the program's own guess."""

    def __init__(self, target: Path | io.BytesIO, title: str) -> None:
        options = {"in_memory": True}  # else each part is a temporary file first
        self.book = xlsxwriter.Workbook(target if isinstance(target, io.BytesIO) else str(target), options)
        # A fixed day: the same report gives the same bytes.
        created = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        self.book.set_properties({"title": title, "author": "cbanalysis", "created": created})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.title = self.book.add_format({"bold": True, "font_size": 16})
        self.head = self.book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "top", "text_wrap": True}
        )
        self.wrapped = self.book.add_format({"valign": "top", "text_wrap": True})
        # Stays text when somebody edits the cell.
        self.quoted = self.book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True})
        self.day = self.book.add_format({"valign": "top", "num_format": "d/m/yyyy", "align": "left"})
        self.numbers = {
            one: self.book.add_format({"valign": "top", "num_format": one}) for one in {*_FORMATS.values()}
        }
        self.link = self.book.get_default_url_format()
        self.taken: set[str] = set()

    def sheet(self, name: str, widths: Sequence[float]) -> Any:  # noqa: ANN401 -- xlsxwriter has no types
        plain = re.sub(r"\s*:\s*", " – ", name.replace("'", "’"))
        plain = " ".join(re.sub(r"[\[\]*?/\\]", " ", plain).split())
        plain = shorten(plain, _LONGEST_NAME, placeholder="…") if " " in plain else plain[:_LONGEST_NAME]
        plain = plain or "sheet"
        wanted, number = plain, 2
        while wanted.casefold() in self.taken:
            wanted, number = f"{plain} {number}", number + 1
        self.taken.add(wanted.casefold())
        sheet = self.book.add_worksheet(wanted)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        # printed: across, on as many pages beside each other as leave the letters legible
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        sheet.fit_to_pages(max(1, ceil(sum(widths) / _PAGE)), 0)
        sheet.print_across()
        # years and printed figures are text on purpose
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:  # noqa: ANN401
        if value is None or value == "":
            return
        if isinstance(value, str):
            plain = self.quoted if value[0] in "=+-@" else self.wrapped
            sheet.write_string(row, column, value[:_LONGEST_CELL], style or plain)
        else:
            sheet.write(row, column, value, style or (self.day if isinstance(value, date) else self.wrapped))


def _cover(book: _Workbook, sheet: Any, about: About, tables: Sequence[tuple[str, Rows]]) -> None:  # noqa: ANN401
    names = _NAMES[about.language]
    book.write(sheet, 0, 0, about.title, book.title)
    facts = about.particulars("when", "version", "licence", "cite")
    for row, (name, value) in enumerate(facts, start=2):
        book.write(sheet, row, 0, name, book.bold)
        book.write(sheet, row, 1, value, book.wrapped)
        sheet.set_row(row, _height([value], [_COVER_WIDTH]))
    row = 2 + len(facts)
    book.write(sheet, row + 1, 0, names["tables"], book.bold)
    for number, (place, rows) in enumerate(tables, start=row + 2):
        sheet.write_url(number, 0, f"internal:'{place}'!A1", book.link, place)
        book.write(sheet, number, 1, f"{rows.caption or rows.name} ({len(rows.cells)} {names['rows']})")


def _plain_tables(blocks: Sequence[Block], known: Collection[str], language: str) -> Iterator[Rows]:
    """Yield the tables of a page that have no typed rows, as text: how they write numbers isn't known."""
    shown = [block for block in blocks if block.kind == "table" and block.name not in known]
    for number, block in enumerate(shown, start=1):
        width = max(map(len, (block.head, *block.rows)), default=0)
        head = tuple(cell.text for cell in block.head) or ("",) * width
        cells = tuple(tuple(cell.text for cell in row) for row in block.rows)
        name = f"{_NAMES[language]['table']} {number}"
        yield Rows(name, block.text, head, ("text",) * width, cells)


def _dated(value: Any, language: str, *, moment: bool = True) -> Any:  # noqa: ANN401 -- a cell of any kind
    """Return a day in ISO form as a date, and a moment's month as readers write it; anything else stays."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return day(value, language) if moment and isinstance(value, str) else value


def _codes(book: _Workbook, names: Mapping[str, str], used: Mapping[str, str]) -> None:
    """Write which name the columns have in the other files, on the last sheet."""
    sheet = book.sheet(names["codes"], (34, 34))
    told = [(names["heading"], names["code"]), *((head, name) for name, head in used.items())]
    for row, pair in enumerate(told):
        for column, text in enumerate(pair):
            book.write(sheet, row, column, text, None if row else book.head)


def _height(texts: Iterable[str], widths: Iterable[float]) -> float:
    """Return how high a row of wrapped texts must be: not every program finds out by itself."""
    lines = (len(text) / (0.9 * width) for text, width in zip(texts, widths, strict=True))
    return _LINE * min(max(1, *map(ceil, lines)), _LINES)


def _notes(book: _Workbook, name: str, spoken: Sequence[Block]) -> None:
    sheet = book.sheet(name, (_NOTES_WIDTH,))
    for row, block in enumerate(spoken):
        text = f"• {block.text}" if block.kind == "point" else block.text
        book.write(sheet, row, 0, text, book.bold if block.kind == "heading" else book.wrapped)
        sheet.set_row(row, _height([text], [_NOTES_WIDTH]))


def _width(name: str, kind: str, cells: Sequence[str]) -> int:
    """Return how wide a column must be; its heading and long texts go on in further lines."""
    heading = max(map(len, name.split()), default=0) + _FILTER
    longest = max(map(len, cells), default=0) + 2
    most = _NUMBER + 2 if kind == "number" else _TEXT if longest < 4 * _TEXT else _NOTE
    return max(heading, min(longest, most))


def _worded(tables: Sequence[Rows], language: str) -> list[Rows]:
    """Return rows whose codes and notes are in words: the codes stand in the other files."""
    told = []
    with speaking(language):
        name = code_names()
        for rows in tables:
            parted = ([*zip(rows.columns, cells, strict=True)] for cells in rows.cells)
            cells = tuple(tuple(name(*one, known) for one in row) for row in parted for known in [dict(row)])
            told.append(replace(rows, cells=cells))
    return told


def _readable(rows: Rows) -> Rows:
    """Return rows in a reader's order of columns, without those in which nothing stands."""
    filled = [at for at in range(len(rows.columns)) if any(cells[at] for cells in rows.cells)]
    order = {name: at for at, name in enumerate(_FIRST)}
    filled.sort(key=lambda at: order.get(rows.columns[at], len(order)))
    columns, kinds, *cells = (
        tuple(one[at] for at in filled) for one in (rows.columns, rows.kinds, *rows.cells)
    )
    return replace(rows, columns=columns, kinds=kinds, cells=tuple(cells))


def _sections(blocks: Sequence[Block], summary: str) -> dict[str, str]:
    """Return the heading above each table, by the table's name; none where that is the summary's."""
    found, section = dict[str, str](), ""
    for block in blocks:
        section = block.text.removeprefix(summary) if block.kind == "heading" else section
        if block.kind == "table" and section:
            found.setdefault(block.name, section)
    return found


def _tables(
    book: _Workbook, tables: Sequence[Rows], language: str, sections: Mapping[str, str] | None = None
) -> tuple[list[tuple[str, Rows]], dict[str, str]]:
    """Write a sheet for each table; return their names, and the headings of all columns by name."""
    places = []
    used: dict[str, str] = {}
    for rows in tables:
        heads = [COLUMN_NAMES[language].get(one, one) for one in rows.columns]
        used.update(zip(rows.columns, heads, strict=True))
        parts = zip(heads, rows.kinds, strict=True)
        widths = [_width(*both, [row[at] for row in rows.cells]) for at, both in enumerate(parts)]
        sheet = book.sheet((sections or {}).get(rows.name) or rows.caption or rows.name, widths)
        styles = [book.numbers.get(_FORMATS.get(one, "")) for one in rows.columns]
        for column, name in enumerate(heads):
            book.write(sheet, 0, column, name, book.head)
        for number, texts in enumerate((heads, *rows.cells)):
            sheet.set_row(number, _height(texts, widths))
        for number, typed in enumerate(zip(*rows.typed, strict=True), start=1):
            for column, value in enumerate(typed):
                moment = rows.columns[column] in _MOMENTS
                book.write(sheet, number, column, _dated(value, language, moment=moment), styles[column])
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        if rows.columns:
            sheet.autofilter(0, 0, len(rows.cells), len(rows.columns) - 1)
        places.append((sheet.get_name(), rows))
    return places, used


def _sources(book: _Workbook, documents: Sequence[Document], language: str) -> None:
    names = _NAMES[language]
    widths = (18, 26, 46, 11, 46, 40, 12)
    sources = book.sheet(names["sources"], widths)
    for column, name in enumerate(_DOCUMENT):
        book.write(sources, 0, column, names[name], book.head)
    for number, one in enumerate(documents, start=1):
        published = _dated(one.published, language)
        cells = (one.id, one.publisher, one.title, published, one.address, one.terms, one.figures)
        for column, cell in enumerate(cells):
            book.write(sources, number, column, cell)
        sources.set_row(number, _height(map(str, cells), widths))
    sources.freeze_panes(1, 0)
    sources.repeat_rows(0)


def write_frames(
    target: io.BytesIO, tables: Sequence[Rows], documents: Sequence[Document], language: str
) -> None:
    """Write frames as a workbook: their sheets first, then the documents and the codes of the columns."""
    book = _Workbook(target, tables[0].name)
    _, used = _tables(book, [*_worded(tables[:-1], language), tables[-1]], language)
    _sources(book, documents, language)
    _codes(book, _NAMES[language], used)
    book.book.close()


def write_workbook(path: Path, about: About, blocks: Sequence[Block], tables: Sequence[Rows]) -> None:
    """Write a report as XLSX.

    Parameters
    ----------
    path : Path
        The file.
    about : About
        Title, dates, how to cite, documents.
    blocks : sequence of Block
        The report; its words go to the notes, tables that have no rows of their own (a plain frame, say) to
        sheets behind the others, as the page shows them.
    tables : sequence of Rows
        One sheet each, named by its section or caption, but for the documents, which have theirs: names of
        columns in the first row, numbers as numbers, nothing rounded.
    """
    own = [rows for rows in tables if rows.name != "sources" and rows.cells]
    plain = _plain_tables(blocks, {rows.name for rows in tables}, about.language)
    tables = [*map(_readable, _worded(own, about.language)), *plain]
    book = _Workbook(path, about.title)
    names = _NAMES[about.language]
    cover = book.sheet(names["cover"], (28, _COVER_WIDTH))
    spoken = [block for block in blocks if block.kind in {"heading", "words", "point", "plain"}]
    if spoken:
        _notes(book, names["notes"], spoken)
    places, used = _tables(book, tables, about.language, _sections(blocks, about.words["in_short"]))
    _sources(book, about.documents, about.language)
    _codes(book, names, used)
    _cover(book, cover, about, places)
    book.book.close()
