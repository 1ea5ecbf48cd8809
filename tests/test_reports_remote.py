"""Reports made on other machines, here played by processes of this one that share nothing but a network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import nbformat
import pytest

from cbanalysis.batch.reports import remote_machines
from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.remote_machines import DataArchive, RemoteTask, make_remotely, unpack
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Outcome, Task
from cbanalysis.cli import report_batch
from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.folders import DATA_VARIABLE, data_folder
from kernel_helpers import MARK, leftovers, marked, short_folder, soon
from report_runs import Inline, notebook, report, stable, tree

SOURCE = "import os\nos.listdir(os.environ['CBANALYSIS_DATA'])"
SLOW = "import time\ntime.sleep(0.5)\nfree"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write a folder in place of the data."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.csv").write_text("ằ,1\n", encoding="utf-8")
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give another folder for temporary files, as another machine has."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


WORKER = """
import os, signal, sys
from pathlib import Path
from cbanalysis.batch.reports.remote_machines import DataArchive

archive = DataArchive.of(Path(sys.argv[1]), "X")
place = archive.unpack()
assert archive.unpack() == place
print((place / "a.csv").read_text(encoding="utf-8"), flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_data_are_unpacked_once_in_each_worker_and_go_with_it(data: Path) -> None:
    """What a killed worker left in the folder for temporary files goes with the next one."""
    with short_folder() as temporary:
        for ending, left in (("in order", 0), ("killed", 1), ("in order", 0)):
            made = subprocess.run(
                [sys.executable, "-c", WORKER, str(data), ending],
                env={**os.environ, "TMPDIR": str(temporary)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert made.stdout == "ằ,1\n\n", made.stderr
            assert len(leftovers(temporary)) == left
    before = DataArchive.of(data, DATA_VARIABLE).digest
    (data / "a.csv").write_text("other", encoding="utf-8")
    assert DataArchive.of(data, DATA_VARIABLE).digest != before


def test_a_report_made_away_is_the_one_made_here(tmp_path: Path, data: Path, temporary: Path) -> None:
    """A task goes with its notebook and the data, its report comes back, and nothing stays there."""
    one = Report(notebook(tmp_path / "20_away.ipynb", SOURCE), "20_away")
    folders = [tmp_path / name for name in ("here", "there")]
    for folder, archive in zip(folders, (None, DataArchive.of(data, DATA_VARIABLE)), strict=True):
        (outcome,) = run(
            [one],
            folder,
            Batch(environment={DATA_VARIABLE: str(data)}),
            executor=Inline(),
            data=archive,
            inputs=[{"a": "b"}],
        )
        assert (outcome.status, outcome.report) == ("done", one)
    assert stable(folders[0]) == stable(folders[1])
    assert tree(folders[1])[-1] == "vi/20_away/default/run.json"
    assert "['a.csv']" in (folders[1] / one.folder / "report.ipynb").read_text(encoding="utf-8")
    assert list(temporary.iterdir()) == []


def test_data_that_a_notebook_names_from_its_folder_are_there_away_too(tmp_path: Path, data: Path) -> None:
    """``../data/a.csv``: the data travel once for all reports, and lie there as they lie here."""
    (tmp_path / "notebooks").mkdir()
    one = Report(
        notebook(tmp_path / "notebooks" / "20_data.ipynb", "open('../data/a.csv').read()"), "20_data"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(data))
        packed = RemoteTask.of(Task(one, tmp_path / "task", Batch()), DataArchive.of(data, DATA_VARIABLE))
    outcome, content = make_remotely(packed)
    assert (outcome.message, packed.beside) == ("", {"../data/a.csv": b""})
    unpack(content, tmp_path / "away")
    made = nbformat.read(tmp_path / "away" / "report.ipynb", 4)
    assert made.cells[-1].outputs[0].data["text/plain"] == "'ằ,1\\n'"


@pytest.mark.whole
def test_what_makes_a_process_warm_is_no_question_of_a_report(tmp_path: Path) -> None:
    """A worker's first report, whose kernel brings up the warm process, saw only what it asked for."""
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from cbanalysis.batch.reports.reports_and_folders import Report\n"
        "from cbanalysis.batch.reports.one_report import make\nfrom cbanalysis.batch.reports.tasks_and_outcomes import Batch, Task\n"  # noqa: E501 -- names of modules
        "task = Task(Report(Path(sys.argv[1]), 'x'), Path(sys.argv[2]), Batch(trace='CBANALYSIS_TRACE'))\n"
        "print(make(task).status)\n"
    )
    path = notebook(tmp_path / "x.ipynb", "free")
    words = [sys.executable, "-c", script, str(path), str(tmp_path / "task")]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "done\n"
    record = json.loads((tmp_path / "task" / "report" / "run.json").read_text(encoding="utf-8"))
    assert (record["saw"], record["data_date"]) == ([], "")


def test_a_worker_of_another_version_is_told(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report made with other libraries or another package would be another report: it isn't made."""
    one = Report(notebook(tmp_path / "20_away.ipynb", SOURCE), "20_away")
    packed = RemoteTask.of(Task(one, tmp_path / "task"), DataArchive.of(data, DATA_VARIABLE))
    monkeypatch.setattr(remote_machines, "versions", lambda: {**packed.versions, "pandas": "0.1"})
    outcome, content = make_remotely(packed)
    assert (outcome.status, content) == ("failed", b"")
    assert outcome.message == "OtherMachine: the worker has another version of pandas than this machine"
    unpack(content, tmp_path / "task")
    assert not (tmp_path / "task").exists()


def test_a_worker_that_does_not_see_a_named_file_is_told(tmp_path: Path, data: Path) -> None:
    """A register may be large, so it doesn't travel; before any kernel starts the worker looks for it."""
    register = tmp_path / "register.csv"
    register.write_text("own", encoding="utf-8")
    source = "from pathlib import Path\nassert Path(file).read_text() == 'own'"
    path = notebook(tmp_path / "20_file.ipynb", source, parameters='file: str = ""  # [file] a table')
    files = {register.name: str(register)}
    one = Report(path, path.stem, {"file": register.name}, files=files, takes_language=False)
    packed = RemoteTask.of(Task(one, tmp_path / "task"), DataArchive.of(data, DATA_VARIABLE))
    assert make_remotely(packed)[0].status == "done"
    for change in (lambda: register.write_text("another", encoding="utf-8"), register.unlink):
        change()
        outcome, content = make_remotely(packed)
        assert (outcome.status, content) == ("failed", b"")
        said = f"the worker doesn't see {register} as this machine does; put it on a disk that both share"
        assert outcome.message == f"OtherMachine: {said}"


def tiny(folder: Path, count: int) -> list[Report]:
    """Return reports of one notebook that take half a second each."""
    path = notebook(folder / "20_tiny.ipynb", SLOW)
    return [Report(path, path.stem, {"free": number}, slug=str(number)) for number in range(count)]


@pytest.mark.whole
def test_a_dask_worker_that_is_killed_loses_nothing(tmp_path: Path, data: Path) -> None:
    """Two worker processes of a LocalCluster; one is killed in the middle, and all reports are made."""
    distributed = pytest.importorskip("distributed")
    told: list[Outcome] = []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")
        ) as cluster,
        distributed.Client(cluster) as client,
    ):

        def done(outcome: Outcome) -> None:
            told.append(outcome)
            if len(told) == 2:
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

        outcomes = run(
            tiny(tmp_path, 8),
            tmp_path / "outputs",
            executor=client.get_executor(pure=False),
            data=DataArchive.of(data, DATA_VARIABLE),
            done=done,
        )
    assert [one.status for one in outcomes] == ["done"] * 8, outcomes
    assert len(told) == 8
    found = sorted((tmp_path / "outputs").rglob("run.json"))
    assert len(found) == 8
    assert sorted((tmp_path / "outputs").iterdir()) == [tmp_path / "outputs" / "vi"]


@contextmanager
def dask(folder: Path, mark: str, workers: int) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Start a scheduler and workers by their own commands, as one would on several machines."""
    environment = {**os.environ, MARK: mark, "TMPDIR": str(folder), "DASK_DISTRIBUTED__DASHBOARD__LINK": ""}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": folder}
    started = [subprocess.Popen([*command, *options], **quiet)]
    try:
        assert soon(file.exists, 60)
        words = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        command = [sys.executable, "-m", "distributed.cli.dask_worker", *words]
        for number in range(workers):
            place = folder / f"worker-{number}"
            started.append(subprocess.Popen([*command, "--local-directory", str(place)], **quiet))
        assert soon(lambda: bool(file.read_text(encoding="utf-8")), 10)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], started[1:]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            if not soon(lambda process=process: process.poll() is not None, 10):
                process.kill()
            process.wait(10)


@pytest.mark.whole
def test_the_command_runs_on_a_scheduler_and_workers_started_by_themselves(tmp_path: Path) -> None:
    """--scheduler sends all to Dask; a worker killed in the middle loses nothing; outputs are the same."""
    pytest.importorskip("distributed")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook(folder / "20_tiny.ipynb", SLOW)
    entry = '{ notebook = "20_tiny", each = { free = [1, 2, 3, 4, 5] } }'
    text = f'[sets.default]\nwords = "all"\nreports = [{entry}]\n'
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    with short_folder() as temporary:
        mark = str(temporary)
        with dask(temporary, mark, 2) as (address, workers):
            outputs = tmp_path / "there" / "outputs"

            def kill() -> None:
                if soon(lambda: bool(list(outputs.rglob("run.json"))), 120):
                    workers[0].kill()

            killer = threading.Thread(target=kill, daemon=True)
            killer.start()
            made = report(folder, "--scheduler", address, cwd=tmp_path / "there")
            killer.join()
            assert made.returncode == 0, made.stderr
            assert "5 reports made (20_tiny 5) in " in made.stdout
            assert workers[0].wait(60) == -signal.SIGKILL
        assert soon(lambda: not marked(mark)), marked(mark)
    here = report(folder, cwd=tmp_path / "here")
    assert here.returncode == 0, here.stderr
    assert stable(tmp_path / "there" / "outputs") == stable(tmp_path / "here" / "outputs")


def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address, no scheduler, no Dask: one line each, before anything is run."""
    pytest.importorskip("distributed")
    with report_batch._cluster(None) as executor:
        assert executor is None
    with (
        pytest.raises(CbanalysisError, match="no Dask scheduler answers at nonsense://here"),
        report_batch._cluster("nonsense://here"),
    ):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(CbanalysisError, match=r"distributed isn.t installed; .*cbanalysis\[cluster\]"),
        report_batch._cluster("tcp://127.0.0.1:1"),
    ):
        pass


