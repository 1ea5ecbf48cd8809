"""Reports against plain papermill's notebooks, and notebooks that misbehave in every way."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.translators import papermill_translators

from cbanalysis.batch.reports.kernel_and_worker_starts import KERNEL_ENVIRONMENT
from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.reports_and_folders import Report, plan
from cbanalysis.batch.reports.tasks_and_outcomes import Batch
from cbanalysis.common.folders import notebooks_folder
from kernel_helpers import short_folder
from report_runs import Inline, notebook, report, report_here, tree

MADE_UP = Path(__file__).parent / "notebooks" / "10_made_up.ipynb"
# All kinds of output: streams, errors that are caught, results, displays that are updated and cleared.
LOUD = (
    "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('ằ')",
    "from IPython.display import *\nhandle = display('old', display_id='one')\n1 + 1",
    "handle.update('new')\nprint('gone')\nclear_output()\nprint('stays')\ndisplay(HTML('<b>x</b>'))",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2, free]);",
    "import random\nsorted({'x', 'y', 'z'}, key=hash), get_ipython().execution_count, free",
)


@pytest.mark.parametrize("text", ["Hưng Yên", 'a "b" \\ c', "x\ny\u202e", "\ud800"])
def test_a_parameter_is_shown_in_letters_and_read_as_it_was(text: str) -> None:
    """The cell of parameters says Hưng Yên, not its code points; what can't be printed stays escaped."""
    line = papermill_translators.find_translator("python3", "python").codify({"province": text}, "")
    name, value = line.splitlines()[-1].split(" = ", 1)
    assert (name, ast.literal_eval(value)) == ("province", text)
    assert value.isprintable()
    assert "Hưng Yên" in value or text != "Hưng Yên"


def test_papermill_makes_a_text_of_a_notebook_only_to_write_it(tmp_path: Path) -> None:
    """Given a path it writes the notebook there; given none it doesn't even look at it."""
    papermill.execute.write_ipynb(nbformat.v4.new_notebook(), str(tmp_path / "made.ipynb"))
    assert nbformat.read(tmp_path / "made.ipynb", 4).cells == []
    papermill.execute.write_ipynb(None, None)


def merged(outputs: list[Any]) -> list[Any]:
    """Join what one stream said in several messages; how often a kernel flushes is chance."""
    streams: dict[str, dict[str, Any]] = {}
    found = []
    for one in outputs:
        if one["output_type"] == "stream" and one["name"] in streams:
            streams[one["name"]]["text"] += one["text"]
            continue
        found.append(json.loads(json.dumps(one)))
        if one["output_type"] == "stream":
            streams[one["name"]] = found[-1]
    for one in found:
        # The name that a chart or a table gives its file.
        one.get("metadata", {}).get("cbanalysis", {}).pop("name", "")
    return sorted(found, key=lambda one: one.get("name", ""))


def cells(made: nbformat.NotebookNode, language: str) -> list[tuple[str, Any, list[Any]]]:
    """Return each code cell of one language with its number and outputs."""
    return [
        (cell.source, cell.execution_count, merged(cell.outputs))
        for cell in made.cells
        if cell.cell_type == "code" and not ({"vi", "en"} - {language}) & set(cell.metadata.get("tags", []))
    ]


@pytest.mark.whole
@pytest.mark.parametrize("which", ["made up", "shipped"])
def test_executed_notebooks_equal_those_of_plain_papermill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    """Cell by cell: sources with the injected parameters, numbers, and all outputs, byte for byte."""
    for name, value in KERNEL_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    loud = notebook(tmp_path / "20_loud.ipynb", *LOUD)
    shipped = notebooks_folder()
    wanted = {
        "made up": [(loud, {"free": 7}), (MADE_UP, {"province": "Huế"})],
        "shipped": [
            (shipped / "01_cell_models.ipynb", {}),
            (shipped / "04_province_profile.ipynb", {"province": "Bắc Giang"}),
        ],
    }[which]
    choices = {name: (lambda value: value) for name in ("province", "units", "scheme", "indicator", "year")}
    reports = plan(wanted, choices=choices)
    outcomes = run(reports, tmp_path / "outputs", jobs=2)
    assert {one.status for one in outcomes} == {"done"}, outcomes
    kinds = set()
    for one in reports:
        plain, place = tmp_path / "plain" / one.notebook, tmp_path / "work" / one.notebook
        plain.mkdir(parents=True)
        place.mkdir(parents=True)
        papermill.execute_notebook(
            one.path,
            plain / "plain.ipynb",
            parameters=one.injected,
            kernel_name="python3",
            progress_bar=False,
            cwd=place,
        )
        expected = cells(nbformat.read(plain / "plain.ipynb", 4), one.language)
        ours = cells(nbformat.read(tmp_path / "outputs" / one.folder / "report.ipynb", 4), one.language)
        assert len(ours) == len(expected) > 3
        for mine, theirs in zip(ours, expected, strict=True):
            assert mine == theirs
        kinds |= {output["output_type"] for _, _, found in ours for output in found}
    assert {"execute_result"} <= kinds


