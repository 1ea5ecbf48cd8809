"""Make one report: a fresh kernel, papermill, and the cells of one language."""

from __future__ import annotations

import copy
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from cbanalysis.batch.kernels.landlock_and_seccomp import CONFINED, Confinement, offered
from cbanalysis.batch.kernels.private_folders import make_private_folder
from cbanalysis.batch.kernels.write_guard import WRITES
from cbanalysis.batch.reports.kernel_and_worker_starts import KERNEL_ENVIRONMENT, LOG, kernel_manager
from cbanalysis.batch.reports.notebook_files import beside, embed_pictures, source_of
from cbanalysis.batch.reports.papermill_engine import ENGINE, Flooded, OutputLost, Watch
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.run_json import extract, leave_record, note, record_of, times_of
from cbanalysis.batch.reports.staleness import read_trace
from cbanalysis.batch.reports.tasks_and_outcomes import Failure, Outcome, Stage, Task, one_line, unwritten
from cbanalysis.common.errors import ReportError
from cbanalysis.common.folders import DATA_VARIABLE, data_folder
from cbanalysis.common.language import LANGUAGES

_LONGEST_SOCKET = 85
_LARGE, _MOST_COPIED = 10_000_000, 100_000_000
_KILLED = -9  # by SIGKILL, a name that Windows doesn't have
_EXIT = "SystemExit"
_LOST_BY_IPYTHON = "NoneType"
_ENDED = {
    "vi": "Notebook tự kết thúc ở đây (sys.exit); các ô sau không được chạy.\n",
    "en": "The notebook ended itself here (sys.exit); the cells after it weren't run.\n",
}
_LOST, _TRIES_IF_LOST = "OutputLost", 2
_PAPERMILL_MARK = "papermill-error-cell-tag"


@contextmanager
def _sockets(folder: Path) -> Iterator[Path]:
    """Give a folder whose sockets' paths are as short as the system wants them."""
    if os.name != "posix" or len(os.fsencode(folder)) < _LONGEST_SOCKET:
        yield folder
        return
    # Of those that the next batch clears if this one is killed.
    place = make_private_folder("kernel")
    try:
        yield place.path
    finally:
        place.remove()


def _last_words(folder: Path) -> str:
    log = folder / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f" ({lines[-1].strip()})" if lines else ""


def _confinement(task: Task, attempt: Path, sockets: Path) -> Confinement:
    """Return what the report's kernel may do: read what was given to it, write into its own folders."""
    named = [text for text in task.batch.environment.values() if os.path.isabs(text)]  # noqa: PTH117 -- any text
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
        **task.batch.environment,
    }
    return {**environment, task.batch.trace: str(attempt / "trace")} if task.batch.trace else environment


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


def _bring(files: Mapping[str, Path], folder: Path) -> None:
    """Copy what lies beside the notebook to where it runs; what is large, or too much, only as a link."""
    room = _MOST_COPIED
    for name, path in files.items():
        if os.path.isabs(name):  # noqa: PTH117 -- a name
            continue  # is read where it is
        size = path.stat().st_size
        place = Path(os.path.normpath(folder / name))  # ../data lies beside the folder it runs in
        place.parent.mkdir(parents=True, exist_ok=True)
        if size > min(_LARGE, room):
            place.symlink_to(path)
        else:
            room -= size
            shutil.copy2(path, place)


