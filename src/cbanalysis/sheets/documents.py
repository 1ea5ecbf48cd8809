"""Tables of Word documents and of PDF files."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cbanalysis.errors import DataError, optional_libraries
from cbanalysis.sheets.grids import Cell, Span
from cbanalysis.sheets.limits import check_size, refuse

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["DocumentTable", "read_portable", "read_word"]

DocumentTable = tuple[str, list[list[Cell]], tuple[Span, ...], tuple[str, ...]]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ABOVE = 6
_MOST_PAGES = 500


def read_word(file: str, content: bytes) -> tuple[list[DocumentTable], set[str]]:
    """Return the tables of a .docx (name, rows, merged ranges, lines above), and the fonts it names.

    Raises
    ------
    DataError
        If the file is damaged or a table too large.
    """
    import docx  # noqa: PLC0415 -- a third of a second that only Word documents cost

    try:
        document: Document = docx.Document(io.BytesIO(content))
        body = document.element.body
        fonts = {
            value
            for part in (body, document.styles.element)
            for element in part.iter(f"{_WORD}rFonts")
            for name, value in element.attrib.items()
            if name.endswith(("ascii", "hAnsi"))
        }
        return list(_word_tables(file, body)), fonts
    except DataError:
        raise
    except Exception as error:
        raise refuse(file, f"the document is damaged ({error})"[:200], allowed="a whole .docx") from error


def _word_tables(file: str, body: Any) -> Iterator[DocumentTable]:  # noqa: ANN401 -- lxml has no types
    above: list[str] = []
    number = 0
    for element in body:
        if element.tag == f"{_WORD}p":
            if line := _text(element):
                above.append(line)
        elif element.tag == f"{_WORD}tbl":
            number += 1
            rows, merged = _word_cells(file, element)
            if rows:
                yield f"table {number}", rows, merged, tuple(above[-_ABOVE:])
            above = []


def _text(element: Any) -> str:  # noqa: ANN401 -- as above
    pieces = []
    for one in element.iter():
        if one.tag == f"{_WORD}t":
            pieces.append(one.text or "")
        elif one.tag in {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p"}:
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def _word_cells(file: str, table: Any) -> tuple[list[list[Cell]], tuple[Span, ...]]:  # noqa: ANN401 -- as above
    rows: list[dict[int, str]] = []
    spans: list[list[int]] = []
    reaching: dict[int, list[int]] = {}  # column: the merged range that a cell below may continue
    for line in table.iter(f"{_WORD}tr"):
        if next(line.iterancestors(f"{_WORD}tbl")) is not table:
            continue  # of a table inside a cell: its text is in the cell
        top = len(rows)
        rows.append({})
        at = _attribute(line, "gridBefore", 0)
        for cell in line.iterchildren(f"{_WORD}tc"):
            across = _attribute(cell, "gridSpan", 1)
            down = next(cell.iter(f"{_WORD}vMerge"), None)
            check_size(file, top + 1, at + across)
            if down is not None and down.get(f"{_WORD}val", "continue") == "continue" and at in reaching:
                reaching[at][2] = top
            else:
                span = [top, at, top, at + across - 1]
                spans.append(span)
                reaching[at] = span
                rows[top][at] = _text(cell)
            at += across
    width = max((span[3] + 1 for span in spans), default=0)
    check_size(file, len(rows), width)
    merged = tuple(
        (top, left, bottom, right) for top, left, bottom, right in spans if (top, left) != (bottom, right)
    )
    return [[row.get(column, "") for column in range(width)] for row in rows], merged


def _attribute(element: Any, name: str, default: int) -> int:  # noqa: ANN401 -- as above
    found = next(element.iter(f"{_WORD}{name}"), None)
    value = None if found is None else found.get(f"{_WORD}val")
    return max(1, int(value)) if value and value.isdigit() else default


def read_portable(file: str, content: bytes) -> list[DocumentTable]:
    """Return the ruled tables of a PDF; one that goes on on the next page is one table.

    Raises
    ------
    MissingExtra
        If pdfplumber isn't installed (the extra ``pdf``).
    DataError
        If the file is protected, damaged or too long.
    """
    with optional_libraries():
        import pdfplumber  # noqa: PLC0415 -- an extra
        from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 -- as above
    # what pdfminer has to say about odd files is said in our own error
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            count = len(document.pages)
            pieces = [piece for page in document.pages[:_MOST_PAGES] for piece in _page_tables(page)]
    except Exception as error:
        if isinstance(error.__cause__ or error.__context__ or error, PDFPasswordIncorrect):
            what, allowed = "the file is protected with a password", "a file without one"
        else:
            what, allowed = f"the PDF is damaged ({error})"[:200], "a whole PDF"
        raise refuse(file, what, allowed=allowed) from error
    if count > _MOST_PAGES:
        raise refuse(file, f"{count} pages", allowed=f"{_MOST_PAGES} at the most")
    return _joined(file, pieces)


def _page_tables(page: Any) -> Iterator[tuple[list[list[Cell]], tuple[str, ...], bool]]:  # noqa: ANN401 -- no types
    """Yield the tables of a page with the lines above each, and whether it is the first thing on its page."""
    last = 0.0
    for place, table in enumerate(sorted(page.find_tables(), key=lambda one: one.bbox[1])):
        top, bottom = table.bbox[1], table.bbox[3]
        text = ""
        if top > last:
            text = (
                page.crop((0, max(last, 0), page.width, min(top, page.height)), strict=False).extract_text()
                or ""
            )
        last = bottom
        cells: list[list[Cell]] = [
            [" ".join((cell or "").split()) for cell in row] for row in table.extract()
        ]
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())[-_ABOVE:]
        if cells:
            yield cells, lines, place == 0


def _joined(file: str, pieces: list[tuple[list[list[Cell]], tuple[str, ...], bool]]) -> list[DocumentTable]:
    joined: list[DocumentTable] = []
    for rows, above, first in pieces:
        width = max(len(row) for row in rows)
        even: list[list[Cell]] = [[*row, *[""] * (width - len(row))] for row in rows]
        # page numbers and running heads may stand above a table that goes on
        if joined and first and len(" ".join(above)) < 40 and len(joined[-1][1][0]) == width:
            before = joined[-1][1]
            same = next(
                (at for at, (old, new) in enumerate(zip(before, even, strict=False)) if old != new), 0
            )
            before += even[same:]
        else:
            joined.append((f"table {len(joined) + 1}", even, (), above))
        check_size(file, len(joined[-1][1]), width)
    return joined
