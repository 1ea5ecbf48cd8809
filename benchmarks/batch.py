"""A whole batch against papermill, and against the floor: seconds a report, medians and ratios.

Run ``python benchmarks/batch.py`` (``make bench``). In each round every way is measured once, in an order
that changes from round to round, so that whatever else the machine does touches all alike. The fast ways
make the whole default set in each round, papermill's another part of it in each, so that over all rounds
every report is made once by every way. Each way pays for its own start: processes, imports, the warm process.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cbanalysis.batch.reports.reports_and_folders import Report

# What else is ours is imported where it is used: papermill's processes import this file anew.
HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
ENVIRONMENT = {
    **os.environ,
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONDONTWRITEBYTECODE": "",
}


def default_set() -> tuple[Report, ...]:
    """Return the reports that ``cbanalysis report`` makes."""
    from cbanalysis.cli.commands.report import ReportRequest  # noqa: PLC0415
    from cbanalysis.cli.report_plan import planned  # noqa: PLC0415

    whole = ReportRequest(
        (),
        {},
        {},
        None,
        Path("outputs"),
        planned=True,
        fresh=True,
        jobs=None,
        time_limit=0.0,
        scheduler=None,
        copy_to=None,
        began=0.0,
    )
    return tuple(decision.report for decision in planned(whole).decisions)


def words_of(report: Report) -> list[str]:
    """Return the parameters as papermill's command takes them."""
    return [word for name, value in report.injected.items() for word in ("-y", json.dumps({name: value}))]


def shell_loop(reports: Sequence[Report], folder: Path) -> None:
    """Run papermill's command once for each report."""
    for number, report in enumerate(reports):
        target = folder / f"{number}.ipynb"
        command = [
            BIN / "papermill",
            report.path,
            target,
            *words_of(report),
            "--no-progress-bar",
            "-k",
            "python3",
        ]
        subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)


def shell_loop_html(reports: Sequence[Report], folder: Path) -> None:
    """Run papermill's command, then nbconvert's, once for each report."""
    for number, report in enumerate(reports):
        shell_loop([report], folder)
        made = (folder / "0.ipynb").rename(folder / f"page-{number}.ipynb")
        command = [BIN / "jupyter-nbconvert", "--to", "html", made]
        subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)


def one_by_api(task: tuple[str, str, dict[str, object]]) -> None:
    """Run one notebook with papermill's function."""
    import papermill  # noqa: PLC0415 -- each process pays for its own import

    papermill.execute_notebook(*task, kernel_name="python3", progress_bar=False)


def tasks_of(reports: Sequence[Report], folder: Path) -> list[tuple[str, str, dict[str, object]]]:
    """Return what papermill's function takes."""
    return [
        (str(one.path), str(folder / f"{number}.ipynb"), one.injected) for number, one in enumerate(reports)
    ]


def api_loop(reports: Sequence[Report], folder: Path) -> None:
    """Run papermill's function in a loop, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        list(pool.map(one_by_api, tasks_of(reports, folder)))


def api_pool(reports: Sequence[Report], folder: Path) -> None:
    """Run papermill's function in as many processes as our batch has workers."""
    from cbanalysis.batch.reports.many_reports import at_once  # noqa: PLC0415

    with ProcessPoolExecutor(at_once(None, len(reports)), mp_context=get_context("spawn")) as pool:
        list(pool.map(one_by_api, tasks_of(reports, folder)))


def batch(reports: Sequence[Report], folder: Path, *words: str) -> Any:  # noqa: ANN401 -- JSON
    """Run our batch in a process of its own and return what it says of memory."""
    return json.loads(_child(pickle.dumps(list(reports)), HERE / "ours.py", folder, *words))


def ours(reports: Sequence[Report], folder: Path) -> None:
    """Run our batch, executed notebooks, charts and tables only."""
    batch(reports, folder)


def ours_html(reports: Sequence[Report], folder: Path) -> None:
    """Run our batch with everything a report's folder gets."""
    batch(reports, folder, "pages")


def floor(reports: Sequence[Report], folder: Path, *words: str) -> None:
    """Run the same cells as a plain function in warm processes, on all cores."""
    del folder
    _child(json.dumps([[str(one.path), one.injected] for one in reports]).encode(), HERE / "floor.py", *words)


def floor_forked(reports: Sequence[Report], folder: Path) -> None:
    """Run the same cells as a plain function, each report in a fork of its own of a warm process."""
    floor(reports, folder, "forked")


def _child(given: bytes, script: Path, *words: str | Path) -> bytes:
    command = [sys.executable, script, *words]
    return subprocess.run(command, input=given, check=True, env=ENVIRONMENT, stdout=subprocess.PIPE).stdout


SLOW: dict[str, Callable[[Sequence[Report], Path], None]] = {
    "papermill's command and nbconvert's in a shell loop": shell_loop_html,
    "papermill's command in a shell loop": shell_loop,
    "papermill's API in a loop": api_loop,
    "papermill's API in a process pool": api_pool,
}
FAST: dict[str, Callable[[Sequence[Report], Path], None]] = {
    "our batch with pages": ours_html,
    "our batch": ours,
    "the cells as a function, each report in a fork of its own": floor_forked,
    "floor: the cells as a function in warm processes": floor,
}
OURS, OURS_HTML, FLOOR = "our batch", "our batch with pages", list(FAST)[-1]


