"""Running made-up notebooks: real kernels, few and tiny."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from functools import partial
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import papermill
import pytest

from cbanalysis.batch.kernels.warm_process_owner import ADDRESS
from cbanalysis.batch.reports import digests_and_versions, many_reports
from cbanalysis.batch.reports.digests_and_versions import provenance, versions
from cbanalysis.batch.reports.many_reports import at_once, cores, run
from cbanalysis.batch.reports.one_report import make
from cbanalysis.batch.reports.reports_and_folders import Report, plan
from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Outcome, Task
from cbanalysis.common.errors import OutputError
from report_pages import broken_page, deadly_make, small_page
from report_runs import Inline

NOTEBOOKS = Path(__file__).parent / "notebooks"
MADE_UP, FAILING, DYING, ENDLESS = (
    NOTEBOOKS / f"{name}.ipynb" for name in ("10_made_up", "11_failing", "12_dying", "13_endless")
)
CHOICES = {"province": ["Bắc Giang", "Huế"], "year": [2012, 2015]}
LICENCE = {"vi": "phép thử", "en": "trial licence"}
SMALL = Batch(small_page, None, {"licence": LICENCE}, {"MADE_UP": "set for the kernel"})


class Broken(Inline):
    """An executor whose workers die."""

    def submit(self, _function: Callable, /, *_args: object, **_options: object) -> Future:
        """Die as soon as there is work."""

        def die() -> None:
            raise BrokenExecutor

        return super().submit(die)


def tree(folder: Path) -> set[str]:
    """Return the files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def outputs_of(folder: Path) -> list[nbformat.NotebookNode]:
    """Return the outputs of the executed notebook."""
    notebook = nbformat.read(folder / "report.ipynb", as_version=4)
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome]]:
    """Four reports, one after the other, on a machine with a kernelspec of this name that can't start."""
    folder = tmp_path_factory.mktemp("batch")
    spec = folder / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        json.dumps({"argv": ["no-such-python"], "display_name": "x", "language": "python"}), encoding="utf-8"
    )
    wanted = [(MADE_UP, {"province": "Huế"}), (FAILING, {}), (DYING, {})]
    reports = [*plan(wanted, choices=CHOICES), *plan([(MADE_UP, {})], languages=["en"], choices=CHOICES)]
    told: list[Outcome] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        outcomes = run(
            reports,
            folder / "outputs",
            SMALL,
            executor=Inline(),
            done=told.append,
        )
    assert sorted(map(str, told)) == sorted(map(str, outcomes))
    return folder / "outputs", {str(outcome.report): outcome for outcome in outcomes}


def test_a_report_has_its_notebook_page_charts_tables_and_record(batch: tuple[Path, dict]) -> None:
    """A finished report is a folder with all that was made, named in ASCII after its province."""
    folder, outcomes = batch
    files = {"charts/trial-chart.png", "charts/trial-chart.svg", "index.html", "report.ipynb", "run.json"}
    assert outcomes["vi/10_made_up/hue"].status == "done"
    assert tree(folder / "vi" / "10_made_up" / "hue") == files | {"tables/trial.csv"}
    table = (folder / "vi" / "10_made_up" / "hue" / "tables" / "trial.csv").read_text(encoding="utf-8")
    assert table == "province,count\nHuế,3\n"
    assert (
        (folder / "en" / "10_made_up" / "default" / "charts" / "trial-chart.png")
        .read_bytes()
        .startswith(b"\x89PNG")
    )


def test_the_record_says_what_was_run_and_what_came_out(batch: tuple[Path, dict]) -> None:
    """run.json names parameters, versions and files with their sums; what differs by run stands apart."""
    folder = batch[0] / "vi" / "10_made_up" / "hue"
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["report"] == "vi/10_made_up/hue"
    assert record["parameters"] == {"province": "Huế"}
    assert (record["title"], record["status"], record["failure"]) == (
        "Báo cáo thử: số liệu bịa",
        "done",
        None,
    )
    assert record["licence"] == LICENCE
    assert record["versions"]["pandas"].startswith("3.")
    sums = {one["path"]: one["sha256"] for one in record["files"]}
    assert set(sums) == tree(folder) - {"run.json"}
    assert all(sha256((folder / path).read_bytes()).hexdigest() == value for path, value in sums.items())
    assert set(record["run"]) == {"attempt", "failing_since", "finished", "peak_memory", "seconds", "started"}
    assert 10_000_000 < record["run"]["peak_memory"] < 10_000_000_000


