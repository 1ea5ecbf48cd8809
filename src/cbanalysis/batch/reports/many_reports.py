"""Run many reports at once in worker processes, and put each into place as it is finished."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from cbanalysis.batch.reports import output_folder, placing, run_json
from cbanalysis.batch.reports.digests_and_versions import provenance
from cbanalysis.batch.reports.kernel_and_worker_starts import context, ready
from cbanalysis.batch.reports.one_report import make
from cbanalysis.batch.reports.remote_machines import DataArchive, RemoteTask, make_remotely, unpack
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Failure, Outcome, Task, one_line
from cbanalysis.common.errors import OutputError
from cbanalysis.common.signals import STOPPING, taking


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def at_once(wanted: int | None, reports: int) -> int:
    """Return how many reports to make at once.

    Parameters
    ----------
    wanted : int or None
        What was asked for; None for one more than there are cores, for a report and its kernel wait for one
        another now and then.
    reports : int
        How many there are.

    Returns
    -------
    int
        At least 1.
    """
    most = 61 if sys.platform == "win32" else reports  # Windows waits for no more processes at a time
    return min(wanted or cores() + 1, reports, most) or 1


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare_worker(environment: Mapping[str, str]) -> None:
    """Leave Ctrl-C to the parent, and don't outlive it; know where its warm process is now."""
    # What workers are forked from is as old as this process's first batch, and so is its environment.
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What nbclient would say of a dead kernel is in the outcome.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


@contextmanager
def _pool(width: int, modules: Sequence[str] = ()) -> Iterator[ProcessPoolExecutor]:
    """Give worker processes that are gone at the end, also after Ctrl-C."""
    pool = ProcessPoolExecutor(
        width, mp_context=context(modules), initializer=_prepare_worker, initargs=(dict(os.environ),)
    )
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
    with _pool(1, task.batch.modules) as pool:
        try:
            return pool.submit(make, task).result()
        except BrokenExecutor:
            failure = Failure("WorkerDied", "its worker process died, twice", "worker")
            return Outcome(task.report, failure, attempt=2)


def _submit(pool: Executor, task: Task, data: DataArchive | None) -> Future[Any]:
    return pool.submit(make, task) if data is None else pool.submit(make_remotely, RemoteTask.of(task, data))


def _elsewhere(
    tasks: Sequence[Task], executor: Executor, data: DataArchive | None
) -> Generator[tuple[Task, Outcome]]:
    """Yield each task with its outcome as somebody else's workers finish them."""
    futures = {_submit(executor, task, data): task for task in tasks}
    try:
        for future in as_completed(futures):
            task = futures[future]
            try:
                if data is None:
                    yield task, future.result()
                else:
                    outcome, content = future.result()
                    unpack(content, task.folder / "report")
                    yield task, outcome
            except Exception as fault:  # noqa: BLE001 -- whatever a cluster raises fails one report, not all
                why = one_line(f"its worker failed: {type(fault).__name__}: {fault}")
                yield task, Outcome(task.report, Failure("WorkerFailed", why, "worker"))
    finally:
        for future in futures:
            future.cancel()


def _here(tasks: Sequence[Task], width: int) -> Generator[tuple[Task, Outcome]]:
    """Yield each task with its outcome as worker processes of our own finish them."""
    broken = []
    with _pool(width, tasks[0].batch.modules if tasks else ()) as pool:
        futures: dict[Future[Outcome], Task] = {}
        for task in tasks:
            try:
                futures[pool.submit(make, task)] = task
            except BrokenExecutor:
                broken.append(task)
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenExecutor:
                broken.append(futures[future])
    # One dead worker breaks the whole pool: what had begun is run alone, the rest goes on in a new pool.
    begun = [task for task in broken if task.folder.exists()] or broken
    for task in begun:
        yield task, _alone(task)
    rest = [task for task in broken if task not in begun]
    if rest:
        yield from _here(rest, width)


def run(  # noqa: PLR0913 -- each has a default that most callers keep
    reports: Sequence[Report],
    output: Path,
    batch: Batch | None = None,
    *,
    jobs: int | None = None,
    inputs: Sequence[Mapping[str, str]] = (),
    executor: Executor | None = None,
    data: DataArchive | None = None,
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
    batch : Batch, optional
        How to make them.
    jobs : int, optional
        How many at once; one more than there are cores when not given.
    inputs : sequence of mapping
        For each report a digest of each thing that goes into it (see :func:`inputs_of`).
    executor : Executor, optional
        Runs the work instead of worker processes of its own. It must see the output folder, unless `data` is
        given.
    data : DataArchive, optional
        The data folder for an executor on other machines; reports come back the way the tasks went.
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
    folder = output_folder.check_output(output, [report.folder for report in reports])
    staging = placing.open_staging(folder)
    batch = batch or Batch()
    batch = replace(batch, about={**provenance(), **batch.about})
    tasks = []
    for number, (report, its) in enumerate(zip(reports, inputs or [{}] * len(reports), strict=True)):
        since = run_json.failing_since(folder / report.folder)
        tasks.append(Task(report, staging.path / f"{number:04d}", batch, its, since))
    outcomes: dict[Path, Outcome] = {}
    here = executor is None and bool(tasks)
    shared = ready(batch.modules, batch.environment) if batch.warm and here else nullcontext()
    try:
        with shared:
            working = (
                _here(tasks, at_once(jobs, len(tasks)))
                if executor is None
                else _elsewhere(tasks, executor, data)
            )
            # Closed before the staging folder is cleared, so that no worker writes there any more.
            with closing(working) as finished:
                for task, outcome in finished:
                    with _stopping_later():
                        outcomes[task.folder] = _put(task, outcome, folder, staging)
                        if done is not None:
                            done(outcomes[task.folder])
    finally:
        placing.close_staging(staging, folder)
    return tuple(outcomes[task.folder] for task in tasks)


@contextmanager
def _stopping_later() -> Iterator[None]:
    """Let a wish to end wait for what has begun: a report that is in place is also told as made."""
    came: list[int] = []
    here = threading.current_thread() is threading.main_thread()
    heeded = [one for one in (signal.SIGINT, *STOPPING) if here and callable(signal.getsignal(one))]
    with taking(heeded, lambda number, _frame: came.append(number)):
        yield
    if came:
        signal.raise_signal(came[0])


def _put(task: Task, outcome: Outcome, output: Path, staging: placing.StagingFolder) -> Outcome:
    """Move a report into place; one that couldn't be made leaves a record, beside the earlier page."""
    fresh, final = task.folder / "report", output / task.report.folder
    started = datetime.now(UTC) - timedelta(seconds=outcome.seconds)
    times = run_json.times_of(task, started, attempt=outcome.attempt, peak_memory=outcome.peak)
    if not (fresh / output_folder.RECORD).exists():
        run_json.leave_record(fresh, run_json.record_of(task, None, outcome.failure), times)
    try:
        run_json.keep_earlier(fresh, final, task.batch.mark)
        placing.place(fresh, output, task.report.folder, staging)
    except (OSError, OutputError) as fault:
        failure = outcome.failure or Failure(type(fault).__name__, one_line(str(fault)), "place")
        run_json.note_in_place(final, run_json.record_of(task, None, failure), times)
        return replace(outcome, failure=failure)
    shutil.rmtree(task.folder, ignore_errors=True)
    return outcome
