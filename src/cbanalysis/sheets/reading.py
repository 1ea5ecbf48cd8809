"""A file to grids: what it is is seen from its bytes, never from its name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cbanalysis.errors import DataError, Fault
from cbanalysis.sheets.documents import read_portable, read_word
from cbanalysis.sheets.grids import Grid
from cbanalysis.sheets.letters import Letters, letters_of_fonts, unicode_text
from cbanalysis.sheets.limits import LARGEST_FILE, check_archive, refuse
from cbanalysis.sheets.pages import charset, page_fonts, read_page
from cbanalysis.sheets.separated import decoded, read_separated
from cbanalysis.sheets.workbooks import fonts_of, read_workbook

__all__ = ["read_grids"]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_TABLES = "xlsx, xls, xlsb, ods, csv, tsv, html, docx or pdf"


def read_grids(path: Path, *, letters: Letters | None = None) -> tuple[Grid, ...]:
    """Read the tables of a file.

    Formulas are the values that were stored with them, macros and links are never followed, hidden sheets
    stay hidden.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx, .xlsm, .xls, .xlsb, .ods), a text table (.csv, .tsv), a page (.html, also named
        .xls), a Word document (.docx) or a PDF; the bytes decide which, not the name.
    letters : {"tcvn3", "vni", ""}, optional
        How text of before Unicode is encoded; ``""`` for not at all. By default the file's fonts tell.

    Returns
    -------
    tuple of Grid
        One for each visible sheet or table that holds anything.

    Raises
    ------
    DataError
        With file and sheet: missing, empty, damaged, protected, too large, or without any table.
    """
    file = path.name
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise refuse(file, f"{path.stat().st_size:,} bytes", allowed=f"{LARGEST_FILE:,} at the most")
        content = path.read_bytes()
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else f"can't be read: {error.strerror}"
        raise DataError([Fault(what, file=file)]) from error
    if not content.strip():
        raise refuse(file, "the file is empty", allowed="a table")
    told: Letters = letters if letters is not None else ""
    grids = []
    for grid, fonts in _read(file, content, told):
        found = letters if letters is not None else letters_of_fonts(fonts)
        grids.append(_in_unicode(grid, found, told=letters is not None))
    if not grids:
        raise refuse(file, "the file holds no table", allowed=f"a table in {_TABLES}")
    sha256 = hashlib.sha256(content).hexdigest()
    return tuple(replace(grid, sha256=sha256) for grid in grids)


def _read(file: str, content: bytes, letters: Letters) -> Iterator[tuple[Grid, set[str]]]:
    if content.startswith(b"PK\x03\x04"):
        yield from _from_archive(file, content)
    elif content.startswith(_OLD_OFFICE):
        yield from _from_old_office(file, content)
    elif content.startswith(b"%PDF"):
        yield from (
            (Grid(file, "", name, rows, merged, above), set())
            for name, rows, merged, above in read_portable(file, content)
        )
    elif content.startswith(
        (b"PK", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
    ):
        raise refuse(file, "neither a table nor text", allowed=_TABLES)
    else:
        yield from _from_text(file, content, letters)


def _from_archive(file: str, content: bytes) -> Iterator[tuple[Grid, set[str]]]:
    names = check_archive(file, content)
    if "word/document.xml" in names:
        tables, fonts = read_word(file, content)
        yield from (
            (Grid(file, "", name, rows, merged, above), fonts) for name, rows, merged, above in tables
        )
    elif names.intersection(_WORKBOOKS):
        fonts = fonts_of(content)
        yield from (
            (Grid(file, "", name, rows, merged), fonts) for name, rows, merged in read_workbook(file, content)
        )
    else:
        raise refuse(file, "an archive, not a table", allowed=_TABLES)


def _from_old_office(file: str, content: bytes) -> Iterator[tuple[Grid, set[str]]]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise refuse(file, "the file is protected with a password", allowed="a file without one")
    if "WordDocument".encode("utf-16-le") in content:
        raise refuse(file, "an old Word document", allowed="the same saved as .docx")
    fonts = fonts_of(content)
    yield from (
        (Grid(file, "", name, rows, merged), fonts) for name, rows, merged in read_workbook(file, content)
    )


def _from_text(file: str, content: bytes, letters: Letters) -> Iterator[tuple[Grid, set[str]]]:
    head = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"<?xml") and b"spreadsheet" in head:
        raise refuse(file, "an XML spreadsheet of 2003", allowed="the same saved as .xlsx")
    if not (
        head.startswith((b"<html", b"<!doctype html", b"<table"))
        or b"<table" in content.lower()[:LARGEST_FILE]
    ):
        rows, remarks = read_separated(file, content, letters)
        yield Grid(file, "", "", rows, remarks=remarks), set()
        return
    text, encoding = _page_text(file, content, letters)
    fonts = page_fonts(text)
    for number, (rows, merged, above) in enumerate(read_page(file, text), start=1):
        yield Grid(file, "", f"table {number}", rows, merged, above, remarks=(f"encoding {encoding}",)), fonts


def _page_text(file: str, content: bytes, letters: Letters) -> tuple[str, str]:
    named = charset(content)
    if named and not letters and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode(named), named
        except (LookupError, UnicodeError):
            pass  # pages often name another encoding than theirs
    return decoded(file, content, letters)


def _in_unicode(grid: Grid, letters: Letters, *, told: bool) -> Grid:
    if not letters:
        return grid
    known: dict[str, str] = {}

    def plain(text: str) -> str:
        if text not in known:
            known[text] = unicode_text(text, letters)
        return known[text]

    rows = [[plain(cell) if isinstance(cell, str) else cell for cell in row] for row in grid.rows]
    name = {"tcvn3": "TCVN3", "vni": "VNI"}[letters]
    remark = f"text was {name}" + (", as you said" if told else ", as its fonts say")
    above = tuple(map(plain, grid.above))
    return replace(grid, rows=rows, above=above, letters=letters, remarks=(*grid.remarks, remark))