def test_a_report_keeps_the_cells_of_its_language(batch: tuple[Path, dict]) -> None:
    """Cells tagged with the other language are gone, and the notebook got the language."""
    english = nbformat.read(batch[0] / "en" / "10_made_up" / "default" / "report.ipynb", as_version=4)
    words = [cell.source for cell in english.cells if cell.cell_type == "markdown"]
    assert words == [
        "# Trial report: made-up figures\n\nThis notebook only serves tests.",
        "Vietnamese letters: ằ ẵ ệ ợ ữ; **bold**.",
    ]
    assert english.cells[-1].outputs[0].data["text/plain"].startswith("['en',")


def test_a_kernel_runs_in_a_folder_of_its_own_with_one_thread(batch: tuple[Path, dict]) -> None:
    """What a notebook writes to its working folder is alone there and isn't part of the report."""
    said = outputs_of(batch[0] / "vi" / "10_made_up" / "hue")[-1].data["text/plain"]
    assert said == "['vi', ['mine.txt'], '1', 'set for the kernel', 0]"


def test_a_failing_notebook_stays_readable_with_the_cell_marked(batch: tuple[Path, dict]) -> None:
    """The report of a failing notebook ends at the failing cell's error, without papermill's own marks."""
    folder, outcomes = batch
    outcome = outcomes["vi/11_failing/default"]
    assert (outcome.status, outcome.cell) == ("failed", 5)
    assert outcome.message == "ValueError: no figures for 2012 <script>alert(1)</script>"
    notebook = nbformat.read(folder / "vi" / "11_failing" / "default" / "report.ipynb", as_version=4)
    assert notebook.cells[4].metadata.tags == ["failed"]
    assert notebook.cells[4].outputs[-1].ename == "ValueError"
    assert notebook.cells[5].outputs == []
    assert [cell.cell_type for cell in notebook.cells] == ["markdown"] + ["code"] * 5
    record = json.loads((folder / "vi" / "11_failing" / "default" / "run.json").read_text(encoding="utf-8"))
    assert record["failure"] == {
        "cell": 5,
        "error": "ValueError",
        "message": "no figures for 2012 <script>alert(1)</script>",
        "stage": "cell",
    }


def test_a_kernel_that_dies_fails_its_own_report_only(batch: tuple[Path, dict]) -> None:
    """os._exit in a cell is told as a dead kernel at that cell, and is not tried again."""
    folder, outcomes = batch
    outcome = outcomes["vi/12_dying/default"]
    assert (outcome.status, outcome.cell, outcome.attempt) == ("failed", 3, 1)
    assert outcome.message.startswith("DeadKernel: the kernel died while this cell ran")
    assert outputs_of(folder / "vi" / "12_dying" / "default")[-1].ename == "DeadKernel"
    assert [one.status for one in outcomes.values()] == ["done", "failed", "failed", "done"]


def test_a_run_leaves_nothing_behind(batch: tuple[Path, dict]) -> None:
    """No working folder stays in the output folder."""
    assert sorted(path.name for path in batch[0].iterdir()) == ["en", "vi"]


def test_the_same_inputs_give_the_same_bytes(batch: tuple[Path, dict]) -> None:
    """A second run over the first replaces it with the same files; only run.json's ``run`` differs."""
    folder = batch[0]
    (report,) = plan([(MADE_UP, {"province": "Huế"})], choices=CHOICES)
    place = folder / report.folder
    before = {path: (place / path).read_bytes() for path in tree(place)}
    run(
        [report],
        folder,
        SMALL,
        jobs=1,
    )
    after = {path: (place / path).read_bytes() for path in tree(place)}
    first, second = (json.loads(files.pop("run.json")) for files in (before, after))
    assert before == after
    assert first.pop("run") != second.pop("run")
    assert first == second


def test_a_report_that_never_ends_is_stopped(tmp_path: Path) -> None:
    """The time limit counts for the whole report, and what had run stays readable."""
    (report,) = plan([(ENDLESS, {})])
    began = time.monotonic()
    (outcome,) = run([report], tmp_path / "outputs", Batch(time_limit=1.5), executor=Inline())
    assert (outcome.status, outcome.message) == ("failed", "TimeLimit: the report took longer than 1.5 s")
    assert time.monotonic() - began < 120
    assert outputs_of(tmp_path / "outputs" / "vi" / "13_endless" / "default")[-1].ename == "TimeLimit"


