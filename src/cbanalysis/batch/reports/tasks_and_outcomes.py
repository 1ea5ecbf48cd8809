"""What a worker is given to make one report, what it answers, and why a report failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode

from cbanalysis.batch.reports.reports_and_folders import Report

Stage = Literal["notebook", "kernel", "cell", "page", "download", "place", "worker"]
_PAGE = "index.html"
_LONGEST = 500


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
    """Return the first line that says something, with the next one where it only announces what follows.

    What is longer than any message is cut; the traceback has all of it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()][:2]
    said = " ".join(lines if lines and lines[0].endswith(":") else lines[:1])
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def unwritten(fault: Exception) -> Failure:
    """Return the failure of a report that ran but couldn't be written."""
    files = getattr(fault, "__notes__", [])
    while_writing = f" (while writing {files[0]})" if files else ""
    stage: Stage = "download" if files and files[0] != _PAGE else "page"
    return Failure(type(fault).__name__, f"{one_line(str(fault))}{while_writing}".strip(), stage)


# Writes whatever else belongs into a report's folder: given the folder, the executed notebook and what
# run.json says of it. Returns what tells the result from what it would be now, if the data are looked into.
# Workers must be able to import it.
Finish = Callable[[Path, NotebookNode, Mapping[str, Any]], str | None]
# Says on a report's earlier page (None: there is none) what its record says of the run that failed.
Mark = Callable[[str | None, Mapping[str, Any]], str]


@dataclass(frozen=True)
class Outcome:
    """What became of one report.

    Attributes
    ----------
    report : Report
        Which.
    failure : Failure or None
        Why it failed. A failed report is readable too: with the failing cell marked, or as it was before.
    seconds : float
        Wall time.
    attempt : int
        How often its kernel was started.
    peak : int or None
        Bytes of memory that its kernel held at the most, where the system tells.
    """

    report: Report
    failure: Failure | None = None
    seconds: float = 0.0
    attempt: int = 1
    peak: int | None = None

    @property
    def status(self) -> Literal["done", "failed"]:
        """Whether it was made."""
        return "done" if self.failure is None else "failed"

    @property
    def cell(self) -> int | None:
        """The failing cell of the report, counted from 1."""
        return None if self.failure is None else self.failure.cell

    @property
    def message(self) -> str:
        """Why it failed, in one line."""
        return "" if self.failure is None else str(self.failure)


@dataclass(frozen=True)
class Batch:
    """How the reports of one run are made.

    Attributes
    ----------
    finish : callable or None
        Writes what else belongs into a report's folder: given the folder, the notebook and its record.
    mark : callable or None
        Given the earlier page of a report that can't be made anew (None: there is none) and the record of the
        run that failed, returns the page that says so.
    about : mapping
        What goes into every ``run.json``, and to the page, besides what the run itself knows.
    environment : mapping
        Environment variables to add for the kernels.
    trace : str
        Environment variable that names the file in which a notebook's questions to the data are noted.
    time_limit : float
        Seconds that one report may take.
    attempts : int
        How often a report is tried where the machine is to blame.
    warm : bool
        Whether kernels may be forked from a warm process.
    """

    finish: Finish | None = None
    mark: Mark | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    trace: str = ""
    time_limit: float = 600.0
    attempts: int = 3
    warm: bool = True

    @property
    def modules(self) -> tuple[str, ...]:
        """What workers have to import besides the maker of reports."""
        return tuple(getattr(self.finish, "modules", ()))


@dataclass(frozen=True)
class Task:
    """All that a worker needs to make one report.

    Attributes
    ----------
    report : Report
        Which.
    folder : Path
        Where to work; ``report`` in it is the finished report.
    batch : Batch
        How.
    inputs : mapping
        A digest of each thing that went into the report, but for the data it sees.
    failing_since : str
        When it failed for the first time without having been made since, in ISO form; "" if it didn't.
    """

    report: Report
    folder: Path
    batch: Batch = field(default_factory=Batch)
    inputs: Mapping[str, str] = field(default_factory=dict)
    failing_since: str = ""
