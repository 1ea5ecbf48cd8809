"""Cells that would keep a kernel from answering, say what is no text, or name this machine's folders."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import nbformat
import pytest

from cbanalysis.batch.kernels.warm_process_owner import unsupported
from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Batch
from kernel_helpers import leftovers, short_folder
from report_runs import Inline, command, notebook


def outputs(folder: Path, *sources: str) -> tuple[str, list[list[dict]]]:
    """Run a report of these cells; return what became of it in a line, and the outputs of each cell."""
    path = notebook(folder / "20_cells.ipynb", *sources, parameters=None)
    one = Report(path, "20_cells", takes_language=False)
    (outcome,) = run([one], folder / "outputs", Batch(time_limit=300), executor=Inline())
    made = nbformat.read(folder / "outputs" / one.folder / "report.ipynb", 4)
    cells = [json.loads(json.dumps(cell.outputs)) for cell in made.cells if cell.cell_type == "code"]
    return f"{outcome.status} {outcome.message}".strip(), cells


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_fork_that_comes_to_the_end_of_its_cell_ends_there(tmp_path: Path) -> None:
    """What it printed is shown, and the notebook goes on with one kernel, within its limit."""
    source = (
        "import os\nif os.fork() == 0:\n    print('from the fork')\nelse:\n    os.wait()\n    print('parent')"
    )
    said, (forked, after) = outputs(tmp_path, source, "print('goes on')")
    assert said == "done"
    assert sorted("".join(one["text"] for one in forked).split("\n")) == ["", "from the fork", "parent"]
    assert after[0]["text"] == "goes on\n"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_without_flush_is_put_back(tmp_path: Path, stream: str) -> None:
    """A cell that replaces one with something that can't be flushed gets its reply, and a word about it."""
    source = f"import sys\nclass Mute:\n    def write(self, text): return len(text)\nsys.{stream} = Mute()"
    said, (first, second) = outputs(tmp_path, source, f"print('heard', file=sys.{stream})")
    assert said == "done"
    assert (
        first[0]["text"] == f"sys.{stream} couldn't be flushed after the cell; it is the kernel's own again\n"
    )
    assert second[0]["text"] == "heard\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has ordinary kernels")
def test_what_another_program_writes_is_there_before_the_cell_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly it is taken from the pipe, it belongs to its own cell."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where it is set ipykernel doesn't look at the files
    slowly = "import os, sys, time\nwrite = sys.stdout.write\n"
    slowly += "sys.stdout.write = lambda text: (time.sleep(4), write(text))\n_ = os.system('echo below')"
    said, (own, after) = outputs(tmp_path, slowly, "print('after')")
    assert said == "done"
    assert [own[0]["text"], after[0]["text"]] == ["below\n", "after\n"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has ordinary kernels")
def test_letters_that_another_program_writes_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter of three bytes isn't cut where a piece of what is taken ends."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    said, ((printed,),) = outputs(tmp_path, "import os\n_ = os.write(1, ('ế' * 20000 + '\\n').encode())")
    assert said == "done"
    assert printed["text"] == "ế" * 20000 + "\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has ordinary kernels")
def test_a_terminal_that_nobody_reads_keeps_no_cell_from_its_end() -> None:
    """What is also written to who started the kernel may wait there; a flush doesn't."""
    script = """
import os, zmq
from ipykernel.iostream import IOPubThread
from jupyter_client.session import Session
from cbanalysis.batch.kernels.kernel_application import OutStream
thread = IOPubThread(zmq.Context().socket(zmq.PUB))
thread.start()
stream = OutStream(Session(), thread, "stdout", watchfd="force")
for _ in range(2):
    os.write(1, b"x" * 60_000)
    stream.flush()
os._exit(7)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as started:
        try:
            assert started.wait(120) == 7
        finally:
            started.kill()


def test_half_a_pair_of_surrogates_is_text(tmp_path: Path) -> None:
    """Printed, returned or raised, it is shown by its number."""
    source = "print('\\ud800', 'é', flush=True)"
    said, (printed, result, raised) = outputs(
        tmp_path, source, "'x' + chr(0xdfff)", "raise ValueError(chr(0xd801))"
    )
    assert said == "failed ValueError: \\ud801"
    assert printed[0]["text"] == "\\ud800 é\n"
    assert "dfff" in result[0]["data"]["text/plain"]
    assert raised[0]["evalue"] == "\\ud801"


def test_streams_and_errors_name_no_folder_of_this_machine(tmp_path: Path) -> None:
    """Warnings, import errors and tracebacks name files from where Python finds them."""
    (tmp_path / "deep").mkdir()
    sources = (
        "import warnings\nwarnings.warn('look')",
        "import sys, pandas, os\nprint(pandas.__file__, os.__file__, os.getcwd() + '/x', file=sys.stderr)",
        "from pandas import nothing",
    )
    said, cells = outputs(tmp_path / "deep", *sources)
    assert said == "failed ImportError: cannot import name 'nothing' from 'pandas' (pandas/__init__.py)"
    assert cells[0][0]["text"] == "<cell>:2: UserWarning: look\n  warnings.warn('look')\n"
    assert cells[1][0]["text"] == "pandas/__init__.py os.py x\n"
    whole = re.sub(r"\x1b\[[\d;]*m", "", json.dumps(cells))
    for place in (
        sysconfig.get_path("purelib"),
        sysconfig.get_path("stdlib"),
        tempfile.gettempdir(),
        str(tmp_path),
    ):
        assert place not in whole


def test_sys_exit_warns_without_a_path(tmp_path: Path) -> None:
    """IPython's advice how to leave names IPython's file, not where it lies."""
    _, (cell,) = outputs(tmp_path, "import sys\nsys.exit(1)")
    (warned,) = [one["text"] for one in cell if one["output_type"] == "stream"]
    assert warned.startswith("IPython/core/interactiveshell.py:")


@pytest.mark.slow
@pytest.mark.skipif(bool(unsupported()), reason="kernels can't be forked here")
def test_every_command_clears_up_after_killed_owners(tmp_path: Path) -> None:
    """A private folder that nobody holds any more goes with the next start of any command."""
    with short_folder() as folder:
        place = folder / "cbanalysis-kernel-dead"
        place.mkdir(0o700)
        (place / "lock").touch(0o600)
        environment = {**os.environ, "TMPDIR": str(folder)}
        subprocess.run(
            command(tmp_path, "list"), env=environment, cwd=tmp_path, capture_output=True, check=False
        )
        assert leftovers(folder) == []
