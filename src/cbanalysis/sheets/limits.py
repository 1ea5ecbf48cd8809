"""What a file may cost: looked at before any reader that would unpack all of it opens it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from cbanalysis.errors import DataError, Fault

__all__ = ["LARGEST_FILE", "MOST_CELLS", "MOST_COLUMNS", "check_archive", "check_size", "refuse"]

LARGEST_FILE = 256 * 2**20
"""Bytes of a file; no published table comes near."""

MOST_COLUMNS = 1_000
MOST_CELLS = 6_000_000
"""Cells of one sheet, empty ones between others included."""

_MOST_UNPACKED = 2**30
_CHUNK = 2**20
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"']([0-9]{1,9})[\"']")
# searches that begin with plain letters run at many times the speed of those for whole tags
_WIDE = re.compile(rb"r=\"[A-Z]{2,3}[0-9]")
_LONG = re.compile(rb"r=\"[A-Z]{0,3}([0-9]{6,9})\"")
# no office program writes attributes so, but a reader of XML takes them; then the whole tags are looked at
_ODD = re.compile(rb"r[=\s][\s'=]")
_COLUMN = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Z]{1,4})[0-9]")
_CELL_ROW = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"'][A-Z]{1,4}([0-9]{1,9})")
_REPEATED = re.compile(rb"table:number-(rows|columns)-repeated=\"([0-9]{1,12})\"")
_VALUED = re.compile(rb"office:value|<text:p")


def refuse(file: str, what: str, *, sheet: str | None = None, allowed: str | None = None) -> DataError:
    """Return the error that says why a file isn't read."""
    return DataError([Fault(what, file=file, sheet=sheet, allowed=allowed)])


def check_size(file: str, rows: int, columns: int, sheet: str | None = None) -> None:
    """Refuse a sheet that is larger than any published table.

    Raises
    ------
    DataError
        With file and sheet.
    """
    if columns > MOST_COLUMNS:
        raise refuse(file, f"{columns:,} columns", sheet=sheet, allowed=f"{MOST_COLUMNS:,} at the most")
    if rows * columns > MOST_CELLS:
        what = f"{rows:,} rows of {columns:,} columns"
        raise refuse(file, what, sheet=sheet, allowed=f"{MOST_CELLS:,} cells at the most")


def check_archive(file: str, content: bytes) -> frozenset[str]:
    """Refuse an archive that unpacks to too much, holds XML entities, or a sheet of too many cells.

    Returns
    -------
    frozenset of str
        The names of its members.

    Raises
    ------
    DataError
        Saying which of these, or that the archive is cut off or damaged.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        if sum(member.file_size for member in members) > _MOST_UNPACKED or len(members) > 10_000:
            raise refuse(file, "the archive unpacks to more than 1 GiB", allowed="a table")
        if any(member.flag_bits & 1 for member in members):
            raise refuse(file, "the file is protected with a password", allowed="a file without one")
        for member in members:
            _check_member(file, archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise refuse(file, f"the file is cut off or damaged ({error})", allowed="a whole file") from error
    return frozenset(member.filename for member in members)


def _check_member(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename
    if not name.endswith((".xml", ".rels", ".bin")):
        return
    head = next(_unpacked(file, archive, member), b"")[:65536]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise refuse(file, f"{name} declares XML entities, as no office program does", allowed="plain XML")
    if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
        _check_sheet(file, b"".join(_unpacked(file, archive, member)), name)
    elif re.fullmatch(r"xl/worksheets/[^/]+\.bin", name):
        _check_binary_sheet(file, b"".join(_unpacked(file, archive, member)), name)
    elif name == "content.xml":
        _check_open_document(file, b"".join(_unpacked(file, archive, member)))


def _unpacked(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member piece by piece; stop where it is more than its own header says."""
    size = 0
    with archive.open(member) as packed:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > _MOST_UNPACKED:
                raise refuse(file, f"{member.filename} unpacks to more than 1 GiB", allowed="a table")
            yield chunk


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_sheet(file: str, sheet: bytes, name: str) -> None:
    """Refuse a sheet whose few cells lie so far apart that a dense table of them would fill the memory."""
    # most sheets are at most 26 columns wide and not too long for that, which two quick searches can tell
    narrow = not _WIDE.search(sheet) and not _ODD.search(sheet)
    if narrow and max(map(int, _LONG.findall(sheet)), default=0) * 26 <= MOST_CELLS:
        return
    # a cell's own address counts, wherever its row says it is
    rows = max(map(int, {*_ROW.findall(sheet), *_CELL_ROW.findall(sheet)}), default=0)
    columns = max(map(_number, set(_COLUMN.findall(sheet))), default=0)
    check_size(file, rows, columns, name.rpartition("/")[2])


def _check_binary_sheet(file: str, sheet: bytes, name: str) -> None:
    at = rows = columns = 0
    while at < len(sheet):
        kind, at = _varied(sheet, at, 2)
        size, at = _varied(sheet, at, 4)
        if kind == 0 and size >= 4:  # a row begins
            rows = max(rows, int.from_bytes(sheet[at : at + 4], "little") + 1)
        elif 1 <= kind <= 11 and size >= 8:  # a cell
            columns = max(columns, int.from_bytes(sheet[at : at + 4], "little") + 1)
        at += size
    check_size(file, rows, columns, name.rpartition("/")[2])


def _varied(sheet: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        byte = sheet[at] if at < len(sheet) else 0
        at += 1
        number |= (byte & 127) << 7 * place
        if byte < 128:
            break
    return number, at


def _check_open_document(file: str, content: bytes) -> None:
    """Refuse rows or cells with a value that are repeated beyond any table (empty ones are at every end)."""
    for found in _REPEATED.finditer(content):
        number = int(found[2])
        if number <= MOST_COLUMNS:
            continue
        # a repeated cell ends with its own tag, a repeated row with that of the row
        ending = b"</table:table-row>" if found[1] == b"rows" else b"</table:table-cell>"
        start = content.rfind(b"<", 0, found.start())
        closed = content.find(b">", found.end())
        own = content[closed - 1 : closed] != b"/"
        end = content.find(ending, closed) if own else closed
        if _VALUED.search(content[start : end if end >= 0 else len(content)]):
            what = f"{number:,} times the same {found[1].decode().removesuffix('s')}"
            raise refuse(file, what, allowed=f"{MOST_COLUMNS:,} at the most")
