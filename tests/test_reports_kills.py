"""Batches that are killed or stopped at any moment, and what they leave behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cbanalysis.batch.kernels import warm_kernels
from kernel_helpers import MARK, leftovers, marked, short_folder, soon
from report_runs import command, notebook, report, stable, tree

# Short enough to be made in a moment, with a chart-like output, so that there is something to write. The last
# one waits for a file: no batch is done before it is killed, however busy the machine is.
SOURCE = """
import pathlib, time
while free == 6 and not pathlib.Path({gate!r}).exists():
    time.sleep(0.01)
print("x" * 2000)
free
"""
SETS = """
[sets.default]
words = "all"
reports = [{ notebook = "20_tiny", each = { free = [1, 2, 3, 4, 5, 6] } }]
"""


MOMENTS = 20


def declared(folder: Path, gate: Path) -> Path:
    """Write one notebook that is made six times."""
    folder.mkdir()
    notebook(folder / "20_tiny.ipynb", SOURCE.format(gate=str(gate)))
    (folder / "reports.toml").write_text(SETS, encoding="utf-8")
    return folder


def whole(outputs: Path) -> None:
    """Make sure that every report that stands there has all its files, as its record says."""
    from cbanalysis.batch.reports.output_folder import missing
    from cbanalysis.batch.reports.staleness import read_record

    for folder in outputs.glob("[a-z][a-z]/*/*"):
        record = read_record(folder)
        assert record is not None, folder
        assert missing(folder, record["files"]) == "", folder
        assert record["status"] == "done", record["failure"]


def _at_work(outputs: Path) -> bool:
    """Return whether a report is being made; the folder of what an earlier batch left may go meanwhile."""
    with suppress(FileNotFoundError):
        return bool(list(outputs.glob(".making-*/0*")))
    return False


@pytest.mark.whole
def test_a_batch_killed_at_random_moments_goes_on_where_it_was(tmp_path: Path) -> None:
    """After SIGKILL at random moments each report is whole, and the last run equals a quiet one."""
    gate = tmp_path / "gate"
    gate.touch()
    folder = declared(tmp_path / "notebooks", gate)
    chance = random.Random(4)  # noqa: S311 -- the same moments at each run of the test
    with short_folder() as temporary, warm_kernels(modules=()):
        mark = str(temporary)
        surroundings = {**os.environ, "TMPDIR": str(temporary), MARK: mark}
        quiet = report(folder, "--jobs", "2", cwd=_made(tmp_path / "quiet"), environment=surroundings)
        assert quiet.returncode == 0, quiet.stderr
        lasted = float(quiet.stdout.split(" in ")[1].split(" s:")[0])
        place = _made(tmp_path / "killed")
        outputs = place / "outputs"
        gate.unlink()
        for number in range(MOMENTS):
            # The first ones from nothing; then over what is there, so that there is something to be replaced.
            words = ["--fresh"] if number >= MOMENTS // 4 else []
            batch = subprocess.Popen(
                command(folder, "report", "--jobs", "2", *words),
                cwd=place,
                env=surroundings,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            assert soon(lambda: _at_work(outputs), 120)
            time.sleep(chance.uniform(0, lasted / 2))
            assert list(outputs.glob(".making-*"))
            batch.kill()
            assert batch.wait() == -signal.SIGKILL
            whole(outputs)
        gate.touch()
        last = report(folder, "--jobs", "2", cwd=place, environment=surroundings)
        assert last.returncode == 0, last.stderr
        assert stable(place / "outputs") == stable(tmp_path / "quiet" / "outputs")
        assert not [name for name in tree(place / "outputs") if name.startswith(".")]
        # Workers and kernels of the killed batches are gone, and so are their folders.
        assert soon(lambda: not marked(mark)), marked(mark)
        assert leftovers(temporary) == []


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_batch_that_was_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """Processes, sockets and temporary folders go, the warm process too; Ctrl-C says what is done."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook(folder / "20_quick.ipynb", "free")
    notebook(folder / "21_slow.ipynb", "import time\ntime.sleep(300)")
    with short_folder() as temporary:
        mark = str(temporary)
        batch = subprocess.Popen(
            command(folder, "report", "--jobs", "2"),
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(temporary), MARK: mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        outputs = tmp_path / "outputs"
        assert soon((outputs / "vi" / "20_quick" / "default" / "run.json").exists, 300)
        # As a terminal does it: to the whole group.
        (os.killpg if number == signal.SIGINT else os.kill)(batch.pid, number)
        out, err = batch.communicate(timeout=60)
        assert soon(lambda: not marked(mark)), marked(mark)
        whole(outputs)
        if number == signal.SIGINT:
            assert batch.returncode == 130
            assert "stopped: 1 of 2 reports not made; the others are whole, the next run goes on from" in err
            assert "Traceback" not in err
            assert out.startswith("1 report made (20_quick 1) in ")
            assert min(path.name for path in outputs.iterdir()) == "figures.json"
        notebook(folder / "21_slow.ipynb", "'quick now'")
        again = report(folder, cwd=tmp_path, environment={"TMPDIR": str(temporary), MARK: mark})
        assert again.returncode == 0, again.stderr
        assert again.stdout.startswith("1 report made (21_slow 1), 1 unchanged in ")
        assert soon(lambda: not marked(mark)), marked(mark)
        assert list(temporary.iterdir()) == []
        assert sorted(path.name for path in outputs.iterdir()) == [
            "figures.json",
            "index.html",
            "manifest.json",
            "manifest.schema.json",
            "revisions.html",
            "vi",
        ]
