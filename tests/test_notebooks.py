"""The shipped notebooks, with real kernels: other parameters, stored outputs, and that nbval would notice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cbanalysis import cli
from cbanalysis.batch.reports.stored_outputs import store_outputs
from cbanalysis.common.errors import ReportError
from cbanalysis.common.folders import notebooks_folder

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("batches_are_ready")]

NOTHING = "which does not mean zero."
# For each notebook parameters under which much is missing, in the language that isn't stored.
SECOND = {
    "00_coverage": {"indicators": "meeting_held", "years": "2010", "units": "34"},
    "01_cell_models": {"provinces": "Cà Mau"},
    "02_meeting_attendance": {"provinces": "Bạc Liêu"},
    "03_quality_ratings": {"subject": "branch_cell", "year": "2023"},
    "04_province_profile": {"province": "Ca Mau"},
    "05_source_profile": {"source": "seed-001"},
    "06_audit": {"indicators": "meeting_attendance"},
    "07_your_own_data": {},
    "08_meeting_records": {"event": "2030-01"},
    "09_indicator": {"indicator": "org_count", "provinces": "Cà Mau"},
}


def test_every_notebook_has_a_second_set_of_parameters() -> None:
    """A notebook that nobody tries under other parameters can't be shipped."""
    assert set(SECOND) == {path.stem for path in notebooks_folder().glob("*.ipynb")}


@pytest.mark.parametrize("name", SECOND)
def test_a_notebook_runs_where_data_are_missing(name: str, tmp_path: Path) -> None:
    """Other parameters and the other language give a whole report, and words in place of empty charts."""
    given = [word for pair in SECOND[name].items() for word in ("-p", "=".join(pair))]
    result = CliRunner().invoke(cli.main, ["report", name, *given, "--lang", "en", "--output", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (report,) = (tmp_path / "en" / name).rglob("report.ipynb")
    cells = json.loads(report.read_text(encoding="utf-8"))["cells"]
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    assert shown
    assert not [output for output in shown if output["output_type"] in {"error", "stream"}]
    said = "".join("".join(output["data"].get("text/plain", "")) for output in shown)
    told = {
        "04_province_profile",
        "05_source_profile",
        "07_your_own_data",
        "08_meeting_records",
        "09_indicator",
    }
    assert NOTHING in said or name in told
    page = (report.parent / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in page
    # The cells of the other language stay away.
    assert all("vi" not in cell["metadata"].get("tags", []) for cell in cells)


@pytest.mark.whole
def test_a_changed_number_in_a_stored_output_turns_nbval_red(tmp_path: Path) -> None:
    """Nbval passes on the notebook as stored, and fails once one stored figure differs."""
    stored = shutil.copy(notebooks_folder() / "05_source_profile.ipynb", tmp_path / "kept.ipynb")
    text = Path(stored).read_text(encoding="utf-8")
    assert "63,71%" in text
    (tmp_path / "changed.ipynb").write_text(text.replace("63,71%", "63,72%"), encoding="utf-8")
    shutil.copy(Path(__file__).parents[1] / "conftest.py", tmp_path)  # it says that words count, not drawings
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-q",
        "-rf",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
    ]
    done = subprocess.run(
        [*command, "kept.ipynb", "changed.ipynb"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    assert failed
    assert all("changed.ipynb" in line for line in failed)
    assert " passed" in done.stdout.splitlines()[-1]


def tiny(folder: Path, source: str) -> Path:
    """Write a notebook of one cell."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    notebook = {"cells": [{**cell, "source": source}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / "tiny.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_storing_outputs_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """The first run stores the output, the second finds nothing to change; no time or version is stored."""
    path = tiny(tmp_path, "1 + 1")
    assert store_outputs([path]) == [path]
    first = path.read_text(encoding="utf-8")
    assert store_outputs([path]) == []
    assert '"text/plain": [\n       "2"\n      ]' in first or '"2"' in first
    assert not re.search(r"iopub|\"version\"", first)


def test_a_failing_notebook_is_named_and_stays_as_it_was(tmp_path: Path) -> None:
    """The error names notebook, cell and reason; the file isn't touched."""
    path = tiny(tmp_path, "1 / 0")
    before = path.read_bytes()
    with pytest.raises(ReportError, match=r"tiny: ZeroDivisionError.*\(cell 1\)"):
        store_outputs([path])
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["tiny.ipynb"]


def test_the_command_stores_the_notebooks_that_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cbanalysis notebooks` says for each notebook whether its file changed."""
    monkeypatch.chdir(tmp_path)
    path = tiny(tmp_path, "2 + 2")
    first = CliRunner().invoke(cli.main, ["notebooks", str(path)])
    again = CliRunner().invoke(cli.main, ["notebooks", str(path)])
    assert first.output == "tiny.ipynb: stored anew\n"
    assert again.output == "tiny.ipynb: unchanged\n"