class Store(BaseHTTPRequestHandler):
    """Keeps what is put there."""

    kept: ClassVar[dict[str, bytes]] = {}
    answer: ClassVar[int] = 200

    def do_PUT(self) -> None:
        """Keep what is sent, or refuse it."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.answer == 200:
            self.kept[self.path] = content
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.whole
def test_executed_notebooks_are_copied_where_papermill_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--copy-to uploads through papermill's handlers; what failed is told, and goes along the next time."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook(folder / "20_tiny.ipynb", "free")
    monkeypatch.setattr(Store, "kept", {})
    monkeypatch.setattr(Store, "answer", 500)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/store/"
    try:
        made = report(folder, "--copy-to", address, cwd=tmp_path)
        assert made.returncode == 2
        assert made.stdout.startswith("1 report made (20_tiny 1) in ")
        assert (
            f"cbanalysis: can't write {address}vi/20_tiny/default/report.ipynb: HTTPError: 500" in made.stderr
        )
        assert (tmp_path / "outputs" / "manifest.json").exists()
        monkeypatch.setattr(Store, "answer", 200)
        made = report(folder, "--copy-to", address, cwd=tmp_path)
        assert (made.returncode, made.stderr) == (0, "")
        assert made.stdout.startswith("0 reports made, 1 unchanged in ")
    finally:
        server.shutdown()
        server.server_close()
    assert list(Store.kept) == ["/store/vi/20_tiny/default/report.ipynb"]
    copied = nbformat.reads(next(iter(Store.kept.values())).decode(), as_version=4)
    assert copied == nbformat.read(tmp_path / "outputs" / "vi" / "20_tiny" / "default" / "report.ipynb", 4)


def test_the_data_that_ship_are_small_enough_to_travel() -> None:
    """The packed data go with every task."""
    assert len(DataArchive.of(data_folder(), DATA_VARIABLE).content) < 2_000_000
