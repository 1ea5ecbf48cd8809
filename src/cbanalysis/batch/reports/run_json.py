"""run.json, what was run and how it ended, and the files that come out of an executed notebook."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode

from cbanalysis.batch.reports.output_folder import RECORD, file_list, json_text
from cbanalysis.batch.reports.reports_and_folders import slug
from cbanalysis.batch.reports.staleness import data_date, key_of, read_record
from cbanalysis.batch.reports.tasks_and_outcomes import Failure, Mark, Task
from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import OutputError
from cbanalysis.common.text.unique_names import untaken

_FILES = {"image/svg+xml": "svg", "image/png": "png", "text/csv": "csv"}


def title(notebook: NotebookNode) -> str:
    """Return the first heading of a notebook without its marks, ``""`` where it has none."""
    lines = [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell["source"].splitlines()
    ]
    heading = next((line for line in lines if line.startswith("#")), "")
    return heading.strip("# ").replace("*", "").replace("`", "")


def extract(notebook: NotebookNode, folder: Path) -> None:
    """Write the named charts and tables of a notebook's outputs to files of their own.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; the names in its outputs' metadata become those of the files.
    folder : Path
        The report's folder; gets ``charts/*.svg``, ``*.png`` and, of some, ``*.csv``, and ``tables/*.csv``.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    taken: dict[str, set[str]] = {}
    for output in outputs:
        marks = output.get("metadata", {}).get("cbanalysis")
        if not isinstance(marks, dict) or not marks.get("name"):
            continue
        kind, name = str(marks.get("kind", "")), slug(marks["name"])
        own = taken.setdefault(kind, set())
        # The page links to the file, so the notebook keeps the name that it got.
        marks["name"] = name = untaken(name, own)
        own.add(name)
        for mime, ending in _FILES.items() if kind in {"chart", "table"} else ():
            if mime in output.data:
                text = output.data[mime]
                content = base64.b64decode(text) if ending == "png" else text.encode()
                (folder / f"{kind}s").mkdir(exist_ok=True)
                (folder / f"{kind}s" / f"{name}.{ending}").write_bytes(content)


PAGE = "index.html"


def times_of(task: Task, started: datetime, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- as run.json has them
    """Return what of run.json differs from run to run; of a failure also since when there has been one."""
    now = datetime.now(UTC)
    return {
        "started": started.isoformat(timespec="seconds"),
        "finished": now.isoformat(timespec="seconds"),
        "seconds": round((now - started).total_seconds(), 3),
        "attempt": 1,
        "peak_memory": None,
        "failing_since": task.failing_since or started.isoformat(timespec="seconds"),
        **more,
    }


def failing_since(folder: Path) -> str:
    """Return since when the report in a folder has failed each time, "" where it didn't."""
    record = read_record(folder) or {}
    times = record.get("run")
    if record.get("status") != "failed" or not isinstance(times, dict):
        return ""
    return str(times.get("failing_since") or times.get("started") or "")


def record_of(
    task: Task,
    notebook: NotebookNode | None,
    failure: Failure | None,
    saw: Sequence[Mapping[str, Any]] = (),
    guards: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return what run.json says of a report but for times and files.

    Parameters
    ----------
    task : Task
        What was to be made.
    notebook : NotebookNode or None
        As far as it came; None where it couldn't be read.
    failure : Failure or None
        Why it failed.
    saw : sequence of mapping
        The questions that were put to the data.
    guards : mapping
        What kept the kernel to its own files, and from the network.
    """
    return {
        "report": str(task.report),
        "notebook": task.report.notebook,
        "language": task.report.language,
        "parameters": dict(task.report.parameters),
        "title": title(notebook) if notebook is not None else "",
        "status": "done" if failure is None else "failed",
        "failure": failure and failure.as_record(),
        "page": "this run",
        "data_date": data_date(saw),
        **task.batch.about,
        "key": key_of(task.inputs, saw),
        "inputs": dict(task.inputs),
        "guards": dict(guards),
        "saw": [{"query": one["query"], "found": one["found"]} for one in saw],
    }


def note(folder: Path, record: Mapping[str, Any], times: Mapping[str, Any], rests_on: str = "") -> None:
    """Write run.json into a report's folder, the last of its files, for it lists them all.

    Raises
    ------
    OSError
        If there is no room.
    """
    ended = record["status"] == "done"
    kept = {name: "" if ended and name == "failing_since" else value for name, value in times.items()}
    whole = {**record, "rests_on": rests_on, "files": file_list(folder), "run": kept}
    (folder / RECORD).write_text(json_text(whole), encoding="utf-8", newline="\n")


def leave_record(folder: Path, record: Mapping[str, Any], times: Mapping[str, Any]) -> None:
    """Leave nothing but the record of a report that couldn't be written; not even that on a full disk."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.mkdir(parents=True)
        note(folder, {**record, "page": "none"}, times)


def keep_earlier(fresh: Path, earlier: Path, mark: Mark | None) -> None:
    """Put an earlier report's files beside the record of a run that could write none, its page marked so.

    Parameters
    ----------
    fresh : Path
        The new folder. Nothing happens where it has a page of its own.
    earlier : Path
        The report as it was, if it was made at all; it isn't changed.
    mark : callable or None
        Writes on a page that it isn't current, and makes one where there is none.

    Raises
    ------
    OSError
        If there is no room.
    """
    record, before = read_record(fresh), read_record(earlier)
    if record is None or record.get("page") != "none":
        return
    page = earlier / PAGE
    has_page = before is not None and before.get("page", "this run") != "none" and page.is_file()
    if has_page:
        _linked(earlier, fresh)
    record["page"] = "earlier" if has_page else "none"
    if mark is not None:
        text = page.read_text(encoding="utf-8", errors="replace") if has_page else None
        (fresh / PAGE).write_text(mark(text, record), encoding="utf-8", newline="\n")
    times = record.pop("run")
    note(fresh, record, times, str((before or {}).get("rests_on", "")))


def _linked(earlier: Path, fresh: Path) -> None:
    """Give a folder all files of another but for its page and record: as links, which need no room."""
    for file in sorted(earlier.rglob("*")):
        place = fresh / file.relative_to(earlier)
        if file.is_dir() or file.is_symlink() or place in {fresh / PAGE, fresh / RECORD}:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, place)
        except OSError:
            shutil.copy2(file, place)


def note_in_place(folder: Path, record: Mapping[str, Any], times: Mapping[str, Any]) -> None:
    """Say in the record of a report that can't be replaced that it isn't current."""
    before = read_record(folder)
    if before is None:
        return
    page = "none" if before.get("page") == "none" else "earlier"
    whole = {**record, "page": page, "rests_on": "", "files": before.get("files", []), "run": dict(times)}
    with suppress(OutputError):
        write_aside(folder / RECORD, json_text(whole))