def test_a_dead_worker_fails_the_guilty_report_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a worker process dies, what was under way runs again alone, and the others go on in a new pool."""
    monkeypatch.setattr(many_reports, "make", deadly_make)
    wanted = [(MADE_UP, {"year": 2015}), (MADE_UP, {"year": 2012})]
    guilty, innocent = run(plan(wanted, choices=CHOICES), tmp_path / "outputs", jobs=1)
    assert (guilty.status, guilty.message) == ("failed", "WorkerDied: its worker process died, twice")
    assert innocent.status == "done"
    assert tree(tmp_path / "outputs") == {
        "vi/10_made_up/default/run.json",
        f"{guilty.report.folder}/run.json",
    }
    record = json.loads(
        (tmp_path / "outputs" / guilty.report.folder / "run.json").read_text(encoding="utf-8")
    )
    assert (record["status"], record["failure"]["stage"], record["page"]) == ("failed", "worker", "none")


def test_a_stopped_pool_leaves_no_worker() -> None:
    """Whatever ends the block, its worker processes are gone when it is left."""
    began = time.monotonic()
    workers: list[BaseProcess] = []

    def stopped() -> None:
        with many_reports._pool(1) as pool:
            pool.submit(time.sleep, 300)
            workers.extend(pool._processes.values())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert len(workers) == 1
    assert not workers[0].is_alive()
    assert time.monotonic() - began < 100


def test_ctrl_c_waits_until_a_report_in_place_is_told(tmp_path: Path) -> None:
    """What comes while a report is put into place stops the batch after it is counted as made."""
    told: list[str] = []

    def done(outcome: Outcome) -> None:
        signal.raise_signal(signal.SIGINT)
        told.append(outcome.status)

    # whoever starts the tests in the background has it ignored
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(plan([(MADE_UP, {})]), tmp_path / "outputs", SMALL, executor=Inline(), done=done)
    finally:
        signal.signal(signal.SIGINT, usual)
    assert told == ["done"]
    assert (tmp_path / "outputs" / "vi" / "10_made_up" / "default" / "run.json").is_file()


def test_workers_have_the_environment_of_their_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second batch of a process has its own warm process, and its workers know of it."""
    for value in ("first", "second"):
        monkeypatch.setenv(ADDRESS, value)
        with many_reports._pool(1) as pool:
            assert pool.submit(os.getenv, ADDRESS).result() == value


def test_a_worker_ignores_ctrl_c_and_does_not_outlive_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers stand in a group of their own, leave Ctrl-C to the parent and end when it is gone."""
    told: list[object] = []
    parent = SimpleNamespace(join=lambda: told.append("parent gone"))
    monkeypatch.setattr(many_reports, "parent_process", lambda: parent)
    monkeypatch.setattr(many_reports.os, "_exit", told.append)
    monkeypatch.setattr(many_reports.os, "setpgrp", lambda: told.append("own group"))
    monkeypatch.setattr(many_reports.signal, "signal", lambda *pair: told.append(pair))
    many_reports._prepare_worker(dict(os.environ))
    deadline = time.monotonic() + 20
    while 1 not in told and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told == ["own group", (signal.SIGINT, signal.SIG_IGN), "parent gone", 1]
    logging.getLogger("papermill").setLevel(logging.NOTSET)
    monkeypatch.setattr(many_reports, "parent_process", lambda: None)
    many_reports._end_with_parent()
    assert len(told) == 4


def test_ctrl_c_ends_workers_and_kernels(tmp_path: Path) -> None:
    """SIGINT stops a batch within seconds; no kernel and no working folder is left, finished reports are."""
    script = tmp_path / "batch.py"
    script.write_text(
        "import signal\nimport sys\nfrom pathlib import Path\n"
        "from cbanalysis.batch.reports.many_reports import run\n"
        "from cbanalysis.batch.reports.reports_and_folders import plan\n"
        # A suite that a shell runs in the background inherits an ignored SIGINT; a terminal's child doesn't.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "if __name__ == '__main__':\n"
        "    run(plan([(Path(sys.argv[1]), {})]), Path(sys.argv[2]), jobs=1)\n",
        encoding="utf-8",
    )
    outputs = tmp_path / "outputs"
    batch = subprocess.Popen(
        [sys.executable, str(script), str(ENDLESS), str(outputs)],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    # A report may write into its own folder only, so the notebook leaves its number there.
    told: list[Path] = []
    while not (told and told[0].read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.1)
        told = list(outputs.glob(".making-*/**/kernel"))
    kernel = int(told[0].read_text(encoding="utf-8"))
    # As a terminal does it: to the whole group of the parent.
    os.killpg(batch.pid, signal.SIGINT)
    _, said = batch.communicate(timeout=60)
    assert said.decode().strip().endswith("KeyboardInterrupt")
    while alive(kernel) and time.monotonic() < deadline + 30:
        time.sleep(0.1)
    assert not alive(kernel)
    assert list(outputs.iterdir()) == []


def alive(process: int) -> bool:
    """Say whether a process runs."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return status != "Z"


