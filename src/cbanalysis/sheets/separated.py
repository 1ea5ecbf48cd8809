"""Text tables: .csv and .tsv in whatever encoding and with whatever separator."""

from __future__ import annotations

import csv
import io
import unicodedata

from cbanalysis.sheets.grids import Cell
from cbanalysis.sheets.letters import Letters
from cbanalysis.sheets.limits import MOST_CELLS, check_size, refuse

__all__ = ["decoded", "read_separated"]

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (("\t", "tab"), (";", "semicolon"), ("|", "bar"), (",", "comma"))
_LOOKED_AT = 200


def decoded(file: str, content: bytes, letters: Letters = "") -> tuple[str, str]:
    """Return a file's text and the name of its encoding: UTF-8, UTF-16 or Windows-1258.

    With ``letters`` (text of before Unicode) bytes that are no UTF-8 are letters of a font, one each.

    Raises
    ------
    DataError
        If it is no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig")
            except UnicodeDecodeError as error:
                raise refuse(file, f"not {encoding} from byte {error.start + 1} on") from error
    if b"\0" in content[:4096]:
        half = "le" if content[1:400:2].count(0) > content[0:400:2].count(0) else "be"
        try:
            text = content.decode(f"utf-16-{half}")
        except UnicodeDecodeError as error:
            raise refuse(file, "neither a table nor text", allowed=_ALLOWED) from error
        if any(
            unicodedata.category(letter) in {"Cc", "Cn", "Co"}
            for letter in text[:400]
            if letter not in "\t\r\n"
        ):
            raise refuse(file, "neither a table nor text", allowed=_ALLOWED)
        return text, "utf-16"
    if any(byte < 9 or 13 < byte < 27 for byte in content[:4096]):
        raise refuse(file, "neither a table nor text", allowed=_ALLOWED)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if letters:
            return content.decode("latin-1"), "latin-1"
        return unicodedata.normalize("NFC", content.decode("cp1258", "replace")), "windows-1258"


_ALLOWED = "xlsx, xls, xlsb, ods, csv, tsv, html, docx or pdf"


def read_separated(
    file: str, content: bytes, letters: Letters = ""
) -> tuple[list[list[Cell]], tuple[str, ...]]:
    """Return the rows of a text table, and what was decided: encoding and separator.

    Raises
    ------
    DataError
        If it is no text, has no separator, or is too large.
    """
    text, encoding = decoded(file, content, letters)
    separator, name = _separator(text)
    if not separator:
        raise refuse(file, "text without columns", allowed="cells separated by tab, semicolon, comma or |")
    rows: list[list[Cell]] = []
    widest = cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            cells += len(row)
            widest = max(widest, len(row))
            if cells > MOST_CELLS or len(row) > 1000:
                check_size(file, MOST_CELLS // max(widest, 1) + 1, widest)
            rows.append([*row])
    except csv.Error as error:
        raise refuse(file, f"row {len(rows) + 1} can't be read: {error}") from error
    while rows and not any(rows[-1]):
        rows.pop()
    check_size(file, len(rows), widest)
    padded = [row if len(row) == widest else row + [""] * (widest - len(row)) for row in rows]
    return padded, (f"encoding {encoding}", f"cells separated by {name}")


def _separator(text: str) -> tuple[str, str]:
    """Return the separator under which most rows have the same number of cells, more than one."""
    head = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_LOOKED_AT])
    best: tuple[float, str, str] = (0, "", "")
    for separator, name in _SEPARATORS:
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if row
            ]
        except csv.Error:
            continue
        several = [width for width in widths if width > 1]
        if not several:
            continue
        usual = max(set(several), key=several.count)
        # a decimal comma splits some rows, a separator all of them
        share = several.count(usual) / len(widths)
        if share > best[0] + 1e-9:
            best = (share, separator, name)
    return best[1:]
