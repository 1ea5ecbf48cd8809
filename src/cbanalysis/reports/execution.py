"""Make one report: a fresh kernel, papermill, and the cells of one language."""

from __future__ import annotations

from cbanalysis.reports.quick import nbformat  # before papermill, which would take three seconds longer

# isort: split
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from cbanalysis.folders import data_folder
from cbanalysis.kernels import CONFINED, WRITES, Confinement, make_place, offered
from cbanalysis.reports.engine import ENGINE, Flooded, OutputLost, Watch
from cbanalysis.reports.files import extract, title
from cbanalysis.reports.keys import data_date, key_of, read_trace
from cbanalysis.reports.outputs import RECORD, file_list
from cbanalysis.reports.parameters import source_of
from cbanalysis.reports.plans import LANGUAGES, Report
from cbanalysis.reports.starting import KERNEL_ENVIRONMENT, LOG, kernel_manager

__all__ = ["Finish", "Outcome", "Task", "make"]

# Writes whatever else belongs into a report's folder: given the folder, the executed notebook and what
# run.json says of it. Returns what tells the result from what it would be now, if the data are looked into.
# Workers must be able to import it.
Finish = Callable[[Path, NotebookNode, Mapping[str, Any]], str | None]

_LONGEST_SOCKET = 85
_KILLED = -9  # by SIGKILL, a name that Windows doesn't have
_EXIT = "SystemExit"
_LOST, _TRIES_IF_LOST = "OutputLost", 2
_PAPERMILL_MARK = "papermill-error-cell-tag"


@dataclass(frozen=True)
class Outcome:
    """What became of one report.

    Attributes
    ----------
    report : Report
        Which.
    status : {"done", "failed"}
        A failed report is readable too, with the failing cell marked.
    seconds : float
        Wall time.
    attempt : int
        How often its kernel was started.
    cell : int or None
        The failing cell of the report, counted from 1.
    message : str
        Why it failed, in one line.
    peak : int or None
        Bytes of memory that its kernel held at the most, where the system tells.
    """

    report: Report
    status: Literal["done", "failed"]
    seconds: float = 0.0
    attempt: int = 1
    cell: int | None = None
    message: str = ""
    peak: int | None = None


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


@dataclass(frozen=True)
class _Failure:
    """Why a notebook stopped, and whether the machine rather than the notebook is to blame."""

    name: str
    message: str
    traceback: tuple[str, ...] = ()
    cell: int | None = None
    machine: bool = False


@contextmanager
def _sockets(folder: Path) -> Iterator[Path]:
    """Give a folder whose sockets' paths are as short as the system wants them."""
    if os.name != "posix" or len(os.fsencode(folder)) < _LONGEST_SOCKET:
        yield folder
        return
    # Of those that the next batch clears if this one is killed.
    place = make_place("kernel")
    try:
        yield place.path
    finally:
        place.remove()


def _last_words(folder: Path) -> str:
    log = folder / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f" ({lines[-1].strip()})" if lines else ""


def _one_line(text: str) -> str:
    """Return the first line that says something, with the next one where it only announces what follows."""
    said = [line.strip() for line in text.splitlines() if line.strip()][:2]
    return " ".join(said if said and said[0].endswith(":") else said[:1])


def _confinement(task: Task, attempt: Path, sockets: Path) -> Confinement:
    """Return what the report's kernel may do: read what was given to it, write into its own folders."""
    named = [text for text in task.environment.values() if os.path.isabs(text)]  # noqa: PTH117 -- any text
    reads = [data_folder().resolve(), task.report.path.resolve().parent, *task.report.files.values()]
    asked = source_of(task.report.path).metadata.get("cbanalysis", {})
    network = isinstance(asked, Mapping) and asked.get("network") is True
    return Confinement(tuple(map(str, [*reads, *named])), (str(attempt), str(sockets)), network, offered())


def _environment(task: Task, attempt: Path, confinement: Confinement) -> dict[str, str]:
    (attempt / "tmp").mkdir()
    environment = {
        **KERNEL_ENVIRONMENT,
        "IPYTHONDIR": str(attempt / "ipython"),
        "TMPDIR": str(attempt / "tmp"),
        WRITES: os.pathsep.join(confinement.writes),
        CONFINED: confinement.text(),
        **task.environment,
    }
    return {**environment, task.trace: str(attempt / "trace")} if task.trace else environment


