"""Make one report: a fresh kernel, papermill, and the cells of one language."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import papermill
from ipykernel.kernelspec import make_ipkernel_cmd
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from cbanalysis.reports.files import extract, file_list, title
from cbanalysis.reports.outputs import RECORD
from cbanalysis.reports.parameters import read_notebook
from cbanalysis.reports.plans import LANGUAGES, Report
from cbanalysis.reports.quick import nbformat

__all__ = ["KERNEL_ENVIRONMENT", "Finish", "Outcome", "Page", "Task", "kernel_manager", "make"]

# Makes an HTML page of an executed notebook and what run.json says of it; workers must be able to import it.
Page = Callable[[NotebookNode, Mapping[str, Any]], str]
# Writes whatever else belongs into a report's folder: folder, executed notebook, record.
Finish = Callable[[Path, NotebookNode, Mapping[str, Any]], None]

# One thread a kernel: several kernels run side by side and would fight over the cores. The fixed hash seed
# makes the order of sets, and so outputs, the same at each run.
KERNEL_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
_LOG = "kernel.log"
_LONGEST_SOCKET = 85
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
    """

    report: Report
    status: Literal["done", "failed"]
    seconds: float = 0.0
    attempt: int = 1
    cell: int | None = None
    message: str = ""


@dataclass(frozen=True)
class Task:
    """All that a worker needs to make one report."""

    report: Report
    folder: Path
    page: Page | None = None
    finish: Finish | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    time_limit: float = 600.0
    attempts: int = 3


@dataclass(frozen=True)
class _Failure:
    """Why a notebook stopped, and whether the machine rather than the notebook is to blame."""

    name: str
    message: str
    traceback: tuple[str, ...] = ()
    cell: int | None = None
    machine: bool = False


def kernel_manager(environment: Mapping[str, str], folder: Path) -> type[AsyncKernelManager]:
    """Return a kernel manager class whose kernels run in this very Python, whatever kernelspecs there are.

    Parameters
    ----------
    environment : mapping
        Environment variables to add for the kernel.
    folder : Path
        Gets the connection file and sockets, and ``kernel.log`` with what the kernel process itself says.

    Returns
    -------
    type
        To be given to nbclient as ``kernel_manager_class``.
    """

    class ThisEnvironment(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            # No history: kernels that start together would wait for one another's lock on its database.
            command = make_ipkernel_cmd(extra_arguments=["--HistoryManager.enabled=False"])
            return KernelSpec(
                argv=command,
                name=kernel_name,
                display_name="Python 3",
                language="python",
                env=dict(environment),
            )

    class Manager(AsyncKernelManager):
        # Sockets of the file system can't clash with a port that another kernel has just taken.
        transport = "ipc" if os.name == "posix" else "tcp"

        def _kernel_spec_manager_default(self) -> KernelSpecManager:
            return ThisEnvironment(parent=self)

        def _connection_file_default(self) -> str:
            return str(folder / "k")

        async def start_kernel(self, **options: object) -> None:  # type: ignore[override]
            with (folder / _LOG).open("ab") as log:
                await super().start_kernel(stdout=log, stderr=log, **options)

    return Manager


def _plain_path(path: Path) -> str:
    """Papermill takes paths for format strings."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _socket_folder(folder: Path) -> Path:
    """Return a folder whose sockets' paths are as short as the system wants them."""
    return folder if len(os.fsencode(folder)) < _LONGEST_SOCKET else Path(tempfile.mkdtemp(prefix="cb-"))


def _last_words(folder: Path) -> str:
    log = folder / _LOG
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f" ({lines[-1].strip()})" if lines else ""


def _one_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _execute(task: Task, workplace: Path) -> tuple[NotebookNode, _Failure | None]:
    """Run the notebook in an empty folder; return it as far as it came, and why it stopped."""
    executed, sockets = workplace.parent / "executed.ipynb", _socket_folder(workplace.parent)
    deadline = time.monotonic() + task.time_limit
    environment = {**KERNEL_ENVIRONMENT, "IPYTHONDIR": str(workplace.parent / "ipython"), **task.environment}
    failure: _Failure | None = None
    try:
        papermill.execute_notebook(
            _plain_path(task.report.path),
            _plain_path(executed),
            parameters=task.report.injected,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=workplace,
            start_timeout=60,
            kernel_manager_class=kernel_manager(environment, sockets),
            # nbclient takes 0 for "no limit", so the last second is given to every cell.
            timeout_func=lambda _cell: max(1, math.ceil(deadline - time.monotonic())),
            iopub_timeout=60,
            coalesce_streams=True,
        )
    except PapermillExecutionError as fault:
        failure = _Failure(str(fault.ename), _one_line(str(fault.evalue)))
    except CellTimeoutError:
        said = f"the report took longer than {task.time_limit:g} s"
        failure = _Failure("TimeLimit", said, (f"TimeLimit: {said}",))
    except DeadKernelError:
        said = f"the kernel died while this cell ran{_last_words(sockets)}"
        failure = _Failure("DeadKernel", said, (f"DeadKernel: {said}",))
    except Exception as fault:  # noqa: BLE001 -- whatever stops one report must not stop the others
        said = f"{_one_line(str(fault)) or type(fault).__name__}{_last_words(sockets)}"
        failure = _Failure(type(fault).__name__, said, (f"{type(fault).__name__}: {said}",), machine=True)
    finally:
        if sockets != workplace.parent:
            shutil.rmtree(sockets, ignore_errors=True)
    notebook = read_notebook(executed if executed.exists() else task.report.path)
    return notebook, failure


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
    names = {cell["id"] for cell in read_notebook(report.path).cells if "id" in cell}
    for number, cell in enumerate(kept, start=1):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.get("id") not in names:
            cell["id"] = f"cell-{number}"
    notebook.metadata.pop("papermill", None)
    return failure


def _record(task: Task, notebook: NotebookNode, failure: _Failure | None) -> dict[str, Any]:
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
        **task.about,
    }


