"""Run many reports at once in worker processes, and put each into place as it is finished."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from cbanalysis.errors import OutputError
from cbanalysis.folders import notebooks_folder
from cbanalysis.reports.execution import Finish, Outcome, Page, Task, make
from cbanalysis.reports.outputs import RECORD, check_output, close_workshop, open_workshop, place
from cbanalysis.reports.plans import Report

__all__ = ["cores", "provenance", "run"]

_LIBRARIES = (
    "ipykernel",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
    "statsmodels",
)


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """Return the commit of the checkout the notebooks come from, None outside of one."""
    root = notebooks_folder().parent
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    command = [git, "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed words only
    return answer.stdout.strip() or None


def provenance() -> dict[str, Any]:
    """Return what reports are made with: versions of the package and the libraries that matter, commit."""
    return {
        "versions": {
            "cbanalysis": _version("cbanalysis"),
            "python": sys.version.split()[0],
            **{name: _version(name) for name in _LIBRARIES},
        },
        "commit": _commit(),
    }


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, and don't outlive it."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What nbclient would say of a dead kernel is in the outcome.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


@contextmanager
def _pool(width: int) -> Iterator[ProcessPoolExecutor]:
    """Give worker processes that are gone at the end, also after Ctrl-C."""
    # Processes, for papermill changes the folder of the whole process; spawned, for the parent has threads.
    pool = ProcessPoolExecutor(width, mp_context=get_context("spawn"), initializer=_prepare_worker)
    try:
        yield pool
    except BaseException:
        processes = list((pool._processes or {}).values())  # noqa: SLF001 -- a public way comes with Python 3.14
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(5)
            if process.is_alive():
                process.kill()
        raise
    pool.shutdown()


def _alone(task: Task) -> Outcome:
    """Run a report by itself after its worker process died, so that only the guilty one fails."""
    shutil.rmtree(task.folder, ignore_errors=True)
    with _pool(1) as pool:
        try:
            return pool.submit(make, task).result()
        except BrokenExecutor:
            return Outcome(task.report, "failed", attempt=2, message="its worker process died, twice")


def _outcomes(
    tasks: Sequence[Task], width: int, executor: Executor | None
) -> Generator[tuple[Task, Outcome]]:
    """Yield each task with its outcome as they finish."""

    def finished(pool: Executor) -> Iterator[tuple[Task, Outcome | None]]:
        futures: dict[Future[Outcome], Task] = {pool.submit(make, task): task for task in tasks}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenExecutor:
                yield futures[future], None

    broken = []
    if executor is not None:
        for task, outcome in finished(executor):
            yield task, outcome or Outcome(task.report, "failed", message="its worker process died")
        return
    with _pool(width) as pool:
        for task, outcome in finished(pool):
            if outcome is None:
                broken.append(task)
            else:
                yield task, outcome
    # One dead worker breaks the whole pool: what had begun is run alone, the rest goes on in a new pool.
    begun = [task for task in broken if task.folder.exists()] or broken
    for task in begun:
        yield task, _alone(task)
    rest = [task for task in broken if task not in begun]
    if rest:
        yield from _outcomes(rest, width, None)


def run(  # noqa: PLR0913 -- each has a default that most callers keep
    reports: Sequence[Report],
    output: Path,
    *,
    page: Page | None = None,
    finish: Finish | None = None,
    about: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    time_limit: float = 600.0,
    attempts: int = 3,
    environment: Mapping[str, str] | None = None,
    keep_out: Sequence[Path] = (),
    executor: Executor | None = None,
    done: Callable[[Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """Run reports, several at once, each into its own folder below the output folder.

    A report is made aside and moved into place when it is whole; one that fails stays readable with the
    failing cell marked and doesn't touch the others.

    Parameters
    ----------
    reports : sequence of Report
        What to run, as :func:`plan` returns it.
    output : Path
        The output folder; made if need be.
    page : callable, optional
        Makes ``index.html`` from the executed notebook and its record.
    finish : callable, optional
        Writes whatever else belongs into a report's folder.
    about : mapping, optional
        What goes into every ``run.json``, and to the page, besides what the run itself knows.
    jobs : int, optional
        How many at once; as many as there are cores when not given.
    time_limit : float
        Seconds that one report may take.
    attempts : int
        How often a report is tried whose kernel doesn't come up.
    environment : mapping, optional
        Environment variables to add for the kernels.
    keep_out : sequence of Path
        Folders that the output folder must not lie in.
    executor : Executor, optional
        Runs the work instead of worker processes of its own; must see the output folder.
    done : callable, optional
        Told each outcome when its report is in place.

    Returns
    -------
    tuple of Outcome
        In the order of ``reports``.

    Raises
    ------
    OutputError
        Before any work, if the output folder can't take the reports.
    KeyboardInterrupt
        After a stop by Ctrl-C, when workers and kernels are gone; finished reports stay.
    """
    folder = check_output(output, [report.folder for report in reports], keep_out=keep_out)
    workshop = open_workshop(folder)
    about = {**provenance(), **(about or {})}
    tasks = [
        Task(report, workshop / f"{number:04d}", page, finish, about, environment or {}, time_limit, attempts)
        for number, report in enumerate(reports)
    ]
    outcomes: dict[Path, Outcome] = {}
    try:
        # Closed before the workshop is, so that no worker writes there any more.
        with closing(_outcomes(tasks, min(jobs or cores(), len(tasks)) or 1, executor)) as finished:
            for task, outcome in finished:
                outcomes[task.folder] = _put(task, outcome, folder, workshop)
                if done is not None:
                    done(outcomes[task.folder])
    finally:
        close_workshop(workshop, folder)
    return tuple(outcomes[task.folder] for task in tasks)


def _put(task: Task, outcome: Outcome, output: Path, workshop: Path) -> Outcome:
    fresh = task.folder / "report"
    if not (fresh / RECORD).exists():
        return outcome
    try:
        place(fresh, output, task.report.folder, workshop)
    except OutputError as fault:
        return replace(outcome, status="failed", message=str(fault))
    shutil.rmtree(task.folder, ignore_errors=True)
    return outcome
