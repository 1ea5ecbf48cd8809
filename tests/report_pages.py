"""What tests hand to worker processes, which import it by name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from cbanalysis.batch.reports.tasks_and_outcomes import Outcome, Task


def small_page(folder: Path, notebook: NotebookNode, record: Mapping[str, Any]) -> None:
    """Say the title and how many cells there are."""
    said = f"<p>{record['title']} {len(notebook.cells)}</p>"
    (folder / "index.html").write_text(said, encoding="utf-8")


def deadly_make(task: Task) -> Outcome:
    """End the worker process at the report of 2015, make others without a kernel."""
    folder = task.folder / "report"
    folder.mkdir(parents=True)
    if task.report.parameters.get("year") == 2015:
        os._exit(9)
    (folder / "run.json").write_text("{}", encoding="utf-8")
    return Outcome(task.report)


def broken_page(_folder: Path, _notebook: NotebookNode, _record: Mapping[str, Any]) -> None:
    """Fail."""
    raise RuntimeError("no template")