# What follows replaces papermill by a function: no kernel starts.


def workplace(options: dict[str, Any]) -> Path:
    """Return the folder that a kernel was to run in."""
    return Path(options["resources"]["metadata"]["path"])


def pretend(
    faults: list[Exception], calls: list[Path], ran: nbformat.NotebookNode | None = None
) -> Callable[..., None]:
    """Return a papermill that raises one fault after the other, then succeeds."""

    def execute(given: nbformat.NotebookNode, made: None, **options: Any) -> None:
        assert made is None
        calls.append(workplace(options))
        if faults:
            raise faults.pop(0)
        options["watch"].notebook = ran or given

    return execute


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Exception], list[Path]]:
    """Replace papermill by something that fails as told and notes its calls."""
    faults: list[Exception] = []
    calls: list[Path] = []
    monkeypatch.setattr(papermill, "execute_notebook", pretend(faults, calls))
    monkeypatch.setattr("cbanalysis.batch.reports.one_report.time.sleep", lambda _seconds: None)
    return faults, calls


def test_a_kernel_that_does_not_come_up_is_tried_again(tmp_path: Path, pretended: tuple[list, list]) -> None:
    """A clash of ports or a kernel dead at its start is the machine's fault: there is another attempt."""
    faults, calls = pretended
    faults += [RuntimeError("Kernel died before replying to kernel_info"), OSError("Address already in use")]
    outcome = make(Task(Report(MADE_UP, "10_made_up"), tmp_path / "{braces}"))
    assert (outcome.status, outcome.attempt, len(calls)) == ("done", 3, 3)
    assert len(set(calls)) == 3


def test_a_machine_that_never_starts_kernels_fails_the_report(
    tmp_path: Path, pretended: tuple[list, list]
) -> None:
    """After the last attempt the report says why no kernel came up, without a cell to blame."""
    faults, _ = pretended
    faults += [RuntimeError("Kernel died before replying to kernel_info")] * 3
    outcome = make(Task(Report(MADE_UP, "10_made_up"), tmp_path, Batch(small_page)))
    assert outcome.status == "failed"
    assert outcome.message == "RuntimeError: Kernel died before replying to kernel_info"
    assert (outcome.cell, outcome.attempt) == (None, 3)
    assert outcome.failure.stage == "kernel"
    assert tree(tmp_path) == {"report/run.json"}


def test_the_log_of_a_kernel_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pretended: tuple[list, list]
) -> None:
    """The last line a kernel process wrote before it died is part of the message."""
    del pretended

    def execute(_given: str, _made: None, **options: Any) -> None:
        log = workplace(options).parent / "kernel.log"
        log.write_text("Traceback\nModuleNotFoundError: ipykernel\n", encoding="utf-8")
        raise RuntimeError("")

    monkeypatch.setattr(papermill, "execute_notebook", execute)
    monkeypatch.setattr("cbanalysis.batch.reports.one_report._LONGEST_SOCKET", 10_000)
    outcome = make(Task(Report(MADE_UP, "10_made_up"), tmp_path, Batch(attempts=1)))
    assert outcome.message == "RuntimeError: RuntimeError (ModuleNotFoundError: ipykernel)"


def test_a_page_that_cannot_be_made_fails_the_report(tmp_path: Path, pretended: tuple[list, list]) -> None:
    """A fault outside the notebook fails that report with one line, and leaves the record that says so."""
    del pretended
    report = Report(MADE_UP, "10_made_up")
    (outcome,) = run([report], tmp_path / "outputs", Batch(broken_page), executor=Inline())
    assert (outcome.status, outcome.message) == ("failed", "RuntimeError: no template")
    assert tree(tmp_path / "outputs") == {"vi/10_made_up/default/run.json"}


