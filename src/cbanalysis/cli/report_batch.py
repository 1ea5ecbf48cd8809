"""What ``cbanalysis report`` does once something is to be looked at: plan, run, tell, record."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from tqdm import tqdm

from cbanalysis.batch.reports.manifest_json import Totals, write_manifest
from cbanalysis.batch.reports.many_reports import at_once, run
from cbanalysis.batch.reports.output_folder import resolved
from cbanalysis.batch.reports.remote_machines import DataArchive
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Outcome
from cbanalysis.cli.command_language import counted, echo, said, shown
from cbanalysis.cli.commands.report import ReportRequest
from cbanalysis.cli.report_plan import Planned, forget_gone, planned, tell, told_of
from cbanalysis.common.errors import CbanalysisError, optional_libraries
from cbanalysis.common.folders import DATA_VARIABLE, PAGE_VARIABLE, data_folder
from cbanalysis.common.messages import message
from cbanalysis.dataset.load.observations import TRACE
from cbanalysis.site.page_and_downloads import prepare
from cbanalysis.site.pages.front_page import write_index


class Progress:
    """A bar on a terminal, a line for each report elsewhere; both on standard error.

    Attributes
    ----------
    done : list of Outcome
        What has been finished so far.
    total : int
        How many there will be.
    bar : tqdm
        The bar.
    """

    def __init__(self, total: int) -> None:
        self.done: list[Outcome] = []
        self.total = total
        plain = not sys.stderr.isatty()
        self.bar = tqdm(total=total, unit="", disable=plain, dynamic_ncols=True, file=sys.stderr)

    def __call__(self, outcome: Outcome) -> None:
        """Tell of a report that is in place, or that failed."""
        self.done.append(outcome)
        self.bar.set_postfix_str(str(outcome.report), refresh=False)
        self.bar.update()
        failed = outcome.status == "failed"
        if failed or self.bar.disable:
            told = message(
                "report_failed" if failed else "report_made",
                number=f"{len(self.done)}/{self.total}",
                report=outcome.report,
                seconds=outcome.seconds,
                why=outcome.message,
            )
            with tqdm.external_write_mode(file=sys.stderr):
                echo(told, err=True)


def _lasted(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if seconds < 100:
        return message("lasted_seconds", seconds=seconds)
    return message("lasted_minutes", minutes=minutes, seconds=rest)


def said_at_the_end(progress: Progress, totals: Totals, index: Path) -> None:
    """Say what failed, what was made, and what is left.

    Parameters
    ----------
    progress : Progress
        With what has been finished.
    totals : Totals
        How the batch went.
    index : Path
        The page that lists the reports.
    """
    for outcome in progress.done:
        if outcome.status == "failed":
            cell = f", cell {outcome.cell}" if outcome.cell else ""
            echo(f"failed: {outcome.report}{cell}: {outcome.message}", err=True)
    if totals.left:
        echo(
            f"stopped: {totals.left} of {progress.total} reports not made; the others are whole, "
            "the next run goes on from there",
            err=True,
        )
    made = Counter(outcome.report.notebook for outcome in progress.done if outcome.status == "done")
    parts = ", ".join(f"{name} {count}" for name, count in sorted(made.items()))
    reports = counted(totals.made, "report")
    told = said("reports_made", reports=reports, count=totals.made) + (f" ({parts})" if parts else "")
    told += said("reports_kept", count=totals.kept) if totals.kept else ""
    told += said("reports_failed", count=totals.failed) if totals.failed else ""
    click.echo(f"{told}{said('reports_in', time=_lasted(totals.seconds))}: {index}")


_FAILURES, _STOPPED = 1, 130
_LICENCE = {
    "vi": "mã nguồn: giấy phép MIT; số liệu: theo điều khoản của từng nguồn",
    "en": "code: MIT licence; figures: on the terms of each source",
}


def make(asked: ReportRequest, request: str) -> None:
    """Make the reports that are new or changed, and say how it went.

    Parameters
    ----------
    asked : ReportRequest
        What the command says.
    request : str
        What tells this batch from any other.

    Raises
    ------
    SystemExit
        1 if a report failed, 130 after Ctrl-C.
    CbanalysisError
        Before any kernel starts, if a name or a value is wrong or the output folder can't be written to.
    """
    started = datetime.now(UTC)
    if asked.copy_to:
        _check_address(asked.copy_to)
    stale = [] if asked.planned else forget_gone(resolved(asked.output))
    batch = planned(asked)
    if asked.planned:
        tell(batch.decisions)
        return
    chosen = [number for number, one in enumerate(batch.decisions) if one.why or asked.fresh]
    width = at_once(asked.jobs, len(chosen))
    kept = len(batch.decisions) - len(chosen)
    if chosen:
        told = said("reports_to_make", count=len(chosen), width=width, folder=shown(batch.output))
        click.echo(told + (said("reports_kept", count=kept) if kept else ""), err=True)
    progress, stopped = _run(asked, batch, chosen, width)
    failed = [outcome for outcome in progress.done if outcome.status == "failed"]
    peaks = [outcome.peak for outcome in progress.done if outcome.peak is not None]
    totals = Totals(
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - asked.began, 3),
        jobs=width,
        made=len(progress.done) - len(failed),
        kept=kept,
        failed=len(failed),
        left=len(chosen) - len(progress.done),
        peak_memory=max(peaks, default=None),
        request=request,
    )
    try:
        manifest = write_manifest(batch.output, batch.figures, totals)
        write_index(batch.output, manifest.model_dump(mode="json"))
    finally:
        # Also where the disk is full now.
        said_at_the_end(progress, totals, shown(batch.output / "index.html"))
        meant = {str(one.report) for one in batch.decisions}
        told_of("outdated_reports", [name for name in stale if name not in meant])
    if asked.copy_to and not stopped:
        _copy(asked.copy_to, batch.output, [one.report for one in batch.decisions])
    if stopped or failed:
        sys.exit(_STOPPED if stopped else _FAILURES)


def _run(asked: ReportRequest, batch: Planned, chosen: Sequence[int], width: int) -> tuple[Progress, bool]:
    """Run the chosen reports; return what has been finished, and whether Ctrl-C stopped the rest."""
    publisher = prepare(batch.output, batch.provenance, batch.languages)
    progress = Progress(len(chosen))
    try:
        with _cluster(asked.scheduler if chosen else None) as executor:
            run(
                [batch.decisions[number].report for number in chosen],
                batch.output,
                Batch(
                    publisher if executor is None else publisher.portable(),
                    publisher.mark,
                    {"licence": _LICENCE},
                    {PAGE_VARIABLE: "1"},
                    trace=TRACE,
                    time_limit=asked.time_limit,
                ),
                inputs=[batch.inputs[number] for number in chosen],
                jobs=width,
                executor=executor,
                data=DataArchive.of(data_folder(), DATA_VARIABLE) if executor is not None else None,
                done=progress,
            )
    except KeyboardInterrupt:
        return progress, True
    finally:
        progress.bar.close()
    return progress, False


@contextmanager
def _cluster(address: str | None) -> Iterator[Executor | None]:
    """Give an executor on a Dask cluster, None without an address."""
    if address is None:
        yield None
        return
    with optional_libraries():
        from distributed import Client  # noqa: PLC0415 -- an extra
    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as fault:
        raise CbanalysisError(f"no Dask scheduler answers at {address}: {fault}") from fault
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]


def _check_address(url: str) -> None:
    from papermill.iorw import LocalHandler, papermill_io  # noqa: PLC0415 -- only where it is asked for

    if isinstance(papermill_io.get_handler(f"{url.rstrip('/')}/report.ipynb"), LocalHandler):
        raise CbanalysisError(
            f"--copy-to: no storage is known for {url!r}; allowed: e.g. s3://bucket/reports"
        )


def _copy(url: str, output: Path, reports: Sequence[Report]) -> None:
    """Write the executed notebooks, also the unchanged ones, where papermill has a storage handler for."""
    from papermill.iorw import papermill_io  # noqa: PLC0415 -- only where it is asked for

    for report in reports:
        file = output / report.folder / "report.ipynb"
        if file.exists():
            address = f"{url.rstrip('/')}/{report.folder}/report.ipynb"
            try:
                papermill_io.write(file.read_text(encoding="utf-8"), address)
            except Exception as fault:
                raise CbanalysisError(f"can't write {address}: {type(fault).__name__}: {fault}") from fault