DEAF = """
import time
while True:
    try:
        print("x" * 1_000_000)
        time.sleep(0.02)
    except KeyboardInterrupt:
        pass
"""
BAD = {
    "20_good": ("'fine'",),
    "21_input": ("input('who?')",),
    "22_flood": ("for _ in range(50):\n    print('x' * 1_000_000)", "'never run'"),
    "23_outside": ("open('OUTSIDE', 'w')",),
    "25_exit": ("import os\nos._exit(3)",),
    "26_raises": ("1 / 0",),
    "28_removes": ("import shutil\nshutil.rmtree('OUTSIDE')",),
    "29_good_too": ("free",),
}
SAID = {
    "21_input": "cell 3: StdinNotImplementedError: raw_input was called, but this frontend does not support",
    "22_flood": "cell 3: Flooded: the cell wrote more than 20 MB of output",
    "23_outside": "cell 3: PermissionError: a report writes only into its own folder, not to ",
    "25_exit": "cell 3: DeadKernel: the kernel died while this cell ran",
    "26_raises": "cell 3: ZeroDivisionError: division by zero",
    "28_removes": "cell 3: PermissionError: a report writes only into its own folder, not to ",
}


@pytest.mark.slow
@pytest.mark.usefixtures("batches_are_ready")
def test_notebooks_that_misbehave_give_one_line_each_and_touch_no_other(tmp_path: Path) -> None:
    """input(), 50 MB of output, writing and removing elsewhere, os._exit, an exception: all are told."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    outside = tmp_path / "outside"
    (outside / "below").mkdir(parents=True)
    for name, sources in BAD.items():
        notebook(
            folder / f"{name}.ipynb", *(one.replace("OUTSIDE", str(outside / "below")) for one in sources)
        )
    made = report_here(folder, "--jobs", "2", cwd=tmp_path)
    assert made.returncode == 1
    assert "Traceback" not in made.stderr
    failures = [line for line in made.stderr.splitlines() if line.startswith("failed: ")]
    assert len(failures) == len(SAID)
    for name, said in SAID.items():
        assert [line for line in failures if line.startswith(f"failed: vi/{name}/default, {said}")], failures
    assert "2 reports made (20_good 1, 29_good_too 1), 6 failed in " in made.stdout
    assert (outside / "below").is_dir()
    outputs = tmp_path / "outputs"
    assert sorted(path.name for path in outputs.iterdir()) == [
        "figures.json",
        "index.html",
        "manifest.json",
        "manifest.schema.json",
        "revisions.html",
        "vi",
    ]
    for name in BAD:
        place = outputs / "vi" / name / "default"
        assert set(tree(place)) >= {"index.html", "report.ipynb", "run.json"}
        assert sum(path.stat().st_size for path in place.iterdir()) < 1_000_000
        record = json.loads((place / "run.json").read_text(encoding="utf-8"))
        assert record["status"] == ("failed" if name in SAID else "done")
        assert record["run"]["attempt"] == 1
        failing = nbformat.read(place / "report.ipynb", 4).cells[2]
        assert failing.metadata.get("tags", []) == (["failed"] if name in SAID else [])
    flooded = nbformat.read(outputs / "vi" / "22_flood" / "default" / "report.ipynb", 4)
    assert flooded.cells[3].outputs == []
    # What is repaired and what failed is made again, the rest isn't.
    notebook(folder / "26_raises.ipynb", "1 / 1")
    planned = report_here(folder, "2*", "20_good", "26_raises", "25_exit", "--plan", cwd=tmp_path)
    assert planned.returncode == 2
    planned = report_here(folder, "20_good", "26_raises", "25_exit", "--plan", cwd=tmp_path)
    assert planned.stdout.splitlines() == [
        "keep  vi/20_good/default  unchanged",
        "make  vi/26_raises/default  failed before: ZeroDivisionError: division by zero",
        "make  vi/25_exit/default  failed before: DeadKernel: the kernel died while this cell ran",
        "2 to make, 1 unchanged; nothing was run",
    ]


def test_an_ordinary_kernel_makes_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where kernels can't be forked, reports are the same, also in a home folder that has nothing yet."""
    (tmp_path / "home" / ".config").mkdir(parents=True)
    one = Report(notebook(tmp_path / "20_loud.ipynb", *LOUD), "20_loud", {"free": 3})
    run([one], tmp_path / "warm", executor=Inline())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    (outcome,) = run([one], tmp_path / "cold", Batch(warm=False), executor=Inline())
    assert outcome.status == "done", outcome
    made = json.loads((tmp_path / "warm" / one.folder / "report.ipynb").read_text(encoding="utf-8"))["cells"]
    assert len({cell["id"] for cell in made}) == len(made)
    warm, cold = (
        nbformat.read(tmp_path / each / one.folder / "report.ipynb", 4) for each in ("warm", "cold")
    )
    assert [merged(cell.get("outputs", [])) for cell in warm.cells] == [
        merged(cell.get("outputs", [])) for cell in cold.cells
    ]


