"""PDF files: read in a process of its own, which bounds its time and memory whatever the file holds."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, Literal

from cbanalysis.common.errors import optional_libraries
from cbanalysis.common.limits import check_size, limits, refuse
from cbanalysis.importing.files.grids import raised

Wanted = Literal["tables", "text"]

_ABOVE = 6
# Of a letter's size: what stands above its neighbour is smaller, that much higher, and close to it.
_SMALL, _LEAST_RAISED, _MOST_RAISED, _APART = 0.92, 0.2, 0.9, 0.2
# Where a line strikes letters out, above their lower edge (below are lines under text), and its width.
_LEAST_STRUCK, _MOST_STRUCK, _THICK, _OVER = 0.18, 0.65, 0.15, 0.5
_Table = tuple[list[list[str]], tuple[str, ...]]  # its rows, and the lines above it
_Piece = tuple[list[list[str]], tuple[str, ...], bool]  # and whether it is the first thing on its page


def read_portable(content: bytes, wanted: Wanted) -> Any:  # noqa: ANN401 -- as the answer is
    """Return the ruled tables of a PDF, or its text.

    Parameters
    ----------
    content : bytes
        What it holds.
    wanted : {"tables", "text"}
        What to look for; a table that goes on on the next page is one table.

    Returns
    -------
    list, or str
        For each table its rows and the lines above it.

    Raises
    ------
    DataError
        If the file is protected, damaged or too long, or takes more time or memory than `limits` allow.
    MissingExtra
        If pdfplumber isn't installed.
    """
    with optional_libraries():
        import pdfplumber  # noqa: F401, PLC0415 -- an extra; said here, not by the process that needs it
    if b" obj" not in content:  # nothing that is worth a process
        raise refuse("the PDF is damaged", allowed="a whole PDF")
    most = limits()
    bounds = map(str, (most.pages, most.memory_bytes, most.seconds))
    command = [sys.executable, "-m", __name__, wanted, *bounds]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module
            command, input=content, capture_output=True, timeout=most.seconds, check=False
        )
        kind, answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        allowed = f"{most.seconds:,} seconds at the most"
        raise refuse("takes too long to read", allowed=allowed) from error
    except ValueError as error:  # the process ended without an answer
        allowed = f"{most.memory_bytes:,} bytes of memory at the most"
        raise refuse("can't be read within the memory that is allowed", allowed=allowed) from error
    if kind == "refused":
        raise refuse(answer[0], allowed=answer[1])
    if wanted == "tables":
        for rows, _ in answer:
            check_size(len(rows), len(rows[0]))
    return answer


def read_here(content: bytes, wanted: Wanted, pages: int) -> tuple[str, Any]:
    """Return what a PDF holds, or why it is refused; in this process."""
    import pdfplumber  # noqa: PLC0415 -- an extra
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 -- as above

    # what pdfminer has to say about odd files is said in our own error
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            count = len(document.pages)
            if count > pages:
                return "refused", (f"{count:,} pages", f"{pages:,} at the most")
            seen = map(_as_seen, document.pages)
            if wanted == "text":
                return "text", "\n".join(page.extract_text() or "" for page in seen)
            return "tables", _joined([piece for page in seen for piece in _page_tables(page)])
    except Exception as error:  # pdfminer raises whatever the bytes make it
        if isinstance(error, MemoryError) or "allocate" in str(error):
            raise
        if isinstance(error.__cause__ or error.__context__ or error, PDFPasswordIncorrect):
            return "refused", ("the file is protected with a password", "a file without one")
        return "refused", (f"the PDF is damaged ({error})"[:200], "a whole PDF")


def _as_seen(page: Any) -> Any:  # noqa: ANN401 -- no types
    """Return a page with the signs for what stands above the line, without what is struck out."""
    upright = (one for one in page.chars if one["upright"])
    runs = [
        [*run] for _, run in groupby(upright, lambda one: (round(one["size"], 1), round(one["bottom"], 1)))
    ]
    lines = [one for one in (*page.lines, *page.rects) if one["height"] < one["width"]]
    for at, run in enumerate(runs):
        for below in [other for other in runs[max(at - 1, 0) : at + 2] if _stands_above(run, other)][:1]:
            line_of_neighbour = {end: below[0][end] for end in ("top", "bottom", "doctop")}
            for one in run:
                one.update(line_of_neighbour, text=raised(one["text"]))
        for line in lines:
            _strike(line, run)
    return page.filter(lambda one: one.get("text") != "")


def _stands_above(run: Sequence[Any], other: Sequence[Any]) -> bool:
    size, above = other[0]["size"], other[0]["bottom"] - run[0]["bottom"]
    apart = min(abs(run[0]["x0"] - other[-1]["x1"]), abs(other[0]["x0"] - run[-1]["x1"]))
    small_and_near = run[0]["size"] < _SMALL * size and apart <= _APART * size
    return bool(small_and_near and _LEAST_RAISED * size <= above <= _MOST_RAISED * size)


def _strike(line: Any, run: Sequence[Any]) -> None:  # noqa: ANN401 -- no types
    size, above = run[0]["size"], run[0]["bottom"] - (line["top"] + line["bottom"]) / 2
    if not (_LEAST_STRUCK * size <= above <= _MOST_STRUCK * size and line["height"] <= _THICK * size):
        return
    struck = [one for one in run if line["x0"] <= (one["x0"] + one["x1"]) / 2 <= line["x1"]]
    # the lines of a table reach beyond the text between them
    if struck and struck[0]["x0"] - line["x0"] <= _OVER * size >= line["x1"] - struck[-1]["x1"]:
        for one in struck:
            one["text"] = ""


def _page_tables(page: Any) -> Iterator[_Piece]:  # noqa: ANN401 -- no types
    """Yield the tables of a page with the lines above each, and whether it is the first thing on its page."""
    last = 0.0
    for place, table in enumerate(sorted(page.find_tables(), key=lambda one: one.bbox[1])):
        top, bottom = table.bbox[1], table.bbox[3]
        text = ""
        if top > last:
            box = (0, max(last, 0), page.width, min(top, page.height))
            text = page.crop(box, strict=False).extract_text() or ""
        last = bottom
        cells = [[" ".join((cell or "").split()) for cell in row] for row in table.extract() if any(row)]
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())[-_ABOVE:]
        if cells:
            yield cells, lines, place == 0


def _joined(pieces: list[_Piece]) -> list[_Table]:
    joined: list[_Table] = []
    for rows, above, first in pieces:
        width = max(len(row) for row in rows)
        even = [[*row, *[""] * (width - len(row))] for row in rows]
        # page numbers and running heads may stand above a table that goes on
        if joined and first and len(" ".join(above)) < 40 and len(joined[-1][0][0]) == width:
            before = joined[-1][0]
            same = next(
                (at for at, (old, new) in enumerate(zip(before, even, strict=False)) if old != new), 0
            )
            before += even[same:]
        else:
            joined.append((even, above))
    return joined


def _bound(memory: int, seconds: int) -> None:
    with suppress(ImportError):
        import resource  # noqa: PLC0415 -- Windows has none

        for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
            _, hard = resource.getrlimit(kind)
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (allowed, hard))


def _main(wanted: Wanted, pages: str, memory: str, seconds: str) -> None:
    _bound(int(memory), int(seconds))
    answer = read_here(sys.stdin.buffer.read(), wanted, int(pages))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])  # type: ignore[arg-type]