def _execute(task: Task, workplace: Path, sockets: Path) -> tuple[NotebookNode, Failure | None, Watch]:
    """Run the notebook in an empty folder; return it as far as it came, and why it stopped."""
    confinement = _confinement(task, workplace.parent, sockets)
    watch = Watch(places=(sockets, task.report.path.resolve().parent), guards=confinement.guards())
    deadline = time.monotonic() + task.batch.time_limit
    environment = _environment(task, workplace.parent, confinement)
    failure: Failure | None = None
    data = task.batch.environment.get(DATA_VARIABLE)  # as it came to this machine
    files = beside(task.report.path, Path(data) if data else None)
    _bring(files, workplace)
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
            start_timeout=min(60, math.ceil(task.batch.time_limit)),
            kernel_manager_class=kernel_manager(environment, sockets, warm=task.batch.warm),
            # nbclient takes 0 for "no limit", so the last second is given to every cell.
            timeout_func=lambda _cell: max(1, math.ceil(deadline - time.monotonic())),
            # Output may take as long as the report to come in; silence is the engine's affair.
            iopub_timeout=math.ceil(task.batch.time_limit),
            raise_on_iopub_timeout=True,
        )
    except PapermillExecutionError:
        failure = _shown_error(watch)
    except CellTimeoutError:
        failure = _told("TimeLimit", f"the report took longer than {task.batch.time_limit:g} s")
    except Flooded as fault:
        failure = _told("Flooded", str(fault))
    except OutputLost as fault:
        failure = _told(_LOST, str(fault), machine=True)
    except DeadKernelError:
        failure = _died(watch, _last_words(sockets))
    except Exception as fault:  # noqa: BLE001 -- whatever stops one report must not stop the others
        why = f"{one_line(str(fault)) or type(fault).__name__}{_last_words(sockets)}"
        failure = replace(_told(type(fault).__name__, why, machine=True), stage="kernel")
    if failure is None and watch.error is not None:
        failure = _of_cell(watch.error, watch.running)
    notebook = watch.notebook or source_of(task.report.path)
    if failure is None and watch.error is not None:
        _say_where_it_ended(notebook, task.report.language)
    embed_pictures(notebook, files)
    return notebook, failure, watch


def _shown_error(watch: Watch) -> Failure | None:
    """Return the first error that a cell shows without being allowed to; papermill takes any for the last."""
    for cell in watch.notebook.cells if watch.notebook is not None and watch.error is None else ():
        errors = _errors(cell)
        if errors and "raises-exception" not in cell.metadata.get("tags", []):
            watch.running = cell
            return Failure(errors[0].ename, one_line(errors[0].evalue))
    return None


def _errors(cell: NotebookNode | None) -> list[NotebookNode]:
    outputs = cell.get("outputs", ()) if cell is not None else ()
    return [one for one in outputs if one.output_type == "error"]


def _of_cell(error: CellExecutionError, cell: NotebookNode | None) -> Failure | None:
    """Say which error ended a cell; ``sys.exit(0)`` is a good end, as papermill has it."""
    # IPython's reply has lost an error that a result raised when it was to be shown; the cell shows it.
    shown = _errors(cell) if error.ename == _LOST_BY_IPYTHON else []
    told = shown[-1] if shown else error
    name, message = str(told.ename), one_line(str(told.evalue))
    if name == _EXIT and not message.strip("0"):
        return None
    if name == _EXIT and message.isdecimal():
        message = f"the notebook ended itself with exit code {message}"
    return Failure(name, message)


def _say_where_it_ended(notebook: NotebookNode, language: str) -> None:
    """Put words in the place of the exit's traceback, so that nobody misses the cells after it."""
    for cell in notebook.cells:
        if any(one.output_type == "error" and one.ename == _EXIT for one in cell.get("outputs", ())):
            said = nbformat.v4.new_output("stream", name="stdout", text=_ENDED[language])  # type: ignore[no-untyped-call]
            cell.outputs = [*(one for one in cell.outputs if one.output_type != "error"), said]


def _told(name: str, why: str, *, machine: bool = False) -> Failure:
    return Failure(name, why, traceback=(f"{name}: {why}",), machine=machine)


def _died(watch: Watch, last_words: str) -> Failure:
    """Say how the kernel ended; one that was killed from outside is no fault of the notebook."""
    if watch.ended == _KILLED:
        why = "the kernel was killed while this cell ran, as the system does when memory runs out"
        return _told("DeadKernel", why, machine=True)
    return _told("DeadKernel", f"the kernel died while this cell ran{last_words}")


def _tidy(
    notebook: NotebookNode, report: Report, failure: Failure | None, culprit: NotebookNode | None
) -> Failure | None:
    """Keep one language's cells, drop what differs from run to run, and mark the cell that failed."""
    culprit = culprit if failure is not None else None
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
        failure = replace(failure, cell=place, stage="cell")
    names = {cell["id"] for cell in source_of(report.path).cells if "id" in cell}
    for number, cell in enumerate(kept, start=1):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.get("id") not in names:
            named = f"cell-{number}"
            cell["id"] = f"injected-{number}" if named in names else named
    notebook.metadata.pop("papermill", None)
    return failure


