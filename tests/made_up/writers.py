"""One made-up table to files of each kind; the same cells lie at the same addresses in all of them."""

from __future__ import annotations

import csv
import html
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

Cell = str | float | int | None
Rows = list[list[Cell]]
Merges = list[str]


def spans(merges: Merges) -> list[tuple[int, int, int, int]]:
    """Return "A1:C2" as first row, first column, last row, last column, from 0."""
    from openpyxl.utils import range_boundaries

    found = [range_boundaries(one) for one in merges]
    return [(top - 1, left - 1, bottom - 1, right - 1) for left, top, right, bottom in found]


def xlsx(path: Path, sheets: dict[str, Rows], merges: Merges, font: str = "") -> None:
    """Write a workbook as Excel does since 2007."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for down, row in enumerate(rows, start=1):
            for across, cell in enumerate(row, start=1):
                if cell is not None and cell != "":
                    sheet.cell(down, across, cell).font = Font(name=font or "Calibri")
                    if type(cell).__name__ == "_Share":
                        sheet.cell(down, across).number_format = "0.00%"
        for merge in merges:
            sheet.merge_cells(merge)
    book.save(path)


def xls(path: Path, sheets: dict[str, Rows], merges: Merges, font: str = "") -> None:
    """Write a workbook as Excel did until 2003."""
    import xlwt

    book = xlwt.Workbook()
    style = xlwt.easyxf(f"font: name {font}") if font else xlwt.Style.default_style
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        merged = spans(merges)
        inside = {
            (r, c)
            for top, left, bottom, right in merged
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                if cell is not None and cell != "" and (down, across) not in inside:
                    sheet.write(down, across, cell, style)
        for top, left, bottom, right in merged:
            sheet.write_merge(top, bottom, left, right, rows[top][left] or "", style)
    book.save(str(path))


def ods(path: Path, sheets: dict[str, Rows], merges: Merges) -> None:
    """Write a workbook as LibreOffice does."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    starts = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in spans(merges)}
    covered = {
        (r, c)
        for top, left, bottom, right in spans(merges)
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    } - set(starts)
    for name, rows in sheets.items():
        table = Table(name=name)
        width = max(map(len, rows))
        for down, row in enumerate(rows):
            line = TableRow()
            for across, cell in enumerate([*row, *[None] * (width - len(row))]):
                if (down, across) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                options = {}
                if (down, across) in starts:
                    rowspan, colspan = starts[down, across]
                    options = {"numberrowsspanned": rowspan, "numbercolumnsspanned": colspan}
                if isinstance(cell, int | float):
                    one = TableCell(valuetype="float", value=cell, **options)
                else:
                    one = TableCell(valuetype="string", **options) if cell else TableCell(**options)
                if cell is not None and cell != "":
                    one.addElement(P(text=str(cell)))
                line.addElement(one)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(path))