def test_a_broken_executor_fails_its_reports(tmp_path: Path) -> None:
    """Workers of someone else's executor that die are told as failures."""
    (outcome,) = run([Report(MADE_UP, "10_made_up")], tmp_path / "outputs", executor=Broken())
    assert (outcome.status, outcome.message) == ("failed", "WorkerFailed: its worker failed: BrokenExecutor:")


def test_a_report_that_cannot_be_moved_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pretended: tuple[list, list]
) -> None:
    """A disk that refuses the last step fails that report."""
    del pretended

    def refuse(*_arguments: object) -> None:
        raise OutputError("can't put the report into place")

    monkeypatch.setattr("cbanalysis.batch.reports.placing.place", refuse)
    (outcome,) = run([Report(MADE_UP, "10_made_up")], tmp_path / "outputs", executor=Inline())
    assert (outcome.status, outcome.message) == ("failed", "OutputError: can't put the report into place")


def test_charts_of_one_name_get_files_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pretended: tuple[list, list]
) -> None:
    """A taken name gets the next free number, one that climbs is flattened, unnamed outputs write nothing."""
    del pretended
    names = ["same", "same-2", "../../climb", "same", "", None]
    marks = [{"cbanalysis": {"name": name, "kind": "chart"}} for name in names] + [{"cbanalysis": "x"}, {}]
    outputs = [
        nbformat.v4.new_output("display_data", {"image/svg+xml": f"<svg>{number}</svg>"}, metadata=mark)
        for number, mark in enumerate(marks)
    ]
    cells = [nbformat.v4.new_markdown_cell("no heading"), nbformat.v4.new_code_cell("", outputs=outputs)]
    source = tmp_path / "source.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), source)
    monkeypatch.setattr(papermill, "execute_notebook", pretend([], [], nbformat.read(source, 4)))
    assert make(Task(Report(source, "source"), tmp_path / "made")).status == "done"
    charts = tmp_path / "made" / "report" / "charts"
    assert {path.name: path.read_text(encoding="utf-8")[5] for path in charts.iterdir()} == {
        "same.svg": "0",
        "same-2.svg": "1",
        "climb.svg": "2",
        "same-3.svg": "3",
    }
    assert json.loads((charts.parent / "run.json").read_text(encoding="utf-8"))["title"] == ""


def test_the_output_is_checked_before_any_kernel_starts(tmp_path: Path, pretended: tuple[list, list]) -> None:
    """A file in place of the output folder is an error of ours, and nothing has run."""
    (tmp_path / "outputs").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file"):
        run([Report(MADE_UP, "10_made_up")], tmp_path / "outputs", executor=Inline())
    assert pretended[1] == []


def test_no_reports_is_no_work(tmp_path: Path) -> None:
    """An empty plan makes nothing and fails nothing."""
    assert run([], tmp_path / "outputs") == ()


def test_provenance_names_versions_and_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Versions come from what is installed; the commit is None where there is no checkout."""
    monkeypatch.setattr(digests_and_versions, "notebooks_folder", partial(Path, tmp_path, "notebooks"))
    made = provenance()
    assert made["versions"]["papermill"] == papermill.__version__
    assert made["commit"] is None
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    assert len(provenance()["commit"]) == 40
    monkeypatch.setattr(digests_and_versions, "_libraries", lambda: ("no-such-library",))
    assert provenance()["versions"]["no-such-library"] is None


def test_each_library_that_reports_are_made_with_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What computes, draws, cleans and makes downloads is noted; what only extras need isn't."""
    noted = {name for name, one in versions().items() if one}
    assert noted >= {
        "ibis-framework",
        "duckdb",
        "pyarrow",
        "typst",
        "python-docx",
        "nh3",
        "pillow",
    }
    assert noted.isdisjoint({"jupyterlab", "distributed", "ruff"})

    def missing(_: str) -> None:
        raise digests_and_versions.PackageNotFoundError

    monkeypatch.setattr(digests_and_versions, "requires", missing)
    digests_and_versions._libraries.cache_clear()
    try:
        assert set(versions()) == {"cbanalysis", "python", "ipython"}
    finally:
        digests_and_versions._libraries.cache_clear()


def test_cores_counts_what_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cores of this process, or of the machine where the system doesn't tell."""
    assert cores() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1


def test_one_report_more_than_cores_is_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for counts, else one more than there are cores; never more than there are reports."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert [at_once(None, many) for many in (0, 1, 2, 9)] == [1, 1, 2, 3]
    assert [at_once(4, many) for many in (2, 9)] == [2, 4]