def _lay_out(files: Mapping[str, str], folder: Path) -> None:
    """Put what parameters name where the notebook finds it by that name: as links where there are any."""
    for name, path in sorted(files.items()):
        place = folder / name
        if place.exists():
            continue  # inside a folder that another parameter names
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.symlink_to(path)
        except OSError:  # Windows lets few people make links
            copy = shutil.copytree if Path(path).is_dir() else shutil.copy2
            copy(path, place)


def _execute(task: Task, workplace: Path, sockets: Path) -> tuple[NotebookNode, _Failure | None, Watch]:
    """Run the notebook in an empty folder; return it as far as it came, and why it stopped."""
    confinement = _confinement(task, workplace.parent, sockets)
    watch = Watch(guards=confinement.guards())
    deadline = time.monotonic() + task.time_limit
    environment = _environment(task, workplace.parent, confinement)
    failure: _Failure | None = None
    _lay_out(task.report.files, workplace)
    try:
        papermill.execute_notebook(
            source_of(task.report.path),
            None,
            parameters=task.report.injected,
            engine_name=ENGINE,
            watch=watch,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            # The kernel's folder; papermill's own cwd would be the whole process's.
            resources={"metadata": {"path": str(workplace)}},
            start_timeout=min(60, math.ceil(task.time_limit)),
            kernel_manager_class=kernel_manager(environment, sockets, warm=task.warm),
            # nbclient takes 0 for "no limit", so the last second is given to every cell.
            timeout_func=lambda _cell: max(1, math.ceil(deadline - time.monotonic())),
            # Output may take as long as the report to come in; silence is the engine's affair.
            iopub_timeout=math.ceil(task.time_limit),
            raise_on_iopub_timeout=True,
        )
        failure = _ended(watch.notebook)
    except PapermillExecutionError as fault:
        failure = _Failure(str(fault.ename), _one_line(str(fault.evalue)))
    except CellTimeoutError:
        failure = _told("TimeLimit", f"the report took longer than {task.time_limit:g} s")
    except Flooded as fault:
        failure = _told("Flooded", str(fault))
    except OutputLost as fault:
        failure = _told(_LOST, str(fault), machine=True)
    except DeadKernelError:
        failure = _died(watch, _last_words(sockets))
    except Exception as fault:  # noqa: BLE001 -- whatever stops one report must not stop the others
        said = f"{_one_line(str(fault)) or type(fault).__name__}{_last_words(sockets)}"
        failure = _told(type(fault).__name__, said, machine=True)
    return watch.notebook or source_of(task.report.path), failure, watch


def _ended(notebook: NotebookNode | None) -> _Failure | None:
    """Say so where a cell ended the notebook; papermill takes ``sys.exit(0)`` for a good end."""
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", [])] if notebook else []
    left = any(one.output_type == "error" and one.ename == _EXIT for one in outputs)
    return _Failure(_EXIT, "the notebook ended itself") if left else None


def _told(name: str, said: str, *, machine: bool = False) -> _Failure:
    return _Failure(name, said, (f"{name}: {said}",), machine=machine)


def _died(watch: Watch, last_words: str) -> _Failure:
    """Say how the kernel ended; one that was killed from outside is no fault of the notebook."""
    if watch.ended == _KILLED:
        said = "the kernel was killed while this cell ran, as the system does when memory runs out"
        return _told("DeadKernel", said, machine=True)
    return _told("DeadKernel", f"the kernel died while this cell ran{last_words}")


def _last_started(notebook: NotebookNode) -> NotebookNode | None:
    started = [cell for cell in notebook.cells if cell.metadata.get("papermill", {}).get("start_time")]
    return started[-1] if started else None


