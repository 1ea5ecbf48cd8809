"""A file to grids or to text: what it is is seen from its bytes, not from its name."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import python_calamine

from cbanalysis.common.errors import DataError
from cbanalysis.common.limits import check_size, limits, named, read_bytes, refuse
from cbanalysis.importing.files.archives import DAMAGE, Parts, damaged, open_archive
from cbanalysis.importing.files.csv_tsv import read_separated
from cbanalysis.importing.files.grids import Cell, Grid, uncollected
from cbanalysis.importing.files.letters import (
    NAMES,
    Letters,
    decoded,
    hint,
    letters_of_font,
    page_text,
    unicode_text,
)
from cbanalysis.importing.files.ods import OpenDocument
from cbanalysis.importing.files.pages import Page, read_page
from cbanalysis.importing.files.portable import read_portable
from cbanalysis.importing.files.word import read_word
from cbanalysis.importing.files.xls import OldExcel
from cbanalysis.importing.files.xlsb import BinaryExcel
from cbanalysis.importing.files.xlsx import Excel, readable

TEXT_SUFFIXES = (".txt", ".html", ".htm", ".docx", ".pdf")
"""Usual endings of articles; the bytes decide what one is."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_TABLES = "xlsx, xls, xlsb, ods, csv, tsv, html, docx or pdf"
_TEXTS = "txt, html, docx or pdf"
_FOREIGN = (b"PK", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_PAGE = re.compile(
    rb"<(?:!doctype html|html|head|body|meta|title|table|div|p|article|h[1-6])\b", re.IGNORECASE
)
_LOOKED_AT = 2_000
_MOST_LISTED = 20


@dataclass(frozen=True)
class Article:
    """What an article says.

    Attributes
    ----------
    file : str
        Name of the file, without its folders.
    sha256 : str
        Hash of the file's bytes.
    text : str
        Its text; a paragraph or block is a line, the cells of a table's row stand beside one another. The
        text of a .txt file is the decoded file, so places count its own characters.
    page : Page or None
        For a web page what it says of itself: title, metadata, times, JSON-LD.
    """

    file: str
    sha256: str
    text: str
    page: Page | None = None


@uncollected()
def tables(path: Path, *, letters: Letters | None = None) -> tuple[Grid, ...]:
    """Read the tables of a file.

    Formulas are the values that were stored with them, macros and links are never followed, hidden sheets
    stay hidden.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx, .xlsm, .xls, .xlsb, .ods), a text table (.csv, .tsv), a page (.html, also named
        .xls), a Word document (.docx) or a PDF; the bytes decide which, not the name.
    letters : {"tcvn3", "vni", ""}, optional
        How text of before Unicode is encoded; ``""`` for not at all. By default the font of each cell tells.

    Returns
    -------
    tuple of Grid
        One for each visible sheet or table that holds anything.

    Raises
    ------
    DataError
        With file and sheet: missing, empty, damaged, protected, above `limits`, or without any table.
    """
    content = read_bytes(path)
    sha256 = hashlib.sha256(content).hexdigest()
    with named(path.name):
        if not content.strip():
            raise refuse("the file is empty", allowed="a table")
        grids = tuple(
            replace(_remarked(grid, used, letters), file=path.name, sha256=sha256)
            for grid, used in _grids(content, letters)
            if grid.width
        )
        if not grids:
            raise refuse("the file holds no table", allowed=f"a table in {_TABLES}")
    return grids


def text(path: Path, *, letters: Letters | None = None) -> Article:
    """Read the text of an article.

    Parameters
    ----------
    path : Path
        A .txt (UTF-8 with or without mark, UTF-16, Windows-1258), .html, .docx or .pdf file; the bytes decide
        which, not the name. PDF needs the extra ``pdf``.
    letters : {"tcvn3", "vni", ""}, optional
        As `tables`.

    Returns
    -------
    Article

    Raises
    ------
    DataError
        One fault with the file's name: missing, no article, damaged, protected, above `limits`, without text.
    """
    content = read_bytes(path)
    with named(path.name):
        words, page, is_scan = _words(content, path.suffix.casefold(), letters)
        most = limits().characters
        if len(words) > most:
            raise refuse(f"{len(words):,} characters: too much text", allowed=f"{most:,} at the most")
        if not words.strip():
            raise refuse("holds no text; is it a scan?" if is_scan else "holds no text")
    return Article(path.name, hashlib.sha256(content).hexdigest(), words, page)


def _words(content: bytes, suffix: str, letters: Letters | None) -> tuple[str, Page | None, bool]:
    if content.startswith(b"PK\x03\x04"):
        parts = open_archive(content)
        if "word/document.xml" not in parts.names:
            book = "a workbook; cbanalysis import reads tables"
            what = book if parts.names.intersection(_WORKBOOKS) else "an archive, not a document"
            raise refuse(what, allowed=_TEXTS)
        blocks, _ = read_word(parts, letters)
        return "\n".join(_block(block) for block in blocks).strip("\n"), None, False
    _refuse_foreign(content, _TEXTS)
    if content[:1024].lstrip().startswith(b"%PDF"):
        return read_portable(content, "text"), None, True
    # a text may well hold a tag; a page is called one by its name or begins as one
    if suffix in {".html", ".htm", ".xhtml"} or (suffix != ".txt" and _PAGE.search(content[:4096])):
        told, _ = page_text(content, letters or "")
        page = read_page(told)
        return _in_unicode(page.text, page.fonts, letters), page, False
    told, _ = decoded(content, letters or "")
    return (unicode_text(told, letters) if letters else told), None, False


def _block(block: str | Grid) -> str:
    if isinstance(block, str):
        return block
    return "\n".join("\t".join(map(str, row)) for row in block.rows)


def _in_unicode(words: str, fonts: Iterable[str], letters: Letters | None) -> str:
    asked: Letters = next(filter(None, map(letters_of_font, fonts)), "") if letters is None else letters
    return "\n".join(unicode_text(line, asked) for line in words.split("\n")) if asked else words


def _refuse_foreign(content: bytes, allowed: str) -> None:
    if content.startswith(_OLD_OFFICE[:4]):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refuse("the file is protected with a password", allowed="a file without one")
        if "WordDocument".encode("utf-16-le") in content:
            raise refuse("an old Word document", allowed="the same saved as .docx")
        if allowed == _TEXTS:
            raise refuse("an old workbook; cbanalysis import reads tables", allowed=allowed)
    elif content.startswith(_FOREIGN):
        raise refuse("neither a table nor text", allowed=allowed)


def _grids(content: bytes, letters: Letters | None) -> Iterator[tuple[Grid, set[Letters]]]:
    if content.startswith(b"PK\x03\x04"):
        parts = open_archive(content)
        if "word/document.xml" in parts.names:
            yield from _of_word(parts, letters)
        elif parts.names.intersection(_WORKBOOKS):
            yield from _of_workbook(content, parts, letters)
        else:
            raise refuse("an archive, not a table", allowed=_TABLES)
        return
    _refuse_foreign(content, _TABLES)
    if content.startswith(_OLD_OFFICE[:4]):
        yield from _of_workbook(content, None, letters)
    elif content[:1024].lstrip().startswith(b"%PDF"):
        for number, (rows, above) in enumerate(read_portable(content, "tables"), start=1):
            yield Grid(f"table {number}", rows, above=tuple(above)), set()
    else:
        yield from _of_text(content, letters)


def _of_workbook(
    content: bytes, parts: Parts | None, letters: Letters | None
) -> Iterator[tuple[Grid, set[Letters]]]:
    """Yield the visible sheets that hold anything, rows from A1 on, and the encodings that text was in.

    Raises
    ------
    DataError
        If the file is protected, damaged, or too large.
    """
    try:
        kind = _kind(content, parts)
        told = content if parts is None else readable(content, parts)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(told))
        sheets = [one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
        hidden = [one.name for one in sheets if one.visible != python_calamine.SheetVisibleEnum.Visible]
        remarks = (f"hidden sheets aren't read: {', '.join(hidden)}",) if hidden else ()
        for about in sheets:
            if about.name in hidden:
                continue
            # before calamine makes a table of it, which has room for all cells between those that are filled
            details = kind.details(about.name)
            sheet = book.get_sheet_by_name(about.name)
            check_size(sheet.total_height, sheet.total_width, about.name)
            rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
            used = details.put_into(rows, letters=letters)
            if rows:
                spans = details.merged or [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
                # a range may be said to reach beyond the cells that are there
                merged = tuple(
                    (top, left, min(bottom, len(rows) - 1), min(right, len(rows[0]) - 1))
                    for top, left, bottom, right in spans
                    if top < len(rows) and left < len(rows[0])
                )
                lines = {
                    f"hidden in the sheet and read as all others: {_listed(details.hidden)}": details.hidden,
                    f"struck out and not read: {_listed(details.struck)}": details.struck,
                }
                told_of = (line for line, places in lines.items() if places)
                yield Grid(about.name, rows, merged, remarks=(*remarks, *told_of)), used
    except python_calamine.PasswordError as error:
        raise refuse("the file is protected with a password", allowed="a file without one") from error
    except DataError:
        raise
    except DAMAGE as error:
        raise damaged(error) from error
    # calamine is compiled code that ends in a panic on some damaged files, which is no Exception
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | GeneratorExit):
            raise
        raise damaged(error) from error


def _listed(places: list[str]) -> str:
    return ", ".join([*places[:_MOST_LISTED], *["…"][: len(places) - _MOST_LISTED]])


def _kind(content: bytes, parts: Parts | None) -> OldExcel | OpenDocument | BinaryExcel | Excel:
    if parts is None:
        return OldExcel(content)
    if "content.xml" in parts.names:
        return OpenDocument(parts)
    return BinaryExcel(parts) if "xl/workbook.bin" in parts.names else Excel(parts)


def _of_word(parts: Parts, letters: Letters | None) -> Iterator[tuple[Grid, set[Letters]]]:
    blocks, used = read_word(parts, letters)
    for number, table in enumerate((block for block in blocks if isinstance(block, Grid)), start=1):
        yield replace(table, sheet=f"table {number}"), used


def _of_text(content: bytes, letters: Letters | None) -> Iterator[tuple[Grid, set[Letters]]]:
    head = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"<?xml") and b"spreadsheet" in head:
        raise refuse("an XML spreadsheet of 2003", allowed="the same saved as .xlsx")
    if not (head.startswith((b"<html", b"<!doctype html", b"<table")) or b"<table" in content.lower()):
        rows, remarks = read_separated(content, letters or "")
        yield Grid("", rows, remarks=remarks), set()
        return
    told, encoding = page_text(content, letters or "")
    page = read_page(told)
    asked: Letters = next(filter(None, map(letters_of_font, page.fonts)), "") if letters is None else ""
    for number, table in enumerate(page.tables, start=1):
        grid = replace(table, sheet=f"table {number}", remarks=(f"encoding {encoding}",))
        yield (_converted(grid, asked) if asked else grid), ({asked} if asked else set())


def _remarked(grid: Grid, used: set[Letters], told: Letters | None) -> Grid:
    """Return a grid with what a person should know of the encoding of its text."""
    if told:
        return replace(
            _converted(grid, told), remarks=(*grid.remarks, f"text was {NAMES[told]}, as you said")
        )
    if used:
        letters = min(used)
        names = " and ".join(NAMES[one] for one in sorted(used))
        remark = f"text was {names} in cells with its fonts; --letters unicode reads it as it is"
        return replace(grid, letters=letters, remarks=(*grid.remarks, remark))
    if told is None:
        sample = (cell for row in grid.rows[:_LOOKED_AT] for cell in row if isinstance(cell, str))
        if like := hint(sample):
            return replace(grid, remarks=tuple(dict.fromkeys((*grid.remarks, like))))
    return grid


def _converted(grid: Grid, letters: Letters) -> Grid:
    rows: list[list[Cell]] = [
        [unicode_text(cell, letters) if isinstance(cell, str) else cell for cell in row] for row in grid.rows
    ]
    above = tuple(unicode_text(line, letters) for line in grid.above)
    return replace(grid, rows=rows, above=above, letters=letters)
