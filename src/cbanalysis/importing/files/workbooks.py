"""Workbooks: cells by calamine, and what it doesn't tell by readers of each kind; macros are never run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Protocol

import python_calamine

from cbanalysis.common.errors import DataError
from cbanalysis.common.limits import check_size, refuse
from cbanalysis.importing.files.archives import DAMAGE, Parts, damaged
from cbanalysis.importing.files.details import Details
from cbanalysis.importing.files.grids import Cell, Grid, Span
from cbanalysis.importing.files.letters import Letters
from cbanalysis.importing.files.ods import OpenDocument
from cbanalysis.importing.files.xls import OldExcel
from cbanalysis.importing.files.xlsb import BinaryExcel
from cbanalysis.importing.files.xlsx import Excel, readable


class _Kind(Protocol):
    def details(self, sheet: str) -> Details:
        """Return what is known of a sheet's cells."""


def read_workbook(
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
        book = _opened(content, parts)
        for about in book.sheets_metadata:
            if about.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            # before calamine makes a table of it, which has room for all cells between those that are filled
            details = kind.details(about.name)
            sheet = book.get_sheet_by_name(about.name)
            check_size(sheet.total_height, sheet.total_width, about.name)
            rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
            used = details.put_into(rows, letters=letters)
            if rows:
                yield Grid(about.name, rows, _spans(sheet.merged_cell_ranges)), used
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


def _opened(content: bytes, parts: Parts | None) -> python_calamine.CalamineWorkbook:
    told = content if parts is None else readable(content, parts)
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(told))


def _kind(content: bytes, parts: Parts | None) -> _Kind:
    if parts is None:
        return OldExcel(content)
    if "content.xml" in parts.names:
        return OpenDocument(parts)
    return BinaryExcel(parts) if "xl/workbook.bin" in parts.names else Excel(parts)


def _spans(ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> tuple[Span, ...]:
    return tuple((*start, *end) for start, end in ranges or ())
