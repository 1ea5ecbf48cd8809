"""Why a report failed: at which stage, by what, at which cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Stage = Literal["notebook", "kernel", "cell", "page", "download", "place", "worker"]
_PAGE = "index.html"


@dataclass(frozen=True)
class Failure:
    """Why a report failed.

    Attributes
    ----------
    name : str
        Of the error, e.g. ``ValueError``.
    message : str
        What it says, in one line; may be empty.
    stage : {"notebook", "kernel", "cell", "page", "download", "place", "worker"}
        What was under way: reading the notebook, starting its kernel, running a cell, writing the page or a
        download, moving the report to its place; or the worker process itself.
    cell : int or None
        The guilty cell of the report, counted from 1, where there is one.
    traceback : tuple of str
        To be shown at that cell where the cell doesn't show it itself.
    machine : bool
        Whether the machine rather than the notebook is to blame.
    """

    name: str
    message: str
    stage: Stage = "cell"
    cell: int | None = None
    traceback: tuple[str, ...] = ()
    machine: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.message}" if self.message else self.name

    def as_record(self) -> dict[str, Any]:
        """Return what run.json says of it."""
        return {"stage": self.stage, "cell": self.cell, "error": self.name, "message": self.message}


def one_line(text: str) -> str:
    """Return the first line that says something, with the next one where it only announces what follows."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:2]
    return " ".join(lines if lines and lines[0].endswith(":") else lines[:1])


def unwritten(fault: Exception) -> Failure:
    """Return the failure of a report that ran but couldn't be written."""
    files = getattr(fault, "__notes__", [])
    while_writing = f" (while writing {files[0]})" if files else ""
    stage: Stage = "download" if files and files[0] != _PAGE else "page"
    return Failure(type(fault).__name__, f"{one_line(str(fault))}{while_writing}".strip(), stage)