def _write(task: Task, notebook: NotebookNode, failure: _Failure | None, times: Mapping[str, Any]) -> None:
    folder = task.folder / "report"
    folder.mkdir()
    extract(notebook, folder)
    record = _record(task, notebook, failure)
    cells = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    (folder / "report.ipynb").write_text(cells + "\n", encoding="utf-8", newline="\n")
    if task.page is not None:
        (folder / "index.html").write_text(task.page(notebook, record), encoding="utf-8", newline="\n")
    if task.finish is not None:
        task.finish(folder, notebook, record)
    record = {**record, "files": file_list(folder), "run": dict(times)}
    text = json.dumps(record, ensure_ascii=False, indent=1)
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
            workplace = task.folder / f"attempt-{attempt}" / "work"
            workplace.mkdir(parents=True)
            notebook, failure = _execute(task, workplace)
            shutil.rmtree(workplace.parent, ignore_errors=True)
            # A port taken in the meantime or a kernel that didn't come up is no fault of the notebook.
            if failure is None or not failure.machine or attempt >= task.attempts:
                break
            time.sleep(0.2 * attempt)
        failure = _tidy(notebook, task.report, failure)
        seconds = time.monotonic() - began
        times = {
            "started": started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "attempt": attempt,
        }
        _write(task, notebook, failure, times)
    except Exception as fault:  # noqa: BLE001 -- as above: a full disk or a broken page fails one report, not all
        said = f"{type(fault).__name__}: {_one_line(str(fault))}"
        return Outcome(task.report, "failed", time.monotonic() - began, attempt, None, said)
    if failure is None:
        return Outcome(task.report, "done", seconds, attempt)
    said = f"{failure.name}: {failure.message}" if failure.message else failure.name
    return Outcome(task.report, "failed", seconds, attempt, failure.cell, said)