@pytest.mark.usefixtures("batches_are_ready")
@pytest.mark.parametrize("source", ["while True:\n    pass", DEAF])
def test_a_notebook_without_end_is_ended(tmp_path: Path, source: str) -> None:
    """The time limit holds for a kernel that is busy, and for one that prints on and can't be interrupted."""
    one = Report(notebook(tmp_path / "20_endless.ipynb", source), "20_endless")
    (outcome,) = run([one], tmp_path / "outputs", Batch(time_limit=5.5), executor=Inline())
    assert (outcome.status, outcome.attempt) == ("failed", 1)
    assert outcome.message == "TimeLimit: the report took longer than 5.5 s" or source == DEAF
    assert outcome.message.startswith(("TimeLimit: ", "Flooded: "))
    size = (tmp_path / "outputs" / one.folder / "report.ipynb").stat().st_size
    assert size < 21_000_000


@pytest.mark.usefixtures("batches_are_ready")
@pytest.mark.parametrize("content", ["{ not JSON", '{"cells": 3}', ""])
def test_a_file_that_is_no_notebook_fails_alone(tmp_path: Path, content: str) -> None:
    """It is named without a traceback; the report beside it is made."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook(folder / "20_good.ipynb")
    (folder / "21_bad.ipynb").write_text(content, encoding="utf-8")
    made = report_here(folder, cwd=tmp_path)
    assert made.returncode == 1
    assert "21_bad.ipynb: is no readable notebook: " in made.stderr
    assert "Traceback" not in made.stderr
    assert [*(tmp_path / "outputs").glob("*/20_good/**/index.html")]


def test_a_kernel_killed_from_outside_is_started_again(tmp_path: Path) -> None:
    """SIGKILL, as the system sends it when memory runs out, is the machine's fault: there is another try."""
    source = (
        "import os, time\nfrom pathlib import Path\nPath('kernel').write_text(str(os.getpid()))\n"
        "if Path.cwd().parent.name.startswith('1-'):\n    time.sleep(300)\n'second'"
    )
    one = Report(notebook(tmp_path / "20_victim.ipynb", source), "20_victim")
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            for file in (tmp_path / "outputs").glob(".making-*/*/1-*/**/kernel"):
                if file.read_text(encoding="utf-8"):
                    killed.append(int(file.read_text(encoding="utf-8")))
                    os.kill(killed[0], signal.SIGKILL)
            time.sleep(0.05)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert killed
    assert (outcome.status, outcome.attempt, outcome.message) == ("done", 2, "")
    assert tree(tmp_path / "outputs")[-1] == "vi/20_victim/default/run.json"


def test_a_kernel_that_is_killed_every_time_fails_its_report(tmp_path: Path) -> None:
    """After the last attempt the report says that the kernel was killed, and at which cell."""
    source = "import os\nos.kill(os.getpid(), 9)"
    one = Report(notebook(tmp_path / "20_victim.ipynb", "'first'", source), "20_victim")
    (outcome,) = run([one], tmp_path / "outputs", Batch(attempts=2), executor=Inline())
    assert (outcome.status, outcome.attempt, outcome.cell) == ("failed", 2, 5)
    assert outcome.message.startswith("DeadKernel: the kernel was killed while this cell ran, as the system")