def measure(rounds: int, reports: Sequence[Report], most: int | None = None) -> dict[str, list[float]]:
    """Return the seconds a report of each way in each round; papermill's at most so many, if any."""
    ways = FAST if most == 0 else {**SLOW, **FAST}
    found: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for turn in range(rounds):
        part = reports[turn :: max(rounds, math.ceil(len(reports) / most) if most else 1)]
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            chosen = part if name in SLOW else reports
            with tempfile.TemporaryDirectory() as folder:
                began = time.perf_counter()
                ways[name](chosen, Path(folder))
                found[name].append((time.perf_counter() - began) / len(chosen))
            sys.stderr.write(f"round {turn + 1}: {name}: {found[name][-1]:.2f} s a report\n")
    return found


def table(found: dict[str, list[float]]) -> str:
    """Return medians, extremes and ratios as Markdown."""
    lines = [
        "| way | s a report (least to most) | x our batch | x our batch with pages | x floor |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, seconds in found.items():
        told = f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"
        ratios = [
            f"{statistics.median(one / other for one, other in zip(seconds, found[base], strict=True)):.2f}"
            for base in (OURS, OURS_HTML, FLOOR)
        ]
        lines.append(f"| {name} | {told} | {' | '.join(ratios)} |")
    return "\n".join(lines)


def command(*words: str | Path, data: Path | None = None) -> float:
    """Return the seconds that our command takes."""
    from cbanalysis.common.folders import DATA_VARIABLE  # noqa: PLC0415

    environment = {**ENVIRONMENT, **({DATA_VARIABLE: str(data)} if data else {})}
    began = time.perf_counter()
    subprocess.run([BIN / "cbanalysis", "report", *words], check=True, env=environment, capture_output=True)
    return time.perf_counter() - began


def again() -> str:
    """Return what a second run costs: nothing changed, and one figure of Bắc Giang changed."""
    from cbanalysis.common.folders import data_folder  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = Path(shutil.copytree(data_folder(), folder / "data"))
        first = command("--output", folder / "outputs", data=data)
        unchanged = [command("--output", folder / "outputs", data=data) for _ in range(5)]
        file = data / "observations.csv"
        with file.open(encoding="utf-8", newline="") as told:
            rows = list(csv.DictReader(told))
        next(row for row in rows if row["province"] == "Bắc Giang")["note"] += " (checked)"
        with file.open("w", encoding="utf-8", newline="") as told:
            writer = csv.DictWriter(told, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        changed = command("--output", folder / "outputs", data=data)
        run_of = json.loads((folder / "outputs" / "manifest.json").read_text(encoding="utf-8"))["run"]
    return (
        f"first run {first:.1f} s; nothing changed {statistics.median(unchanged):.2f} s (median of 5); one "
        f"figure of Bắc Giang changed {changed:.1f} s, {run_of['made']} made, {run_of['kept']} kept"
    )


def growth(reports: Sequence[Report]) -> str:
    """Return how cost and memory grow with the number of reports."""
    head = ("batch", "warm process", "workers together")
    lines = [
        f"| reports | s | s a report | {', '.join(head)}: MB after a tenth, at the end | a kernel, MB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for number in (10, 50, 100, 200):
        many = [_numbered(reports[one % len(reports)], one) for one in range(number)]
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            told = batch(many, Path(folder), "pages")
            seconds = time.perf_counter() - began
        first, last = told["memory"][0], told["memory"][-1]
        held = "; ".join(f"{first[one] / 1e6:.0f}, {last[one] / 1e6:.0f}" for one in first)
        cells = (number, f"{seconds:.1f}", f"{seconds / number:.2f}", held, f"{told['kernel'] / 1e6:.0f}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _numbered(report: Report, place: int) -> Report:
    return replace(report, slug=f"{report.slug or 'default'}-{place}")


def main() -> None:
    """Measure and write the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--part", choices=["all", "ways", "again", "growth"], default="all")
    options.add_argument("--reports", type=int, help="only so many of the default set")
    options.add_argument("--slow", type=int, help="papermill's ways make at most so many a round; 0: none")
    asked = options.parse_args()
    from cbanalysis.batch.reports.many_reports import cores  # noqa: PLC0415

    reports = default_set()
    reports = reports[:: max(1, len(reports) // asked.reports)] if asked.reports else reports
    say = sys.stdout.write
    say(f"{len(reports)} reports, {cores()} cores, load of the machine {os.getloadavg()[0]:.1f}\n\n")
    if asked.part in {"all", "ways"}:
        say(table(measure(asked.rounds, reports, asked.slow)) + "\n\n")
    if asked.part in {"all", "again"}:
        say(again() + "\n\n")
    if asked.part in {"all", "growth"}:
        say(growth(reports) + "\n")


if __name__ == "__main__":
    main()