def separated(
    path: Path,
    rows: Rows,
    separator: str = ",",
    encoding: str = "utf-8",
    change: Callable[[str], bytes] | None = None,
) -> None:
    """Write a text table."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(change(written.getvalue()) if change else written.getvalue().encode(encoding))


def windows_1258(text: str) -> bytes:
    """Return a text in Windows-1258, where tone marks are letters of their own."""
    import unicodedata

    pieces = []
    for letter in text:
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            # what the code page lacks is written as its letter and a tone mark behind it
            bare = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in bare if mark in "\u0300\u0301\u0303\u0309\u0323")
            rest = unicodedata.normalize("NFC", bare.replace(tone, ""))
            pieces.append((rest + tone).encode("cp1258"))
    return b"".join(pieces)


def page(path: Path, tables: list[tuple[str, Rows]], merges: Merges, head: str = "") -> None:
    """Write an HTML page; an .xls that many systems export is just that."""
    starts = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in spans(merges)}
    covered = {
        (r, c)
        for top, left, bottom, right in spans(merges)
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    } - set(starts)
    lines = [f"<html><head><meta charset='utf-8'>{head}</head><body>"]
    for title, rows in tables:
        lines.append(f"<h2>{html.escape(title)}</h2><script>ignored('99')</script><table border=1>")
        width = max(map(len, rows))
        for down, row in enumerate(rows):
            lines.append("<tr>")
            for across in range(width):
                if (down, across) in covered:
                    continue
                cell = row[across] if across < len(row) else ""
                rowspan, colspan = starts.get((down, across), (1, 1))
                text = html.escape("" if cell is None else str(cell)).replace("\n", "<br>")
                # closing tags of cells are often left away
                lines.append(f"<td rowspan={rowspan} colspan='{colspan}'>{text}")
        lines.append("</table>")
    path.write_text("\n".join([*lines, "</body></html>"]), encoding="utf-8")


def word(path: Path, tables: list[tuple[str, Rows]], merges: Merges, font: str = "") -> None:
    """Write a Word document: a paragraph, then its table."""
    import docx

    document = docx.Document()
    for title, rows in tables:
        run = document.add_paragraph().add_run(title)
        if font:
            run.font.name = font
        width = max(map(len, rows))
        table = document.add_table(len(rows), width)
        for top, left, bottom, right in spans(merges):
            table.cell(top, left).merge(table.cell(bottom, right))
        covered = {
            (r, c)
            for top, left, bottom, right in spans(merges)
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
            if (r, c) != (top, left)
        }
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                if cell is not None and cell != "" and (down, across) not in covered:
                    table.cell(down, across).text = str(cell)
                    for run in table.cell(down, across).paragraphs[0].runs if font else ():
                        run.font.name = font
    document.save(path)


def portable(path: Path, pages: list[tuple[str, Rows]]) -> None:
    """Write a PDF: a line of text and a ruled table on each page."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
    from matplotlib.figure import Figure

    with mpl.rc_context({"pdf.fonttype": 42}), PdfPages(path) as document:
        for title, rows in pages:
            figure = Figure(figsize=(11, 8))
            FigureCanvasPdf(figure)
            axes = figure.add_axes((0, 0, 1, 1))
            axes.set(xlim=(0, 11), ylim=(8, 0))
            axes.axis("off")
            axes.text(0.5, 0.6, title, fontsize=12)
            width = max(map(len, rows))
            size = 10 / width
            for down, row in enumerate(rows):
                for across in range(width):
                    left, top = 0.5 + across * size, 1 + down * 0.4
                    box_x, box_y = (
                        [left, left + size, left + size, left, left],
                        [top, top, top + 0.4, top + 0.4, top],
                    )
                    axes.plot(box_x, box_y, color="black", linewidth=0.8)
                    cell = row[across] if across < len(row) else ""
                    axes.text(left + 0.05, top + 0.27, "" if cell is None else str(cell), fontsize=8)
            document.savefig(figure)


def xlsb(path: Path, name: str, rows: Rows, merges: Merges = ()) -> None:
    """Write a binary workbook (BIFF12): one sheet of texts and numbers, no styles."""

    def record(kind: int, body: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        size, packed = len(body), b""
        while True:
            packed += bytes([size & 127 | (128 if size > 127 else 0)])
            size >>= 7
            if not size:
                return head + packed + body

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    cells = []
    width = max(map(len, rows))
    for down, row in enumerate(rows):
        cells.append(record(0, struct.pack("<IIHBBI", down, 0, 300, 0, 0, 0) + struct.pack("<I", 0)))
        for across, cell in enumerate(row):
            place = struct.pack("<II", across, 0)
            if isinstance(cell, int | float):
                cells.append(record(5, place + struct.pack("<d", cell)))
            elif cell:
                cells.append(record(6, place + text(cell)))
    dimension = record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    ranges = (struct.pack("<IIII", top, end, left, right) for top, left, end, right in spans(merges))
    cells += [record(146), *(record(176, one) for one in ranges)]
    sheet = record(129) + dimension + record(145) + b"".join(cells) + record(130)
    book = (
        record(131)
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + text("rId1") + text(name))
        + record(144)
        + record(132)
    )
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        "</Types>"
    )
    links = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(
            "_rels/.rels",
            links.format(f'<Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.bin"/>'),
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            links.format(f'<Relationship Id="rId1" Type="{kind}/worksheet" Target="worksheets/sheet1.bin"/>'),
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