def test_sockets_get_a_short_path_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An output folder far down makes a report too, and leaves no folder for its sockets behind."""
    deep = tmp_path / ("deep" * 20) / "outputs"
    one = Report(notebook(tmp_path / "20_x.ipynb", "get_ipython().kernel.config['IPKernelApp']"), "20_x")
    with short_folder() as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        (outcome,) = run([one], deep, executor=Inline())
        assert outcome.status == "done", outcome
        assert not list(folder.glob("cbanalysis-kernel-*"))
    said = (deep / one.folder / "report.ipynb").read_text(encoding="utf-8")
    assert f"{folder}/cbanalysis-kernel-" in said


@pytest.mark.whole
def test_a_full_disk_loses_no_report(tmp_path: Path) -> None:
    """Reports that don't fit any more fail in one line; the old ones and those made before are whole."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        folder = tmp_path / "notebooks"
        folder.mkdir()
        small = notebook(folder / "20_small.ipynb", "free")
        large = notebook(
            folder / "21_large.ipynb", "print('x' * free)", parameters="free: int = 10  # length"
        )
        assert report(folder, "--output", str(disk), cwd=tmp_path).returncode == 0
        before = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
        words = ("21", "20", "-p", "free=2000000", "--output", str(disk), "--jobs", "1")
        made = report(folder, *words, cwd=tmp_path)
        assert made.returncode == 1, made.stderr
        assert "Traceback" not in made.stderr
        (line,) = [one for one in made.stderr.splitlines() if one.startswith("failed: ")]
        assert line.startswith("failed: vi/21_large/2000000: OSError: [Errno 28] No space left on device")
        entries = json.loads((disk / "manifest.json").read_text(encoding="utf-8"))["reports"]
        assert sorted(one["status"] for one in entries) == ["done", "done", "done", "failed"]
        assert "1 report made (20_small 1), 1 failed" in made.stdout
        assert not [path for path in disk.iterdir() if path.name.startswith(".")]
        for path, content in before.items():
            if path.parent != disk:
                assert path.read_bytes() == content
        del small, large
        # No room even for the manifest: said, with what failed; the old one stays.
        manifest = (disk / "manifest.json").read_bytes()
        with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)
        made = report(folder, "20", "-p", "free=5", "--output", str(disk), cwd=tmp_path)
        assert made.returncode == 2, made.stderr
        assert "Traceback" not in made.stderr
        assert "No space left on device" in made.stderr.splitlines()[-1]
        assert (disk / "manifest.json").read_bytes() == manifest
        (disk / "ballast").unlink()
        assert report(folder, "20", "-p", "free=5", "--output", str(disk), cwd=tmp_path).returncode == 0
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.slow
def test_a_read_only_disk_is_told_before_any_kernel(tmp_path: Path) -> None:
    """A folder that can't be written to ends the command with exit code 2 and one line."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a read-only disk")
    try:
        folder = tmp_path / "notebooks"
        folder.mkdir()
        notebook(folder / "20_small.ipynb", "free")
        made = report_here(folder, "--output", str(disk / "outputs"), cwd=tmp_path)
        assert made.returncode == 2
        (line,) = made.stderr.splitlines()
        assert line == f"cbanalysis: can't write to the output folder {disk}/outputs: Read-only file system"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys\nsys.exit(3)", "SystemExit: the notebook ended itself with exit code 3"),
        ("raise SystemExit('no data')", "SystemExit: no data"),
        (
            "raise ValueError('21 faults:\\n\\n  the first\\n  the second')",
            "ValueError: 21 faults: the first",
        ),
        ("raise ValueError('e' * 25_000_000)", "Flooded: the cell wrote more than 20 MB of output"),
    ],
    ids=["exit", "raised", "lines", "flood"],
)
def test_an_end_that_is_none_fails_with_what_matters(tmp_path: Path, source: str, said: str) -> None:
    """A notebook that ends itself early has failed, an error may be no flood, and its first fault is told."""
    one = Report(notebook(tmp_path / "20_ends.ipynb", source, "'never'"), "20_ends", takes_language=False)
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert (outcome.status, outcome.cell, outcome.message) == ("failed", 3, said)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["import sys\nsys.exit(0)", "raise SystemExit"])
def test_a_notebook_may_end_itself_early(tmp_path: Path, source: str) -> None:
    """As with papermill an exit with 0 is a good end; the page says where, and that no cell came after."""
    one = Report(notebook(tmp_path / "20_ends.ipynb", source, "'never'"), "20_ends", takes_language=False)
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert (outcome.status, outcome.message) == ("done", "")
    made = next((tmp_path / "outputs").rglob("report.ipynb")).read_text(encoding="utf-8")
    assert "các ô sau không được chạy" in made
    assert "Traceback" not in made