def _write(
    task: Task, notebook: NotebookNode, record: Mapping[str, Any], times: Mapping[str, Any], folder: Path
) -> None:
    folder.mkdir()
    extract(notebook, folder)
    outputs = (one for cell in notebook.cells for one in cell.get("outputs", []))
    noted = [one.get("metadata", {}).get("cbanalysis") for one in outputs]  # text printed has none
    # what charts look like on a phone is for the page; the notebook has them already
    narrow = [(one, one.pop("narrow")) for one in noted if isinstance(one, dict) and "narrow" in one]
    cells = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    for one, drawn in narrow:
        one["narrow"] = drawn
    (folder / "report.ipynb").write_text(cells + "\n", encoding="utf-8", newline="\n")
    rests_on = task.batch.finish(folder, notebook, record) if task.batch.finish is not None else None
    note(folder, record, times, rests_on or "")


def _guilty(task: Task, notebook: NotebookNode, record: Mapping[str, Any], fault: Exception) -> int | None:
    """Return the cell (from 1) that can't be written even by itself; None where it takes more than one."""
    if isinstance(fault, OSError | MemoryError):
        return None  # the machine's fault, not a cell's

    def breaks(first: int, last: int) -> bool:
        part = copy.deepcopy(notebook)
        part.cells = part.cells[first:last]
        folder = Path(tempfile.mkdtemp(prefix="part-", dir=task.folder))
        try:
            _write(task, part, record, {}, folder / "report")
        except Exception as other:  # noqa: BLE001 -- whatever it is
            return type(other) is type(fault)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return False

    first, last = 0, len(notebook.cells)
    while last - first > 1:
        middle = (first + last) // 2
        if breaks(first, middle):
            last = middle
        elif breaks(middle, last):
            first = middle
        else:
            return None
    return last


def _run(task: Task) -> tuple[NotebookNode, Failure | None, Watch, list[dict[str, Any]], int]:
    """Run the notebook, again where the machine was to blame."""
    attempt = 0
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
        tries = (
            min(task.batch.attempts, _TRIES_IF_LOST)
            if failure is not None and failure.name == _LOST
            else task.batch.attempts
        )
        if failure is None or not failure.machine or attempt >= tries:
            return notebook, _tidy(notebook, task.report, failure, watch.running), watch, saw, attempt
        time.sleep(0.2 * attempt)


def make(task: Task) -> Outcome:
    """Make one report in a folder of its own, beside the place it will be moved to.

    Parameters
    ----------
    task : Task
        What to make; ``task.folder / "report"`` holds the finished report.

    Returns
    -------
    Outcome
        ``failed`` instead of an exception, whatever went wrong. Where the report couldn't be run or written,
        its folder holds nothing but the record that says so.
    """
    started, folder = datetime.now(UTC), task.folder / "report"
    notebook: NotebookNode | None = None
    failure: Failure | None = None
    saw: list[dict[str, Any]] = []
    guards: Mapping[str, str] = {}
    attempt, peak = 1, None
    try:
        notebook, failure, watch, saw, attempt = _run(task)
        peak, guards = watch.peak, watch.guards
    except Exception as fault:  # noqa: BLE001 -- a full disk, a notebook that vanished
        stage: Stage = "notebook" if isinstance(fault, ReportError) else "kernel"
        failure = Failure(type(fault).__name__, one_line(str(fault)), stage)
    times = times_of(task, started, attempt=attempt, peak_memory=peak)
    record = record_of(task, notebook, failure, saw, guards)
    if notebook is None or (failure is not None and failure.stage == "kernel"):
        leave_record(folder, record, times)
    else:
        try:
            _write(task, notebook, record, times, folder)
        except Exception as fault:  # noqa: BLE001 -- as above: a full disk or a broken page fails one report, not all
            failure = failure or replace(unwritten(fault), cell=_guilty(task, notebook, record, fault))
            leave_record(folder, record_of(task, notebook, failure, saw, guards), times)
    return Outcome(task.report, failure, times["seconds"], attempt, peak)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "report", ignore_errors=True)
    return folder