def _tidy(notebook: NotebookNode, report: Report, failure: _Failure | None) -> _Failure | None:
    """Keep one language's cells, drop what differs from run to run, and mark the cell that failed."""
    culprit = _last_started(notebook) if failure is not None else None
    others = {language for language in LANGUAGES if language != report.language}
    kept = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if _PAPERMILL_MARK in tags or (cell is not culprit and others & set(tags)):
            continue
        kept.append(cell)
    notebook.cells = kept
    if failure is not None and culprit is not None:
        culprit.metadata["tags"] = [*culprit.metadata.get("tags", []), "failed"]
        if failure.traceback and culprit.cell_type == "code":
            culprit.outputs.append(
                nbformat.v4.new_output(  # type: ignore[no-untyped-call]
                    "error", ename=failure.name, evalue=failure.message, traceback=list(failure.traceback)
                )
            )
        place = next(number for number, cell in enumerate(kept, start=1) if cell is culprit)
        failure = _Failure(failure.name, failure.message, failure.traceback, place, failure.machine)
    names = {cell["id"] for cell in source_of(report.path).cells if "id" in cell}
    for number, cell in enumerate(kept, start=1):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.get("id") not in names:
            cell["id"] = f"cell-{number}"
    notebook.metadata.pop("papermill", None)
    return failure


def _record(
    task: Task,
    notebook: NotebookNode,
    failure: _Failure | None,
    saw: Sequence[Mapping[str, Any]],
    guards: Mapping[str, str],
) -> dict[str, Any]:
    failed = (
        None if failure is None else {"cell": failure.cell, "error": failure.name, "message": failure.message}
    )
    return {
        "report": str(task.report),
        "notebook": task.report.notebook,
        "language": task.report.language,
        "parameters": dict(task.report.parameters),
        "title": title(notebook),
        "status": "done" if failure is None else "failed",
        "failure": failed,
        "data_date": data_date(saw),
        **task.about,
        "key": key_of(task.inputs, saw),
        "inputs": dict(task.inputs),
        "guards": dict(guards),
        "saw": [{"query": one["query"], "found": one["found"]} for one in saw],
    }


def _write(
    task: Task, notebook: NotebookNode, record: Mapping[str, Any], times: Mapping[str, Any], folder: Path
) -> None:
    folder.mkdir()
    extract(notebook, folder)
    cells = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    (folder / "report.ipynb").write_text(cells + "\n", encoding="utf-8", newline="\n")
    rests_on = task.finish(folder, notebook, record) if task.finish is not None else None
    text = json.dumps(
        {**record, "rests_on": rests_on or "", "files": file_list(folder), "run": dict(times)},
        ensure_ascii=False,
        indent=1,
    )
    (folder / RECORD).write_text(text + "\n", encoding="utf-8", newline="\n")


def make(task: Task) -> Outcome:
    """Make one report in a folder of its own, beside the place it will be moved to.

    Parameters
    ----------
    task : Task
        What to make; ``task.folder / "report"`` holds the finished report.

    Returns
    -------
    Outcome
        ``failed`` instead of an exception, whatever went wrong.
    """
    began, started = time.monotonic(), datetime.now(UTC)
    attempt = 0
    try:
        while True:
            attempt += 1
            # What an earlier worker left here that was killed is not ours.
            tried = Path(tempfile.mkdtemp(prefix=f"{attempt}-", dir=_made(task.folder)))
            (tried / "work").mkdir()
            with _sockets(tried) as sockets:
                notebook, failure, watch = _execute(task, tried / "work", sockets)
            saw = read_trace(tried / "trace")
            shutil.rmtree(tried, ignore_errors=True)
            # A port taken in the meantime or a kernel that didn't come up is no fault of the notebook.
            if failure is None or not failure.machine:
                break
            if attempt >= (min(task.attempts, _TRIES_IF_LOST) if failure.name == _LOST else task.attempts):
                break
            time.sleep(0.2 * attempt)
        failure = _tidy(notebook, task.report, failure)
        seconds = time.monotonic() - began
        times = {
            "started": started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "attempt": attempt,
            "peak_memory": watch.peak,
        }
        _write(
            task, notebook, _record(task, notebook, failure, saw, watch.guards), times, task.folder / "report"
        )
    except Exception as fault:  # noqa: BLE001 -- as above: a full disk or a broken page fails one report, not all
        said = f"{type(fault).__name__}: {_one_line(str(fault))}"
        return Outcome(task.report, "failed", time.monotonic() - began, attempt, None, said)
    if failure is None:
        return Outcome(task.report, "done", seconds, attempt, peak=watch.peak)
    said = f"{failure.name}: {failure.message}" if failure.message else failure.name
    return Outcome(task.report, "failed", seconds, attempt, failure.cell, said, watch.peak)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "report", ignore_errors=True)
    return folder
