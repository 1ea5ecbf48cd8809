"""What a worker is given to make one report, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode

from cbanalysis.reports.failures import Failure
from cbanalysis.reports.plans import Report

__all__ = ["Finish", "Outcome", "Task"]

# Writes whatever else belongs into a report's folder: given the folder, the executed notebook and what
# run.json says of it. Returns what tells the result from what it would be now, if the data are looked into.
# Workers must be able to import it.
Finish = Callable[[Path, NotebookNode, Mapping[str, Any]], str | None]


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
class Task:
    """All that a worker needs to make one report.

    Attributes
    ----------
    report : Report
        Which.
    folder : Path
        Where to work; ``report`` in it is the finished report.
    finish : callable or None
        Writes what else belongs into the finished report.
    about : mapping
        What goes into run.json besides what the run itself knows.
    inputs : mapping
        A digest of each thing that went into the report, but for the data it sees.
    environment : mapping
        Environment variables to add for the kernel.
    trace : str
        Environment variable that names the file in which the notebook's questions to the data are noted.
    time_limit : float
        Seconds that the report may take.
    attempts : int
        How often it is tried where the machine is to blame.
    warm : bool
        Whether its kernel may be forked from a warm process.
    failing_since : str
        When it failed for the first time without having been made since, in ISO form; "" if it didn't.
    """

    report: Report
    folder: Path
    finish: Finish | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    trace: str = ""
    time_limit: float = 600.0
    attempts: int = 3
    warm: bool = True
    failing_since: str = ""
