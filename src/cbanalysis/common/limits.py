"""What a file may cost, in one place: said in the docs, looked at before a reader unpacks anything."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from cbanalysis.common.errors import DataError, Fault, ParameterError

LIMITS_VARIABLE = "CBANALYSIS_LIMITS"
"""Environment variable: how many times the usual limits are allowed; ``cbanalysis --limits`` sets it."""


@dataclass(frozen=True)
class Limits:
    """What a file from outside may cost; no published table or article comes near.

    Attributes
    ----------
    file_bytes : int
        Size on disk.
    unpacked_bytes : int
        What an archive (.xlsx, .ods, .docx) unpacks to, all of its parts together.
    unpacked_ratio : int
        How many times its own size an archive or a stream of a PDF may unpack to, once that is more than
        `unpacked_free` bytes.
    unpacked_free : int
        Bytes that may be unpacked at any ratio.
    cells, columns : int
        Of one sheet; empty cells between others are counted.
    characters : int
        Of the text of an article.
    pages : int
        Of a PDF.
    seconds : int
        Time to read a PDF; everything else takes time that grows with the size only.
    memory_bytes : int
        Memory to read a PDF, where the system can bound it.
    """

    file_bytes: int = 256 * 2**20
    unpacked_bytes: int = 2**30
    unpacked_ratio: int = 200
    unpacked_free: int = 64 * 2**20
    cells: int = 6_000_000
    columns: int = 1_000
    characters: int = 20_000_000
    pages: int = 2_000
    seconds: int = 120
    memory_bytes: int = 2 * 2**30

    def times(self, factor: float) -> Limits:
        """Return limits that are so many times as high."""
        return Limits(**{field.name: int(getattr(self, field.name) * factor) for field in fields(self)})


_USUAL = Limits()


def limits() -> Limits:
    """Return the limits that hold now: the usual ones times `LIMITS_VARIABLE`.

    Raises
    ------
    ParameterError
        If the variable holds no number above 0.
    """
    factor = os.environ.get(LIMITS_VARIABLE)
    return _USUAL if not factor else _USUAL.times(_factor(factor))


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0
    if not 0 < factor <= 1000:
        fault = Fault(
            "no factor for limits", value=text[:40], column=LIMITS_VARIABLE, allowed="above 0, up to 1000"
        )
        raise ParameterError([fault])
    return factor


def refuse(what: str, *, sheet: str | None = None, allowed: str | None = None) -> DataError:
    """Return the error that says why a file isn't read; `named` adds which."""
    return DataError([Fault(what, sheet=sheet, allowed=allowed)])


@contextmanager
def named(file: str) -> Iterator[None]:
    """Add the name of the file to the faults of what reads it inside."""
    try:
        yield
    except DataError as error:
        raise DataError([replace(fault, file=file) for fault in error.faults]) from error


_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_bytes(path: Path, *, within: Path | None = None, most: int | None = None) -> bytes:
    """Return what a file from outside holds.

    Parameters
    ----------
    path : Path
        The file; what is no ordinary file is never opened.
    within : Path, optional
        A folder that it must lie in, links followed.
    most : int, optional
        Bytes that it may have; `Limits.file_bytes` by default.

    Returns
    -------
    bytes

    Raises
    ------
    OSError
        As the system has it, or whose ``strerror`` says that it is no file, lies elsewhere, or is too large.
    """
    most = limits().file_bytes if most is None else most
    if within is not None and not path.resolve().is_relative_to(within.resolve()):
        raise PermissionError(errno.EACCES, f"a link out of {within.name}")
    try:
        about = path.stat()
        for kind, what in _KINDS:
            if kind(about.st_mode):
                raise OSError(errno.EINVAL, f"{what}, not a file")
        # a pipe that took the file's place in the meantime must not wait for a writer
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError as error:  # a zero byte in the name
        raise OSError(errno.EINVAL, str(error)) from error
    with os.fdopen(handle, "rb") as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"{about.st_size:,} bytes: too large, {most:,} are allowed")
    return content


def read_bytes(path: Path, *, most: int | None = None) -> bytes:
    """Return what a file from outside holds, as `open_bytes`.

    Raises
    ------
    DataError
        One fault with the file's name: missing, no ordinary file, outside of its folder, too large.
    """
    try:
        return open_bytes(path, most=most)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        what = "no such file" if missing else f"can't be read: {error.strerror or error}"
        raise DataError([Fault(what, file=path.name)]) from error


def check_size(rows: int, columns: int, sheet: str | None = None) -> None:
    """Refuse a sheet that is larger than any published table.

    Raises
    ------
    DataError
        With the sheet.
    """
    most = limits()
    if columns > most.columns:
        raise refuse(f"{columns:,} columns", sheet=sheet, allowed=f"{most.columns:,} at the most")
    if rows * columns > most.cells:
        what = f"{rows:,} rows of {columns:,} columns"
        raise refuse(what, sheet=sheet, allowed=f"{most.cells:,} cells at the most")
