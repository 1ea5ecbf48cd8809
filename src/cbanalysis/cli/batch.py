"""What ``cbanalysis report`` does once something is to be looked at: plan, decide, run, record."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click
import pandas as pd

from cbanalysis.catalogue import Catalogue
from cbanalysis.cli.choices import by_name, choices
from cbanalysis.cli.paths import shown
from cbanalysis.cli.progress import Progress, said_at_the_end
from cbanalysis.errors import CbanalysisError, Fault, ParameterError, nearest
from cbanalysis.folders import DATA, data_folder, notebooks_folder
from cbanalysis.load import TRACE, fingerprint, load_observations, look, row_prints
from cbanalysis.reports import (
    LANGUAGES,
    Allowed,
    Batches,
    Decision,
    Language,
    Manifest,
    Report,
    Seer,
    Shipment,
    Totals,
    check_output,
    check_parameters,
    cores,
    decide,
    inputs_of,
    package_digests,
    plan,
    read_manifest,
    run,
    versions,
    write_manifest,
)
from cbanalysis.reports.keys import digest
from cbanalysis.site import finish, write_index

__all__ = ["Asked", "make"]

_FAILURES, _STOPPED = 1, 130
_PACKAGE = Path(__file__).resolve().parents[1]
_LICENCE = {
    "vi": "mã nguồn: giấy phép MIT; số liệu: theo điều khoản của từng nguồn",
    "en": "code: MIT licence; figures: on the terms of each source",
}


@dataclass(frozen=True)
class Asked:
    """The words of one command."""

    names: tuple[str, ...]
    given: Mapping[str, str]
    only: Mapping[str, str]
    lang: str | None
    output: Path
    planned: bool
    fresh: bool
    jobs: int | None
    time_limit: float
    scheduler: str | None
    copy_to: str | None
    request: str
    began: float


def make(asked: Asked) -> None:
    """Make the reports that are new or changed, and say how it went.

    Parameters
    ----------
    asked : Asked
        What the command says.

    Raises
    ------
    SystemExit
        1 if a report failed, 130 after Ctrl-C.
    CbanalysisError
        Before any kernel starts, if a name or a value is wrong or the output folder can't be written to.
    """
    started = datetime.now(UTC)
    observations = load_observations()
    lists = choices(observations, Catalogue.read())
    reports = _planned(asked, observations, lists)
    keep_out = (data_folder(), notebooks_folder(), _PACKAGE)
    if asked.planned:
        output = asked.output.expanduser().resolve()
    else:
        output = check_output(asked.output, [one.folder for one in reports], keep_out=keep_out)
    manifest, damage = read_manifest(output)
    if damage:
        click.echo(f"{damage}: it is made anew from the reports", err=True)
    figures = row_prints()
    shared = {
        **package_digests(),
        "libraries": digest(versions()),
        "reference data": _reference_data(),
    }
    inputs = [inputs_of(one, shared) for one in reports]
    seer = _seer(figures, manifest)
    decisions = [decide(one, output, each, seer) for one, each in zip(reports, inputs, strict=True)]
    chosen = [number for number, decision in enumerate(decisions) if decision.why or asked.fresh]
    if asked.planned:
        _tell_plan(decisions)
        return
    width = min(asked.jobs or cores(), len(chosen)) or 1
    progress, stopped = Progress(len(chosen)), False
    if chosen:
        kept = f", {len(reports) - len(chosen)} unchanged" if len(chosen) < len(reports) else ""
        click.echo(f"{len(chosen)} to make, {width} at a time, into {shown(output)}{kept}", err=True)
        try:
            with _cluster(asked.scheduler) as executor:
                run(
                    [reports[number] for number in chosen],
                    output,
                    finish=finish,
                    about={"licence": _LICENCE},
                    inputs=[inputs[number] for number in chosen],
                    trace=TRACE,
                    jobs=width,
                    time_limit=asked.time_limit,
                    executor=executor,
                    data=Shipment.of(data_folder(), DATA) if executor is not None else None,
                    done=progress,
                )
        except KeyboardInterrupt:
            stopped = True
    progress.bar.close()
    failed = [outcome for outcome in progress.done if outcome.status == "failed"]
    peaks = [outcome.peak for outcome in progress.done if outcome.peak is not None]
    seconds = time.monotonic() - asked.began
    totals = Totals(
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        jobs=width,
        made=len(progress.done) - len(failed),
        kept=len(reports) - len(chosen),
        failed=len(failed),
        left=len(chosen) - len(progress.done),
        peak_memory=max(peaks, default=None),
        request=asked.request,
    )
    try:
        write_manifest(output, figures, totals)
        write_index(output)
    finally:
        # Also where the disk is full now.
        said_at_the_end(progress, totals, shown(output / "index.html"))
    if asked.copy_to and not stopped:
        _copy(asked.copy_to, output, reports)
    if stopped or failed:
        sys.exit(_STOPPED if stopped else _FAILURES)


def _planned(asked: Asked, observations: pd.DataFrame, lists: Mapping[str, Allowed]) -> tuple[Report, ...]:
    """Return the reports that are meant, every name and value checked."""
    batches = Batches(notebooks_folder())
    languages = LANGUAGES if asked.lang == "both" else [cast("Language", asked.lang)] if asked.lang else ()
    values = {
        **{name: one for name, one in lists.items() if isinstance(one, Sequence)},
        "province": by_name(observations["province"]),
    }
    wanted = batches.wanted(asked.names, asked.given, values, languages)
    reports = plan(wanted, choices=lists)
    for name, text in asked.only.items():
        reports = _having(reports, name, text, lists)
    return reports


def _having(
    reports: Sequence[Report], name: str, text: str, lists: Mapping[str, Allowed]
) -> tuple[Report, ...]:
    """Return the reports that have this value of a parameter."""
    known = {one for report in reports for one in (*report.parameters, "lang")}
    if name not in known:
        what = f"--only: no report has a parameter {name!r}"
        raise ParameterError([Fault(what, allowed=", ".join(sorted(known)), nearest=nearest(name, known))])
    found = []
    for report in reports:
        if name in report.injected:
            value = check_parameters(report.path, {name: text}, lists)[name]
            if report.injected[name] == value:
                found.append(report)
    if not found:
        raise ParameterError([Fault(f"--only: no report of these has this {name}", value=text)])
    return tuple(found)


def _reference_data() -> str:
    """Digest the data files that every report may look into: all but the figures and their sources."""
    own = {"observations.csv", "sources.csv", "README.md", "datapackage.json"}
    files = sorted(one for one in data_folder().iterdir() if one.is_file() and one.name not in own)
    return digest([[one.name, one.read_bytes().hex()] for one in files])


def _seer(figures: Mapping[str, str], before: Manifest | None) -> Seer:
    # Without a manifest nobody knows which figures are the new ones.
    known = before.figures if before is not None else figures
    names = {each: name for name, each in figures.items() if known.get(name) != each}
    found: dict[str, list[str]] = {}

    def seen(query: Mapping[str, Any]) -> list[str]:
        # Many reports ask the same.
        return found.setdefault(digest(query), look(query))

    return Seer(seen, fingerprint, names)


def _tell_plan(decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        click.echo(f"{'make' if decision.why else 'keep'}  {decision.report}  {decision.why or 'unchanged'}")
    making = sum(1 for decision in decisions if decision.why)
    click.echo(f"{making} to make, {len(decisions) - making} unchanged; nothing was run")


@contextmanager
def _cluster(address: str | None) -> Iterator[Executor | None]:
    """Give an executor on a Dask cluster, None without an address."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra
    except ImportError:
        raise CbanalysisError("--scheduler needs Dask: pip install cbanalysis[cluster]") from None
    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as fault:
        raise CbanalysisError(f"no Dask scheduler answers at {address}: {fault}") from fault
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]


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
