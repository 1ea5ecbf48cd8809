"""Workbooks by calamine: formulas are their stored values, macros are never run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import python_calamine

from cbanalysis.errors import DataError
from cbanalysis.sheets.grids import Cell, Span
from cbanalysis.sheets.limits import check_size, refuse

__all__ = ["SheetCells", "fonts_of", "read_workbook"]

SheetCells = tuple[str, list[list[Cell]], tuple[Span, ...]]

_FONT = re.compile(r'<(?:\w+:)?name val="([^"]{1,60})"|(?:svg:font-family|style:font-name)="([^"]{1,60})"')
# names of the two families as a binary workbook holds them, in one or two bytes a letter
_OLD_FONT = re.compile(rb"\.Vn[A-Z][A-Za-z]{2,20}|VNI-[A-Z][a-z]{2,20}")


def read_workbook(file: str, content: bytes) -> Iterator[SheetCells]:
    """Yield the visible sheets that hold anything: name, rows from A1 on, merged ranges.

    Raises
    ------
    DataError
        If the file is protected, damaged, or too large.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for about in book.sheets_metadata:
            if about.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            check_size(file, sheet.total_height, sheet.total_width, about.name)
            rows = sheet.to_python(skip_empty_area=False)
            if rows:
                yield about.name, rows, _spans(sheet.merged_cell_ranges)
    except python_calamine.PasswordError as error:
        raise refuse(file, "the file is protected with a password", allowed="a file without one") from error
    except DataError:
        raise
    # calamine is compiled code that ends in a panic on some damaged files, which is no Exception
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise refuse(file, f"the workbook is damaged ({_first(error)})", allowed="a whole file") from error


def _first(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:120] or type(error).__name__


def _spans(ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> tuple[Span, ...]:
    return tuple((*start, *end) for start, end in ranges or ())


def fonts_of(content: bytes) -> set[str]:
    """Return the names of the fonts of a workbook, as far as they tell how its text is written."""
    if not content.startswith(b"PK"):
        plain = content.replace(b"\0", b"") if b".\0V\0n" in content or b"V\0N\0I" in content else content
        return {found.decode("latin-1") for found in _OLD_FONT.findall(plain)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "xl/styles.bin" in names:
            return fonts_of(archive.read("xl/styles.bin"))
        named = [name for name in ("xl/styles.xml", "content.xml", "styles.xml") if name in names]
        texts = [archive.open(name).read(2**22).decode("utf-8", "replace") for name in named]
    return {one or other for text in texts for one, other in _FONT.findall(text)}
